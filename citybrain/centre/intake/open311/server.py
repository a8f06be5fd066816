"""Open311 GeoReport v2 for other people's apps and systems: services, new requests, what became of them.

GET  /open311/discovery.json               GET  /open311/v2/requests.json?status=open&start_date=…
GET  /open311/v2/services.xml              GET  /open311/v2/requests/<id>.json
GET  /open311/v2/services/<code>.json      GET  /open311/v2/tokens/<token>.json
POST /open311/v2/requests.json             api_key: an access token with the permission to report events

The id of a request that was sent in is its receipt: nobody guesses it, and its sender follows even what is not public.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from citybrain.centre.events.drafts import ReporterDraft, SignalDraft
from citybrain.centre.events.merging import head_of
from citybrain.centre.events.models import Channel, Event
from citybrain.centre.events.receiving import receive
from citybrain.centre.intake.citizen.tokens import signal_of, token_of
from citybrain.centre.intake.citizen.words import is_public, public_events
from citybrain.centre.intake.doors import Sender, Unallowed, Unknown, anybody, sender_of
from citybrain.centre.intake.open311 import words
from citybrain.centre.intake.open311.formats import MEDIA_TYPES, Content, written
from citybrain.centre.intake.open311.questions import Wrong, asked, listed
from citybrain.centre.intake.quarantine import Refusal, put_aside
from citybrain.centre.intake.quotas import Exhausted
from citybrain.declare.event import EventType, Level
from citybrain.ui.access import public

LONGEST = 4000
"""Characters of a description (GeoReport v2)."""
PHOTOS = 4
LARGEST_PHOTO = 10 << 20
DOOR = "open311"

View = Callable[..., HttpResponse]


def answer(root: str, content: Content, form: str, status: int = 200) -> HttpResponse:
    """An answer in the format asked for; apps in browsers of other sites may read it."""
    response = HttpResponse(written(root, content, form), content_type=MEDIA_TYPES[form], status=status)
    response["Access-Control-Allow-Origin"] = "*"
    return response


def errors(form: str, status: int, text: str) -> HttpResponse:
    """A refusal as the standard writes it."""
    return answer("errors", [{"code": status, "description": text}], form, status)


def open311(view: View) -> View:
    """Puts a view at an Open311 address: anybody may come, refusals have the standard's form."""

    @wraps(view)
    def put(request: HttpRequest, *args: Any, form: str, **kwargs: Any) -> HttpResponse:
        allowed = getattr(view, "methods", ("GET", "HEAD"))
        if request.method not in allowed:
            return errors(form, 405, _("Use %s.") % ", ".join(allowed))
        named = (request.POST if request.method == "POST" else request.GET).get("jurisdiction_id", "")
        if named and named != words.jurisdiction():
            return errors(form, 404, _("jurisdiction_id: ours is %s.") % words.jurisdiction())
        try:
            return view(request, *args, form=form, **kwargs)
        except Wrong as wrong:
            return errors(form, wrong.code, str(wrong))
        except Exhausted as exhausted:
            response = errors(form, 429, _("Too many requests: wait %d seconds.") % exhausted.wait)
            response["Retry-After"] = str(exhausted.wait)
            return response

    return public(csrf_exempt(put))


@open311
def discovery(request: HttpRequest, *, form: str) -> HttpResponse:
    """Where the interface is."""
    root = settings.SITE_ADDRESS or request.build_absolute_uri("/").rstrip("/")
    return answer("discovery", words.discovery(root), form)


@open311
def services(request: HttpRequest, *, form: str) -> HttpResponse:
    """What can be reported."""
    return answer("services", [words.service_fields(found) for found in words.services()], form)


@open311
def service_definition(request: HttpRequest, code: str, *, form: str) -> HttpResponse:
    """What is asked beside place and words."""
    found = words.service(code)
    if found is None:
        raise Wrong(404, _("There is no service “%s”.") % code[:60])
    content = [
        {
            "variable": True,
            "code": one.code,
            "datatype": one.datatype,
            "required": one.required,
            "datatype_description": one.datatype_description,
            "order": place,
            "description": one.description,
            "values": [{"key": key, "name": name} for key, name in one.values],
        }
        for place, one in enumerate(words.attributes(found), start=1)
    ]
    return answer("service_definition", {"service_code": found.key, "attributes": content}, form)


