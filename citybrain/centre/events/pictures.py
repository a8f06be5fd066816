"""One picture proves one repair (一图一用): what a picture showed before, found by its bytes and by how it looks.

A copy that was saved anew has other bytes and the same look: a difference hash of 256 bits, found by an index of its
eighths, then compared pixel by pixel on the small pictures, so that a second photo from the same spot is none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, BinaryIO

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image, ImageChops, ImageStat

from citybrain.centre.events.models import Event, Step
from citybrain.centre.events.orders import Media
from citybrain.centre.events.refusals import Refused
from citybrain.centre.events.shown import LookPart, Shown
from citybrain.kernel.records import blobs
from citybrain.kernel.records.models import Attachment

SIDE = 16
"""Rows, and comparisons in a row, of a look."""
PARTS = 8
NEAR = 12
"""Bits in which the looks of two copies differ at most: photos saved anew, smaller or brighter differed in 0 to 10."""
FLAT = 4.0
"""Standard deviation of grey below which a picture shows nothing that could be recognised."""
GRID = 32
"""Cells a side of the second comparison."""
UNLIKE = 24
"""Difference of the grey of one cell (of 255) from which something else is to be seen there."""
MOST = 200
"""Candidates that are compared; of more, those with the most equal eighths."""
EARLY = timedelta(hours=1)
"""How long before the work was asked for a picture may be taken without a word."""

BEFORE, AFTER = "before", "after"

_ORIGINAL, _OFFSET, _EXIF = 0x9003, 0x9011, 0x8769
"""EXIF: when it was taken, the zone of that, and where both stand."""


@dataclass(frozen=True, kw_only=True)
class Clash:
    """A picture that serves for something else already."""

    name: str
    """Its file name."""
    event: Event
    role: str
    """What it shows there."""


# --------------------------------------------------------------------------- how a picture looks


def look_of(digest: str) -> str:
    """The look of a kept picture; empty for one without a small picture, or that shows one colour."""
    small = _small(digest)
    if small is None or ImageStat.Stat(small).stddev[0] < FLAT:
        return ""
    grey = small.resize((SIDE + 1, SIDE), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(SIDE):
        line = grey[row * (SIDE + 1) : (row + 1) * (SIDE + 1)]
        for left, right in pairwise(line):
            bits = bits << 1 | (left > right)
    return f"{bits:064x}"


def _small(digest: str) -> Image.Image | None:
    try:
        with Image.open(blobs.path_of(digest).with_suffix(".small")) as opened:
            return opened.convert("L")
    except (OSError, ValueError, SyntaxError):
        return None


def parts_of(look: str) -> list[int]:
    """The eighths of a look, each with its place, as the index holds them; one without any edge tells nothing."""
    width = len(look) // PARTS
    bits = [int(look[place * width : (place + 1) * width], 16) for place in range(PARTS)] if look else []
    return [place << 32 | value for place, value in enumerate(bits) if value]


def is_copy(one: str, other: str) -> bool:
    """Whether two kept pictures show the very same, by their digests: light may differ, no part of the scene does."""
    first, second = _small(one), _small(other)
    if first is None or second is None:
        return False
    cells = [picture.resize((GRID, GRID), Image.Resampling.BOX) for picture in (first, second)]
    (mean, spread), (mean2, spread2) = ((each.mean[0], each.stddev[0]) for each in map(ImageStat.Stat, cells))
    gain = spread / spread2 if spread2 else 1.0
    lit = cells[1].point([max(0, min(255, round((grey - mean2) * gain + mean))) for grey in range(256)])
    return bool(ImageChops.difference(cells[0], lit).getextrema()[1] < UNLIKE)  # type: ignore[operator]


# --------------------------------------------------------------------------- the index


def remember(event: Event, step: Step) -> None:
    """Notes what the pictures of a step serve for; part of writing it."""
    for line in step.media:
        role = _role(line["role"], (one["role"] for one in step.media))
        if role in (BEFORE, AFTER):
            look = look_of(line["sha256"])
            shown = Shown.objects.create(event=event, step=step.number, role=role, digest=line["sha256"], look=look)
            LookPart.objects.bulk_create(LookPart(shown=shown, value=value) for value in parts_of(look))


def _role(role: str, beside: Iterable[str]) -> str:
    """What a file serves for: from the field a picture comes marked and, as `other`, as the camera made it."""
    return AFTER if role == "other" and AFTER in beside else role


def clashes(event: Event, media: Sequence[Media]) -> list[Clash]:
    """Pictures of an order taken after that show the event before, or another event after; merged ones may share."""
    roles = [one.role for one in media]
    wanted = [one.attachment for one in media if _role(one.role, roles) == AFTER]
    if not wanted:
        return []
    files = list(Attachment.objects.filter(pk__in=wanted))
    found: list[tuple[Attachment, Shown]] = []
    for file in files:
        same = list(Shown.objects.filter(digest=file.digest).select_related("event").order_by("pk"))
        found += [(file, one) for one in (*same, *_copies(file.digest))]
    if not found:
        return []
    own = family(event)
    return [
        Clash(name=file.name, event=one.event, role=one.role)
        for file, one in found
        if (one.role == BEFORE) == (one.event_id in own)
    ]


def _copies(digest: str) -> list[Shown]:
    """Entries of other bytes that look the same."""
    values = parts_of(look := look_of(digest))
    if not values:
        return []
    alike = LookPart.objects.filter(value__in=values).order_by().values("shown_id").annotate(equal=Count("pk"))
    likely = [one["shown_id"] for one in alike.order_by("-equal")[:MOST]]
    rows = Shown.objects.filter(pk__in=likely).exclude(digest=digest).select_related("event").order_by("pk")
    near = [one for one in rows if (int(one.look, 16) ^ int(look, 16)).bit_count() <= NEAR]
    return [one for one in near if is_copy(digest, one.digest)]


def family(event: Event) -> set[int]:
    """Ids of an event and of all that it was merged with or split from."""
    known: set[int] = set()
    fresh = {event.pk}
    while fresh:
        known |= fresh
        rows = Event.objects.order_by()
        up = rows.filter(pk__in=fresh).values_list("merged_into", "split_from")
        down = rows.filter(merged_into__in=fresh) | rows.filter(split_from__in=fresh)
        fresh = {one for pair in up for one in pair if one is not None} | set(down.values_list("pk", flat=True))
        fresh -= known
    return known


# --------------------------------------------------------------------------- what a verb asks


def against(event: Event, media: Sequence[Media], again: str) -> Refused | None:
    """Why pictures taken after are not taken; None where they serve once, or `again` says why they serve twice."""
    if again:
        return None
    for clash in clashes(event, media):
        values = {"name": clash.name, "event": clash.event.number}
        text = (
            _("The picture “%(name)s” shows %(event)s before the work.") % values
            if clash.role == BEFORE
            else _("The picture “%(name)s” already shows that %(event)s was fixed.") % values
        )
        return Refused("picture", text, _("Add one taken here after the work, or say why it serves twice."))
    return None


def facts_of(event: Event, media: Sequence[Media], again: str, begun: datetime) -> dict[str, Any]:
    """What the journal says of pictures taken after: why one serves twice, and which were taken long before `begun`."""
    facts: dict[str, Any] = {}
    if again and (twice := clashes(event, media)):
        facts |= {"again": again, "again_of": sorted({one.event.number for one in twice})}
    early = [one for one in media if one.role == AFTER and one.taken_at is not None and one.taken_at < begun - EARLY]
    if early:
        facts["early"] = [{"taken_at": one.taken_at, "begun": begun} for one in early]
    return facts


def taken_at(upload: BinaryIO | Any) -> datetime | None:
    """When the camera says a picture was taken; None for what says nothing. The file stands at its beginning then."""
    try:
        upload.seek(0)
        with Image.open(upload) as opened:
            said = opened.getexif().get_ifd(_EXIF)
            day, zone = str(said.get(_ORIGINAL, "")), str(said.get(_OFFSET, ""))
        if zone:
            return datetime.strptime(f"{day.strip()} {zone.strip()}", "%Y:%m:%d %H:%M:%S %z")
        return timezone.make_aware(datetime.strptime(day.strip(), "%Y:%m:%d %H:%M:%S"))
    except (OSError, ValueError, SyntaxError, TypeError, KeyError, Image.DecompressionBombError):
        return None
    finally:
        upload.seek(0)


def reasoned(steps: Collection[Step]) -> set[str]:
    """Digests of pictures for which a step says why they serve twice."""
    return {line["sha256"] for step in steps if step.facts.get("again") for line in step.media}
