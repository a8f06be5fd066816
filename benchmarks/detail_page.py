"""Server time of one record's page in a register of `size` rows: ours, Django's admin form and a generic page."""

from __future__ import annotations

import random
from html import escape
from typing import Any

from benchmarks import page_times, register


def run(size: int = 1_000_000) -> dict[str, Any]:
    """Milliseconds a request, over six rows drawn by chance."""
    with register.opened(size):
        page_times.ready()
        rows = random.Random(7).sample(range(1, size + 1), 6)
        ours = page_times.contestant(
            page_times.our_client(), [f"/records/service-point/{register.number(row)}/" for row in rows]
        )
        with page_times.peers():
            client = page_times.peer_client()
            admin = page_times.contestant(client, [f"/admin/office/servicepoint/{row}/change/" for row in rows])
            generic = page_times.contestant(client, [f"/generic/{row}/" for row in rows])
        limit = page_times.timed([lambda row=row: bare(row) for row in rows])
    return {
        "size": size,
        "ours": ours,
        "limit": {"bare": limit},
        "peers": {"django_admin": admin, "generic_page": generic},
        "ratios": {
            "cpu_vs_admin": round(ours["cpu"] / admin["cpu"], 3),
            "cpu_vs_generic": round(ours["cpu"] / generic["cpu"], 3),
            "p95_vs_50_ms": round(ours["p95_ms"] / 50, 2),
        },
    }


def bare(row: int) -> str:
    """One row by one statement, as HTML and nothing else."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM office_servicepoint WHERE id = %s", [row])
        values = cursor.fetchone()
    return "".join(f"<p>{escape(str(value))}" for value in values)
