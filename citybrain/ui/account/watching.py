"""Watches sessions: the idle and the old end, the others keep their clock."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.kernel.identity.acting import actor_for
from citybrain.kernel.identity.credentials import UserSession
from citybrain.kernel.identity.models import User
from citybrain.kernel.identity.sessions import BEGAN, SEEN, leave, note_session, note_use, outlived

TOLD = "told"
"""Session key of what the sign-in page tells somebody who was signed out."""


class SessionWatch:
    """Ends a session that outlived itself before anything is answered; needs AuthenticationMiddleware before it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Asking the session first keeps anonymous pages free of the query for the user.
        if SESSION_KEY in request.session and request.user.is_authenticated:
            watch(request)
        return self.get_response(request)


def watch(request: HttpRequest) -> None:
    """Ends the session, moves its clock, or puts one into the list that was begun outside the door."""
    session = request.session
    if BEGAN not in session:
        note_session(request, cast(User, request.user), "other")
        return
    over = outlived(session[BEGAN], session[SEEN], timezone.now())
    if over is None:
        if not is_background(request):
            note_use(request)
        return
    address = request.META.get("REMOTE_ADDR") or None
    leave(actor_for(cast(User, request.user), address=address), request, over)
    if over is UserSession.End.IDLE:
        request.session[TOLD] = _("You were signed out because nothing was done for a while.")
    else:
        request.session[TOLD] = _("You were signed out: a session lasts one working day at most.")


def is_background(request: HttpRequest) -> bool:
    """Whether the page asked by itself: that does not count as the person doing something."""
    return "text/event-stream" in request.headers.get("Accept", "") or "X-Background" in request.headers
