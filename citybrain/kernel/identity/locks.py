"""Lock-out (登录失败锁定): five wrong tries lock a name, twenty an address, for a quarter of an hour, in the database.

An attempt is written down before the password is looked at, and counts until it is known to have succeeded: however
many processes try at once, no more than five passwords are compared. Names that nobody has are locked like others, so
that a lock says nothing about who exists.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from citybrain.declare.role import Permission
from citybrain.declare.words import _
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.credentials import Attempt, Lock
from citybrain.kernel.identity.models import User
from citybrain.kernel.identity.sealing import digest
from citybrain.kernel.identity.security_log import log_security

UNLOCK = Permission(key="sign-in:unlock", title=_("Open locked accounts"))
"""See locks, and release them."""

KEPT = timedelta(days=1)
"""How long attempts are kept; the security log keeps what an auditor needs."""


def who(name: str) -> str:
    """Keyed hash of a name as typed: capital letters and blanks around do not make another name."""
    return digest(name.strip().casefold(), "attempt")


def window() -> timedelta:
    """The time over which failures are counted, and for which a lock lasts."""
    return timedelta(minutes=settings.LOCK_MINUTES)


def locks() -> QuerySet[Lock]:
    """Every lock in force."""
    return Lock.objects.filter(until__gt=timezone.now(), released_at=None)


def is_locked(name: str, address: str | None) -> bool:
    """Whether the name or the address is locked now."""
    condition = Q(kind=Lock.Kind.ACCOUNT, key=who(name))
    if address:
        condition |= Q(kind=Lock.Kind.ADDRESS, key=address)
    return locks().filter(condition).exists()


def begin_attempt(actor: Actor, name: str) -> Attempt | None:
    """Writes a try of `actor`'s address down before anything is compared; None when a lock forbids it."""
    if is_locked(name, actor.address):
        return None
    now = timezone.now()
    attempt = Attempt.objects.create(at=now, who=who(name), address=actor.address)
    since = Attempt.objects.filter(at__gt=now - window(), counts=True)
    # Tries that are still under way count too, so no more than the limit are ever compared; only failures lock.
    if since.filter(who=attempt.who).count() > settings.LOCK_AFTER:
        return None
    if actor.address and since.filter(address=actor.address).count() > settings.LOCK_ADDRESS_AFTER:
        return None
    return attempt


def failed(actor: Actor, attempt: Attempt, user: User | None) -> bool:
    """The try failed: locks what has failed too often. Returns whether something is locked now."""
    since = Attempt.objects.filter(at__gt=timezone.now() - window(), counts=True)
    is_shut = False
    if since.filter(who=attempt.who).count() >= settings.LOCK_AFTER:
        lock(actor, Lock.Kind.ACCOUNT, attempt.who, user)
        is_shut = True
    if actor.address and since.filter(address=actor.address).count() >= settings.LOCK_ADDRESS_AFTER:
        lock(actor, Lock.Kind.ADDRESS, actor.address, None)
        is_shut = True
    return is_shut


def passed(attempt: Attempt) -> None:
    """This try was right, but the person is not in yet: it no longer counts, earlier failures still do."""
    Attempt.objects.filter(pk=attempt.pk).update(counts=False)


def succeeded(attempt: Attempt) -> None:
    """The person is in: failures under their name are forgotten, and what is old goes."""
    Attempt.objects.filter(who=attempt.who).update(counts=False)
    Attempt.objects.filter(at__lt=timezone.now() - KEPT).delete()


def lock(actor: Actor, kind: Lock.Kind, key: str, user: User | None) -> None:
    """Locks a name or an address, once: a lock in force is not made longer by further tries."""
    if locks().filter(kind=kind, key=key).exists():
        return
    now = timezone.now()
    made = Lock.objects.create(kind=kind, key=key, user=user, address=actor.address, since=now, until=now + window())
    log_security(actor, "locked", user or made, detail={"kind": str(kind), "until": made.until.isoformat()})


def release(actor: Actor, made: Lock) -> None:
    """Opens a lock before its time and forgets the failures behind it; logged."""
    now = timezone.now()
    if not locks().filter(pk=made.pk).update(released_at=now):
        return
    behind = Q(who=made.key) if made.kind == Lock.Kind.ACCOUNT else Q(address=made.key)
    Attempt.objects.filter(behind, at__gt=now - window()).update(counts=False)
    log_security(actor, "unlocked", made.user or made, detail={"kind": made.kind})


def release_account(actor: Actor, user: User) -> int:
    """Opens every lock of a person's account; returns how many."""
    found = list(locks().filter(kind=Lock.Kind.ACCOUNT, key=who(user.username)))
    for made in found:
        release(actor, made)
    return len(found)
