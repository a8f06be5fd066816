"""A message the house sends by itself: its words, its urgency, the ways it goes, and what if nobody reads it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from citybrain.declare.words import _


class Urgency(StrEnum):
    """How urgent a message is (紧急程度)."""

    ROUTINE = "routine"
    """一般: read it when there is time."""
    IMPORTANT = "important"
    """重要: read it today."""
    URGENT = "urgent"
    """紧急: read it now; it may break through quiet hours."""

    @property
    def label(self) -> str:
        """English label, marked for translation."""
        return {
            Urgency.ROUTINE: _("Routine"),
            Urgency.IMPORTANT: _("Important"),
            Urgency.URGENT: _("Urgent"),
        }[self]


class Channel(StrEnum):
    """A way by which a message reaches people (渠道)."""

    IN_APP = "in-app"
    EMAIL = "email"
    SMS = "sms"
    ROBOT = "robot"
    """A robot in the group chat of an organisation."""

    @property
    def label(self) -> str:
        """English label, marked for translation."""
        return {
            Channel.IN_APP: _("Inbox"),
            Channel.EMAIL: _("E-mail message"),
            Channel.SMS: _("Text message"),
            Channel.ROBOT: _("Group robot"),
        }[self]


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A kind of message (通知), sent by its symbol and values: `send(CASE_OVERDUE, to=…, values={"number": …})`."""

    key: str
    """Kebab-case, unique in the registry."""
    title: str
    """English title with `{values}` in it, marked for translation."""
    text: str = ""
    """English text with `{values}` in it, marked for translation; empty when the title says all."""
    values: tuple[str, ...] = ()
    """Names of the values its words are filled with."""
    urgency: Urgency = Urgency.ROUTINE
    """How soon people should read it; decides which ways their preferences open."""
    channels: tuple[Channel, ...] = (Channel.IN_APP, Channel.EMAIL, Channel.ROBOT)
    """Ways it may go; people choose among them, and the inbox always has it."""
    sms: str = ""
    """English words of the text message with `{values}` in it, marked for translation. Only the values named here leave
    the house by SMS: never a personal one. Empty sends a text message that only says there is a message."""
    receipt: bool = False
    """Whether everybody must confirm that they took note (回执)."""
    escalate_after: int = 0
    """Working minutes after which it goes to the next one up when nobody read it (confirmed it, with `receipt`);
    0 never. Urgent ones count every minute."""
    escalate_to: str = "leader"
    """Key of the role it then goes to, in the same organisation or the nearest above."""
    breaks_quiet: bool = False
    """Whether it goes out in quiet hours (免打扰); only urgent ones may."""
