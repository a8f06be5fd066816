"""Specimens of the doors of the loop: messages put aside, answers, peers, warnings, Open311."""

from __future__ import annotations

from datetime import timedelta

from citybrain.centre.events.drafts import SignalDraft
from citybrain.centre.events.models import Channel, Event, Reporter, Signal
from citybrain.centre.events.receiving import receive
from citybrain.centre.intake.citizen.tokens import token_of
from citybrain.centre.intake.models import Peer, PublicWarning, Quarantined, Reply
from citybrain.declare.event import EventType
from citybrain.declare.role import Reach
from citybrain.kernel.identity.acting import actor_for
from citybrain.kernel.registry.registry import registry
from tests.permissions.specimens import NOW, World, specimen


def told(world: World, reference: str = "") -> Signal:
    """Something the owner told of."""
    reporter, _is_new = Reporter.objects.get_or_create(pseudonym="0" * 64)
    draft = SignalDraft(
        channel=Channel.DEVICE,
        text="…",
        source_reference=f"{world.home.key}:{reference}" if reference else "",
        reporter=reporter,
        organisation=world.home,
    )
    return receive(draft, actor_for(world.owner, None, None).permitted("event:report", Reach.COUNTY))


@specimen("intake-held:pk", "intake-again:pk", "intake-drop:pk")
def message_put_aside(world: World) -> object:
    return Quarantined.objects.create(
        door="api", channel="peer", body=b"{}", digest="0" * 64, reason="…", organisation=world.home
    ).pk


@specimen("peer:key", "peer-exchange:key", "peer-off:key")
def peer(world: World) -> object:
    return Peer.objects.create(
        key="peer", name="…", kind="open311", url="https://example.org/v2", organisation=world.home
    ).key


@specimen("hotline-call:pk")
def call_to_make(world: World) -> object:
    signal = told(world)
    return Reply.objects.create(
        event=signal.event, signal=signal, reporter=signal.reporter, text="…", way="call", state="waiting"
    ).pk


@specimen("cap-publish:number")
def event_to_warn_of(world: World) -> object:
    event = told(world).event
    assert isinstance(event, Event)
    return event.number


@specimen("cap-message:identifier")
def warning(world: World) -> object:
    return PublicWarning.objects.create(
        event=told(world).event,
        identifier="citybrain.1",
        message_type="Alert",
        sent=NOW,
        expires=NOW + timedelta(hours=1),
        headline="…",
        body="<alert/>",
    ).identifier


@specimen("api-signals-<channel>-<reference>:channel")
def channel(world: World) -> object:
    return "device"


@specimen("api-signals-<channel>-<reference>:reference")
def reference(world: World) -> object:
    told(world, "7")
    return "7"


@specimen(*(f"open311-{page}:form" for page in ("discovery", "discovery-v2", "services", "requests")))
@specimen(*(f"open311-{page}:form" for page in ("service", "request", "token")))
def form(world: World) -> object:
    return "json"


@specimen("open311-service:code")
def service(world: World) -> object:
    return next(kind.key for kind in registry().of(EventType) if kind.citizens)


@specimen("open311-request:number", "open311-token:number")
def receipt(world: World) -> object:
    return token_of(told(world))
