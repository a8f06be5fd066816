"""The hotline's figures of today: calls, answered at once, passed on, to call back."""

from __future__ import annotations

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.centre.events.machine import State
from citybrain.centre.events.models import Channel, Event, Signal
from citybrain.centre.intake.models import Reply
from citybrain.kernel.identity.actor import Actor
from citybrain.ui.panels.kinds import Stat, Stats


def figures(actor: Actor) -> Stats:
    """Counts of the whole hotline: they name nobody and no matter."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    calls = Signal.objects.filter(channel=Channel.HOTLINE, received_at__gte=today)
    sums = calls.aggregate(
        all=Count("pk"),
        at_once=Count("pk", filter=Q(event__result=Event.Result.ANSWERED, event__state__in=SETTLED)),
    )
    waiting = Reply.objects.filter(state=Reply.State.WAITING)
    late = waiting.filter(due_at__lt=timezone.now()).count()
    to_call = waiting.count()
    return Stats(
        stats=(
            Stat(_("Calls today"), sums["all"]),
            Stat(_("Answered at once"), sums["at_once"], tone="good"),
            Stat(_("Passed on"), sums["all"] - sums["at_once"]),
            Stat(
                _("To call back"),
                to_call,
                url=reverse("hotline-calls"),
                under=_("%d late") % late if late else _("none late"),
                tone="bad" if late else "quiet",
            ),
        )
    )


SETTLED = (State.CLOSED, State.APPRAISED, State.REPORTED_DONE)
