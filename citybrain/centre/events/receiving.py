"""The verb by which every channel brings a signal in (线索接收): nothing is lost, nothing is doubled.

    signal = receive(SignalDraft(channel=Channel.HOTLINE, source_reference="20261121-0042", text=…), request.actor)

A signal opens an event of its own or joins one: the event it names, or the open event with the same fingerprint. The
same delivery again returns the first signal.
"""

from __future__ import annotations

import hashlib
import logging
import unicodedata
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.centre.events import hooks, journal, loops
from citybrain.centre.events.drafts import ReporterDraft, SignalDraft
from citybrain.centre.events.effects import class_facts, loop_for
from citybrain.centre.events.folding import DEFAULTS, point_of
from citybrain.centre.events.journal import Line
from citybrain.centre.events.machine import OPEN, State, Verb
from citybrain.centre.events.media import line_of
from citybrain.centre.events.merging import head_of
from citybrain.centre.events.models import Channel, Event, Reporter, Signal
from citybrain.centre.events.orders import clean, spelled
from citybrain.centre.events.patrolled import INSPECTION
from citybrain.centre.events.permissions import REPORT
from citybrain.centre.events.policy import centre
from citybrain.centre.events.private import hidden
from citybrain.centre.events.refusals import Refused
from citybrain.centre.events.reporters import reporter_of
from citybrain.centre.events.types import event_types
from citybrain.centre.understanding.reading import Understanding, understand
from citybrain.centre.understanding.whereabouts import Whereabouts, whereabouts
from citybrain.declare.event import Kind, Level, Loop
from citybrain.declare.role import Reach
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.records.attachments import attach
from citybrain.kernel.records.numbering import next_number
from citybrain.kernel.records.places import check_geometry
from citybrain.kernel.records.search import index
from citybrain.kernel.records.shape import shape_of

logger = logging.getLogger(__name__)

READ = (Channel.HOTLINE, Channel.CITIZEN, Channel.PATROL, Channel.STAFF, Channel.UPPER_LEVEL, Channel.PEER)
"""Channels whose words are read for a proposal when they name no class."""

ALIKE = 10
"""Latest signals with one fingerprint that are looked at for an open event."""

SLACK = timedelta(minutes=10)
"""How far ahead a device's clock may go."""


def receive(
    draft: SignalDraft,
    actor: Actor,
    *,
    join: Event | None = None,
    request_key: UUID | None = None,
    at: datetime | None = None,
) -> Signal:
    """Takes a signal in and returns it, with `event` set; one that came before is returned as it was taken in then.

    `at` is when it came, for imports. Raises PermissionDenied without the permission to report, ValidationError for
    what cannot be taken, Refused when `join` is not open any more.
    """
    if not actor.may(REPORT):
        raise PermissionDenied(_("Your post does not carry the permission %s.") % REPORT.key)
    if (known := _known(draft, actor, request_key)) is not None:
        return known
    checked = _checked(draft, at)
    read = _read(draft, checked, join)
    try:
        with transaction.atomic():
            return _taken_in(draft, checked, read, actor, join, request_key)
    except IntegrityError:
        # The same delivery at the same moment: the other one won.
        if (known := _known(draft, actor, request_key)) is not None:
            return known
        raise


def _known(draft: SignalDraft, actor: Actor, request_key: UUID | None) -> Signal | None:
    """The signal that this delivery made when it came the first time.

    Somebody else's key, or one of another door, tells nothing of what it made: ValidationError.
    """
    rows = Signal.objects.select_related("event")
    if request_key is not None and (found := rows.filter(request_key=request_key).first()) is not None:
        is_own = draft.channel == Channel.CITIZEN or found.created_by_id == actor.user_id
        if found.channel != draft.channel or not is_own:
            raise ValidationError(_("The key of this form belongs to another one. Open the form anew."))
        return found
    if draft.source_reference:
        return rows.filter(channel=draft.channel, source_reference=draft.source_reference).first()
    return None


