"""Verbs: propose a rule, decide about it, load the county's map."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.centre.duties.answering import title_of
from citybrain.centre.duties.models import Covers, Duty, Proposal
from citybrain.centre.duties.permissions import DECIDE
from citybrain.centre.duties.queries import lasting, responsible
from citybrain.kernel.identity.actor import SYSTEM, Actor
from citybrain.kernel.identity.deciding import demand
from citybrain.kernel.identity.models import Area, Organisation
from citybrain.kernel.records.actions import create, create_many, edit, remove
from citybrain.kernel.records.shape import shape_of

FILE = "duties.csv"
"""The map in a county's folder."""


def propose_rule(
    *,
    type_key: str,
    area: Area | None,
    organisation: Organisation,
    event_number: str = "",
    reason: str = "",
    actor: Actor,
) -> Proposal | None:
    """Writes down what an arbiter decided at one event as a rule for all like it, which waits for a decision.

    In the caller's transaction. None when the map says the same already; a like proposal that waits is returned.
    """
    town = _town(area)
    said = responsible(type_key, area)
    if said.lead == organisation and not said.conflicts:
        return None
    waiting = Proposal.objects.filter(
        type=type_key, area=town, organisation=organisation, state=Proposal.State.OPEN
    ).first()
    return waiting or Proposal.objects.create(
        type=type_key,
        area=town,
        organisation=organisation,
        event_number=event_number,
        reason=reason,
        proposed_by_id=actor.user_id,
    )


def _town(area: Area | None) -> Area | None:
    """The town or zone around an area: a rule for one grid alone would never be met again."""
    while area is not None and area.kind in {Area.Kind.VILLAGE, Area.Kind.GRID}:
        area = area.parent
    return area


def decide(proposal: Proposal, actor: Actor, *, accept: bool, everywhere: bool = False, answer: str = "") -> Proposal:
    """Makes a proposed rule a duty, or refuses it. Duties of other bodies for the very same end the day before.

    `everywhere` lets it hold in the whole county. Raises PermissionDenied, and ValidationError when it was decided
    before or a refusal says no reason.
    """
    demand(actor, DECIDE)
    if not accept and not answer.strip():
        raise ValidationError(_("Say why it is refused."))
    with transaction.atomic():
        fresh = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
        if fresh.state != Proposal.State.OPEN:
            raise ValidationError(_("This rule was decided before: %(state)s.") % {"state": fresh.get_state_display()})
        if accept:
            fresh.duty = _enact(fresh, actor, None if everywhere else fresh.area)
        fresh.state = Proposal.State.ACCEPTED if accept else Proposal.State.REFUSED
        fresh.decided_by_id, fresh.decided_at, fresh.answer = actor.user_id, timezone.now(), answer
        fresh.save()
    return fresh


def _enact(proposal: Proposal, actor: Actor, area: Area | None) -> Duty:
    today = timezone.localdate()
    said = _("Arbitration at %(number)s") % {"number": proposal.event_number}
    older = Duty.objects.filter(
        lasting(today), covers=Covers.TYPE, pattern=proposal.type, area=area, asset_kind="", role=Duty.Role.LEAD
    ).exclude(organisation=proposal.organisation)
    for duty in older.select_for_update(of=("self",)):
        if duty.since < today:
            edit(duty, {"until": today - timedelta(days=1)}, actor, revision=duty.revision, reason=said)
        else:
            # It never held for a whole day.
            remove(duty, actor, said)
    values = {
        "title": title_of(proposal.type)[:120],
        "organisation": proposal.organisation,
        "area": area,
        "role": Duty.Role.LEAD,
        "covers": Covers.TYPE,
        "pattern": proposal.type,
        "source": said,
        "clause": proposal.reason,
        "since": today,
        "decided_by": actor.name,
    }
    made = create(shape_of(Duty), values, actor, reason=said)
    assert isinstance(made, Duty)
    return made


# --------------------------------------------------------------------------- the county's file


def load_duties(county: Path) -> int:
    """Makes a duty of every line of a county's `duties.csv`, once: a map that has any duty is left as it is.

    Returns how many were made. Raises ValueError that names file, line and fault.
    """
    path = county / FILE
    if not path.is_file() or Duty.objects.exists():
        return 0
    bodies = {body.key: body for body in Organisation.objects.all()}
    areas = {area.key: area for area in Area.objects.all()}
    rows = []
    with path.open(encoding="utf-8", newline="") as file:
        lines = (line for line in file if not line.startswith("#"))
        for number, row in enumerate(csv.DictReader(lines), start=1):
            rows.append(_values(f"{path}, duty {number}", row, bodies, areas))
    with transaction.atomic():
        for number, made in enumerate(create_many(shape_of(Duty), rows, SYSTEM, reason=path.name), start=1):
            if isinstance(made, ValidationError):
                raise ValueError(f"{path}, duty {number} ({rows[number - 1]['title']}): {'; '.join(made.messages)}")
    return len(rows)


def _values(place: str, row: dict[str, str], bodies: dict[str, Organisation], areas: dict[str, Area]) -> dict[str, Any]:
    try:
        body, area = row["organisation"], row["area"]
        if body not in bodies:
            raise ValueError(f"there is no organisation {body}")
        if area and area not in areas:
            raise ValueError(f"there is no area {area}")
        return {
            "title": row["title"],
            "organisation": bodies[body],
            "area": areas[area] if area else None,
            "role": row["role"],
            "covers": row["covers"],
            "pattern": row["pattern"],
            "asset_kind": row.get("asset_kind") or "",
            "is_local": row.get("is_local") == "yes",
            "clause": row.get("clause") or "",
            "source": row.get("source") or "",
            "since": date.fromisoformat(row["since"]),
            "decided_by": row.get("decided_by") or "",
        }
    except (KeyError, ValueError) as error:
        raise ValueError(f"{place}: {error}") from error
