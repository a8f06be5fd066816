"""The gate: who must choose a password or set up a second factor does so before anything else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from citybrain.kernel.identity.models import User
from citybrain.kernel.identity.sign_in import duty
from citybrain.ui.access import Audience, RouteRule

View = TypeVar("View", bound=Callable[..., Any])

DUTY = "duty"
"""Session key: `what` must be done, and where the person wanted to go (`next`)."""

PAGES = {"password": "account-password", "second-factor": "account-second-factor"}
"""Duty -> name of the page it is done on."""


def serves_duties(view: View) -> View:
    """Marks a view that is open to somebody who has a duty left."""
    view.serves_duties = True  # type: ignore[attr-defined]
    return view


class DutyGate:
    """Sends everybody with a duty left to it, whatever they asked for and may see."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """None lets the view answer."""
        rule: RouteRule | None = getattr(view, "rule", None)
        if rule is not None and rule.audience is Audience.PUBLIC:
            return None
        if SESSION_KEY not in request.session or DUTY not in request.session or getattr(view, "serves_duties", False):
            return None
        page = PAGES[request.session[DUTY]["what"]]
        if "text/html" not in request.headers.get("Accept", "text/html") or request.path.startswith("/api/"):
            return JsonResponse({"detail": _("Finish signing in first: open the site in the browser.")}, status=403)
        return redirect(page)


def done(request: HttpRequest, user: User, otherwise: str) -> HttpResponse:
    """After a duty: on to the next one, to where the person wanted to go, or `otherwise`."""
    left = request.session.pop(DUTY, None)
    if left is None:
        return redirect(otherwise)
    if what := duty(user):
        request.session[DUTY] = {"what": what, "next": left["next"]}
        return redirect(PAGES[what])
    return redirect(left["next"])
