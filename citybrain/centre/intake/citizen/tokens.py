"""Secret links by which somebody follows what they reported (查询凭证): whoever has the link is the reporter."""

from __future__ import annotations

from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from citybrain.centre.events.models import Signal

SIGNER = Signer(salt="citybrain.centre.intake.track")


def token_of(signal: Signal) -> str:
    """The secret end of a signal's link: nobody guesses it, and no list holds it."""
    return f"{signal.number}.{SIGNER.signature(signal.number)}"


def track_path(signal: Signal) -> str:
    """Path of the page on which the reporter follows a signal."""
    return reverse("citizen-track", args=(token_of(signal),))


def signal_of(token: str) -> Signal:
    """The signal a link follows. Raises BadSignature for a link nobody was given, and for a signal that is gone."""
    number, _dot, signature = token.rpartition(".")
    if not number or not constant_time_compare(signature, SIGNER.signature(number)):
        raise BadSignature("This link was given to nobody.")
    signal = Signal.objects.filter(number=number, removed_at=None).select_related("event", "reporter").first()
    if signal is None or signal.event is None:
        raise BadSignature("What this link followed is no longer there.")
    return signal
