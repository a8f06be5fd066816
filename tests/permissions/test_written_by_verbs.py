"""Events as a register: seen, counted, exported and printed like any other, and written by nobody but their verbs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile, File
from django.test import Client
from django.urls import NoReverseMatch

from citybrain.centre.events.models import Channel, Event
from citybrain.kernel.identity.actor import SYSTEM, Actor
from citybrain.kernel.identity.models import Organisation, User
from citybrain.kernel.records import actions, attachments
from citybrain.kernel.records.importing import plan_import
from citybrain.kernel.records.models import Change
from citybrain.kernel.records.shape import shape_of
from citybrain.ui.records.registered import pages_of

pytestmark = pytest.mark.django_db

SHAPE = shape_of(Event)


@pytest.fixture
def event() -> Event:
    body = Organisation.objects.create(key="office", chinese="office", path="office/")
    now = datetime(2026, 3, 2, 8, tzinfo=UTC)
    return Event.objects.create(
        number="YK2026030200001",
        organisation=body,
        title="望春东路路面破损",
        type="damaged-road",
        kind="event",
        level="blue",
        loop="micro",
        channel=Channel.HOTLINE,
        opened_at=now,
        state_since=now,
        place={"type": "Point", "coordinates": [120.04, 28.89]},
    )


@pytest.fixture
def clerk(official: Callable[..., User], allowed: Callable[..., Any]) -> User:
    return official("clerk", roles=[allowed("event:*")], organisation="office")


GENERAL: tuple[Callable[[Event, Actor], object], ...] = (
    lambda event, actor: actions.create(SHAPE, {"title": "x"}, actor),
    lambda event, actor: actions.create_many(SHAPE, [{"title": "x"}], actor, verb="create"),
    lambda event, actor: actions.edit(event, {"title": "x"}, actor, revision=1),
    lambda event, actor: actions.edit_many(SHAPE, Event.objects.all(), {"title": "x"}, actor),
    lambda event, actor: actions.edit_rows(SHAPE, [(event, {"title": "x"})], actor),
    lambda event, actor: actions.remove(event, actor),
    lambda event, actor: actions.restore(event, actor),
    lambda event, actor: actions.revert(event, 1, actor),
    lambda event, actor: plan_import(SHAPE, File(ContentFile("标题\nx\n".encode()), name="a.csv"), actor),
)


@pytest.mark.parametrize("verb", GENERAL)
def test_no_general_verb_writes_one(
    verb: Callable[[Event, Actor], object], event: Event, clerk: User, acting_as: Callable[[User], Actor]
) -> None:
    """Not for the clerk who may do everything with events, and not for the house itself."""
    for actor in (acting_as(clerk), SYSTEM):
        with pytest.raises(PermissionDenied, match="its own verbs"):
            verb(event, actor)
    assert Event.objects.get().title == "望春东路路面破损"
    assert not Change.objects.filter(kind="event").exists()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_it_is_seen_counted_exported_and_printed(
    language: str, event: Event, clerk: User, signed_in_client: Callable[..., Client]
) -> None:
    client, pages = signed_in_client(clerk, language=language), pages_of("event")
    for page in ("list", "statistics", "paper", "columns", "map", "geojson", "export"):
        assert client.get(pages.url(page)).status_code == 200, page
    for page in ("detail", "print", "code"):
        answer = client.get(pages.url(page, event.number))
        assert answer.status_code in (200, 302), page
    told = client.get(pages.url("print", event.number)).content.decode()
    assert "道路破损" in told if language == "zh-hans" else "Damaged road" in told, "what verbs wrote is told"
    assert "YK2026030200001" in client.get("/api/v1/event/").content.decode()


def test_no_page_and_no_button_changes_it(event: Event, clerk: User, signed_in_client: Callable[..., Client]) -> None:
    client, pages = signed_in_client(clerk), pages_of("event")
    for page in ("new", "import", "bin", "bulk-edit", "bulk-remove"):
        with pytest.raises(NoReverseMatch):
            pages.url(page)
    for page in ("edit", "remove", "restore", "history", "revert"):
        with pytest.raises(NoReverseMatch):
            pages.url(page, event.number)
    listed = client.get(pages.url("list")).content.decode()
    for word in ("/records/event/new/", "/records/event/import/", "/records/event/bin/", "bulk/"):
        assert word not in listed
    assert client.get("/records/event/new/").status_code == 404
    for method in (client.post, client.patch, client.delete):
        address = "/api/v1/event/" if method == client.post else f"/api/v1/event/{event.number}/"
        assert method(address, "{}", content_type="application/json").status_code == 405
    described = client.get("/api/v1/openapi.json").json()["paths"]
    assert set(described["/api/v1/event/{number}/"]) == {"get"}
    assert "/api/v1/event/{number}/history/" not in described
    assert Event.objects.get().removed_at is None


def test_nobody_finds_a_door_to_make_one(event: Event, clerk: User, signed_in_client: Callable[..., Client]) -> None:
    """Neither the palette nor the phone's list of reports, although the clerk's role covers `event:create`."""
    client = signed_in_client(clerk)
    assert "/records/event/new/" not in client.get("/find/", {"q": "event"}).content.decode()
    assert "/m/report/event/" not in client.get("/m/report/").content.decode()


def test_files_are_added_by_who_may_edit(
    event: Event,
    clerk: User,
    official: Callable[..., User],
    allowed: Callable[..., Any],
    acting_as: Callable[[User], Actor],
) -> None:
    reader = official("reader", roles=[allowed("event:view")], organisation="office")
    with pytest.raises(PermissionDenied):
        attachments.attach(event, ContentFile(b"%PDF-1.4 x", name="a.pdf"), acting_as(reader))
    attachments.attach(event, ContentFile("现场情况说明".encode(), name="a.txt"), acting_as(clerk))
    assert [one.name for one in attachments.files_of(event, acting_as(reader))] == ["a.txt"]
