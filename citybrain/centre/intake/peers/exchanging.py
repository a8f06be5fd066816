"""Exchange with peer systems by Open311 (系统对接): what is new there comes in, what we hand over goes out, once.

    poll(peer)          requests updated since the last time -> signals of the channel `peer`
    send_out(handover)  an event that was handed over -> a request there; our key makes a repeated one harmless
    ask_back(handover)  what became of it there -> the event's journal; closed there is reported done here

Addresses are hostile input: they go through `kernel.network`, which refuses private ones and follows no redirect.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

import requests
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from citybrain.centre.events.actions import act
from citybrain.centre.events.drafts import ReporterDraft, SignalDraft
from citybrain.centre.events.machine import State, Verb
from citybrain.centre.events.models import Channel, Event, Signal, Step
from citybrain.centre.events.orders import Order
from citybrain.centre.events.outside import tell_outside
from citybrain.centre.events.receiving import receive
from citybrain.centre.events.types import event_types
from citybrain.centre.intake.api.taking import words_of
from citybrain.centre.intake.models import Handover, Peer
from citybrain.centre.intake.open311.formats import Unreadable, read_errors, read_requests
from citybrain.centre.intake.open311.words import moment, point_of
from citybrain.centre.intake.quarantine import Refusal, Taking, put_aside
from citybrain.centre.understanding.spoken import without_private
from citybrain.kernel.identity.actor import SYSTEM, Actor
from citybrain.kernel.identity.sealing import unseal
from citybrain.kernel.jobs.actions import enqueue
from citybrain.kernel.network.addresses import AddressRefused
from citybrain.kernel.network.http import Answer, send

DOOR = "open311-peer"
PURPOSE = "peer-key"
"""What peers' keys are sealed for."""
SETTING = "CITYBRAIN_PEERS_ALLOWED_HOSTS"
ANSWER_LIMIT = 8 << 20
WINDOW = timedelta(days=89)
PAGE, PAGES = 200, 50
OVERLAP = timedelta(minutes=10)
"""Clocks of two systems differ: what lies this far back is asked for once more."""
TRIES = 8


class Unreached(RuntimeError):
    """The peer did not answer, or not now; it is tried again."""


class Refusing(RuntimeError):
    """The peer answered, and will not take it like this; the message says why."""


def ask(peer: Peer, method: str, path: str, *, given: Mapping[str, str] | None = None, key: str = "") -> Answer:
    """One request to a peer. Raises Unreached, Refusing, and Refusing for an address that may not be asked."""
    parameters = dict(given or {})
    if peer.jurisdiction:
        parameters["jurisdiction_id"] = peer.jurisdiction
    headers = {"Accept": "application/json, text/xml;q=0.9"}
    url, body = f"{peer.url.rstrip('/')}{path}", None
    if method == "POST":
        if peer.sealed_key:
            parameters["api_key"] = unseal(peer.sealed_key, PURPOSE)
        headers |= {"Content-Type": "application/x-www-form-urlencoded", "Idempotency-Key": key}
        body = urlencode(parameters).encode()
    elif parameters:
        url = f"{url}?{urlencode(parameters)}"
    try:
        answer = send(
            method,
            url,
            allowed=settings.PEERS_ALLOWED_HOSTS,
            setting=SETTING,
            headers=headers,
            body=body,
            limit=ANSWER_LIMIT,
        )
    except AddressRefused as error:
        raise Refusing(str(error)) from error
    except requests.RequestException as error:
        raise Unreached(f"{type(error).__name__}") from error
    if answer.status == 429 or answer.status >= 500:
        raise Unreached(f"HTTP {answer.status}")
    if answer.status not in (200, 201):
        raise Refusing(f"HTTP {answer.status} {read_errors(answer.body)}".strip())
    return answer


# --------------------------------------------------------------------------- coming in


def poll(peer: Peer) -> dict[str, int]:
    """Fetches what is new at a peer; what came before is left. Raises Unreached, Refusing, Unreadable."""
    now = timezone.now()
    since = max((peer.seen_until or now - WINDOW) - OVERLAP, now - WINDOW)
    counts = {"new": 0, "known": 0, "refused": 0, "ours": 0}
    for request in pages(peer, since, now):
        counts[_come(peer, request)] += 1
    Peer.objects.filter(pk=peer.pk).update(seen_until=now, polled_at=now, error="")
    return counts


