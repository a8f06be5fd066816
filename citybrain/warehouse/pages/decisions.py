"""The page of everything that waits for a person, and the verbs behind its buttons."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from citybrain.ui.access import back, requires
from citybrain.ui.paging import paging
from citybrain.warehouse import queries
from citybrain.warehouse.catalogue.models import Field
from citybrain.warehouse.gathering.actions import decide_change
from citybrain.warehouse.gathering.errors import GatheringError
from citybrain.warehouse.gathering.models import SchemaChange
from citybrain.warehouse.governance.actions_matching import confirm_match, refuse_match
from citybrain.warehouse.permissions import DECIDE, VIEW

TABS = ("matches", "changes")


@requires(VIEW)
def decisions(request: HttpRequest) -> HttpResponse:
    """Proposed matches and changed columns, each with its reasons and two buttons."""
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else TABS[0]
    found = queries.proposed_matches() if tab == "matches" else queries.pending_changes()
    place = paging(request.GET.get("page"), found.count(), 40)
    context = {
        "tab": tab,
        "waiting": queries.waiting(),
        tab: found[place.offset : place.offset + place.size],
        "paging": place,
    }
    return render(request, "warehouse/decisions.html", context)


@requires(DECIDE, scoped=True, writes=True)
def decide_match(request: HttpRequest, field_id: int) -> HttpResponse:
    """Confirms or refuses that a field is its proposed element; the next governance pass follows it."""
    field = get_object_or_404(Field.objects.select_related("dataset"), id=field_id)
    if request.POST.get("confirm") == "yes":
        confirm_match(field, field.element_key, request.user)
        words = _("Confirmed: the next governance pass checks “%(field)s” as this element.")
    else:
        refuse_match(field, request.user)
        words = _("Refused: “%(field)s” is no longer governed by this element.")
    messages.success(request, words % {"field": field.chinese or field.name})
    return back(request, f"/datasets/{field.dataset.key}/")


@requires(DECIDE, scoped=True, writes=True)
def decide(request: HttpRequest, change_id: int) -> HttpResponse:
    """Accepts or refuses a changed column; with the last open one of a load, the load goes through or is dropped."""
    change = get_object_or_404(SchemaChange, id=change_id)
    accept = request.POST.get("accept") == "yes"
    try:
        decide_change(change, accept=accept, user=request.user)
    except GatheringError as error:
        messages.warning(request, str(error))
    else:
        words = _("Accepted: the held delivery is served.") if accept else _("Refused: the last good version stays.")
        messages.success(request, words)
    return back(request, f"/datasets/{change.dataset.key}/")
