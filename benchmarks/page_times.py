"""How long the server works on a page: the same requests sent again and again to one handler, in this process."""

from __future__ import annotations

import gc
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

ROUNDS = 12
"""Times each address is asked after a warm-up round."""


def contestant(client: Any, addresses: Sequence[str]) -> dict[str, Any]:
    """Milliseconds and SQL queries of the addresses in turn. Raises RuntimeError for an answer that is no page."""

    def ask(address: str) -> None:
        answer = client.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}")
        answer.close()

    return {
        **timed([lambda address=address: ask(address) for address in addresses]),
        "queries": queries(client, addresses),
    }


def timed(asks: Sequence[Callable[[], object]]) -> dict[str, float]:
    """Median and 95th percentile of wall and CPU milliseconds, and the slowest address's median."""
    for ask in asks:
        ask()
    gc.collect()
    walls: list[float] = []
    cpus: list[float] = []
    by_ask: list[list[float]] = [[] for _ in asks]
    started = time.process_time()
    for _round in range(ROUNDS):
        for place, ask in enumerate(asks):
            wall, cpu = time.perf_counter(), time.process_time()
            ask()
            walls.append((time.perf_counter() - wall) * 1000)
            cpus.append((time.process_time() - cpu) * 1000)
            by_ask[place].append(walls[-1])
    return {
        "cpu": round(time.process_time() - started, 2),
        "p50_ms": round(statistics.median(walls), 1),
        "p95_ms": round(statistics.quantiles(walls, n=20)[-1], 1),
        "p50_cpu_ms": round(statistics.median(cpus), 1),
        "p95_cpu_ms": round(statistics.quantiles(cpus, n=20)[-1], 1),
        "by_address_ms": [round(statistics.median(found), 1) for found in by_ask],
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


def queries(client: Any, addresses: Sequence[str]) -> int:
    """SQL statements of the address that needs most."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    most = 0
    for address in addresses:
        with CaptureQueriesContext(connection) as seen:
            client.get(address).close()
        most = max(most, len(seen))
    return most


def our_client() -> Any:
    """A client signed in as an official who sees the whole county's service points and those of no other kind."""
    from django.test import Client

    from citybrain.declare.role import Reach
    from citybrain.testing.people import allowed, official

    role = allowed("service-point:*", reach=Reach.COUNTY)
    client = Client()
    client.force_login(official("reader", roles=[role], organisation="body-1"))
    return client


def peer_client() -> Any:
    """A client of the peers' addresses, signed in as a superuser. Use it inside `peers()` only."""
    from django.test import Client

    from citybrain.kernel.identity.models import User

    user, _made = User.objects.get_or_create(username="peer", defaults={"is_staff": True, "is_superuser": True})
    client = Client()
    client.force_login(user)
    return client


def peers() -> Any:
    """The settings under which the peers answer."""
    from django.conf import settings
    from django.test import override_settings

    return override_settings(ROOT_URLCONF="benchmarks.peer_urls", MIDDLEWARE=settings.PEER_MIDDLEWARE)


def ready() -> None:
    """Settings and directories that only a running site needs."""
    from django.test.utils import setup_test_environment

    setup_test_environment()