def pages(peer: Peer, since: datetime, until: datetime) -> Iterator[dict[str, str]]:
    """Every request that was made in a time, page by page; a peer without pages gives one."""
    # Times are sent in whole seconds: the one that has just begun is asked for too.
    window = {"start_date": moment(since), "end_date": moment(until + timedelta(seconds=1))}
    seen: set[str] = set()
    for page in range(1, PAGES + 1):
        asked = {**window, "page": str(page), "page_size": str(PAGE)}
        found = read_requests(ask(peer, "GET", "/requests.json", given=asked).body)
        fresh = [one for one in found if one.get("service_request_id") not in seen]
        if not fresh:
            return
        yield from fresh
        # A server that knows no pages sends the same again: nothing in it is fresh then.
        seen |= {one.get("service_request_id", "") for one in fresh}


def _come(peer: Peer, request: dict[str, str]) -> str:
    reference = request.get("service_request_id", "")
    if reference and Handover.objects.filter(peer=peer, reference=reference).exists():
        return "ours"
    known = Signal.objects.filter(channel=Channel.PEER, source_reference=reference_of(peer, reference))
    if reference and known.exists():
        return "known"
    if request.get("status") == "closed":
        return "known"  # it was over before we heard of it
    body = json.dumps(request, ensure_ascii=False, sort_keys=True).encode()
    try:
        come(peer, request, body, SYSTEM)
    except Refusal as refusal:
        put_aside(
            DOOR,
            body,
            refusal,
            channel=Channel.PEER,
            sender=peer.name,
            media_type="application/json",
            options={"peer": peer.key},
            organisation=peer.organisation,
        )
        return "refused"
    return "new"


def come(peer: Peer, request: Mapping[str, str], body: bytes, actor: Actor) -> Signal:
    """The signal of a peer's request. Raises Refusal."""
    reference = request.get("service_request_id", "")
    if not reference:
        raise Refusal(_("service_request_id: is missing."), _("The peer corrects it."))
    theirs = {code: key for key, code in peer.classes.items()}
    code = request.get("service_code", "")
    kind = theirs.get(code, code)
    text = request.get("description", "") or request.get("service_name", "")
    at = parsed(request.get("requested_datetime", ""))
    draft = SignalDraft(
        channel=Channel.PEER,
        text=text,
        title=request.get("service_name", "")[:120] if kind not in event_types() else "",
        source_reference=reference_of(peer, reference),
        observed_at=min(at, timezone.now()) if at is not None else None,
        place=place_of(request),
        address=request.get("address", "")[:200],
        type=kind if kind in event_types() else "",
        reporter=ReporterDraft(name=peer.name, contact=peer.url, contact_kind="system"),
        organisation=peer.organisation,
        raw=body,
    )
    try:
        return receive(draft, actor)
    except ValidationError as error:
        raise Refusal(words_of(error), _("The peer corrects it, or it is dropped here.")) from error


def take(taking: Taking, actor: Actor) -> Signal:
    """Takes a request of the quarantine again."""
    peer = Peer.objects.filter(key=taking.options.get("peer", "")).first()
    if peer is None:
        raise Refusal(_("The peer it came from is gone."), _("Drop it, with a reason."))
    return come(peer, json.loads(taking.body), taking.body, actor)


def reference_of(peer: Peer, reference: str) -> str:
    """What makes a request of a peer one signal."""
    return f"{peer.key}:{reference}"[:128]