def requests(request: HttpRequest, *, form: str) -> HttpResponse:
    """A new request by POST, the public ones by GET."""
    return made(request, form) if request.method == "POST" else found(request, form)


requests.methods = ("GET", "HEAD", "POST")  # type: ignore[attr-defined]
requests = open311(requests)


def found(request: HttpRequest, form: str) -> HttpResponse:
    """The public requests that are asked for; ids override everything else."""
    if numbers := listed(request.GET.get("service_request_id", "")):
        known = [one for one in (one_request(number) for number in numbers) if one is not None]
        return answer("service_requests", words.all_fields(known), form)
    events = asked(request.GET.dict())
    return answer("service_requests", words.all_fields(words.request_of(event) for event in events), form)


@open311
def service_request(request: HttpRequest, number: str, *, form: str) -> HttpResponse:
    """One request, by its receipt or by the number of a public event."""
    known = one_request(number)
    if known is None:
        raise Wrong(404, _("There is no request “%s”, or it is not public.") % number[:60])
    return answer("service_requests", words.all_fields([known]), form)


def one_request(number: str) -> words.ServiceRequest | None:
    """A request by its receipt or by the number of a public event; None for any other."""
    try:
        signal = signal_of(number)
    except BadSignature:
        event = public_events().filter(number=number).first() or merged_in_public(number)
        return words.request_of(event) if event is not None else None
    event = signal.event
    assert event is not None
    return words.request_of(event, number, is_open=is_public(event) and is_public(head_of(event)))


def merged_in_public(number: str) -> Event | None:
    """An event everybody knew of before it was merged into another public one."""
    event = Event.objects.filter(number=number, state="merged").select_related("organisation", "area").first()
    if event is None or event.merged_into_id is None or not is_public(event):
        return None
    return event if public_events().filter(pk=head_of(event).pk).exists() else None


@open311
def token(request: HttpRequest, number: str, *, form: str) -> HttpResponse:
    """The id of a request by its token; here they are the same, for no request waits."""
    try:
        signal_of(number)
    except BadSignature as error:
        raise Wrong(404, _("There is no token “%s”.") % number[:60]) from error
    return answer("service_requests", [{"service_request_id": number, "token": number}], form)


def made(request: HttpRequest, form: str) -> HttpResponse:
    """Takes a new request. What cannot be taken from a known sender is kept in the quarantine."""
    try:
        sender = sender_of(request, request.POST.get("api_key", "") or request.GET.get("api_key", ""))
    except Unknown as error:
        raise Wrong(403, _("api_key: this key is unknown, expired or revoked.")) from error
    except Unallowed as error:
        raise Wrong(403, _("api_key: this key may not report events.")) from error
    if sender is None:
        if settings.OPEN311_KEYS == "required":
            raise Wrong(403, _("api_key: is missing. Ask the city brain's people for one."))
        sender = anybody(request)
    sender.spend()
    given = {name: str(value) for name, value in request.POST.items() if name != "api_key"}
    try:
        draft = drafted(given, request, sender)
        signal = receive(draft, sender.actor, request_key=request_key(request, sender))
    except Wrong as wrong:
        keep(request, sender, str(wrong))
        raise
    except ValidationError as error:
        keep(request, sender, " ".join(error.messages))
        raise Wrong(400, " ".join(error.messages)) from error
    content = {
        "service_request_id": token_of(signal),
        "service_notice": _("Keep this number: by it you follow your request."),
        "account_id": "",
    }
    return answer("service_requests", [content], form)


def keep(request: HttpRequest, sender: Sender, why: str) -> None:
    """Keeps what a known sender sent and could not be taken; of strangers nothing is kept."""
    if sender.token is not None:
        put_aside(
            DOOR,
            # The key is a secret, and no part of the message.
            "&".join(f"{name}={value}" for name, value in sorted(request.POST.items()) if name != "api_key").encode(),
            Refusal(why, _("The sender corrects it and sends it again.")),
            channel=Channel.PEER,
            sender=sender.name,
            media_type="application/x-www-form-urlencoded",
        )