def _checked(draft: SignalDraft, at: datetime | None) -> dict[str, Any]:
    """Columns of the signal. Raises ValidationError by field."""
    now = timezone.now()
    received = at or now
    if draft.channel not in Channel.values:
        raise ValidationError({"channel": _("“%s” is no channel.") % draft.channel})
    if draft.type and draft.type not in event_types():
        raise ValidationError({"type": _("The county declares no class “%s”.") % draft.type})
    if draft.level and draft.level not in tuple(Level):
        raise ValidationError({"level": _("“%s” is no level.") % draft.level})
    text, address = hidden(spelled(draft.text)), hidden(spelled(draft.address)[:200])
    if not text.text and not draft.photos and not draft.type:
        raise ValidationError({"text": _("Say what happened, or add a picture.")})
    if draft.observed_at is not None and draft.observed_at > now + SLACK:
        raise ValidationError({"observed_at": _("It cannot have been observed in the future.")})
    try:
        place = check_geometry(draft.place)
    except ValidationError as error:
        raise ValidationError({"place": error.messages}) from error
    for name, longest in (("source_reference", 128), ("fingerprint", 128), ("asset_kind", 64), ("asset_number", 64)):
        if len(getattr(draft, name)) > longest:
            raise ValidationError({name: _("At most %d characters.") % longest})
        if any(unicodedata.category(sign)[0] == "C" for sign in getattr(draft, name)):
            # A database refuses some of them, and nobody could ask for it again.
            raise ValidationError({name: _("Control characters are not taken.")})
    if draft.confidence is not None and not 0 <= draft.confidence <= 1:
        raise ValidationError({"confidence": _("Confidence lies between 0 and 1.")})
    x, y = point_of(place)
    return {
        "channel": draft.channel,
        "source_reference": draft.source_reference,
        "observed_at": draft.observed_at or received,
        "received_at": received,
        "text": text.text,
        "original": _original(draft),
        "place": place,
        "place_x": x,
        "place_y": y,
        "accuracy": draft.accuracy,
        "address": address.text,
        "asset_kind": draft.asset_kind,
        "asset_number": draft.asset_number,
        "value": draft.value,
        "threshold": draft.threshold,
        "confidence": draft.confidence,
        "fingerprint": draft.fingerprint,
        "raw_digest": hashlib.sha256(draft.raw).hexdigest() if draft.raw else "",
        "is_recovery": draft.is_recovery,
        "is_exercise": draft.is_exercise,
    }


def _original(draft: SignalDraft) -> str:
    """What was said, of the texts in which something is masked."""
    said = (spelled(one) for one in (draft.text, draft.title, draft.description, draft.address))
    return "\n".join(dict.fromkeys(one for one in said if hidden(one).kinds))


def _masked(signal: Signal) -> dict[str, Any]:
    """For the journal: which kinds of numbers were masked in the words of a signal."""
    kinds = hidden(signal.original).kinds
    return {"masked": list(kinds)} if kinds else {}


def _read(draft: SignalDraft, columns: dict[str, Any], join: Event | None) -> Understanding | None:
    """What the words tell, for whoever verifies; before the transaction, for nobody should wait for it.

    Whatever goes wrong there, the signal is taken in all the same.
    """
    if join is not None or draft.type or draft.proposed or not columns["text"] or draft.channel not in READ:
        return None
    try:
        with transaction.atomic():
            # The words as they were said: a mask in them is a sign the model never learnt.
            return understand(spelled(draft.text), place=columns["place"])
    except Exception:
        logger.exception(
            "The text of a signal of %s could not be read; it is taken in without a proposal.", draft.channel
        )
        return None


