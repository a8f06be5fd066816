"""Announcements as readers see them: the public page of news, one announcement, taking note of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from citybrain.hubs.messages.announcing import concerning, public, publish, take_note, withdraw
from citybrain.hubs.messages.models import Announcement, Confirmation
from citybrain.hubs.messages.pages.words import OWN
from citybrain.hubs.messages.permissions import PUBLISH
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Organisation
from citybrain.kernel.identity.scope import Vouched, reaches, scoped
from citybrain.kernel.records.shape import shape_of
from citybrain.ui.access import back, requires, signed_in
from citybrain.ui.access import public as open_to_all
from citybrain.ui.finding import address_of
from citybrain.ui.formats import is_chinese
from citybrain.ui.markdown import excerpt
from citybrain.ui.paging import Paging, page_number
from citybrain.ui.panels import cells
from citybrain.ui.panels.items import Item, Items
from citybrain.ui.panels.kinds import Notice
from citybrain.ui.panels.panel import Action, Link, Page, Panel, Tag, Tone
from citybrain.ui.panels.prose import Prose
from citybrain.ui.panels.tables import Column, Table

EVERYBODY = "everybody"
"""By what is vouched for that everybody may read."""

TONES: dict[str, Tone] = {Announcement.Kind.WARNING: "bad", Announcement.Kind.SERVICE: "fair"}


def line_of(announcement: Announcement) -> Item:
    """One announcement as a line."""
    pinned = (Tag(title=_("Pinned"), tone="data"),) if announcement.is_pinned else ()
    kind = Tag(title=announcement.get_kind_display(), tone=TONES.get(announcement.kind, "quiet"))
    return Item(
        title=announcement.title,
        url=reverse("news-item", args=(announcement.number,)),
        under=excerpt(announcement.body, 80),
        icon="speakerphone",
        at=announcement.published_from,
        tags=(*pinned, kind),
    )


def latest(most: int) -> Sequence[Item]:
    """The newest announcements open to everybody, as lines."""
    return [line_of(announcement) for announcement in public()[:most]]


@open_to_all
@require_safe
def news(request: HttpRequest) -> HttpResponse:
    """What concerns the reader: for nobody in particular, what is public."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = concerning(actor)
    paging = Paging(number=page_number(request.GET.get("page")), total=rows.count(), size=20)
    found = rows[paging.offset : paging.offset + paging.size]
    items = Items(
        key="news",
        refresh="news",
        items=Vouched(tuple(map(line_of, found)), EVERYBODY),
        empty=_("There are no announcements now."),
        paging=paging,
    )
    create = shape_of(Announcement).permission("create")
    actions = ()
    if actor.may(create) and (url := address_of("records:announcement:create")):
        actions = (Action(title=_("New announcement"), url=url, icon="plus", is_main=True),)
    return Page(title=_("Announcements"), body=(items,), shell=shell_of(actor), actions=actions).respond(request)


def shell_of(actor: Actor) -> str:
    """Officials read at their desk, everybody else in the citizens' frame."""
    return "desk" if actor.user_id is not None and actor.kind == "official" else "citizen"


