"""Every route carries a rule: who may come here at all. What has no rule answers nobody, and fails the checks.

    @requires(VIEW)                    signed in, the post carries the permission
    @signed_in                         anybody who is signed in
    @public                            anybody

The rule opens the door; which rows lie behind it is the data scope's matter (`citybrain.kernel.identity.scope`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citybrain.declare.role import Permission
from citybrain.kernel.identity.acting import actor_for
from citybrain.kernel.identity.actor import Actor

View = TypeVar("View", bound=Callable[..., Any])

APPOINTMENT = "appointment"
"""Session key of the appointment the person acts under."""


class Audience(StrEnum):
    """Who may come to a route."""

    PUBLIC = "public"
    SIGNED_IN = "signed-in"
    PERMITTED = "permitted"


@dataclass(frozen=True, kw_only=True, slots=True)
class RouteRule:
    """Who may come to a route, and whether what it shows belongs to somebody."""

    audience: Audience
    permission: Permission | None = None
    """What the post must carry, for PERMITTED."""
    is_scoped: bool = False
    """Whether the address names something that another organisation must not find (it gets 404)."""


def ruled(rule: RouteRule) -> Callable[[View], View]:
    """Puts `rule` on a view."""

    def put(view: View) -> View:
        view.rule = rule  # type: ignore[attr-defined]
        return view

    return put


def public(view: View) -> View:
    """Anybody may come."""
    return ruled(RouteRule(audience=Audience.PUBLIC))(view)


def signed_in(view: View) -> View:
    """Anybody who is signed in may come."""
    return ruled(RouteRule(audience=Audience.SIGNED_IN))(view)


def requires(permission: Permission, *, scoped: bool = False, writes: bool = False) -> Callable[[View], View]:
    """Whose post carries `permission` may come; `writes` makes it POST only, otherwise GET and HEAD only.

    For a form that shows itself by GET and takes itself by POST see `requires_form`.
    """

    def put(view: View) -> View:
        guarded = (require_POST if writes else require_safe)(view)
        return ruled(RouteRule(audience=Audience.PERMITTED, permission=permission, is_scoped=scoped))(guarded)

    return put


def requires_form(permission: Permission, *, scoped: bool = False) -> Callable[[View], View]:
    """Whose post carries `permission` may come to a form, which shows itself by GET and takes itself by POST."""

    def put(view: View) -> View:
        guarded = require_http_methods(["GET", "HEAD", "POST"])(view)
        return ruled(RouteRule(audience=Audience.PERMITTED, permission=permission, is_scoped=scoped))(guarded)

    return put


class AccessMiddleware:
    """Holds every request against its route's rule and puts `request.actor` on it. A route without a rule is closed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """None lets the view answer."""
        rule: RouteRule | None = getattr(view, "rule", None)
        if rule is None:
            raise PermissionDenied(_("This address has no access rule, so it is closed."))
        if rule.audience is Audience.PUBLIC:
            return None
        if not request.user.is_authenticated:
            if request.path.startswith("/api/"):
                return JsonResponse({"detail": _("Sign in first.")}, status=401)
            return redirect_to_login(request.get_full_path())
        if rule.permission is not None and not request.actor.may(rule.permission):  # type: ignore[attr-defined]
            raise PermissionDenied(_("Your post does not carry the permission “%s”.") % _(rule.permission.title))
        return None


def actor_of(request: HttpRequest) -> Actor:
    """The person behind a request, under the post their session chose."""
    return actor_for(request.user, request.session.get(APPOINTMENT), request.META.get("REMOTE_ADDR"))  # type: ignore[arg-type]


def back(request: HttpRequest, otherwise: str) -> HttpResponseRedirect:
    """Returns to the page the form stood on, named in its field `next`; never to another site."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(target if safe else otherwise)
