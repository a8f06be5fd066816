"""Made-up notices, and people who need nothing but a name."""

from __future__ import annotations

from citybrain.declare.notice import Channel, Notice, Urgency
from citybrain.kernel.identity.models import Organisation

OVERDUE = Notice(
    key="made-up-overdue",
    title="Case {number} is overdue",
    text="It waits since {since}.",
    values=("number", "since"),
    urgency=Urgency.IMPORTANT,
    sms="Case {number} is overdue.",
)
VALUES = {"number": "YK-1", "since": "Monday"}

GRAVE = Notice(
    key="made-up-grave",
    title="Level {level} reached",
    values=("level",),
    urgency=Urgency.URGENT,
    channels=tuple(Channel),
    receipt=True,
    escalate_after=30,
    escalate_to="made-up-leader",
    breaks_quiet=True,
)


def body(key: str, above: Organisation | None = None) -> Organisation:
    """The organisation with `key`, made under `above` when there is none."""
    path = f"{above.path if above else ''}{key}/"
    found, _made = Organisation.objects.get_or_create(
        key=key, defaults={"chinese": key, "english": key, "path": path, "parent": above}
    )
    return found
