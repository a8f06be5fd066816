"""The help: how to work with the site, and what every register holds, from its declaration."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import Vouched
from citybrain.kernel.records.shape import FieldShape, Shape
from citybrain.ui.access import signed_in
from citybrain.ui.finding import address_of
from citybrain.ui.help.topics import TOPICS, grade_words, kind_of, meaning, registers, verbs_of
from citybrain.ui.panels.items import Item, Items
from citybrain.ui.panels.kinds import Fact, Facts, Notice
from citybrain.ui.panels.panel import Action, Link, Page, Panel, Row, Stack, Tag
from citybrain.ui.panels.tables import Column, Table

SAID = "help"
"""By what the words of the help are vouched for: they hold nobody's data."""


@signed_in
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Everything the help can tell."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    topics = tuple(
        Notice(title=topic.title, text=topic.text, key=f"about-{topic.key}", tone="quiet") for topic in TOPICS
    )
    lines = tuple(
        Item(
            title=shape.plural,
            url=reverse("help-register", args=(shape.key,)),
            under=first_sentence(shape.help),
            icon="table",
            side=_("%d fields") % len(shape.fields),
        )
        for shape in registers(actor)
    )
    aside = Items(
        title=_("Registers"),
        key="registers",
        items=Vouched(lines, SAID),
        empty=_("Your post opens no register yet."),
    )
    return Page(
        title=_("Help"),
        lead=_("How to work with this site, and what each register holds. ? explains the page you are on."),
        body=(Row(Stack(*topics), aside, widths="main"),),
        actions=(Action(title=_("Search"), url=reverse("find"), icon="search"),),
    ).respond(request)


def first_sentence(text: str) -> str:
    """The first sentence of a text in either language."""
    flat = " ".join(text.split())
    for end in ("。", ". "):
        if end in flat:
            return flat.split(end)[0] + end.strip()
    return flat


@signed_in
@require_safe
def register(request: HttpRequest, key: str) -> HttpResponse:
    """One register: what it is for, its fields with meaning, unit and grade, and who may do what."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    shape = next((shape for shape in registers(actor) if shape.key == key), None)
    if shape is None:
        raise Http404(_("There is no such register, or it is not yours to see."))
    listing = address_of(f"records:{shape.key}:list") if actor.may(shape.permission("view")) else ""
    return Page(
        title=_("Help: %s") % shape.plural,
        crumbs=(Link(title=_("Help"), url=reverse("help")),),
        tags=(Tag(title=_("open to everybody"), tone="good"),) if shape.face.is_public else (),
        lead=" ".join(shape.help.split()),
        body=(fields(shape), Row(rights(shape), grades(shape), widths="even")),
        actions=(Action(title=_("Open the list"), url=listing, icon="table", is_main=True),) if listing else (),
    ).respond(request)


def fields(shape: Shape) -> Panel:
    """What is kept of each row."""
    return Table(
        title=_("Fields"),
        note=_("%d fields") % len(shape.fields),
        columns=(
            Column(title=_("Field"), value=lambda field: capital(field), under=lambda field: must(field)),
            Column(title=_("Meaning"), value=meaning, wraps=True, weight=2),
            Column(title=_("Kind of value"), value=kind_of, weight=2),
            Column(title=_("Unit"), value="unit", weight=3),
            Column(title=_("Grade"), value=lambda field: grade_words(field.grade), weight=1),
        ),
        rows=Vouched(shape.fields, SAID),
    )


def capital(field: FieldShape) -> str:
    """A field's title as a heading."""
    title = str(field.title)
    return title[:1].upper() + title[1:]


def must(field: FieldShape) -> str:
    """Whether it must be filled in."""
    return _("must be filled in") if field.is_required and field.is_editable else ""


def rights(shape: Shape) -> Panel:
    """Who may do what, by role."""
    said = tuple(Fact(title=title, value=roles or _("nobody yet")) for title, roles in verbs_of(shape))
    return Facts(title=_("Who may"), of=Vouched((), SAID), facts=said)


def grades(shape: Shape) -> Panel:
    """What grades mean for who looks."""
    personal = [str(field.title) for field in shape.fields if field.is_personal]
    masked = _("Masked until a purpose is stated: %s.") % _(", ").join(personal)
    masked = masked if personal else _("No field is personal.")

    public = _("Citizens see the fields of grade L1 without signing in.") if shape.face.is_public else ""
    return Notice(title=_("Grades of data"), text=f"{masked} {public}".strip())
