"""Verbs about posts: open, close, what roles they carry, who holds them. Nobody decides about themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.kernel.identity.acting import Holding, holdings
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.deciding import (
    clashes,
    demand,
    demand_compatible,
    demand_roles,
    demand_somebody_left,
    permits,
)
from citybrain.kernel.identity.models import Appointment, Area, Delegation, Organisation, Post, User
from citybrain.kernel.identity.permissions import ADMINISTER_POSTS, APPOINT, GRANT_ROLES
from citybrain.kernel.identity.second_factor import demands_second_factor, has_second_factor, needs_second_factor
from citybrain.kernel.identity.security_log import log_security
from citybrain.kernel.identity.sessions import end_all


def open_post(
    actor: Actor,
    *,
    organisation: Organisation,
    key: str,
    chinese: str,
    english: str = "",
    roles: Sequence[str] = (),
    area: Area | None = None,
) -> Post:
    """Open a post in an organisation. Giving it roles needs the permission to grant them."""
    demand(actor, ADMINISTER_POSTS, organisation)
    if not organisation.is_active:
        raise ValidationError(_("%s was dissolved and takes nothing new.") % organisation)
    if roles:
        demand(actor, GRANT_ROLES, organisation)
        _demand_together(roles)
    with transaction.atomic():
        post = Post(organisation=organisation, key=key, chinese=chinese, english=english, roles=list(roles), area=area)
        post.full_clean()
        post.save()
        detail = {"organisation": organisation.key, "name": chinese, "roles": list(roles)}
        log_security(actor, "open-post", post, detail=detail)
    return post


def _demand_together(roles: Sequence[str]) -> None:
    demand_roles(roles)
    for first, second in clashes(roles):
        text = _("One post may not carry “%(first)s” and “%(second)s” together: these duties are kept apart.")
        raise ValidationError(text % {"first": _(first.title), "second": _(second.title)})


def change_post(actor: Actor, post: Post, *, chinese: str, english: str, area: Area | None) -> None:
    """Change a post's names and the area it is for."""
    demand(actor, ADMINISTER_POSTS, post.organisation)
    if area != post.area:
        # A wider area opens more: that is for whoever decides about rights.
        demand(actor, GRANT_ROLES, post.organisation)
        _demand_not_own(actor, post)
    with transaction.atomic():
        detail = {
            "name": [post.chinese, chinese],
            "english": [post.english, english],
            "area": [post.area.key if post.area else "", area.key if area else ""],
        }
        post.chinese, post.english, post.area = chinese, english, area
        post.full_clean()
        post.save(update_fields=["chinese", "english", "area"])
        log_security(actor, "change-post", post, detail=detail)


def grant_roles(actor: Actor, post: Post, roles: Sequence[str]) -> None:
    """Make `roles` the roles of a post.

    Refused for roles that nobody declares or that may not go together, for a post the person holds themself, and when a
    holder or deputy would get duties that are kept apart.
    """
    demand(actor, GRANT_ROLES, post.organisation)
    _demand_not_own(actor, post)
    _demand_together(roles)
    today = timezone.localdate()
    with transaction.atomic():
        for appointment in post.appointments.filter(Q(until=None) | Q(until__gte=today)).select_related("user"):
            demand_compatible(appointment.user, roles, max(appointment.since, today), appointment.until, post)
            lent = appointment.delegations.filter(until__gt=timezone.now(), revoked_at=None).select_related("deputy")
            for one in lent:
                demand_compatible(one.deputy, roles, today, timezone.localdate(one.until), post)
        before, after = list(post.roles), list(dict.fromkeys(roles))
        if sorted(before) == sorted(after):
            return
        post.roles = after
        post.save(update_fields=["roles"])
        if not permits(post, APPOINT):
            demand_somebody_left()
        log_security(actor, "grant-roles", post, detail={"roles": [before, after]})
        acts = Q(appointments__post=post) | Q(deputising__appointment__post=post, deputising__revoked_at=None)
        for person in User.objects.filter(acts, is_active=True).distinct():
            _demand_proof(actor, person)


def close_post(actor: Actor, post: Post) -> None:
    """Close a post: its appointments end today, its delegations are over."""
    demand(actor, ADMINISTER_POSTS, post.organisation)
    if permits(post, APPOINT):
        demand_somebody_left(post=post)
    today = timezone.localdate()
    with transaction.atomic():
        lasting = post.appointments.filter(Q(until=None) | Q(until__gt=today))
        ended = lasting.update(until=today, is_main=False)
        post.is_active = False
        post.save(update_fields=["is_active"])
        _end_delegations(Q(appointment__post=post))
        log_security(actor, "close-post", post, detail={"ended": ended})


