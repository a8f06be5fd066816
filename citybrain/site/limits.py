"""How large a request may be: what is larger is refused before it is read, so that nobody fills the disk."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

TEXT = "上传内容过大。The request is too large.\n".encode()


class TooLarge(Exception):
    """More came than was allowed."""


def limited(application: Application, largest: int) -> Application:
    """An ASGI application that answers 413 to bodies of more than `largest` bytes, announced or not."""

    async def guarded(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
            return
        if announced(scope) > largest:
            await refuse(send)
            return
        came = 0
        has_begun = False

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > largest:
                raise TooLarge
            return message

        async def noted(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await application(scope, counted, noted)
        except TooLarge:
            if not has_begun:
                await refuse(send)

    return guarded


def announced(scope: MutableMapping[str, Any]) -> int:
    """Content-Length of a request, bytes; 0 when it says none or nonsense."""
    length = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    return int(length) if length.isdigit() else 0


async def refuse(send: Send) -> None:
    """413, and the connection ends: the rest of the body is not read."""
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": TEXT})
