"""What happened to a record: every version, any two compared, the way back; and the bin."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import scoped, vouched
from citybrain.kernel.records import actions
from citybrain.kernel.records.history import changes_of, state_at
from citybrain.ui.access import back
from citybrain.ui.paging import page_number, paging
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import Diff, Difference, Moment, Timeline
from citybrain.ui.panels.panel import Action, Link, Page, Panel, Row, Tag
from citybrain.ui.panels.tables import Choice, Column, Filters, Table
from citybrain.ui.records import values
from citybrain.ui.records.pages import RecordPages


def history(pages: RecordPages, request: HttpRequest, number: str) -> HttpResponse:
    """Every change of a record, and the difference of any two of its versions."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    record = pages.row(actor, number)
    changes = list(changes_of(record, actor))
    moments = tuple(
        Moment(
            at=change.at,
            title=change.title,
            who=change.who,
            text=change.summary,
            link=f"?from={max(change.revision - 1, 1)}&to={change.revision}",
            tags=(Tag(title=_("Version %d") % change.revision),),
        )
        for change in changes
    )
    line = Timeline(title=_("Changes"), moments=vouched(moments, actor, pages.permission("view")))
    body: tuple[Panel | Row, ...] = (line,)
    if record.revision > 1:
        first, last = versions(request, record.revision)
        body = (chooser(request, record), Row(compared(pages, record, first, last, actor), line, widths="main"))
    return Page(
        title=_("History: %s") % pages.title_of(record),
        crumbs=(
            Link(title=pages.shape.plural, url=pages.url("list")),
            Link(title=record.number, url=pages.url("detail", number)),
        ),
        body=body,
        help=pages.shape.help,
    ).respond(request)


def versions(request: HttpRequest, newest: int) -> tuple[int, int]:
    """The two versions the address compares, the older first; the latest change without a choice."""
    first = min(page_number(request.GET.get("from")) if "from" in request.GET else newest - 1, newest)
    last = min(page_number(request.GET.get("to")) if "to" in request.GET else newest, newest)
    first, last = max(first, 1), max(last, 1)
    return min(first, last), max(first, last)


def chooser(request: HttpRequest, record: Any) -> Panel:
    """The two drop-downs of versions."""
    options = tuple((str(one), _("Version %d") % one) for one in range(record.revision, 0, -1))
    choices = (
        Choice(name="from", title=_("Compare"), options=options),
        Choice(name="to", title=_("with"), options=options),
    )
    return Filters(choices=choices, asked={name: request.GET.get(name, "") for name in ("from", "to")})


def compared(pages: RecordPages, record: Any, first: int, last: int, actor: Actor) -> Diff:
    """What differs between two versions, and the way back to the older."""
    before, after = state_at(record, first), state_at(record, last)
    differences = []
    for field in pages.shape.fields:
        old, new = before.get(field.name), after.get(field.name)
        if old != new:
            differences.append(
                Difference(
                    title=values.titled_with_unit(field),
                    before=values.stored(field, old, actor),
                    after=values.stored(field, new, actor),
                )
            )
    actions_: tuple[Action, ...] = ()
    if actor.may(pages.permission("edit")) and first < record.revision:
        actions_ = (
            Action(
                title=_("Back to version %d") % first,
                url=pages.url("revert", record.number),
                post=True,
                icon="arrow-back-up",
                values=(("revision", str(first)),),
                confirm=_("Write the values of version %d into the record? This is a change of its own.") % first,
            ),
        )
    return Diff(
        title=_("Version %(first)d and version %(last)d") % {"first": first, "last": last},
        differences=vouched(differences, actor, pages.permission("view")),
        actions=actions_,
    )


def revert(pages: RecordPages, request: HttpRequest, number: str) -> HttpResponse:
    """Writes the values of an older version into the record."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    record = pages.row(actor, number, "edit")
    try:
        actions.revert(record, page_number(request.POST.get("revision")), actor)
    except (ValidationError, LookupError, actions.Conflict) as error:
        messages.error(request, " ".join(getattr(error, "messages", [str(error)])))
        return back(request, pages.url("history", number))
    messages.success(request, _("Saved: %s") % number)
    return HttpResponseRedirect(pages.url("detail", number))


def bin_page(pages: RecordPages, request: HttpRequest) -> HttpResponse:
    """Records that were removed, latest first, with the way back."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = scoped(pages.shape.model._default_manager.exclude(removed_at=None), actor, pages.permission("remove"))
    rows = rows.order_by("-removed_at")
    place = paging(request.GET.get("page"), rows.count(), pages.size)
    columns = (
        Column(title=_("Number"), value="number", cell=cells.mono),
        Column(title=pages.shape.title, value=pages.title_of),
        Column(title=_("Removed"), value="removed_at", cell=cells.age),
        Column(
            title=_("Way back"),
            buttons=lambda row: (
                Action(title=_("Restore"), url=pages.url("restore", row.number), post=True, icon="arrow-back-up"),
            ),
        ),
    )
    days = pages.shape.face.retention_days
    kept = _("Kept for %d days, then erased.") % days if days else _("Kept for good.")
    table = Table(
        columns=columns,
        rows=rows[place.offset : place.offset + place.size],
        paging=place,
        note=kept,
        empty=_("The bin is empty."),
    )
    return Page(
        title=_("Bin: %s") % pages.shape.plural,
        crumbs=(Link(title=pages.shape.plural, url=pages.url("list")),),
        body=(table,),
    ).respond(request)
