"""Jobs of the doors: hand answers over, exchange with peers, look at the warehouse's runs, forget old counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

import citybrain.centre.intake.installing  # noqa: F401 - whoever knows the jobs has the hooks
from citybrain.centre.intake.datacheck import inspecting
from citybrain.centre.intake.delivering import TRIES, attempt
from citybrain.centre.intake.models import Peer
from citybrain.centre.intake.open311.formats import Unreadable
from citybrain.centre.intake.peers import exchanging, feeds
from citybrain.centre.intake.quotas import forget_usage
from citybrain.declare.words import _
from citybrain.hubs.messages.channels.channel import Passing
from citybrain.kernel.jobs.definitions import Schedule, job, schedules
from citybrain.kernel.jobs.run import Run


@job(
    key="intake-reply",
    title=_("Answer a reporter"),
    lane="intake:reply:{reply}",
    transient=(Passing, ConnectionError, TimeoutError),
    tries=TRIES,
    pause=15.0,
)
def reply_to(run: Run, *, reply: int) -> dict[str, str]:
    """Hand one answer to the gateway of its way."""
    return {"state": attempt(reply)}


@job(
    key="intake-send-out",
    title=_("Send an event to a peer system"),
    lane="intake:handover:{handover}",
    transient=(exchanging.Unreached, ConnectionError, TimeoutError),
    tries=exchanging.TRIES,
    pause=30.0,
)
def send_out(run: Run, *, handover: int) -> dict[str, str]:
    """Send one event that was handed over."""
    return {"state": exchanging.send_out(handover)}


@job(key="intake-exchange", title=_("Exchange with peer systems"), lane="intake:exchange")
def exchange(run: Run) -> dict[str, Any]:
    """Fetch what is new at every peer, and ask what became of what they have from us."""
    sums: dict[str, Any] = {}
    for peer in Peer.objects.filter(is_active=True).order_by("pk"):
        run.check()
        sums[peer.key] = exchanged(peer)
    return sums


def exchanged(peer: Peer) -> dict[str, Any]:
    """What one peer gave; a peer that fails keeps its error and holds up no other."""
    counts: dict[str, Any] = {}
    try:
        if peer.polls:
            counts |= feeds.pull(peer) if peer.kind == Peer.Kind.CAP else exchanging.poll(peer)
        for handover in exchanging.due_handovers(peer):
            state = exchanging.ask_back(handover)
            counts[state] = counts.get(state, 0) + 1
    except (exchanging.Unreached, exchanging.Refusing, Unreadable) as error:
        Peer.objects.filter(pk=peer.pk).update(error=str(error)[:500], polled_at=timezone.now())
        counts["error"] = str(error)[:200]
    return counts


@job(key="intake-data-check", title=_("Look for data problems"), lane="intake:data-check")
def data_check(run: Run) -> dict[str, int]:
    """Look at what the newest runs of the warehouse found."""
    sums: dict[str, int] = {}
    for found in inspecting.waiting():
        run.check()
        for name, count in inspecting.inspect(found).items():
            sums[name] = sums.get(name, 0) + count
    return sums


@job(key="intake-forget", title=_("Forget old counts of messages"))
def forget(run: Run) -> dict[str, Any]:
    """Remove counts that no quota needs any more."""
    return {"forgotten": forget_usage()}


@schedules
def often() -> Iterable[Schedule]:
    """Peers are asked every five minutes, as long as there are any."""
    if Peer.objects.filter(is_active=True).exists():
        yield Schedule(key="intake-exchange", cron="*/5 * * * *", job="intake-exchange")


@schedules
def nightly() -> Iterable[Schedule]:
    """Runs of the warehouse are looked at every quarter of an hour, counts are forgotten at night."""
    yield Schedule(key="intake-data-check", cron="*/15 * * * *", job="intake-data-check")
    yield Schedule(key="intake-forget", cron="50 3 * * *", job="intake-forget")
