"""Things for the addresses of both mobile ends of the loop: a report with its secret link, a case in the field."""

from __future__ import annotations

from citybrain.centre.events.models import Event, Signal
from citybrain.centre.intake.citizen.tokens import token_of
from citybrain.kernel.records.shape import record_types
from tests.permissions.specimens import World, file_of, record_of, specimen


def signal_of(world: World) -> Signal:
    """A report about an event of the body."""
    signal: Signal = record_of(Signal, world)
    Signal.objects.filter(pk=signal.pk).update(event=record_of(Event, world))
    return signal


@specimen("citizen-track:token", "citizen-rate:token", "citizen-track-photo:token")
def secret_link(world: World) -> object:
    return token_of(signal_of(world))


@specimen("citizen-track-photo:file", "citizen-around-photo:file")
def photo(world: World) -> object:
    return file_of({"record_kind": "signal", "record_id": signal_of(world).pk}).pk


@specimen("citizen-around-one:number", "citizen-around-photo:number", "phone-task:number")
def case(world: World) -> object:
    return record_of(Event, world).number


@specimen("asset-code:key")
def public_kind(world: World) -> object:
    return next(shape.key for shape in record_types() if shape.face.is_public)


@specimen("asset-code:number")
def public_thing(world: World) -> object:
    return record_of(next(shape.model for shape in record_types() if shape.face.is_public), world).number


@specimen("phone-deed:key", "phone-deed-send:key")
def deed(world: World) -> object:
    return "sign"


@specimen("appraisal-board:by")
def board(world: World) -> object:
    """What a board ranks."""
    return "body"


@specimen("appraisal-measure:key")
def measure(world: World) -> object:
    """An indicator."""
    return "closing"
