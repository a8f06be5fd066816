"""To whom: a person, whoever holds a post, whoever carries a role, everybody in an organisation. Deputies stand in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.declare.role import Reach, Role
from citybrain.hubs.messages.models import Message
from citybrain.hubs.messages.permissions import SEND
from citybrain.kernel.identity.acting import lasting, running
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Appointment, Organisation, Post, User
from citybrain.kernel.registry.registry import registry

MOST = 5000
"""People one message may reach."""


class AddressError(ValueError):
    """A message cannot be addressed like that; the message says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class To:
    """An addressee (收件人)."""

    kind: Message.To
    key: str
    name: str
    organisation_id: int | None = None
    """Body whose people these are; None for a person without one and for a role of the whole county."""


@dataclass(frozen=True)
class Reached:
    """Somebody who gets a copy, and through which post."""

    user_id: int
    post_id: int | None


def to_person(user: User) -> To:
    """One person."""
    return To(kind=Message.To.PERSON, key=user.username, name=user.name, organisation_id=user.organisation_id)


def to_post(post: Post) -> To:
    """Whoever holds a post, and who stands in for them."""
    return To(
        kind=Message.To.POST, key=post.key, name=f"{post.organisation} · {post}", organisation_id=post.organisation_id
    )


def to_role(role: Role, organisation: Organisation | None = None) -> To:
    """Whoever carries a role, in an organisation and under it, or in the whole county."""
    key = role.key if organisation is None else f"{role.key}@{organisation.key}"
    name = _(role.title) if organisation is None else f"{organisation} · {_(role.title)}"
    return To(kind=Message.To.ROLE, key=key, name=name, organisation_id=organisation.pk if organisation else None)


def to_organisation(organisation: Organisation) -> To:
    """Everybody who holds a post in an organisation or under it."""
    return To(
        kind=Message.To.ORGANISATION, key=organisation.key, name=str(organisation), organisation_id=organisation.pk
    )


def addressee(text: str) -> To:
    """The addressee that a form names: `person:li`, `post:…`, `role:…`, `organisation:…`. Raises AddressError."""
    kind, _colon, key = text.partition(":")
    try:
        match kind:
            case Message.To.PERSON:
                return to_person(User.objects.get(username=key, is_active=True))
            case Message.To.POST:
                return to_post(Post.objects.select_related("organisation").get(key=key, is_active=True))
            case Message.To.ROLE:
                role, _at, body = key.partition("@")
                found = Organisation.objects.get(key=body) if body else None
                return to_role(registry().get(Role, role), found)
            case Message.To.ORGANISATION:
                return to_organisation(Organisation.objects.get(key=key, is_active=True))
    except (User.DoesNotExist, Post.DoesNotExist, Organisation.DoesNotExist, LookupError) as error:
        raise AddressError(_("There is nobody called “%(key)s”.") % {"key": key}) from error
    raise AddressError(_("“%(text)s” is no addressee.") % {"text": text[:80]})


def demand_reach(to: To, actor: Actor) -> None:
    """Raises AddressError unless the permission to send reaches the addressee."""
    reach = actor.reach(SEND)
    if reach is Reach.COUNTY or (reach is not None and to.organisation_id in actor.organisations):
        return
    if reach is not None and to.kind == Message.To.PERSON and to.key in _names(actor):
        return
    raise AddressError(_("Your post may not write to %(name)s: it lies outside your organisation.") % {"name": to.name})


def _names(actor: Actor) -> set[str]:
    return set(User.objects.filter(pk__in=actor.people).values_list("username", flat=True))


def people_of(to: To) -> list[Reached]:
    """Who gets a copy now, each person once, through their first post. Raises AddressError for nobody or too many."""
    if to.kind == Message.To.PERSON:
        found = [
            Reached(pk, None)
            for pk in User.objects.filter(username=to.key, is_active=True).values_list("pk", flat=True)
        ]
    else:
        found = _holders(_posts(to))
    return _each_once(to, found)


def people_of_posts(tos: Iterable[To]) -> dict[str, list[Reached]]:
    """Who gets a copy of messages to many posts, by the post's key, in few questions; posts without people are left
    out.
    """
    keys = {to.key for to in tos}
    posts = {post.pk: post.key for post in Post.objects.filter(is_active=True, key__in=keys)}
    found: dict[str, list[Reached]] = {}
    for one in _holders_of(posts):
        found.setdefault(posts[one.post_id or 0], []).append(one)
    return {key: list({one.user_id: one for one in reversed(people)}.values()) for key, people in found.items()}


def _each_once(to: To, found: list[Reached]) -> list[Reached]:
    unique = {one.user_id: one for one in reversed(found)}
    if not unique:
        raise AddressError(_("Nobody would get this: %(name)s has no people now.") % {"name": to.name})
    if len(unique) > MOST:
        raise AddressError(
            _("This would reach %(count)d people; at most %(most)d: write an announcement instead.")
            % {"count": len(unique), "most": MOST}
        )
    return sorted(unique.values(), key=lambda one: one.user_id)


def _posts(to: To) -> Iterable[Post]:
    posts = Post.objects.filter(is_active=True).select_related("organisation")
    if to.kind == Message.To.POST:
        return posts.filter(key=to.key)
    key, _at, body = (to.key, "", to.key) if to.kind == Message.To.ORGANISATION else to.key.partition("@")
    if body:
        path = Organisation.objects.filter(key=body).values_list("path", flat=True).first()
        posts = posts.filter(organisation__path__startswith=path) if path else posts.none()
    if to.kind == Message.To.ORGANISATION:
        return posts
    # Keys of roles lie in a JSON list, which SQLite cannot search inside; posts are few.
    return [post for post in posts if key in post.roles]


def _holders(posts: Iterable[Post]) -> list[Reached]:
    """Holders of posts now, and who stands in for them."""
    return _holders_of(post.pk for post in posts)


def _holders_of(ids: Iterable[int]) -> list[Reached]:
    keys = list(ids)
    held = Appointment.objects.filter(
        Q(user__is_active=True) & lasting(timezone.localdate()), post_id__in=keys
    ).order_by("-is_main", "pk")
    lent = running().filter(appointment__post_id__in=keys, deputy__is_active=True)
    return [
        *(Reached(user, post) for user, post in held.values_list("user_id", "post_id")),
        *(Reached(user, post) for user, post in lent.values_list("deputy_id", "appointment__post_id")),
    ]


def next_up(reached: Reached, role: str, known: set[int]) -> list[Reached]:
    """Who hears of it when somebody does not answer: who stands in for them, else who carries `role` in their body or
    in the nearest body above, leaving out those who have it already.
    """
    if reached.post_id is None:
        main = Appointment.objects.filter(lasting(timezone.localdate()), user_id=reached.user_id).order_by(
            "-is_main", "pk"
        )
        post_id = main.values_list("post_id", flat=True).first()
    else:
        post_id = reached.post_id
    post = Post.objects.select_related("organisation").filter(pk=post_id).first()
    if post is None:
        return []
    deputies = running().filter(appointment__post=post, appointment__user_id=reached.user_id, deputy__is_active=True)
    found = [Reached(deputy, post.pk) for deputy in deputies.values_list("deputy_id", flat=True) if deputy not in known]
    if found:
        return found
    for key in reversed(post.organisation.way):
        body = Post.objects.filter(organisation__key=key, is_active=True)
        found = [one for one in _holders(one for one in body if role in one.roles) if one.user_id not in known]
        if found:
            return list({one.user_id: one for one in reversed(found)}.values())
    return []