def _taken_in(
    draft: SignalDraft,
    columns: dict[str, Any],
    read: Understanding | None,
    actor: Actor,
    join: Event | None,
    request_key: UUID | None,
) -> Signal:
    reporter = _reporter(draft)
    reached = reporter is not None and bool(reporter.contact_kind or reporter.user_id)
    waits = draft.wants_answer
    received: datetime = columns["received_at"]
    where = _where(draft, columns, read)
    columns = {**columns, "area_id": draft.area.pk if draft.area is not None else where.area}
    signal = Signal(
        **columns,
        number=next_number(shape_of(Signal), timezone.localdate(received)),
        organisation_id=_receiver(draft, actor),
        created_by_id=actor.user_id,
        request_key=request_key,
        reporter=reporter,
        wants_answer=reached if waits is None else waits and reporter is not None,
    )
    head = _joined(draft, join)
    if head is not None:
        signal.event = head
        signal.save(force_insert=True)
        _join(head, draft, signal, _pictures(signal, draft, actor), actor)
    elif draft.is_recovery:
        # Nothing is open that it could be the end of: it is kept, and opens nothing.
        signal.save(force_insert=True)
    else:
        event = _opened(draft, signal, actor)
        signal.event = event
        signal.save(force_insert=True)
        _open(event, draft, read, where, signal, _pictures(signal, draft, actor), actor)
    index(shape_of(Signal), [signal])
    return signal


def _receiver(draft: SignalDraft, actor: Actor) -> int:
    """The body that received it first and answers for it until it is dispatched (首接负责)."""
    if draft.organisation is not None:
        return draft.organisation.pk
    is_official = actor.kind == "official" and actor.organisation_id is not None
    return int(actor.organisation_id) if is_official else centre().pk  # type: ignore[arg-type]


def _reporter(draft: SignalDraft) -> Reporter | None:
    told = draft.reporter
    if isinstance(told, ReporterDraft):
        return reporter_of(
            name=told.name, contact=told.contact, kind=told.contact_kind, user=told.user, language=told.language
        )
    return told


def _pictures(signal: Signal, draft: SignalDraft, actor: Actor) -> list[dict[str, Any]]:
    """The draft's pictures, attached to the signal, as its step names them."""
    # Who may report may show what they report: the pictures are part of the telling.
    reporting = actor.permitted("signal:edit", Reach.COUNTY)
    return [line_of(attach(signal, upload, reporting), "before") for upload in draft.photos]


# --------------------------------------------------------------------------- joining


def _joined(draft: SignalDraft, join: Event | None) -> Event | None:
    """The open event the signal joins, locked; None when it opens one."""
    if join is not None:
        head = journal.locked(head_of(Event.objects.get(pk=join.pk)))
        if head.state not in OPEN:
            raise Refused("join", _("%s is not open any more.") % head.number, _("Report the matter anew."))
        return head
    if not draft.fingerprint:
        return None
    _one_at_a_time(draft.fingerprint)
    alike = Signal.objects.filter(fingerprint=draft.fingerprint, is_exercise=draft.is_exercise).exclude(event=None)
    heads: dict[int, Event] = {}
    for signal in alike.select_related("event__merged_into").order_by("-pk")[:ALIKE]:
        if signal.event is not None:
            head = head_of(signal.event)
            heads.setdefault(head.pk, head)
    for head in heads.values():
        if head.state in OPEN and (fresh := journal.locked(head)).state in OPEN:
            return fresh
    return None