def parsed(text: str) -> datetime | None:
    """A time as peers write it; None for one that cannot be read."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is None or timezone.is_aware(found) else found.replace(tzinfo=UTC)


def place_of(request: Mapping[str, str]) -> dict[str, Any] | None:
    """The point of a request; None without one that lies on earth."""
    try:
        y, x = float(request.get("lat", "")), float(request.get("long", ""))
    except ValueError:
        return None
    return {"type": "Point", "coordinates": [x, y]} if -90 <= y <= 90 and -180 <= x <= 180 else None


# --------------------------------------------------------------------------- going out


def follow(event: Event, step: Step) -> None:
    """What a step asks of the exchange, in its transaction; installed as a hook of the events."""
    if step.verb == Verb.HAND_OUT:
        name = str(dict(step.facts.get("outside") or {}).get("to", ""))
        peer = Peer.objects.filter(key=name, is_active=True, pushes=True, kind=Peer.Kind.OPEN311).first()
        if peer is not None:
            handover = Handover.objects.create(event=event, peer=peer, made_at=step.at)
            enqueue("intake-send-out", handover=handover.pk)
    elif step.source == State.HANDED_OUT and step.target != State.HANDED_OUT:
        open_states = (Handover.State.TO_SEND, Handover.State.SENT, Handover.State.FAILED)
        rows = Handover.objects.filter(event=event, state__in=open_states)
        ended = Handover.State.DONE_OUTSIDE if step.target == State.REPORTED_DONE else Handover.State.WITHDRAWN
        rows.update(state=ended, ended_at=step.at)


def send_out(handover_id: int) -> str:
    """Sends an event to the peer it was handed over to; returns the state then. Raises Unreached for another try."""
    handover = Handover.objects.select_related("event__area", "event__organisation", "peer").get(pk=handover_id)
    if handover.state not in (Handover.State.TO_SEND, Handover.State.FAILED):
        return handover.state
    Handover.objects.filter(pk=handover_id).update(attempts=F("attempts") + 1)
    handover.attempts += 1
    try:
        found = read_requests(
            ask(
                handover.peer,
                "POST",
                "/requests.json",
                given=request_of(handover),
                key=f"citybrain-{handover.event.number}-{handover.pk}",
            ).body
        )
        reference = (found[0].get("service_request_id") or found[0].get("token") or "") if found else ""
        if not reference:
            raise Refusing(_("The peer gave no number."))
    except (Refusing, Unreadable) as error:
        _failed(handover, str(error))
        return Handover.State.FAILED
    except Unreached as error:
        if handover.attempts >= TRIES:
            _failed(handover, str(error))
            return Handover.State.FAILED
        Handover.objects.filter(pk=handover_id).update(error=str(error)[:500])
        raise
    with transaction.atomic():
        facts = {"state": Handover.State.SENT, "reference": reference[:128], "sent_at": timezone.now(), "error": ""}
        rows = Handover.objects.filter(pk=handover_id, state__in=[Handover.State.TO_SEND, Handover.State.FAILED])
        if rows.update(**facts) and handover.event.state == State.HANDED_OUT:
            tell_outside(handover.event, "sent", SYSTEM, reference=reference[:128])
    return Handover.State.SENT


def _failed(handover: Handover, why: str) -> None:
    with transaction.atomic():
        Handover.objects.filter(pk=handover.pk).update(state=Handover.State.FAILED, error=why[:500])
        if handover.event.state == State.HANDED_OUT and handover.state != Handover.State.FAILED:
            tell_outside(handover.event, "failed", SYSTEM, text=why[:500])


def request_of(handover: Handover) -> dict[str, str]:
    """An event as a request to a peer: what happened and where; never who reported."""
    event = handover.event
    kind = event_types().get(event.type)
    code = handover.peer.classes.get(event.type, event.type)
    point = point_of(event.place)
    words = event.description or event.title or (kind.chinese if kind is not None else "")
    given = {
        "service_code": code,
        # People write their number into what happened: it stays here.
        "description": without_private(f"[{event.number}] {event.title}\n{words}")[:4000],
        "address_string": without_private(event.address) or (event.area.chinese if event.area is not None else ""),
        # Their systems show it beside the request; ours finds its own by it.
        "account_id": event.number,
    }
    if point is not None:
        given |= {"long": f"{point[0]:.7f}", "lat": f"{point[1]:.7f}"}
    return {name: value for name, value in given.items() if value}


def ask_back(handover_id: int) -> str:
    """Asks the peer what became of an event; returns our state. Raises Unreached, Refusing, Unreadable."""
    handover = Handover.objects.select_related("event", "peer").get(pk=handover_id)
    if handover.state != Handover.State.SENT:
        return handover.state
    path = f"/requests/{quote(handover.reference, safe='')}.json"
    found = read_requests(ask(handover.peer, "GET", path).body)
    status = found[0].get("status", "") if found else ""
    notes = (found[0].get("status_notes", "") if found else "")[:2000]
    facts = {"status": status[:40], "notes": notes, "asked_at": timezone.now(), "error": ""}
    Handover.objects.filter(pk=handover_id).update(**facts)
    if status != "closed" or handover.event.state != State.HANDED_OUT:
        return Handover.State.SENT
    with transaction.atomic():
        event = handover.event
        tell_outside(event, "done_outside", SYSTEM, text=notes)
        done = Order(
            verb=Verb.REPORT_DONE,
            result=Event.Result.ANSWERED,
            text=_("%(peer)s says: %(notes)s") % {"peer": handover.peer.name, "notes": notes or status},
        )
        act(event, done, SYSTEM, seen=None, client="api")
    return Handover.State.DONE_OUTSIDE


def due_handovers(peer: Peer) -> list[int]:
    """Ids of what a peer has from us and has not finished."""
    rows = Handover.objects.filter(peer=peer, state=Handover.State.SENT)
    return list(rows.order_by("asked_at", "pk").values_list("pk", flat=True)[:500])
