"""Exchange with peers, against our own server behind the same functions: nothing lost, doubled, or asked in private."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.test import Client
from django.utils import timezone

from citybrain.centre.events.actions import act
from citybrain.centre.events.drafts import SignalDraft
from citybrain.centre.events.machine import Verb
from citybrain.centre.events.models import Channel, Event, Signal
from citybrain.centre.events.orders import Order
from citybrain.centre.events.outside import outside_of
from citybrain.centre.events.receiving import receive
from citybrain.centre.intake.cap.publishing import Wording, publish
from citybrain.centre.intake.jobs import exchanged
from citybrain.centre.intake.models import Handover, Peer, Quarantined
from citybrain.centre.intake.peers import exchanging, feeds
from citybrain.kernel.identity.actor import SYSTEM
from citybrain.kernel.identity.models import Organisation
from citybrain.kernel.identity.sealing import seal
from citybrain.kernel.jobs.models import Job
from citybrain.kernel.network.addresses import AddressRefused
from citybrain.kernel.network.http import Answer
from citybrain.ui.records.tokens import issue

pytestmark = pytest.mark.usefixtures("centre")

Network = Callable[..., Answer]


@pytest.fixture
def asked() -> list[tuple[str, str]]:
    """Every request that went out: method and address."""
    return []


@pytest.fixture
def ourselves(monkeypatch: Any, asked: list[tuple[str, str]]) -> Network:
    """The network leads to our own server, in this process."""

    def send(method: str, url: str, *, body: bytes | None = None, headers: Any = None, **options: Any) -> Answer:
        asked.append((method, url))
        assert options["setting"] == "CITYBRAIN_PEERS_ALLOWED_HOSTS"
        parts = urlsplit(url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        client = Client()
        if method == "POST":
            given = {name: values[0] for name, values in parse_qs((body or b"").decode()).items()}
            answer = client.post(path, given, headers={"Idempotency-Key": headers["Idempotency-Key"]})
        else:
            answer = client.get(path)
        return Answer(answer.status_code, answer.content)

    monkeypatch.setattr(exchanging, "send", send)
    monkeypatch.setattr(feeds, "send", send)
    return send


@pytest.fixture
def peer(centre: Organisation) -> Peer:
    return Peer.objects.create(
        key="neighbour",
        name="邻县",
        kind=Peer.Kind.OPEN311,
        url="https://neighbour.example.org/open311/v2",
        organisation=centre,
        pushes=True,
        sealed_key=seal("cb_x", exchanging.PURPOSE),
    )


def public(code: str) -> Event:
    place = {"type": "Point", "coordinates": [120.04, 28.89]}
    event = receive(SignalDraft(channel=Channel.PATROL, text="大坑", type=code, place=place), SYSTEM).event
    assert event is not None
    act(event, Order(verb=Verb.ACCEPT), SYSTEM, seen=None)
    return event


def handed_over(code: str) -> Handover:
    event = public(code)
    act(event, Order(verb=Verb.HAND_OUT, outside="neighbour", text="在邻县境内"), SYSTEM, seen=None)
    return Handover.objects.get()


def test_what_is_new_there_comes_in_once(peer: Peer, ourselves: Network, code: str) -> None:
    theirs = public(code)
    assert exchanging.poll(peer)["new"] == 1
    peer.refresh_from_db()
    signal = Signal.objects.get(channel=Channel.PEER)
    assert signal.source_reference == f"neighbour:{theirs.number}"
    assert (signal.event.type, signal.place) == (code, theirs.place)
    assert peer.seen_until is not None
    # What came in is not public before somebody accepted it, so that our own list does not come back.
    assert exchanging.poll(peer)["known"] == 1
    assert Signal.objects.filter(channel=Channel.PEER).count() == 1


def test_classes_are_translated(peer: Peer, monkeypatch: Any, code: str) -> None:
    peer.classes = {code: "XYZ"}
    peer.save()
    body = b'[{"service_request_id": "7", "service_code": "XYZ", "description": "\xe5\x9d\x91", "status": "open"}]'
    monkeypatch.setattr(exchanging, "send", lambda *given, **options: Answer(200, body))
    exchanging.poll(peer)
    assert Event.objects.get().type == code


def test_a_server_without_pages_is_read_once(peer: Peer, monkeypatch: Any) -> None:
    calls: list[int] = []

    def send(*given: Any, **options: Any) -> Answer:
        calls.append(1)
        return Answer(
            200,
            b"<service_requests><request><service_request_id>1</service_request_id>"
            b"<description>x</description></request></service_requests>",
        )

    monkeypatch.setattr(exchanging, "send", send)
    assert exchanging.poll(peer) == {"new": 1, "known": 0, "refused": 0, "ours": 0}
    assert len(calls) == 2


def test_what_cannot_be_taken_is_kept(peer: Peer, monkeypatch: Any) -> None:
    body = b'[{"service_request_id": "", "description": "x"}, {"service_request_id": "8"}]'
    monkeypatch.setattr(exchanging, "send", lambda *given, **options: Answer(200, body))
    assert exchanging.poll(peer)["refused"] == 2
    assert Quarantined.objects.filter(options__peer="neighbour").count() == 2


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"{", b"[1]", b"[" * 100_000, b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>']
)
def test_an_answer_that_is_none_is_an_error_of_the_peer(peer: Peer, monkeypatch: Any, body: bytes) -> None:
    monkeypatch.setattr(exchanging, "send", lambda *given, **options: Answer(200, body))
    assert "error" in exchanged(peer)
    peer.refresh_from_db()
    assert peer.error and peer.seen_until is None


def test_handing_over_asks_the_worker(peer: Peer, code: str) -> None:
    handover = handed_over(code)
    assert handover.state == "to_send"
    assert Job.objects.get(name="intake-send-out").arguments == {"handover": handover.pk}


def test_an_event_is_sent_followed_and_reported_done(
    peer: Peer, ourselves: Network, code: str, official: Any, acting_as: Any, allowed: Any
) -> None:
    clerk = acting_as(official("clerk", roles=[allowed("event:report")], organisation="neighbour-desk"))
    _token, text = issue(clerk, title="永康", scopes=["event:report"], days=30)
    Peer.objects.filter(pk=peer.pk).update(sealed_key=seal(text, exchanging.PURPOSE))
    handover = handed_over(code)
    assert exchanging.send_out(handover.pk) == "sent"
    assert exchanging.send_out(handover.pk) == "sent"
    theirs = Signal.objects.get(channel=Channel.PEER)
    assert handover.event.number in theirs.text and theirs.reporter is None
    assert outside_of(handover.event)["state"] == "sent"
    assert exchanging.ask_back(handover.pk) == "sent"
    act(theirs.event, Order(verb=Verb.REJECT, reason="no-fact", text="x", public_text="现场没有坑"), SYSTEM, seen=None)
    assert exchanging.ask_back(handover.pk) == "done_outside"
    event = Event.objects.get(pk=handover.event_id)
    assert (event.state, event.result) == ("reported_done", "answered_only")
    assert Handover.objects.get().state == "done_outside"


def test_what_a_worker_sent_and_died_over_is_one_there(
    peer: Peer, ourselves: Network, code: str, official: Any, acting_as: Any, allowed: Any
) -> None:
    clerk = acting_as(official("clerk", roles=[allowed("event:report")], organisation="neighbour-desk"))
    _token, text = issue(clerk, title="永康", scopes=["event:report"], days=30)
    Peer.objects.filter(pk=peer.pk).update(sealed_key=seal(text, exchanging.PURPOSE))
    handover = handed_over(code)
    exchanging.send_out(handover.pk)
    Handover.objects.update(state="to_send", reference="")
    exchanging.send_out(handover.pk)
    assert Signal.objects.filter(channel=Channel.PEER).count() == 1


def test_a_refusal_is_kept_and_an_absence_is_tried_again(peer: Peer, monkeypatch: Any, code: str) -> None:
    handover = handed_over(code)

    def away(*given: Any, **options: Any) -> Answer:
        raise requests.ConnectionError

    monkeypatch.setattr(exchanging, "send", away)
    with pytest.raises(exchanging.Unreached):
        exchanging.send_out(handover.pk)
    refusal = b'[{"code": 400, "description": "service_code: none"}]'
    monkeypatch.setattr(exchanging, "send", lambda *given, **options: Answer(400, refusal))
    assert exchanging.send_out(handover.pk) == "failed"
    assert outside_of(handover.event)["state"] == "failed"
    assert "service_code" in Handover.objects.get().error


def test_taking_an_event_back_ends_its_handover(peer: Peer, code: str) -> None:
    handover = handed_over(code)
    act(handover.event, Order(verb=Verb.TAKE_BACK, text="自己办"), SYSTEM, seen=None)
    assert Handover.objects.get().state == "withdrawn"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8000/v2",
        "http://169.254.169.254/latest",
        "http://10.0.0.1/v2",
        "http://[::1]/v2",
        "http://2130706433/v2",
        "file:///etc/passwd",
        "gopher://example.org/",
    ],
)
def test_no_private_address_is_asked(peer: Peer, url: str) -> None:
    Peer.objects.filter(pk=peer.pk).update(url=url)
    peer.refresh_from_db()
    with pytest.raises(exchanging.Refusing) as refused:
        exchanging.ask(peer, "GET", "/requests.json")
    assert isinstance(refused.value.__cause__, AddressRefused)
    with pytest.raises(exchanging.Refusing):
        feeds.fetched(url, 1000)


def test_a_feed_is_pulled_and_names_no_other_host(
    peer: Peer, ourselves: Network, asked: list[tuple[str, str]], monkeypatch: Any
) -> None:
    event = receive(SignalDraft(channel=Channel.STAFF, text="燃气泄漏", level="red"), SYSTEM).event
    publish(event, Wording(headline="请远离", expires=timezone.now() + timedelta(hours=1)), SYSTEM)
    peer.kind, peer.url = Peer.Kind.CAP, "http://testserver/cap/feed.atom"
    assert feeds.pull(peer)["new"] == 1
    assert feeds.pull(peer)["known"] == 1
    feed = b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="http://10.0.0.1/a.xml"/></entry></feed>'
    assert feeds.links(feed, peer.url) == []
