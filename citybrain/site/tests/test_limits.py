"""How large a request may be."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest

from citybrain.site.limits import limited


async def sink(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
    """An application that reads everything."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"read"})


def status_for(chunks: list[bytes], headers: list[tuple[bytes, bytes]]) -> int:
    """What `limited(sink, 100)` answers to a body in these pieces."""
    waiting = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    waiting.append({"type": "http.request", "body": b"", "more_body": False})
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return waiting.pop(0)

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    asyncio.run(limited(sink, 100)({"type": "http", "headers": headers}, receive, send))
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    return int(sent[0]["status"])


@pytest.mark.parametrize(
    ("chunks", "length", "status"),
    [
        ([b"x" * 100], b"100", 200),
        ([b"x"], b"101", 413),
        ([b"x" * 60, b"x" * 60], b"", 413),
        ([b"x" * 101], b"5", 413),
        ([b"x" * 10], b"nonsense", 200),
        ([], b"99999999999999999999", 413),
    ],
)
def test_a_request_that_is_too_large_is_refused_before_it_is_kept(
    chunks: list[bytes], length: bytes, status: int
) -> None:
    assert status_for(chunks, [(b"content-length", length)] if length else []) == status
