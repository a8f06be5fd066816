"""What an inspection says of the patrol (漏报认定): a line of the event's journal that changes nothing.

    judge(event, finding="FX-2026-000007", missed=True, text="…", actor=request.actor)

The same finding may be judged again (an appeal that was right, 申诉成立): its last line holds.
"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from citybrain.centre.events import hooks
from citybrain.centre.events.journal import Line, locked, mirror, write
from citybrain.centre.events.machine import Verb
from citybrain.centre.events.models import Channel, Event, Step
from citybrain.centre.events.orders import clean
from citybrain.centre.events.permissions import INSPECT
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import reaches

INSPECTION = "is_inspection"
"""Fact of a step that brought a signal in: an inspection found it, not the patrol."""
MISSED = "is_missed"
"""Fact of a judgement: whether the patrol should have told it and had not."""


def judge(event: Event, *, finding: str, missed: bool, text: str, actor: Actor, at: datetime | None = None) -> Step:
    """Writes what a finding says of the patrol into the event's journal.

    `at` is for imports and stories; it is never before the event's last step. Raises PermissionDenied for who may not
    inspect there.
    """
    with transaction.atomic():
        fresh = locked(event)
        if not reaches(fresh, actor, INSPECT):
            raise PermissionDenied(
                _("Your post may not do this with %(number)s (%(permission)s).")
                % {"number": fresh.number, "permission": INSPECT.key}
            )
        facts = {MISSED: missed, "finding": finding}
        moment = max(at, fresh.changed_at) if at is not None else None
        step = write(fresh, Line(verb=Verb.NOTE, facts=facts, text=clean(text), at=moment), actor)
        hooks.tell(fresh, step)
    mirror(fresh, event)
    return step


def told_by_patrol(event: Event, until: datetime) -> bool:
    """Whether a patrol of its own had told of an event, or of one merged into it, by then."""
    family = [event.pk, *Event.objects.filter(merged_into=event).values_list("pk", flat=True)]
    brought = Step.objects.filter(event__in=family, verb__in=(Verb.OPEN, Verb.JOIN), at__lte=until)
    return any(
        Channel.PATROL in (step.facts.get("channel"), step.facts.get("channel_of")) and not step.facts.get(INSPECTION)
        for step in brought
    )
