"""Server time of a list page over `size` rows: ours, Django's admin and a generic list, and the bare query and HTML.

Six requests in turn: the first page, one kind, another order, the fortieth page, a word searched, a kind in an order.
"""

from __future__ import annotations

from html import escape
from typing import Any

from benchmarks import page_times, register

OURS = ("", "?kind=town", "?sort=-opened_on", "?page=40", "?q=花街税务", "?kind=county&sort=opened_on")
ADMIN = ("", "?kind__exact=town", "?o=-3", "?p=40", "?q=花街税务", "?kind__exact=county&o=3")
GENERIC = ("", "?kind=town", "?sort=-opened_on", "?page=40", "?q=花街税务", "?kind=county&sort=opened_on")


def run(size: int = 1_000_000) -> dict[str, Any]:
    """Milliseconds a request."""
    with register.opened(size):
        page_times.ready()
        ours = page_times.contestant(page_times.our_client(), [f"/records/service-point/{end}" for end in OURS])
        with page_times.peers():
            client = page_times.peer_client()
            admin = page_times.contestant(client, [f"/admin/office/servicepoint/{end}" for end in ADMIN])
            generic = page_times.contestant(client, [f"/generic/{end}" for end in GENERIC])
        limit = page_times.timed([lambda end=end: bare(end) for end in range(len(OURS))])
    return {
        "size": size,
        "ours": ours,
        "limit": {"bare": limit},
        "peers": {"django_admin": admin, "generic_list": generic},
        "ratios": {
            "cpu_vs_admin": round(ours["cpu"] / admin["cpu"], 3),
            "cpu_vs_generic": round(ours["cpu"] / generic["cpu"], 3),
            "cpu_vs_bare": round(ours["cpu"] / limit["cpu"], 1),
            "p95_vs_80_ms": round(ours["p95_ms"] / 80, 2),
        },
    }


def bare(place: int) -> str:
    """The rows of one request by one statement, as an HTML table and nothing else."""
    from django.db import connection

    where, order, offset = (
        ("", "changed_at DESC", 0),
        ("WHERE kind = 'town'", "changed_at DESC", 0),
        ("", "opened_on DESC", 0),
        ("", "changed_at DESC", 39 * 50),
        ("WHERE title LIKE '花街税务%%'", "changed_at DESC", 0),
        ("WHERE kind = 'county'", "opened_on", 0),
    )[place]
    statement = f"SELECT number, title, kind, address, phone, hours FROM office_servicepoint {where} ORDER BY {order}"
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} LIMIT 50 OFFSET {offset}")
        rows = cursor.fetchall()
    return "".join(f"<tr>{''.join(f'<td>{escape(str(value))}' for value in row)}" for row in rows)
