"""The county of the loop's tests and what citizens send."""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

import citybrain.centre.intake.jobs  # noqa: F401 - reporters are answered once the doors' jobs are known
from citybrain.centre.events.actions import act
from citybrain.centre.events.machine import Verb
from citybrain.centre.events.models import Event, Signal
from citybrain.centre.events.orders import Media, Order
from citybrain.centre.events.tests.conftest import _types, county
from citybrain.centre.events.tests.county import PIT, County
from citybrain.centre.intake.citizen import form
from citybrain.declare.role import Reach
from citybrain.kernel.records.attachments import attach

__all__ = ["_types", "county"]


@pytest.fixture
def client() -> Client:
    """A browser of nobody in particular, which reads English."""
    return Client(headers={"accept-language": "en"})


@pytest.fixture(autouse=True)
def _nobody_is_too_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests write faster than people."""
    monkeypatch.setattr(form, "FASTEST", 0)


def photo(colour: str = "#7a9cc0", exif: bytes = b"") -> SimpleUploadedFile:
    """A picture as a phone takes it."""
    content = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(content, "JPEG", exif=exif)
    return SimpleUploadedFile("IMG_0001.jpg", content.getvalue(), "image/jpeg")


@pytest.fixture
def report(client: Client, county: County) -> Callable[..., Any]:
    """`report(**given)`: what the device of a citizen sends, and the answer."""

    def sent(by: Client = client, **given: Any) -> Any:
        shown = by.get("/c/report/").content.decode()
        opened = re.search(r'name="opened" value="([^"]+)"', shown)
        assert opened is not None
        answers = {
            "text": "村口路面有个大坑",
            "place": "120.04, 28.89",
            "type": PIT.key,
            "consent": "on",
            "opened": opened[1],
            "request_key": str(uuid.uuid4()),
            **given,
        }
        return by.post("/c/report/send/", {name: value for name, value in answers.items() if value is not None})

    return sent


@pytest.fixture
def told(report: Callable[..., Any]) -> Callable[..., tuple[Signal, str]]:
    """`told(**given)`: the signal of a report that was taken, and the path of its secret link."""

    def taken(**given: Any) -> tuple[Signal, str]:
        answer = report(**given)
        assert answer.status_code == 201, answer.content
        content = answer.json()
        return Signal.objects.get(number=content["number"]), content["url"].partition("?")[0]

    return taken


def do(event: Event, verb: Verb, actor: Any, **order: Any) -> None:
    """One verb on the event as it stands."""
    event.refresh_from_db()
    act(event, Order(verb=verb, **order), actor, seen=event.steps)


@pytest.fixture
def fixed(county: County) -> Callable[..., Event]:
    """`fixed(event)`: the event accepted, handled, shown by a photo, checked and closed."""

    def through(event: Event, until: Verb = Verb.CLOSE) -> Event:
        hand = county.road_worker.permitted("event:edit", Reach.COUNTY)
        steps: tuple[tuple[Verb, Any, dict[str, Any]], ...] = (
            (Verb.ACCEPT, county.desk, {"type": PIT.key}),
            (Verb.DISPATCH, county.desk, {"organisation": county.road}),
            (Verb.SIGN, county.road_worker, {}),
            (Verb.REPORT_DONE, county.road_worker, {"result": "fixed_with_proof", "text": "内部说明"}),
            (Verb.CLOSE, county.desk, {"public_text": "坑已补平"}),
        )
        for verb, actor, order in steps:
            if verb is Verb.REPORT_DONE:
                order["media"] = (Media(attachment=attach(event, photo("#999"), hand).pk, role="after"),)
            do(event, verb, actor, **order)
            if verb is until:
                break
        event.refresh_from_db()
        return event

    return through
