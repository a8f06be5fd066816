"""By which ways a person is reached, and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time

from citybrain.declare.notice import Channel, Urgency
from citybrain.hubs.messages.models import Preference
from citybrain.hubs.messages.quiet import end_of_quiet
from citybrain.kernel.identity.models import User

OUTSIDE = (Channel.EMAIL, Channel.SMS)
"""Ways to a person beside the inbox, which everything is in."""

USUAL: Mapping[Urgency, tuple[Channel, ...]] = {
    Urgency.ROUTINE: (),
    Urgency.IMPORTANT: (Channel.EMAIL,),
    Urgency.URGENT: (Channel.EMAIL, Channel.SMS),
}
"""What holds for who never chose."""


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """How somebody wants to be reached."""

    channels: Mapping[Urgency, tuple[Channel, ...]]
    quiet_from: time | None = None
    quiet_until: time | None = None
    wants_digest: bool = False

    def ways(self, urgency: Urgency, allowed: Iterable[Channel]) -> list[Channel]:
        """Ways beside the inbox that a message of `urgency` takes, out of those it may take."""
        return [way for way in OUTSIDE if way in self.channels[urgency] and way in allowed]

    def not_before(self, now: datetime, *, breaks_quiet: bool) -> datetime | None:
        """Until when a message waits for the end of the quiet hours; None to send it now."""
        return None if breaks_quiet else end_of_quiet(now, self.quiet_from, self.quiet_until)


def wishes_of(user_ids: Iterable[int]) -> dict[int, Wishes]:
    """The wishes of several people; one query."""
    found = {row.user_id: read(row) for row in Preference.objects.filter(user_id__in=list(user_ids))}
    return {user_id: found.get(user_id, Wishes(channels=USUAL)) for user_id in user_ids}


def read(row: Preference) -> Wishes:
    """A kept preference; words it does not know are passed over."""
    known = {channel.value: channel for channel in OUTSIDE}
    channels = {
        urgency: tuple(known[key] for key in row.channels[urgency] if key in known)
        if urgency in row.channels
        else USUAL[urgency]
        for urgency in Urgency
    }
    return Wishes(
        channels=channels,
        quiet_from=row.quiet_from,
        quiet_until=row.quiet_until,
        wants_digest=row.wants_digest,
    )


def keep(
    user: User,
    *,
    channels: Mapping[Urgency, Iterable[str]],
    quiet_from: time | None,
    quiet_until: time | None,
    wants_digest: bool,
) -> Preference:
    """Keep how a person wants to be reached."""
    facts = {
        "channels": {urgency.value: [str(key) for key in keys] for urgency, keys in channels.items()},
        "quiet_from": quiet_from,
        "quiet_until": quiet_until,
        "wants_digest": wants_digest,
    }
    row, _made = Preference.objects.update_or_create(user=user, defaults=facts)
    return row