@open_to_all
@require_safe
def item(request: HttpRequest, number: str) -> HttpResponse:
    """One announcement, for whom it concerns; 404 for everybody else."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    announcement = one(actor, number)
    kind = Tag(title=announcement.get_kind_display(), tone=TONES.get(announcement.kind, "quiet"))
    notices: list[Panel] = []
    is_shown = announcement.published_revision == announcement.revision
    if not is_shown:
        notices.append(Notice(text=_("Nobody sees this yet: it waits to be published."), tone="fair"))
    elif announcement.needs_confirmation and actor.user_id is not None:
        notices.append(asking(announcement, actor))
    shell = shell_of(actor)
    # The bar of a phone has no room for a long title: it stands above the text there.
    is_narrow = shell == "citizen"
    panels: list[Panel] = [Prose(title=announcement.title if is_narrow else "", text=announcement.body)]
    if announcement.needs_confirmation and actor.may(PUBLISH):
        panels.append(confirmations(announcement, actor))
    return Page(
        title=_("Announcements") if is_narrow else announcement.title,
        crumbs=(Link(title=_("Announcements"), url=reverse("news")),),
        tags=(kind,),
        lead=name_of(announcement.organisation),
        note=timezone.localtime(announcement.published_from).strftime("%Y-%m-%d"),
        notices=tuple(notices),
        body=tuple(panels),
        actions=tuple(actions_of(announcement, actor, is_shown=is_shown)),
        shell=shell,
    ).respond(request)


def name_of(body: Organisation) -> str:
    """The body's name in the page's language."""
    return body.chinese if is_chinese() else body.english


def actions_of(announcement: Announcement, actor: Actor, *, is_shown: bool) -> Iterator[Action]:
    """What the reader may do with it."""
    number = announcement.number
    url = address_of("records:announcement:detail", number)
    if url and reaches(announcement, actor, shape_of(Announcement).permission("view")):
        yield Action(title=_("Record"), url=url, icon="file-description")
    if not reaches(announcement, actor, PUBLISH):
        return
    if is_shown:
        question = _("Show it to nobody any more?")
        withdraw_url = reverse("news-withdraw", args=(number,))
        yield Action(title=_("Withdraw"), url=withdraw_url, icon="eye-off", post=True, confirm=question)
    else:
        publish_url = reverse("news-publish", args=(number,))
        read = (("revision", str(announcement.revision)),)
        yield Action(title=_("Publish"), url=publish_url, icon="check", post=True, is_main=True, values=read)


def one(actor: Actor, number: str) -> Announcement:
    """The announcement with that number, if it concerns the reader or they may publish it; 404 otherwise."""
    found = concerning(actor).filter(number=number).first()
    if found is None and actor.may(PUBLISH):
        rows = Announcement.objects.filter(removed_at=None, number=number).select_related("organisation")
        found = scoped(rows, actor, PUBLISH).first()
    if found is None:
        raise Http404(f"announcement {number}")
    return found


@requires(PUBLISH, scoped=True, writes=True)
def publishing(request: HttpRequest, number: str) -> HttpResponse:
    """Publish it."""
    read = page_number(request.POST.get("revision"))
    try:
        publish(number, request.actor, revision=read)  # type: ignore[attr-defined]
    except Announcement.DoesNotExist as error:
        raise Http404(f"announcement {number}") from error
    except ValueError as error:
        notes.error(request, str(error))
    else:
        notes.success(request, _("Published."))
    return back(request, reverse("news-item", args=(number,)))


@requires(PUBLISH, scoped=True, writes=True)
def withdrawing(request: HttpRequest, number: str) -> HttpResponse:
    """Show it to nobody any more."""
    try:
        withdraw(number, request.actor)  # type: ignore[attr-defined]
    except Announcement.DoesNotExist as error:
        raise Http404(f"announcement {number}") from error
    notes.success(request, _("Withdrawn."))
    return back(request, reverse("news-item", args=(number,)))


def asking(announcement: Announcement, actor: Actor) -> Panel:
    """What the reader is asked, or that they did it."""
    done = announcement.confirmations.filter(user_id=actor.user_id).first()
    if done is not None:
        return Notice(text=_("You confirmed that you took note."), tone="good")
    url = reverse("news-confirm", args=(announcement.number,))
    return Notice(
        text=_("Please confirm that you took note of this."),
        tone="fair",
        actions=(Action(title=_("Confirm"), url=url, icon="check", post=True, is_main=True),),
    )


def confirmations(announcement: Announcement, actor: Actor) -> Panel:
    """Who took note, for who may publish the announcement."""
    rows = Confirmation.objects.filter(announcement=announcement).select_related("user__organisation")
    found = scoped(rows, actor, PUBLISH)
    return Table(
        title=_("Confirmed by"),
        note=str(found.count()),
        key="confirmations",
        refresh=f"announcement:{announcement.pk}",
        rows=found[:500],
        columns=(
            Column(title=_("Person"), value="user.name"),
            Column(title=_("Organisation"), value=lambda row: str(row.user.organisation or "")),
            Column(title=_("When"), value="at", cell=cells.moment),
        ),
        empty=_("Nobody yet."),
    )


@signed_in
@require_POST
def confirm(request: HttpRequest, number: str) -> HttpResponse:
    """The reader takes note."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    announcement = one(actor, number)
    if announcement.needs_confirmation:
        take_note(announcement, actor)
        notes.success(request, _("Confirmed."))
    return back(request, reverse("news-item", args=(number,)))


def panel(request: HttpRequest) -> Items | None:
    """The newest announcements for the person, on My work; None without any."""
    rows = concerning(request.actor)[:5]  # type: ignore[attr-defined]
    found = tuple(replace(line_of(row), under=name_of(row.organisation), tags=()) for row in rows)
    if not found:
        return None
    more = Link(title=_("All"), url=reverse("news"))
    return Items(title=_("Announcements"), items=Vouched(found, OWN), more=more)
