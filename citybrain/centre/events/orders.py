"""An order: what somebody asks to be done with an event, as a form or an interface fills it in."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from citybrain.centre.events.machine import Verb
from citybrain.centre.events.models import Event, Task
from citybrain.centre.events.private import hidden
from citybrain.kernel.identity.models import Area, Organisation, Post, User

LONGEST = 4000
"""Characters of one text of an order."""

ROLES = ("before", "after", "other")
"""What a picture shows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Media:
    """A file that belongs to a step: an attachment of the event or of one of its signals."""

    attachment: int
    """Id of the Attachment."""
    role: str = "other"
    """`before`, `after` or `other`."""
    taken_at: datetime | None = None
    """When the camera says it was taken; None where it says nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """What is asked. Only the fields that the verb needs are read; `fields_of` names them."""

    verb: Verb
    text: str = ""
    """Words: why, what to do, what was done."""
    reason: str = ""
    """Code of the reason, one of the transition's."""
    organisation: Organisation | None = None
    """Body to dispatch to; with a return the body proposed instead; with a task the body asked."""
    assistants: tuple[Organisation, ...] = ()
    """Bodies that help (配合)."""
    informed: tuple[Organisation, ...] = ()
    """Bodies that only get to know (抄送)."""
    person: User | None = None
    """Who of the body is asked by name."""
    post: Post | None = None
    """Post of that person, where it is known."""
    type: str = ""
    """Key of the class it is accepted as, or changed to."""
    level: str = ""
    loop: str = ""
    title: str = ""
    area: Area | None = None
    into: Event | None = None
    """The event that goes on when this one is merged."""
    until: datetime | None = None
    """Until when it is paused; by when a task is to be done."""
    result: str = ""
    cause: str = ""
    measures: str = ""
    cost: Decimal | None = None
    """元."""
    public_text: str = ""
    """What the reporters and the public read."""
    media: tuple[Media, ...] = ()
    again: str = ""
    """Why a picture taken after serves for this event too."""
    outside: str = ""
    """Key or name of the system or body outside that it is handed to."""
    is_mandatory: bool = True
    """Whether a task must be done before the event may be reported done."""
    parent: Task | None = None
    """The task that the new one is part of."""

    def cleaned(self) -> Order:
        """The same with texts as they are kept: see `clean`."""
        texts = ("text", "title", "cause", "measures", "public_text", "outside", "again")
        return replace(self, **{name: clean(getattr(self, name)) for name in texts})


def clean(text: str) -> str:
    """Text as it is kept: as `spelled`, with the numbers of persons masked."""
    return hidden(spelled(text)).text


def spelled(text: str) -> str:
    """Text composed, without control characters except line breaks, cut to what fits."""
    plain = unicodedata.normalize("NFC", (text or "")[: 4 * LONGEST]).replace("\r\n", "\n")
    return "".join(sign for sign in plain if sign == "\n" or unicodedata.category(sign)[0] != "C").strip()[:LONGEST]
