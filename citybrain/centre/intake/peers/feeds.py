"""CAP feeds of others (预警源): Atom or RSS, each new message fetched and taken in."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import requests
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.centre.intake.cap.message import NAMESPACE
from citybrain.centre.intake.cap.receiving import take_message
from citybrain.centre.intake.models import Peer
from citybrain.centre.intake.peers.exchanging import SETTING, Refusing, Unreached
from citybrain.centre.intake.quarantine import LARGEST, Refusal
from citybrain.kernel.identity.actor import SYSTEM
from citybrain.kernel.network.addresses import AddressRefused
from citybrain.kernel.network.http import send

ATOM = "{http://www.w3.org/2005/Atom}"
FEED_LIMIT = 4 << 20
MOST = 200
"""Messages of one feed that are looked at."""


def pull(peer: Peer) -> dict[str, int]:
    """Takes in what a feed names; what came before is known by its own name. Raises Unreached, Refusing."""
    counts = {"new": 0, "known": 0, "noted": 0, "refused": 0}
    body = fetched(peer.url, FEED_LIMIT)
    for message in [body] if is_message(body) else [fetched(url, LARGEST) for url in links(body, peer.url)]:
        try:
            taken = take_message(message, SYSTEM, sender=peer.name, organisation=peer.organisation)
        except Refusal:
            counts["refused"] += 1
            continue
        counts["known" if taken.is_known else "new" if taken.signal is not None else "noted"] += 1
    Peer.objects.filter(pk=peer.pk).update(polled_at=timezone.now(), error="")
    return counts


def fetched(url: str, limit: int) -> bytes:
    """What lies at an address. Raises Unreached, and Refusing for one that may not be asked or answers otherwise."""
    try:
        answer = send("GET", url, allowed=settings.PEERS_ALLOWED_HOSTS, setting=SETTING, limit=limit)
    except AddressRefused as error:
        raise Refusing(str(error)) from error
    except requests.RequestException as error:
        raise Unreached(type(error).__name__) from error
    if answer.status == 429 or answer.status >= 500:
        raise Unreached(f"HTTP {answer.status}")
    if answer.status != 200:
        raise Refusing(f"HTTP {answer.status}")
    return answer.body


def is_message(body: bytes) -> bool:
    """Whether an address gives the message itself."""
    return NAMESPACE.encode() in body[:2000] and b"<alert" in body[:2000]


def links(body: bytes, base: str) -> list[str]:
    """Addresses of the messages of a feed, only of the feed's own host: a feed names no others for us to ask."""
    try:
        root = fromstring(body, forbid_dtd=True)
    except (DefusedXmlException, ParseError, ValueError, LookupError) as error:
        raise Refusing(_("The feed is no XML that is read: %s.") % error) from error
    found = [
        link.get("href", "")
        for entry in root.iter(f"{ATOM}entry")
        for link in entry.iter(f"{ATOM}link")
        if link.get("type") in ("application/cap+xml", None, "text/xml", "application/xml")
    ]
    found += [(link.text or "").strip() for item in root.iter("item") for link in item.iter("link")]
    host = urlsplit(base).netloc
    whole = [urljoin(base, one) for one in found if one]
    return list(dict.fromkeys(one for one in whole if urlsplit(one).netloc == host))[:MOST]
