"""What every way out of the house must do. A channel hands over one delivery at a time, and remembers nothing.

hand_over(outgoing) -> Handed            the gateway has it; `is_delivered` when that means the addressee has it too
                    raises Passing       not now: tried again after a while
                    raises Refused       never: the address, the template or the account is wrong
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from citybrain.kernel.identity.models import User


class Passing(RuntimeError):
    """The gateway could not take it now; the delivery is tried again."""


class Refused(RuntimeError):
    """The gateway will never take it like this; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """One delivery, ready to go."""

    id: str
    """UUID of the delivery: gateways that know idempotence are given it, and receipts name it."""
    address: str
    """E-mail address, telephone number, or address of a robot."""
    title: str
    text: str
    link: str = ""
    """Whole address on this site; empty when the site does not know its own."""
    urgency: str = "routine"
    notice: str = ""
    """Key of the notice, by which a gateway's template is chosen."""
    sms: str = ""
    """The words of a text message."""
    values: Mapping[str, str] = field(default_factory=dict)
    """The values in those words, and no others."""
    secret: str = ""
    """Signing secret of a robot."""


@dataclass(frozen=True, kw_only=True)
class Handed:
    """That the gateway took it."""

    gateway_id: str = ""
    is_delivered: bool = False


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What a gateway reports later about a delivery."""

    id: str
    """UUID of the delivery."""
    is_delivered: bool
    error: str = ""


@runtime_checkable
class ChannelAdapter(Protocol):
    """A way by which messages leave the house."""

    key: str
    """Value of `citybrain.declare.notice.Channel`."""
    is_idempotent: bool
    """Whether handing the same id over twice reaches the addressee once."""

    def is_ready(self) -> bool:
        """Whether the installation's settings let it send at all."""

    def address_of(self, user: User) -> str:
        """Where it reaches a person; empty when it cannot."""

    def hand_over(self, outgoing: Outgoing) -> Handed:
        """Give one delivery to the gateway. Raises Passing or Refused."""

    def receipts(self, body: bytes) -> Iterable[Receipt]:
        """What the gateway's call back reports. Raises ValueError for a body that is none."""
