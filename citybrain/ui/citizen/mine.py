"""What is mine (我的): my reports, and who looked at data about me. Needs signing in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import SecurityEvent, User
from citybrain.kernel.identity.scope import Vouched, own
from citybrain.kernel.records.masking import pseudonym
from citybrain.kernel.records.shape import Shape, record_type, record_types
from citybrain.ui.access import public, signed_in
from citybrain.ui.citizen.doors import SERVICES
from citybrain.ui.citizen.queries import title_of
from citybrain.ui.citizen.receiving import token_of
from citybrain.ui.finding import address_of
from citybrain.ui.formats import is_chinese
from citybrain.ui.panels.items import Item, Items
from citybrain.ui.panels.kinds import Blank, Notice
from citybrain.ui.panels.panel import Action, Link, Page, Panel
from citybrain.ui.phone.panels import Me

MOST = 50
"""Reports, and looks, that are listed."""

MINE = "own"
"""By what a person's own things are vouched for."""


@public
@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The person's reports and doors; for nobody in particular, how to get there."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.user_id is None:
        return nobody(request)
    lines = (
        *(item for room in SERVICES.rooms for item in room.mine(actor)),
        *(line for shape in record_types() if shape.face.citizens_create for line in reports(shape, actor)),
    )
    doors = [
        Item(title=_("Who looked at my data"), url=reverse("citizen-looked"), icon="eye"),
        Item(title=_("My account: password, second factor, sessions"), url=address_of("account"), icon="user-circle"),
    ]
    reported = Items(
        title=_("My reports"), items=Vouched(lines[:MOST], MINE), empty=_("You have not sent in anything yet.")
    )
    body = (Me(who=actor.name), Items(items=Vouched(tuple(door for door in doors if door.url), MINE)), reported)
    return Page(title=_("Mine"), body=body, shell="citizen").respond(request)


def nobody(request: HttpRequest) -> HttpResponse:
    """What somebody who is not signed in can do."""
    sign_in = f"{reverse('login')}?next={reverse('citizen-mine')}"
    body: tuple[Panel, ...] = (
        Blank(
            icon="user-circle",
            text=_("Signed in you see your reports, and who looked at data about you."),
            action=Action(title=_("Sign in"), url=sign_in, icon="key", is_main=True),
        ),
        Notice(
            text=_("A report sent without signing in is followed by the link of its receipt."),
            actions=(Action(title=_("Follow a report"), url=reverse("citizen-follow")),),
            tone="quiet",
        ),
    )
    return Page(title=_("Mine"), body=body, shell="citizen").respond(request)


def reports(shape: Shape, actor: Actor) -> Iterator[Item]:
    """What the person sent in of one type, the newest first."""
    rows = own(shape.model._default_manager.filter(removed_at=None), actor).order_by("-created_at")
    for row in rows[:MOST]:
        url = reverse("citizen-followed", args=(token_of(shape, row),))
        yield Item(title=title_of(shape, row), under=row.number, url=url, at=row.created_at, icon=shape.face.icon)


@signed_in
@never_cache
@require_safe
def looked(request: HttpRequest) -> HttpResponse:
    """Who looked at personal data about the person: which body, when, for what purpose. Names of officials stay out."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    events = looks(request.user, actor)  # type: ignore[arg-type]
    lines = tuple(look_line(event) for event in events)
    items = Items(items=Vouched(lines, MINE), empty=_("Nobody has looked at data about you."))
    note = Notice(
        text=_(
            "Every look at unmasked personal data is recorded with its purpose. Found here are looks at your reports "
            "and at records that hold your mobile number."
        ),
        tone="quiet",
    )
    return Page(
        title=_("Who looked at my data"),
        body=(note, items),
        crumbs=(Link(title=_("Mine"), url=reverse("citizen-mine")),),
        shell="citizen",
    ).respond(request)


def looks(user: User, actor: Actor) -> list[SecurityEvent]:
    """The looks at data about a person, the newest first: by their mobile as registered, and by their own records."""
    subjects = {pseudonym("account", str(user.pk))}
    if user.phone:
        subjects.add(pseudonym("mobile", user.phone))
    subjects |= {subject for room in SERVICES.rooms for subject in room.subjects(user)}
    for shape in record_types():
        if shape.face.citizens_create:
            rows: Any = own(shape.model._default_manager.all(), actor).values_list("number", flat=True)
            subjects |= {pseudonym(shape.key, number) for number in rows[:1000]}
    found = SecurityEvent.objects.filter(subject__in=subjects).select_related("post__organisation")
    return list(found.order_by("-id")[:MOST])


def look_line(event: SecurityEvent) -> Item:
    """One look."""
    body = event.post.organisation if event.post else None
    who = _("The system") if body is None else body.chinese if is_chinese() else body.english
    try:
        what = record_type(event.thing).title
    except LookupError:
        what = event.thing
    purpose = event.purpose or _("no purpose recorded")
    return Item(
        title=who, under=_("%(what)s: %(purpose)s") % {"what": what, "purpose": purpose}, at=event.at, icon="eye"
    )
