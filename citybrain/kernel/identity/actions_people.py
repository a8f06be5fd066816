"""Verbs about people's accounts: register, change, close, open again, give a new password. Each is logged."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.declare.role import Reach
from citybrain.kernel.identity.acting import appointments, holdings
from citybrain.kernel.identity.actions import Login
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.credentials import UserSession
from citybrain.kernel.identity.deciding import demand, demand_somebody_left, permits
from citybrain.kernel.identity.models import Delegation, Organisation, User
from citybrain.kernel.identity.passwords import issue_password
from citybrain.kernel.identity.permissions import ADMINISTER_PEOPLE, APPOINT
from citybrain.kernel.identity.security_log import log_security
from citybrain.kernel.identity.sessions import end_all

CHANGEABLE = ("chinese", "phone", "email", "organisation")
"""What `change_person` may change."""


def register_person(
    actor: Actor,
    *,
    username: str,
    chinese: str,
    organisation: Organisation | None,
    phone: str = "",
    email: str = "",
    kind: str = User.Kind.OFFICIAL,
) -> Login:
    """Make an account, with a password to be changed at the first sign-in; posts come later, and never for citizens.

    Raises ValidationError when the name is taken or cannot be one, and for an official of no organisation.
    """
    demand(actor, ADMINISTER_PEOPLE, organisation)
    UnicodeUsernameValidator()(username)
    if organisation is None and kind == User.Kind.OFFICIAL:
        raise ValidationError(_("An official belongs to an organisation."))
    if organisation is not None and not organisation.is_active:
        raise ValidationError(_("%s was dissolved and takes nothing new.") % organisation)
    if User.objects.filter(username__iexact=username).exists():
        raise ValidationError(_("Somebody is called “%s” already: choose another name to sign in with.") % username)
    with transaction.atomic():
        person = User(
            username=username, chinese=chinese, phone=phone, email=email, organisation=organisation, kind=kind
        )
        person.set_unusable_password()
        person.full_clean(exclude=["password"])
        person.save()
        log_security(
            actor, "register-person", person, detail={"organisation": organisation.key if organisation else None}
        )
        password = issue_password(actor, person)
    return Login(username=username, password=password)


def change_person(actor: Actor, person: User, **facts: Any) -> None:
    """Change a person's name, phone, e-mail or organisation; `facts` are named by the fields of CHANGEABLE.

    The log says which changed, and not to what: phone and e-mail are personal.
    """
    _demand_over(actor, person)
    if unknown := set(facts) - set(CHANGEABLE):
        raise TypeError(f"change_person does not change {sorted(unknown)}; it changes {CHANGEABLE}.")
    if facts.get("organisation") is not None:
        demand(actor, ADMINISTER_PEOPLE, facts["organisation"])
    changed = [name for name in facts if getattr(person, name) != facts[name]]
    if not changed:
        return
    with transaction.atomic():
        for name in changed:
            setattr(person, name, facts[name])
        person.full_clean(exclude=["password"])
        person.save(update_fields=changed)
        log_security(actor, "change-person", person, detail={"fields": changed})


def close_account(actor: Actor, person: User) -> None:
    """Close an account: nobody signs in with it, its sessions end, its posts are vacant from today."""
    _demand_over(actor, person)
    if person.pk == actor.user_id:
        raise ValidationError(_("Nobody closes their own account: ask another administrator."))
    if any(permits(one.post, APPOINT) for one in appointments(person)):
        demand_somebody_left(person=person)
    now = timezone.now()
    with transaction.atomic():
        person.is_active = False
        person.save(update_fields=["is_active"])
        posts = [one.post.key for one in appointments(person)]
        appointments(person).update(until=timezone.localdate(), is_main=False)
        Delegation.objects.filter(deputy=person, revoked_at=None, until__gt=now).update(revoked_at=now)
        end_all(actor, person, UserSession.End.DEACTIVATED)
        log_security(actor, "close-account", person, detail={"posts": posts})


def open_account(actor: Actor, person: User) -> Login:
    """Open a closed account again, with a new password and without any post."""
    _demand_over(actor, person)
    with transaction.atomic():
        person.is_active = True
        person.save(update_fields=["is_active"])
        # The day of closing is over for posts too: they are given anew or not at all.
        appointments(person).update(until=timezone.localdate() - timedelta(days=1))
        log_security(actor, "open-account", person)
        return Login(username=person.username, password=issue_password(actor, person))


def renew_password(actor: Actor, person: User) -> Login:
    """Give somebody who forgot theirs a new password, to be changed at the next sign-in; their sessions end."""
    _demand_over(actor, person)
    if person.pk == actor.user_id:
        raise ValidationError(_("Change your own password on your account's page."))
    # Whoever knows the password acts under every post of the person, also under those of other bodies.
    for held in holdings(person):
        demand(actor, ADMINISTER_PEOPLE, held.appointment.post.organisation)
    with transaction.atomic():
        password = issue_password(actor, person)
        end_all(actor, person, UserSession.End.PASSWORD)
    return Login(username=person.username, password=password)


def _demand_over(actor: Actor, person: User) -> None:
    """Raises PermissionDenied unless the person's account is the actor's to keep; one of no body is the county's."""
    demand(actor, ADMINISTER_PEOPLE, person.organisation)
    if person.organisation is None and actor.reach(ADMINISTER_PEOPLE) is not Reach.COUNTY:
        raise PermissionDenied(_("Your post does not carry the permission “%s”.") % _(ADMINISTER_PEOPLE.title))
