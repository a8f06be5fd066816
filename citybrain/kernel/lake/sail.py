"""Sail as a Spark Connect server on this machine: starts in a third of a second, for tests and for trying Spark."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pysail.spark import SparkConnectServer

from citybrain.kernel.lake.spark import Spark


@contextmanager
def sail() -> Iterator[Spark]:
    """A session on a Sail server of its own, bound to 127.0.0.1 and a free port; both end with the block."""
    server = SparkConnectServer()
    server.start(background=True)
    try:
        _, port = server.listening_address
        with Spark(f"sc://127.0.0.1:{port}") as session:
            yield session
    finally:
        server.stop()