def _one_at_a_time(fingerprint: str) -> None:
    """Repeats of one alarm wait for each other until the transaction ends, so that two do not open two events."""
    if connection.vendor == "postgresql":
        key = int.from_bytes(hashlib.sha256(fingerprint.encode()).digest()[:8], "big", signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def _join(head: Event, draft: SignalDraft, signal: Signal, media: list[dict[str, Any]], actor: Actor) -> None:
    facts: dict[str, Any] = {"signal_count": head.signal_count + 1, "signal": signal.pk, "channel_of": signal.channel}
    facts |= _masked(signal)
    if draft.is_inspection:
        facts[INSPECTION] = True
    if signal.is_recovery:
        facts["is_recovery"] = True
    at = max(signal.received_at, head.changed_at)
    line = Line(verb=Verb.JOIN, facts=facts, text=signal.text, media=media, client=client_of(signal.channel), at=at)
    step = journal.write(head, line, actor)
    loops.follow(head, step)
    hooks.tell(head, step)


# --------------------------------------------------------------------------- opening


def _opened(draft: SignalDraft, signal: Signal, actor: Actor) -> Event:
    """The new event's row, before its first step."""
    received = signal.received_at
    event = Event(
        number=next_number(shape_of(Event), timezone.localdate(received)),
        organisation_id=signal.organisation_id,
        created_by_id=actor.user_id,
        type="",
        kind=Kind.REQUEST.value,
        level=Level.BLUE.value,
        loop=Loop.MICRO.value,
        state=State.NEW,
        state_since=received,
        channel=signal.channel,
        opened_at=signal.received_at,
    )
    event.save(force_insert=True)
    return event


def _open(
    event: Event,
    draft: SignalDraft,
    read: Understanding | None,
    where: Whereabouts,
    signal: Signal,
    media: list[dict[str, Any]],
    actor: Actor,
) -> None:
    found = event_types().get(draft.type)
    proposed = dict(draft.proposed) or (read.as_json() if read is not None else {})
    title = clean(draft.title) or clean(read.title if read is not None else "")
    level = draft.level or (read.level.value if read is not None else "")
    if found is not None:
        classified = class_facts(found, level, is_exercise=signal.is_exercise)
    else:
        height = level or Level.BLUE.value
        kind = Kind.WARNING if signal.channel in (Channel.DEVICE, Channel.WARNING) else Kind.REQUEST
        classified = {"type": "", "kind": kind.value, "level": height, "loop": loop_for(height, Loop.MICRO.value)}
    columns: dict[str, Any] = {
        "organisation": event.organisation_id,
        "area": signal.area_id,
        "title": (title or signal.text.split("\n")[0] or (found.chinese if found is not None else ""))[:120],
        "description": clean(draft.description) or signal.text,
        "place": signal.place,
        "address": signal.address,
        "asset_kind": signal.asset_kind,
        "asset_number": signal.asset_number,
        "channel": signal.channel,
        "is_exercise": signal.is_exercise,
        "opened_at": signal.received_at,
        **classified,
    }
    always = ("organisation", "type", "level", "loop", "kind", "channel", "opened_at")
    facts = {name: value for name, value in columns.items() if name in always or value != DEFAULTS.get(name)}
    facts |= {"signal": signal.pk, **_masked(signal)}
    if proposed:
        facts["proposals"] = proposed
    if where.area is not None:
        facts["where"] = where.as_json()
    if draft.is_inspection:
        facts[INSPECTION] = True
    line = Line(
        verb=Verb.OPEN,
        target=State.NEW,
        facts=facts,
        media=media,
        client=client_of(signal.channel),
        at=signal.received_at,
    )
    step = journal.write(event, line, actor)
    loops.follow(event, step)
    hooks.tell(event, step)


def _where(draft: SignalDraft, columns: dict[str, Any], read: Understanding | None) -> Whereabouts:
    """The area of a telling that names none: by its position, else by words that name one without doubt."""
    if draft.area is not None:
        return Whereabouts(area=None)
    proposed = draft.proposed or (read.as_json() if read is not None else {})
    return whereabouts(columns["place"], draft.accuracy, proposed)


def client_of(channel: str) -> str:
    """By what a signal of a channel was brought in, as a step says it."""
    if channel in (Channel.CITIZEN, Channel.PATROL):
        return "phone"
    return "desk" if channel in (Channel.HOTLINE, Channel.STAFF, Channel.UPPER_LEVEL) else "api"
