"""Server time of the event desk at `size` events, a tenth of them open: list, counts of the queues, drawer, map.

Ours as the command centre, as a town and as one body; Django's admin over the same table, filtered and ordered alike;
the bare statements and their HTML as the limit. Counts are asked fresh, never from the cache.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from html import escape
from typing import Any

from benchmarks import cases, page_times

LIST = (
    "",
    "?tab=to-sign",
    "?tab=overdue",
    "?queue=hotline",
    "?tab=open&sort=due_at&page=40",
    "?level=red&tab=in-progress",
    "?tab=closed",
    "?queue=supervised",
)
"""Questions of the list."""

ADMIN = (
    "",
    "?state__exact=dispatched&o=5",
    "?state__exact=in_progress&o=5",
    "?channel__exact=hotline&o=5",
    "?o=5&p=40",
    "?level__exact=red&state__exact=in_progress&o=5",
    "?state__exact=closed",
    "?is_supervised__exact=1&o=5",
)
"""The same for the admin, as near as it can ask."""

DRAWERS = 8


def run(size: int = 1_000_000) -> dict[str, Any]:
    """Milliseconds a request."""
    with cases.opened(size, 0.1):
        page_times.ready()
        from citybrain.centre.events.models import Event
        from citybrain.declare.role import Reach
        from citybrain.kernel.identity.models import Area, Organisation

        draw = random.Random(7)
        first = Event.objects.order_by("pk").values_list("pk", flat=True)[0]
        numbers = [number_near(Event, first + draw.randrange(size)) for _ in range(DRAWERS)]
        town = Area.objects.filter(kind=Area.Kind.TOWN).order_by("position")[0]
        body = Organisation.objects.filter(kind=Organisation.Kind.GOVERNMENT).order_by("pk")[3]
        desk = [f"/events/{end}" for end in (*LIST, f"?town={town.key}&tab=open", f"?q={numbers[0]}")]
        centre, of_town = client_of("centre", Reach.COUNTY), client_of("town", Reach.AREA, area=town)
        of_body = client_of("body", Reach.ORGANISATION, body=body)
        ours = {
            "list": page_times.contestant(centre, desk),
            "list_town": page_times.contestant(of_town, desk[:6]),
            "list_body": page_times.contestant(of_body, desk[:6]),
            "drawer": drawers(numbers),
            "map": page_times.contestant(centre, ["/events/map.geojson?tab=open&bbox=119.9,28.7,120.3,29.1"]),
            "counts": {
                "centre": page_times.timed([counting("bench-centre")]),
                "town": page_times.timed([counting("bench-town")]),
                "body": page_times.timed([counting("bench-body")]),
            },
        }
        with page_times.peers():
            admin = page_times.contestant(page_times.peer_client(), [f"/admin/events/event/{end}" for end in ADMIN])
        limit = page_times.timed([lambda end=end: bare(end) for end in range(len(BARE))])
    worst = max(ours[name]["p95_ms"] for name in ("list", "list_town", "list_body", "drawer"))
    return {
        "size": size,
        "open": size // 10,
        "ours": ours,
        "limit": {"bare": limit},
        "peers": {"django_admin": admin},
        "ratios": {
            "cpu_list_vs_admin": round(ours["list"]["p50_cpu_ms"] / admin["p50_cpu_ms"], 3),
            "cpu_list_vs_bare": round(ours["list"]["p50_cpu_ms"] / limit["p50_cpu_ms"], 1),
            "worst_p95_vs_100_ms": round(worst / 100, 2),
        },
    }


def number_near(model: Any, pk: int) -> str:
    """Number of the event with this id, or of the next one."""
    found: str = model.objects.filter(pk__gte=pk).order_by("pk").values_list("number", flat=True)[0]
    return found


def client_of(name: str, reach: Any, *, body: Any = None, area: Any = None, **options: Any) -> Any:
    """A client signed in as somebody whose post reaches so far."""
    from django.test import Client

    from citybrain.kernel.identity.models import Organisation, User
    from citybrain.testing.people import allowed, official

    username = f"bench-{name}"
    user = User.objects.filter(username=username).first()
    role = allowed("event:*", "team:view", reach=reach, key=f"bench-{name}")
    if user is None or not user.appointments.exists():
        home = body or Organisation.objects.order_by("pk")[0]
        user = official(username, roles=[role], organisation=home, area=area)
    else:
        from citybrain.testing.people import known

        known(role)
    client = Client(**options)
    client.force_login(user)
    return client


def drawers(numbers: list[str]) -> dict[str, Any]:
    """The drawer of some events, as the page asks for it."""
    from citybrain.declare.role import Reach

    client = client_of("centre", Reach.COUNTY, headers={"x-panel": "drawer"})
    return page_times.contestant(client, [f"/events/?open={number}" for number in numbers])


def counting(username: str) -> Callable[[], object]:
    """Asks for the counts of every queue, fresh."""
    from citybrain.centre.events.queues import counts
    from citybrain.kernel.identity.acting import actor_for
    from citybrain.kernel.identity.models import User

    actor = actor_for(User.objects.get(username=username))
    return lambda: counts(actor, fresh=True)


OPEN = "state IN ('new', 'accepted', 'dispatched', 'in_progress', 'paused', 'handed_out', 'reported_done')"
BARE = (
    ("TRUE", "opened_at DESC", 0),
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
