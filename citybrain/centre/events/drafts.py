"""A signal before it is taken in: what any channel says, checked by `receiving.receive` alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from citybrain.centre.events.models import Reporter
from citybrain.kernel.identity.models import Area, Organisation, User


@dataclass(frozen=True, kw_only=True)
class ReporterDraft:
    """Who told of it, as they said it themselves; kept sealed under a pseudonym."""

    name: str = ""
    contact: str = ""
    """Telephone, e-mail, or a peer's address."""
    contact_kind: str = ""
    """`system` for a peer's address; everything else is told from the contact itself."""
    user: User | None = None
    """The citizen's account, when signed in."""
    language: str = ""


@dataclass(frozen=True, kw_only=True)
class SignalDraft:
    """One telling of something by one channel (线索)."""

    channel: str
    """Value of `models.Channel`."""
    text: str = ""
    observed_at: datetime | None = None
    """When it was seen; None takes the moment it came."""
    source_reference: str = ""
    """The source's own number: delivered twice it is one signal."""
    reporter: ReporterDraft | Reporter | None = None
    wants_answer: bool | None = None
    """Whether the reporter waits for an answer; None: whoever left a contact."""
    place: dict[str, Any] | None = None
    """GeoJSON geometry, degrees, CGCS2000."""
    accuracy: float | None = None
    """Metres."""
    address: str = ""
    area: Area | None = None
    asset_kind: str = ""
    """Key of a record type."""
    asset_number: str = ""
    value: Decimal | None = None
    threshold: Decimal | None = None
    confidence: Decimal | None = None
    """0 to 1."""
    fingerprint: str = ""
    """Rule and subject of an alarm: repeats join the open event of the first."""
    is_recovery: bool = False
    """Whether it says that things are back to normal; it opens nothing, and proves that something is fixed."""
    raw: bytes = b""
    """The message as it came; its digest is kept."""
    photos: tuple[UploadedFile[Any], ...] = ()
    """Pictures of how it looks, kept with the signal and named in the journal by their hash."""
    organisation: Organisation | None = None
    """Body that receives it first; None: the person's own, or the centre."""
    type: str = ""
    """Key of the event type; empty leaves it to whoever verifies."""
    title: str = ""
    description: str = ""
    level: str = ""
    """A level above the type's own; empty takes that."""
    proposed: Mapping[str, Any] = field(default_factory=dict)
    """What was proposed for it and by what (`understanding`), as JSON values: kept with the first step."""
    is_exercise: bool = False
    is_inspection: bool = False
    """Whether a supervisor found it inspecting a patrolled area (督查抽查): it is no report of the patrol's own."""
