"""Rules that arbitrations proposed, and the decision about them."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from citybrain.centre.duties.actions import decide
from citybrain.centre.duties.answering import name_of, name_of_area, title_of
from citybrain.centre.duties.models import Proposal
from citybrain.centre.duties.pages import words
from citybrain.centre.duties.permissions import DECIDE, VIEW
from citybrain.declare.role import Reach
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import scoped, scoped_one
from citybrain.ui.access import requires
from citybrain.ui.paging import SIZE, Paging, page_number
from citybrain.ui.panels import cells
from citybrain.ui.panels.panel import Action, Tag
from citybrain.ui.panels.tables import Column, Table

TONES = {Proposal.State.OPEN: "fair", Proposal.State.ACCEPTED: "good", Proposal.State.REFUSED: "quiet"}


def proposal_table(request: HttpRequest, actor: Actor) -> Table:
    """Proposed rules, those to decide first."""
    rows = scoped(Proposal.objects.all(), actor, VIEW)
    rows = rows.select_related("organisation__parent", "area", "proposed_by", "decided_by", "duty")
    total = rows.count()
    paging = Paging(min(page_number(request.GET.get("page")), Paging(1, total).last), total)
    # `open` is the last of the three words in the alphabet of states.
    ordered = rows.order_by("decided_at", "-proposed_at")[paging.offset : paging.offset + SIZE]
    reads = actor.reach(VIEW) is Reach.COUNTY
    return Table(
        key="proposals",
        rows=ordered,
        columns=(
            Column(
                words.of_class(),
                lambda one: title_of(one.type),
                under=lambda one: name_of_area(one.area) if one.area else words.everywhere(),
            ),
            Column(_("Should lead"), lambda one: name_of(one.organisation)),
            Column(
                _("Decided at"),
                lambda one: one.event_number or None,
                cells.mono,
                link=lambda one: f"/events/{one.event_number}/" if one.event_number else "",
                under=lambda one: one.proposed_by.name if one.proposed_by else "",
                weight=3,
            ),
            Column(_("Why"), "reason", cells.long, weight=4, wraps=True),
            Column(pgettext("a rule", "Proposed"), "proposed_at", cells.moment, weight=3),
            Column(
                words.state(),
                lambda one: Tag(one.get_state_display(), TONES[one.state], is_state=True, help=one.answer),
                cells.tag,
                under=lambda one: (
                    cells.link(one.duty.number, reverse("records:duty:detail", args=[one.duty.number]))
                    if one.duty and reads
                    else one.answer
                ),
            ),
            Column(_("To decide"), buttons=lambda one: buttons(actor, one)),
        ),
        paging=paging,
        empty=_("No arbitration has proposed a rule yet."),
        empty_icon="gavel",
        is_two_lines=True,
    )


def buttons(actor: Actor, proposal: Proposal) -> tuple[Action, ...]:
    """What the arbiter may decide."""
    if proposal.state != Proposal.State.OPEN or actor.reach(DECIDE) is not Reach.COUNTY:
        return ()
    url = reverse("duty-proposal-decide", args=[proposal.pk])
    only = (
        ()
        if proposal.area is None
        else (
            Action(
                pgettext("a proposed rule", "Accept here"),
                url,
                "check",
                post=True,
                values=(("answer", "accept"),),
            ),
        )
    )
    return (
        *only,
        Action(
            pgettext("a proposed rule", "Accept everywhere"),
            url,
            "check",
            post=True,
            values=(("answer", "everywhere"),),
        ),
        Action(
            pgettext("a proposed rule", "Refuse"),
            url,
            "x",
            post=True,
            values=(("answer", "refuse"),),
            ask=_("Why it is refused"),
        ),
    )


@requires(DECIDE, writes=True)
def decided(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide about a proposed rule."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        # Responsibilities are decided for the whole county: to whoever reaches less there is nothing to decide.
        rows = Proposal.objects.all() if actor.reach(DECIDE) is Reach.COUNTY else Proposal.objects.none()
        proposal = scoped_one(rows, actor, DECIDE, pk=pk)
    except Proposal.DoesNotExist as error:
        raise Http404(_("There is no such rule, or it is not yours to decide.")) from error
    answer = request.POST.get("answer", "")
    try:
        decide(
            proposal,
            actor,
            accept=answer in {"accept", "everywhere"},
            everywhere=answer == "everywhere",
            answer=request.POST.get("reason", "").strip(),
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The rule is decided."))
    return HttpResponseRedirect(f"{reverse('duty-map')}?tab=proposals")