def appoint(
    actor: Actor,
    person: User,
    post: Post,
    *,
    since: date | None = None,
    until: date | None = None,
    is_main: bool = False,
) -> Appointment:
    """Appoint a person to a post from a day (today) until a day. Nobody appoints themselves."""
    demand(actor, APPOINT, post.organisation)
    if person.pk == actor.user_id:
        raise ValidationError(_("Nobody appoints themselves: ask another administrator."))
    begin = since or timezone.localdate()
    if until is not None and until < begin:
        raise ValidationError(_("An appointment cannot end before it begins."))
    if not person.is_active or person.kind != User.Kind.OFFICIAL:
        raise ValidationError(_("%s has no open account of an official.") % person.name)
    if not post.is_active or not post.organisation.is_active:
        raise ValidationError(_("The post “%s” is closed.") % post)
    with transaction.atomic():
        # One at a time for one person, so that two appointments made together cannot join what is kept apart.
        User.objects.select_for_update().get(pk=person.pk)
        held = post.appointments.filter(Q(until=None) | Q(until__gte=begin), user=person)
        if until is not None:
            held = held.filter(since__lte=until)
        if held.exists():
            raise ValidationError(_("%(person)s holds this post already.") % {"person": person.name})
        demand_compatible(person, post.roles, begin, until, post)
        current = Appointment.objects.filter(Q(until=None) | Q(until__gte=begin), user=person)
        if is_main or not current.exists():
            person.appointments.update(is_main=False)
            is_main = True
        appointment = Appointment.objects.create(user=person, post=post, since=begin, until=until, is_main=is_main)
        detail = {"person": person.username, "since": begin.isoformat(), "until": until.isoformat() if until else None}
        log_security(actor, "appoint", post, detail=detail)
        _demand_proof(actor, person)
    return appointment


def end_appointment(actor: Actor, appointment: Appointment, last_day: date | None = None) -> None:
    """End an appointment after its last day (yesterday: at once). What was delegated from it ends with it."""
    post = appointment.post
    demand(actor, APPOINT, post.organisation)
    last = last_day or timezone.localdate() - timedelta(days=1)
    if last <= timezone.localdate() and permits(post, APPOINT):
        demand_somebody_left(person=appointment.user)
    with transaction.atomic():
        before = appointment.until
        # One that had not begun yet is kept as a day that never came.
        appointment.until = max(last, appointment.since - timedelta(days=1))
        appointment.is_main = False
        appointment.save(update_fields=["until", "is_main"])
        if last < timezone.localdate():
            _end_delegations(Q(appointment=appointment))
        days = [before.isoformat() if before else None, appointment.until.isoformat()]
        log_security(actor, "end-appointment", post, detail={"person": appointment.user.username, "until": days})


def make_main(actor: Actor, appointment: Appointment) -> None:
    """Make one of one's own appointments the one a session begins with."""
    if appointment.user_id != actor.user_id:
        raise ValidationError(_("This is not your appointment."))
    with transaction.atomic():
        Appointment.objects.filter(user_id=actor.user_id).update(is_main=False)
        Appointment.objects.filter(pk=appointment.pk).update(is_main=True)
        log_security(actor, "make-main", appointment.post)


def take_post(actor: Actor, person: User, appointment_id: int) -> Holding:
    """Act under another of one's holdings from now on; the caller keeps the choice in the session.

    Raises ValidationError when the person may not act under it today.
    """
    for holding in holdings(person):
        if holding.appointment.pk == appointment_id:
            if demands_second_factor(holding.appointment.post.roles) and not has_second_factor(person):
                raise ValidationError(_("This post demands a second factor: set it up in your account first."))
            log_security(
                actor, "take-post", holding.appointment.post, detail={"on_behalf_of": holding.on_behalf_of or None}
            )
            return holding
    raise ValidationError(_("You cannot act under this post today."))


def _demand_proof(actor: Actor, person: User) -> None:
    """Ends sessions that were begun without the second factor that a post now demands: it is set up at the door."""
    if needs_second_factor(person) and not has_second_factor(person):
        end_all(actor, person)


def _demand_not_own(actor: Actor, post: Post) -> None:
    """Raises ValidationError when the person holds the post or stands in for its holder."""
    held = Q(user_id=actor.user_id) | Q(delegations__deputy_id=actor.user_id, delegations__until__gt=timezone.now())
    lasting = Q(until=None) | Q(until__gte=timezone.localdate())
    if actor.user_id is not None and post.appointments.filter(held & lasting).exists():
        raise ValidationError(_("Nobody decides about the rights of their own post: ask another administrator."))


def _end_delegations(which: Q) -> None:
    now = timezone.now()
    Delegation.objects.filter(which, revoked_at=None, until__gt=now).update(revoked_at=now)
