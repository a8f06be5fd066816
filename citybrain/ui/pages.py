"""The pages that belong to no room: the county's picture, and what is shown when something went wrong."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from citybrain.ui.county import county
from citybrain.ui.outline import draw


@login_not_required
@require_safe
@cache_control(public=True, max_age=86400)
def county_outline(request: HttpRequest) -> HttpResponse:
    """The county's outline as an SVG."""
    return HttpResponse(draw(county()), content_type="image/svg+xml")


def fault(request: HttpRequest, code: int, heading: str, text: str, detail: str = "") -> HttpResponse:
    """A page that says what went wrong and what to do."""
    context = {"code": code, "heading": heading, "text": text, "detail": detail}
    return render(request, "ui/error.html", context, status=code)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return fault(
        request, 400, _("This request cannot be understood"), _("Go back, correct the input and send it again.")
    )


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    text = _("Your account may not do this. Ask the administrator of the data office for the right.")
    return fault(request, 403, _("Not allowed"), text, str(exception or ""))


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that was open too long, or came from another site."""
    text = _(
        "For your safety a form is only accepted from a page of this site that is still valid. Reload and try again."
    )
    return fault(request, 403, _("The page has expired"), text)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    text = _("Nothing is at this address, or your post may not see it. Look for it from the front page.")
    return fault(request, 404, _("Page not found"), text, request.path)


def failed(request: HttpRequest) -> HttpResponse:
    """500: nothing here may touch the database, which may be what failed."""
    text = _("The error is in the server's log. What you had saved is safe; try again in a moment.")
    return fault(request, 500, _("Something went wrong on our side"), text)
