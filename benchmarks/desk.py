"""Server time of every kind of question of the event desk at `size` events, a tenth of them open.

The command centre, a town and a body ask in turn: all events, each state and queue, filters, search by number and by
words, deep pages, drawer, map, and the counts, which are asked fresh. Beside them Django's admin over the same table,
filtered and ordered alike, and the bare statements with their HTML as the limit.

    CITYBRAIN_BENCH_HOME=/tmp/bench python -m benchmarks desk --size 1000000

`DESK_ROUNDS` (5) is how often each address of a kind is asked, for `DESK_SECONDS` (6) at most once all were asked,
so that one statement that reads the table does not keep the others from being measured. What is done is told as it is
done. `DESK_DATABASE` is the address of an empty or filled PostgreSQL database (`postgresql://…`) instead of SQLite.
"""

from __future__ import annotations

import gc
import os
import random
import re
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from html import escape, unescape
from typing import Any

from benchmarks import cases, page_times

ROUNDS = int(os.environ.get("DESK_ROUNDS", "5"))
SECONDS = float(os.environ.get("DESK_SECONDS", "6"))

QUESTIONS: dict[str, tuple[str, ...]] = {
    "all": ("", "?sort=opened_at"),
    "states": ("?tab=to-verify", "?tab=to-sign", "?tab=in-progress&sort=-due_at", "?tab=overdue"),
    "queues": ("?queue=hotline", "?queue=unowned", "?queue=supervised", "?queue=our-body", "?queue=assisting"),
    "closed": ("?tab=closed", "?tab=ended"),
    "filters": ("?level=red&tab=in-progress", "?town={town}&tab=open", "?body={body}&tab=open", "?type={type}"),
    "number": ("?q={number}", "?q={day}"),
    "words": ("?q={words}", "?q={words}&tab=open"),
}
"""Kind of question -> ends of the address."""

ADMIN: dict[str, tuple[str, ...]] = {
    "all": ("",),
    "states": ("?state__exact=dispatched&o=5", "?state__exact=in_progress&o=5"),
    "queues": ("?channel__exact=hotline&o=5", "?is_supervised__exact=1&o=5"),
    "closed": ("?state__exact=closed",),
    "filters": ("?level__exact=red&state__exact=in_progress&o=5",),
    "number": ("?q={number}",),
    "words": ("?q={words}",),
    "deep": ("?p={deep}",),
}
"""The same for the admin, as near as it can ask."""

WORDS = "城西路"
DRAWERS = 6
DEEP = 8
"""Pages walked one after the other, from page 500 on."""


def run(size: int = 1_000_000) -> dict[str, Any]:
    """Milliseconds a request: by whom and by kind."""
    with cases.opened(size, 0.1, search=True, database=os.environ.get("DESK_DATABASE", "")):
        page_times.ready()
        from citybrain.centre.events.models import Event
        from citybrain.declare.role import Reach
        from citybrain.kernel.identity.models import Area, Organisation

        draw = random.Random(7)
        first = Event.objects.order_by("pk").values_list("pk", flat=True)[0]
        numbers = [number_near(Event, first + draw.randrange(size)) for _ in range(DRAWERS)]
        town = Area.objects.filter(kind=Area.Kind.TOWN).order_by("position")[0]
        body, office = Organisation.objects.filter(kind=Organisation.Kind.GOVERNMENT).order_by("pk")[3:5]
        asked = {
            "town": town.key,
            "body": body.key,
            "number": numbers[0],
            "day": numbers[0][:10],
            "words": WORDS,
            "deep": size // 40,
            "type": Event.objects.exclude(type="").order_by("pk").values_list("type", flat=True)[0],
        }
        clients = {
            "centre": client_of("centre", Reach.COUNTY),
            "town": client_of("town-office", Reach.AREA, area=town, body=office),
            "body": client_of("body", Reach.ORGANISATION, body=body),
        }
        ours: dict[str, Any] = {}
        for who, client in clients.items():
            for kind, ends in QUESTIONS.items():
                pages = [f"/events/{end.format(**asked)}" for end in ends]
                ours[f"{who} {kind}"] = timed(f"{who} {kind}", [asking(client, page) for page in pages])
            ours[f"{who} deep"] = timed(f"{who} deep", walk(client))
            ours[f"{who} counts"] = timed(
                f"{who} counts", [counting({"town": "bench-town-office"}.get(who, f"bench-{who}"))]
            )
        drawers = [f"/events/?open={number}" for number in numbers]
        ours["centre drawer"] = timed("drawer", [asking(clients["centre"], page, drawer=True) for page in drawers])
        box = "bbox=119.9,28.7,120.3,29.1"
        ours["centre map"] = timed("map", [asking(clients["centre"], f"/events/map.geojson?tab=open&{box}")])
        admin = {}
        with page_times.peers():
            peer = page_times.peer_client()
            for kind, ends in ADMIN.items():
                pages = [f"/admin/events/event/{end.format(**asked)}" for end in ends]
                admin[kind] = timed(f"admin {kind}", [asking(peer, page) for page in pages])
        limit = timed("bare", [lambda place=place: bare(place) for place in range(len(BARE))])
    worst = max((found["p95_cpu_ms"], name) for name, found in ours.items() if "map" not in name)
    return {
        "size": size,
        "open": size // 10,
        "ours": ours,
        "limit": {"bare": limit},
        "peers": {"django_admin": admin},
        "ratios": {
            "cpu_list_vs_admin": round(ours["centre all"]["p50_cpu_ms"] / admin["all"]["p50_cpu_ms"], 3),
            "cpu_list_vs_bare": round(ours["centre all"]["p50_cpu_ms"] / limit["p50_cpu_ms"], 1),
            "worst_cpu_p95_vs_100_ms": round(worst[0] / 100, 2),
            "worst": worst[1],
        },
    }


