"""The live stream of a browser: everything that happens and that the person at it may hear of."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime

from asgiref.sync import sync_to_async
from django.contrib.auth import get_user
from django.contrib.sessions.backends.base import SessionBase
from django.db import connections
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from citybrain.kernel.identity.acting import actor_for
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.sessions import BEGAN, SEEN, outlived
from citybrain.kernel.live.queries import Position
from citybrain.kernel.live.stream import Resolve, stream
from citybrain.ui.access import APPOINTMENT, signed_in

HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
"""No proxy may keep or gather what is sent."""


@signed_in
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The stream (text/event-stream).

    It goes on after `Last-Event-ID` (or `?since=`, the same), else from the time in `?at=`, seconds since 1970, at
    which the page was made.
    """
    named = request.headers.get("Last-Event-ID") or request.GET.get("since", "")
    since = Position.read(named)
    if named and since is None:
        return HttpResponse(_("This is no event id; load the page anew."), status=400, content_type="text/plain")
    events = stream(resolver(request), since=since, at=moment(request.GET.get("at", "")))
    return StreamingHttpResponse(alone(events), content_type="text/event-stream", headers=HEADERS)


async def alone(events: AsyncGenerator[bytes]) -> AsyncIterator[bytes]:
    """The events, without the database connection the request was answered with: a stream lasts for hours."""
    await sync_to_async(connections.close_all)()
    async with aclosing(events):
        async for event in events:
            yield event


def moment(text: str) -> datetime | None:
    """Seconds since 1970 as a time; None for what is no time of ours."""
    try:
        return datetime.fromtimestamp(float(text), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def resolver(request: HttpRequest) -> Resolve:
    """Asks anew who sits behind a session: None when it was ended, or its password changed, or the account closed."""
    store: type[SessionBase] = type(request.session)
    key, address = request.session.session_key, request.META.get("REMOTE_ADDR")

    def resolve() -> Actor | None:
        asked = HttpRequest()
        asked.session = store(key)  # type: ignore[assignment]
        user = get_user(asked)
        if not user.is_authenticated or not user.is_active:
            return None
        kept = asked.session
        if BEGAN in kept and outlived(kept[BEGAN], kept[SEEN], timezone.now()) is not None:
            return None
        return actor_for(user, asked.session.get(APPOINTMENT), address)  # type: ignore[arg-type]

    return resolve
