"""The API by which programs bring signals, under /api/v1/signals/: batches, one result for each item, quotas.

    POST /api/v1/signals/                        {"signals": [{"channel": "device", "reference": "…", …}, …]}
    GET  /api/v1/signals/{channel}/{reference}/  what became of one that the same person sent

A token with the permission to report events is needed. Idempotency-Key makes a repeated batch harmless; so does the
reference of each item.
"""

# No postponed annotations: ninja reads them when the operations are declared.

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema

from citybrain.centre.events.models import Signal
from citybrain.centre.events.permissions import REPORT
from citybrain.centre.intake.api.taking import SignalIn, as_bytes, hold, sender_key, taken
from citybrain.centre.intake.quarantine import Refusal
from citybrain.centre.intake.quotas import Exhausted, spend
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import own
from citybrain.ui.access import Audience, RouteRule
from citybrain.ui.records.api import Fault, extend

MOST = 200
"""Signals of one batch."""

ROUTER = Router()

ITEM = SignalIn.model_json_schema()


class Batch(Schema):
    """Signals, the oldest first."""

    signals: list[Any] = Field(min_length=1, max_length=MOST, json_schema_extra={"items": ITEM})


class Result(Schema):
    """What became of one item."""

    index: int
    result: str = Field(description="`opened`, `joined`, `kept` (nothing was open that it could end), `refused`")
    signal: str = Field("", description="Number of the signal")
    event: str = Field("", description="Number of the event")
    state: str = Field("", description="State of the event")
    repeats: int = Field(0, description="Signals the event has")
    error: str = ""
    remedy: str = ""
    quarantine: int | None = Field(None, description="Where it is kept; it can be taken again there")


class Results(Schema):
    """What became of a batch."""

    taken: int
    refused: int
    results: list[Result]


class Became(Schema):
    """What became of a signal."""

    signal: str
    event: str
    state: str
    is_open: bool
    public_text: str


FAULTS: dict[int, Any] = {401: Fault, 403: Fault, 422: Fault, 429: Fault}


@ROUTER.post("", response={200: Results, **FAULTS}, summary="Bring signals", operation_id="signals-bring")
def bring(request: HttpRequest, response: HttpResponse, batch: Batch) -> Any:
    """Takes a batch: each item for itself, in order."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    token = getattr(request, "api_token", None)
    try:
        left = spend(f"{token.pk}" if token is not None else f"user-{actor.user_id}", "token", len(batch.signals))
    except Exhausted as exhausted:
        text = _("Your quota is used up: wait %d seconds.") % exhausted.wait
        return JsonResponse({"detail": text}, status=429, headers={"Retry-After": str(exhausted.wait)})
    response["X-RateLimit-Remaining"] = str(left)
    key = request.headers.get("Idempotency-Key", "").strip()[:200]
    sender = f"{token.title} ({token.start}…)" if token is not None else actor.name
    results = [one(place, given, actor, key, sender) for place, given in enumerate(batch.signals)]
    refused = sum(result.result == "refused" for result in results)
    return 200, Results(taken=len(results) - refused, refused=refused, results=results)


def one(place: int, given: Any, actor: Actor, key: str, sender: str) -> Result:
    """What becomes of one item; what cannot be taken is kept in the quarantine."""
    own_key = uuid.uuid5(uuid.NAMESPACE_OID, f"signals:{actor.user_id}:{key}:{place}") if key else None
    try:
        if not isinstance(given, dict):
            raise Refusal(_("This is no signal."), _("Send an object with a channel and a text."))
        signal = taken(given, actor, key=own_key, raw=as_bytes(given))
    except Refusal as refusal:
        held = hold(given, refusal, actor, sender)
        return Result(index=place, result="refused", error=refusal.reason, remedy=refusal.remedy, quarantine=held)
    event = signal.event
    if event is None:
        return Result(index=place, result="kept", signal=signal.number)
    return Result(
        index=place,
        result="opened" if event.signal_count == 1 else "joined",
        signal=signal.number,
        event=event.number,
        state=event.state,
        repeats=event.signal_count,
    )


@ROUTER.get(
    "{channel}/{reference}/",
    response={200: Became, 404: Fault, **FAULTS},
    summary="What became of a signal",
    operation_id="signals-one",
)
def became(request: HttpRequest, channel: str, reference: str) -> Any:
    """State of the event that a signal of the same sender opened or joined."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    named = f"{sender_key(actor)}:{reference}"
    rows = own(Signal.objects.select_related("event__merged_into"), actor)
    signal = rows.get(channel=channel, source_reference=named)
    event = signal.event
    if event is None:
        return 200, Became(signal=signal.number, event="", state="", is_open=False, public_text="")
    head = event.merged_into or event
    return 200, Became(
        signal=signal.number,
        event=event.number,
        state=event.state,
        is_open=head.is_open,
        public_text=head.public_text,
    )


extend("signals", ROUTER, RouteRule(audience=Audience.PERMITTED, permission=REPORT))
