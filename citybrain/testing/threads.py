"""Attempts of many threads that begin together."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connections


def at_once(attempts: int, attempt: Callable[[int], Any]) -> list[Any]:
    """What as many threads are answered, each with its number; an exception is an answer."""
    barrier = threading.Barrier(attempts)

    def one(number: int) -> Any:
        try:
            barrier.wait(60)
            return attempt(number)
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(attempts) as pool:
        return list(pool.map(one, range(attempts)))