def timed(what: str, asks: Sequence[Callable[[], object]]) -> dict[str, Any]:
    """Median and 95th percentile of wall and CPU milliseconds of the server's process, each asked once before."""
    for ask in asks:
        ask()
    gc.collect()
    walls, cpus = [], []
    ends = time.perf_counter() + SECONDS
    for ask in [*asks] * ROUNDS:
        if walls and time.perf_counter() > ends:
            break
        wall, cpu = time.perf_counter(), time.process_time()
        ask()
        walls.append((time.perf_counter() - wall) * 1000)
        cpus.append((time.process_time() - cpu) * 1000)
    found = {
        "asked": len(walls),
        "p50_ms": round(statistics.median(walls), 1),
        "p95_ms": round(late(walls), 1),
        "p50_cpu_ms": round(statistics.median(cpus), 1),
        "p95_cpu_ms": round(late(cpus), 1),
    }
    print(what, found, file=sys.stderr, flush=True)
    return found


def late(times: Sequence[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(times, n=20, method="inclusive")[-1] if len(times) > 1 else times[0]


def asking(client: Any, page: str, *, drawer: bool = False) -> Callable[[], str]:
    """Asks for a page. Raises RuntimeError for an answer that is none."""

    def ask() -> str:
        answer = client.get(page, headers={"x-panel": "drawer"} if drawer else {})
        if answer.status_code != 200:
            raise RuntimeError(f"{page} answered {answer.status_code}")
        found: str = answer.content.decode()
        answer.close()
        return found

    return ask


def walk(client: Any) -> list[Callable[[], str]]:
    """The pages after page 100 of all events, each by the last one's link; the last page there is in a small table."""
    pages = ["/events/?page=100"]
    for _ in range(DEEP):
        following = re.search(r'href="(\?[^"]+)"[^>]*rel="next"', asking(client, pages[-1])())
        if following is None:
            break
        pages.append("/events/" + unescape(following[1]))
    return [asking(client, page) for page in pages]


def number_near(model: Any, pk: int) -> str:
    """Number of the event with this id, or of the next one."""
    found: str = model.objects.filter(pk__gte=pk).order_by("pk").values_list("number", flat=True)[0]
    return found


def client_of(name: str, reach: Any, *, body: Any = None, area: Any = None, **options: Any) -> Any:
    """A client signed in as somebody whose post reaches so far."""
    from django.test import Client

    from citybrain.kernel.identity.models import Organisation, User
    from citybrain.testing.people import allowed, known, official

    username = f"bench-{name}"
    user = User.objects.filter(username=username).first()
    role = allowed("event:*", "team:view", reach=reach, key=f"bench-{name}")
    if user is None or not user.appointments.exists():
        home = body or Organisation.objects.order_by("pk")[0]
        user = official(username, roles=[role], organisation=home, area=area)
    else:
        known(role)
    client = Client(**options)
    client.force_login(user)
    return client


def counting(username: str) -> Callable[[], object]:
    """Asks for the counts of every queue, fresh."""
    from citybrain.centre.events.queues import counts
    from citybrain.kernel.identity.acting import actor_for
    from citybrain.kernel.identity.models import User

    actor = actor_for(User.objects.get(username=username))
    return lambda: counts(actor, fresh=True)


OPEN = "state IN ('new', 'accepted', 'dispatched', 'in_progress', 'paused', 'handed_out', 'reported_done')"
BARE = (
    ("1 = 1", "opened_at DESC", 0),
    (f"{OPEN} AND state = 'dispatched'", "due_at", 0),
    (f"{OPEN} AND due_at < '2026-11-21 01:00:00'", "due_at", 0),
    (f"{OPEN} AND channel = 'hotline'", "due_at", 0),
    (OPEN, "due_at", 39 * 20),
    (f"{OPEN} AND level = 'red' AND state = 'in_progress'", "due_at", 0),
    ("state IN ('closed', 'appraised')", "closed_at DESC", 0),
    (f"{OPEN} AND is_supervised", "due_at", 0),
)
"""The list's questions as statements."""


def bare(place: int) -> str:
    """The rows of one question by one statement, as an HTML table and nothing else."""
    from django.db import connection

    where, order, offset = BARE[place]
    columns = "number, title, area_id, level, state, organisation_id, opened_at, due_at"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM events_event WHERE {where} ORDER BY {order} LIMIT 20 OFFSET {offset}")
        rows = cursor.fetchall()
    return "".join(f"<tr>{''.join(f'<td>{escape(str(value))}' for value in row)}" for row in rows)
