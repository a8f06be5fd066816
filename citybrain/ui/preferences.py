"""Language and size of type: kept on the account of who is signed in, in a cookie for everybody else.

language   cookie of this device > account > browser's Accept-Language > Chinese
type       cookie of this device > account > normal
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from citybrain.kernel.identity.preferences import prefer
from citybrain.ui.access import back, public

TYPE_COOKIE = "citybrain_type"
"""`large` or `normal`, as chosen on this device."""

A_YEAR = 365 * 24 * 3600


class LanguageOfAccount:
    """Speaks the language kept on the account where this device has chosen none. Stands after authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES and request.user.is_authenticated:
            kept = getattr(request.user, "language", "")
            if kept and translation.check_for_language(kept):
                translation.activate(kept)
                request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)


def has_large_type(request: HttpRequest) -> bool:
    """Whether the page is shown in large type (长辈模式)."""
    chosen = request.COOKIES.get(TYPE_COOKIE, "")
    return chosen == "large" if chosen else bool(getattr(request.user, "large_type", False))


@public
def choose_language(request: HttpRequest) -> HttpResponse:
    """Takes the language of the switch: for this device, and for the account of who is signed in."""
    answer = set_language(request)
    code = request.POST.get("language", "")
    if request.method == "POST" and code in dict(settings.LANGUAGES):
        prefer(request.actor, language=code)  # type: ignore[attr-defined]
    return answer


@public
@require_POST
def choose_type(request: HttpRequest) -> HttpResponse:
    """Takes the size of type: `type=large` or `type=normal`."""
    answer = back(request, "/")
    is_large = request.POST.get("type") == "large"
    chosen = "large" if is_large else "normal"
    answer.set_cookie(
        TYPE_COOKIE, chosen, max_age=A_YEAR, samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE
    )
    prefer(request.actor, large_type=is_large)  # type: ignore[attr-defined]
    return answer