def request_key(request: HttpRequest, sender: Sender) -> uuid.UUID | None:
    """What makes a repeated request one: the sender's own key in the header Idempotency-Key; None without."""
    text = request.headers.get("Idempotency-Key", "").strip()[:200]
    if not text:
        return None
    if sender.token is not None:
        return uuid.uuid5(uuid.NAMESPACE_OID, f"open311:{sender.token.pk}:{text}")
    # Many people share an address: only who sends the very same again is given what it made.
    said = repr(sorted(request.POST.items()))
    return uuid.uuid5(uuid.NAMESPACE_OID, f"open311:{sender.actor.address}:{text}:{said}")


def drafted(given: Mapping[str, str], request: HttpRequest, sender: Sender) -> SignalDraft:
    """The signal of a request. Raises Wrong for what is missing or unknown."""
    code = given.get("service_code", "").strip()
    if not code:
        raise Wrong(400, _("service_code: is missing."))
    kind = words.service(code)
    if kind is None:
        raise Wrong(404, _("There is no service “%s”.") % code[:60])
    text = given.get("description", "").strip()
    if len(text) > LONGEST:
        raise Wrong(400, _("description: at most %d characters.") % LONGEST)
    place, address = point(given), given.get("address_string", "").strip()[:200]
    if place is None and not address:
        raise Wrong(400, _("Say where: lat and long, or address_string. We know no address_id."))
    photos = tuple(request.FILES.getlist("media"))
    if len(photos) > PHOTOS or any((photo.size or 0) > LARGEST_PHOTO for photo in photos):
        raise Wrong(400, _("media: at most %d pictures of 10 MB.") % PHOTOS)
    media_url = given.get("media_url", "").strip()[:500]
    if not text and not photos and not media_url:
        raise Wrong(400, _("description: is missing, and there is no picture."))
    hurt = attribute(given, "people_hurt", kind)
    return SignalDraft(
        channel=Channel.PEER if sender.token is not None else Channel.CITIZEN,
        text=text,
        type=kind.key,
        place=place,
        address=address,
        asset_number=attribute(given, "asset_number", kind)[:64],
        reporter=reporter(given),
        level=Level.ORANGE if hurt == "yes" and kind.level.height < Level.ORANGE.height else "",
        photos=photos,
        proposed={"media_url": media_url} if media_url else {},
        raw=request.META.get("QUERY_STRING", "").encode() + repr(sorted(given.items())).encode(),
    )


def attribute(given: Mapping[str, str], code: str, kind: EventType) -> str:
    """The answer to a further question. Raises Wrong for a key of a list that is none."""
    known = next((one for one in words.attributes(kind) if one.code == code), None)
    text = (given.get(f"attribute[{code}]") or given.get(f"attribute[{code}][]") or "").strip()
    if known is None or not text:
        return ""
    if known.values and text not in {key for key, _name in known.values}:
        raise Wrong(400, _("attribute[%(code)s]: %(text)s is none of its keys.") % {"code": code, "text": text[:60]})
    return text


def point(given: Mapping[str, str]) -> dict[str, Any] | None:
    """The point of a request as GeoJSON; None without one. Raises Wrong for half a point or one not on earth."""
    latitude, longitude = given.get("lat", "").strip(), given.get("long", "").strip()
    if not latitude and not longitude:
        return None
    try:
        y, x = float(latitude), float(longitude)
    except ValueError:
        y = x = math.nan
    if not (-90 <= y <= 90 and -180 <= x <= 180):
        raise Wrong(400, _("lat, long: write both as degrees, WGS-84, as 28.8938 and 120.0402."))
    return {"type": "Point", "coordinates": [round(x, 7), round(y, 7)]}


def reporter(given: Mapping[str, str]) -> ReporterDraft | None:
    """Who reports; None for somebody who says nothing of themself."""
    name = " ".join(part for part in (given.get("last_name", ""), given.get("first_name", "")) if part).strip()
    contact = (given.get("phone", "") or given.get("email", "")).strip()
    if not name and not contact:
        return None
    return ReporterDraft(name=name, contact=contact, language=get_language() or "")
