"""Verbs on access tokens, and the middleware that lets a program in by one.

    Authorization: Bearer cb_…

A token is refused with 401 when it is unknown, expired or revoked; no other way in is tried then.
"""

from __future__ import annotations

import datetime
import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.kernel.identity.acting import actor_for
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Appointment
from citybrain.kernel.identity.security_log import log_security
from citybrain.ui.records.models import ApiToken

MARK = "cb_"
"""How every token begins, so that a leaked one is recognised."""

START = 8
"""Letters of a token that are kept in clear."""

LONGEST = 365
"""Days a token may last."""

API = "/api/"


def digest_of(text: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(text.encode()).hexdigest()


def issue(actor: Actor, *, title: str, scopes: Sequence[str], days: int) -> tuple[ApiToken, str]:
    """Makes a token for the person under their post; its text is returned once and never again.

    Raises ValidationError for a name that is missing, a time that is too long, or no permission; PermissionDenied for
    a permission the person does not have.
    """
    if actor.user_id is None:
        raise PermissionDenied(_("Sign in first."))
    if not title.strip():
        raise ValidationError({"title": _("Say what the token is used for.")})
    if not 1 <= days <= LONGEST:
        raise ValidationError({"days": _("A token lasts from 1 to %d days.") % LONGEST})
    if not scopes:
        raise ValidationError({"scopes": _("Choose at least one permission.")})
    if missing := [scope for scope in scopes if not actor.may(scope)]:
        raise PermissionDenied(_("Your post does not carry the permission %s.") % ", ".join(missing))
    text = MARK + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user_id=actor.user_id,
        appointment_id=actor.appointment_id,
        title=title.strip(),
        start=text[: len(MARK) + START],
        digest=digest_of(text),
        scopes=sorted(set(scopes)),
        expires_at=timezone.now() + datetime.timedelta(days=days),
    )
    log_security(actor, "token-issue", token, detail={"scopes": token.scopes, "days": days})
    return token, text


def revoke(token: ApiToken, actor: Actor) -> None:
    """Ends a token for good. Raises PermissionDenied unless it is the person's own."""
    if token.user_id != actor.user_id:
        raise PermissionDenied(_("This token belongs to somebody else."))
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        log_security(actor, "token-revoke", token)


def narrowed(actor: Actor, scopes: Sequence[str]) -> Actor:
    """The same person with no more than `scopes` of what they may."""
    reaches = {scope: actor.reach(scope) for scope in scopes}
    return replace(actor, permits={scope: reach for scope, reach in reaches.items() if reach is not None})


def bearer(token: ApiToken, address: str | None) -> Actor | None:
    """Whom the token acts for now; None when its person left or no longer holds the post."""
    if not token.is_alive or not token.user.is_active:
        return None
    actor = actor_for(token.user, token.appointment_id, address)
    if token.appointment_id is not None and actor.appointment_id != token.appointment_id:
        return None
    return narrowed(actor, token.scopes)


def find(text: str) -> ApiToken | None:
    """The token with this text; None when there is none."""
    return ApiToken.objects.select_related("user").filter(digest=digest_of(text)).first()


def touch(token: ApiToken) -> None:
    """Notes that the token was used, at most once a minute."""
    now = timezone.now()
    if token.used_at is None or (now - token.used_at).total_seconds() > 60:
        ApiToken.objects.filter(pk=token.pk).update(used_at=now)


class TokenMiddleware:
    """Puts the person behind a token on requests to the API; stands after AccessMiddleware, whose actor it replaces."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        kind, _space, text = request.headers.get("Authorization", "").partition(" ")
        if not request.path.startswith(API) or kind.lower() != "bearer":
            return self.get_response(request)
        token = find(text.strip()) if text.startswith(MARK) else None
        actor = bearer(token, request.META.get("REMOTE_ADDR")) if token else None
        if token is None or actor is None:
            detail = _("This token is unknown, expired or revoked: make a new one in your account.")
            return JsonResponse({"detail": detail}, status=401, headers={"WWW-Authenticate": "Bearer"})
        touch(token)
        request.user = token.user
        request.actor = actor  # type: ignore[attr-defined]
        request.api_token = token  # type: ignore[attr-defined]
        # A token comes in a header that no other site can make a browser send: there is nothing to forge.
        request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
        return self.get_response(request)


def posts_of(actor: Actor) -> str:
    """Name of the post a new token will act under."""
    appointment = Appointment.objects.select_related("post").filter(pk=actor.appointment_id).first()
    return str(appointment.post) if appointment else ""
