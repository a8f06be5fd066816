"""Sessions (会话): begun at sign-in under a new id, ended when idle, old, one too many, or revoked."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.credentials import UserSession
from citybrain.kernel.identity.models import User
from citybrain.kernel.identity.security_log import log_security

BEGAN = "began"
"""Session key: when it began, seconds since 1970."""
SEEN = "seen"
"""Session key: when the person last did something, at most `NOTED_EVERY` old."""
NOTED_EVERY = timedelta(minutes=1)
BACKEND = "django.contrib.auth.backends.ModelBackend"

End = UserSession.End


def begin_session(actor: Actor, request: HttpRequest, user: User, method: str) -> UserSession:
    """Signs the browser in: new session id, a line in the list of sessions, the oldest ones over the limit end."""
    planted = request.session.session_key or ""
    for former in UserSession.objects.filter(key=planted, ended_at=None):
        close(former, End.SIGNED_OUT)
    login(request, user, backend=BACKEND)
    if request.session.session_key == planted:
        # Django keeps the id when the same person signs in again.
        request.session.cycle_key()
    begun = note_session(request, user, method)
    allowed = settings.SESSIONS_PER_PERSON
    if allowed:
        for extra in live_sessions(user).order_by("-since", "-pk")[allowed:]:
            end_session(actor, extra, End.LIMIT)
    log_security(actor, "sign-in", user, detail={"method": method})
    return begun


def note_session(request: HttpRequest, user: User, method: str) -> UserSession:
    """Puts the browser's session into the person's list and starts its clocks."""
    now = timezone.now()
    request.session[BEGAN] = request.session[SEEN] = int(now.timestamp())
    if request.session.session_key is None:
        request.session.create()
    begun, _is_new = UserSession.objects.update_or_create(
        key=request.session.session_key,
        defaults={
            "user": user,
            "method": method,
            "address": request.META.get("REMOTE_ADDR") or None,
            "device": request.META.get("HTTP_USER_AGENT", "")[:255],
            "since": now,
            "seen_at": now,
            "ended_at": None,
            "ended": "",
        },
    )
    return begun


def live_sessions(user: User) -> QuerySet[UserSession]:
    """A person's sessions that still open something."""
    now = timezone.now()
    return UserSession.objects.filter(
        user=user, ended_at=None, seen_at__gt=now - idle() - NOTED_EVERY, since__gt=now - longest()
    )


def idle() -> timedelta:
    """How long a session may lie unused."""
    return timedelta(minutes=settings.SESSION_IDLE_MINUTES)


def longest() -> timedelta:
    """How long a session lasts at most, used or not."""
    return timedelta(hours=settings.SESSION_HOURS)


def outlived(began: float, seen: float, now: datetime) -> UserSession.End | None:
    """Why a session that began and was last used at these moments (seconds since 1970) is over; None when it is not."""
    if now.timestamp() - began > longest().total_seconds():
        return End.AGE
    if now.timestamp() - seen > idle().total_seconds():
        return End.IDLE
    return None


def note_use(request: HttpRequest) -> None:
    """The person did something: moves the clock, at most once a minute."""
    now = timezone.now()
    if now.timestamp() - request.session[SEEN] < NOTED_EVERY.total_seconds():
        return
    request.session[SEEN] = int(now.timestamp())
    UserSession.objects.filter(key=request.session.session_key).update(
        seen_at=now, address=request.META.get("REMOTE_ADDR") or None
    )


def leave(actor: Actor, request: HttpRequest, why: UserSession.End = End.SIGNED_OUT) -> None:
    """Ends the browser's own session."""
    mine = UserSession.objects.filter(key=request.session.session_key or "").first()
    if mine is not None:
        close(mine, why)
    if request.user.is_authenticated:
        log_security(actor, "sign-out", request.user, detail={"why": str(why)})
    logout(request)


def end_session(actor: Actor, session: UserSession, why: UserSession.End = End.REVOKED) -> None:
    """Ends somebody's session: their next request finds nobody signed in; logged."""
    if session.ended_at is not None:
        return
    SessionStore(session.key).delete()
    close(session, why)
    log_security(actor, "session-ended", session.user, detail={"why": str(why)})


def end_all(actor: Actor, user: User, why: UserSession.End = End.REVOKED, *, but: str | None = None) -> int:
    """Ends every session of a person, but the one with the key `but`; returns how many."""
    ended = 0
    for session in UserSession.objects.filter(user=user, ended_at=None).exclude(key=but or ""):
        end_session(actor, session, why)
        ended += 1
    return ended


def close(session: UserSession, why: UserSession.End) -> None:
    """Marks a session as over; its key becomes one that opens nothing."""
    session.ended_at, session.ended, session.key = timezone.now(), why, f"ended-{secrets.token_hex(16)}"
    session.save(update_fields=["ended_at", "ended", "key"])


def keep_session(request: HttpRequest, user: User) -> None:
    """After the person's own change of password: this browser stays signed in, under a new id."""
    former = request.session.session_key or ""
    update_session_auth_hash(request, user)
    UserSession.objects.filter(key=former).update(key=request.session.session_key)


def renew_key(request: HttpRequest) -> None:
    """A new id for the browser's session, kept in the list: after a change of rights or password."""
    former = request.session.session_key or ""
    request.session.cycle_key()
    UserSession.objects.filter(key=former).update(key=request.session.session_key)
