"""Who may do what on the pages: everybody signed in reads, staff of the data office decides and starts."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST


def writes(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Marks a view that changes something: POST only, staff only."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_staff:  # type: ignore[union-attr]
            raise PermissionDenied(_("Only staff of the data office may decide or start work."))
        return view(request, *args, **kwargs)

    return require_POST(guarded)


def back(request: HttpRequest, otherwise: str) -> HttpResponseRedirect:
    """Returns to the page the form stood on, named in its field `next`; never to another site."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(target if safe else otherwise)
