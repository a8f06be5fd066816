"""The page of everything that waits for a person, and the verbs behind its buttons."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from citybrain.kernel.identity.actor import Actor
from citybrain.ui.access import back, requires
from citybrain.ui.paging import paging
from citybrain.ui.panels import cells
from citybrain.ui.panels.panel import Tab
from citybrain.ui.panels.tables import Column, Table
from citybrain.ui.templatetags.shown import titled
from citybrain.warehouse import queries
from citybrain.warehouse.catalogue.models import Field
from citybrain.warehouse.gathering.actions import decide_change
from citybrain.warehouse.gathering.errors import GatheringError
from citybrain.warehouse.gathering.models import SchemaChange
from citybrain.warehouse.gathering.queries import change_to_decide
from citybrain.warehouse.governance.actions_matching import confirm_match, refuse_match
from citybrain.warehouse.pages import parts
from citybrain.warehouse.permissions import DECIDE, VIEW

ON_PAGE = 40


@requires(VIEW)
def decisions(request: HttpRequest) -> HttpResponse:
    """Proposed matches and changed columns, each with its reasons and two buttons."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    tab = "changes" if request.GET.get("tab") == "changes" else "matches"
    waiting = queries.waiting(actor)
    if tab == "matches":
        found = queries.proposed_matches(actor)
    else:
        found = queries.pending_changes(actor)
    place = paging(request.GET.get("page"), waiting.matches if tab == "matches" else waiting.changes, ON_PAGE)
    rows = found[place.offset : place.offset + place.size]
    nothing = _("No changed column waits for a person")
    return parts.page(
        _("Decisions"),
        note=_("What the machine proposes and only a person may settle"),
        tabs=(
            Tab("matches", _("Matches of fields"), waiting.matches),
            Tab("changes", _("Changed columns"), waiting.changes, tone="bad"),
        ),
        tab=tab,
        body=(
            matches_table(rows, actor, place)
            if tab == "matches"
            else parts.changes_table(rows, actor, place, empty=nothing),
        ),
        fills=True,
    ).respond(request)


def matches_table(rows: parts.Rows, actor: Actor, place: parts.Paging) -> Table:
    """Fields with the element proposed for each, how sure that is, and why."""
    return Table(
        rows=rows,
        paging=place,
        columns=(
            Column(_("Field"), parts.field_name),
            parts.dataset_column(
                lambda field: field.dataset, sort="", under=lambda field: titled(field.dataset.provider), weight=2
            ),
            Column(
                _("Proposed element"),
                lambda field: parts.element_link(parts.element_of(field.element_key)),
                under=lambda field: cells.mono(field.element_key),
            ),
            Column(_("Sureness"), "match_score", lambda value: cells.percent(value, 0), align="right", weight=2),
            Column(_("Reasons"), lambda field: " ".join(field.reasons), wraps=True, weight=3),
            Column("", buttons=parts.match_buttons(actor)),
        ),
        empty=_("No match waits for a person"),
        empty_icon="circle-check",
        is_two_lines=True,
    )


@requires(DECIDE, scoped=True, writes=True)
def decide_match(request: HttpRequest, field_id: int) -> HttpResponse:
    """Confirms or refuses that a field is its proposed element; the next governance pass follows it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        field = queries.field_to_decide(field_id, actor)
    except Field.DoesNotExist:
        raise Http404(f"field {field_id}") from None
    if request.POST.get("confirm") == "yes":
        confirm_match(field, field.element_key, actor)
        words = _("Confirmed: the next governance pass checks “%(field)s” as this element.")
    else:
        refuse_match(field, actor)
        words = _("Refused: “%(field)s” is no longer governed by this element.")
    messages.success(request, words % {"field": field.chinese or field.name})
    return back(request, f"/datasets/{field.dataset.key}/")


@requires(DECIDE, scoped=True, writes=True)
def decide(request: HttpRequest, change_id: int) -> HttpResponse:
    """Accepts or refuses a changed column; with the last open one of a load, the load goes through or is dropped."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        change = change_to_decide(change_id, actor)
    except SchemaChange.DoesNotExist:
        raise Http404(f"changed column {change_id}") from None
    accept = request.POST.get("accept") == "yes"
    try:
        decide_change(change, accept=accept, actor=actor)
    except GatheringError as error:
        messages.warning(request, str(error))
    else:
        words = _("Accepted: the held delivery is served.") if accept else _("Refused: the last good version stays.")
        messages.success(request, words)
    return back(request, f"/datasets/{change.dataset.key}/")
