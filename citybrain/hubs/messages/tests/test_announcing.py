"""Announcements: who is shown what, from when until when, and only as it was published."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from citybrain.declare.role import Reach
from citybrain.hubs.messages.announcing import (
    concerning,
    public,
    publish,
    take_note,
    unconfirmed,
    unpublished,
    withdraw,
)
from citybrain.hubs.messages.models import Announcement
from citybrain.hubs.messages.permissions import PUBLISH
from citybrain.hubs.messages.tests.samples import body
from citybrain.kernel.identity.acting import actor_for
from citybrain.kernel.identity.actor import ANONYMOUS, Actor
from citybrain.kernel.identity.models import SecurityEvent, User
from citybrain.kernel.records.actions import create, edit
from citybrain.kernel.records.shape import shape_of
from citybrain.ui.markdown import excerpt, rendered

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]


@pytest.fixture
def editor(official: Make, allowed: Make, acting_as: Make) -> Actor:
    """Somebody who writes and publishes announcements in the whole county."""
    role = allowed("announcement:*", PUBLISH, reach=Reach.COUNTY, key="editor")
    actor: Actor = acting_as(official("editor", roles=[role], organisation=body("county")))
    return actor


@pytest.fixture
def made(editor: Actor) -> Callable[..., Announcement]:
    """A published announcement."""

    def make(title: str = "Title", *, is_published: bool = True, **values: Any) -> Announcement:
        record = create(shape_of(Announcement), {"title": title, "body": "Text", **values}, editor)
        assert isinstance(record, Announcement)
        return publish(record.number, editor) if is_published else record

    return make


def titles(rows: Any) -> set[str]:
    return set(rows.values_list("title", flat=True))


def test_everybody_is_shown_what_is_meant_for_them(made: Make, official: Make, allowed: Make, acting_as: Make) -> None:
    county = body("county")
    bureau = body("bureau", county)
    section = body("section", bureau)
    other = body("other", county)
    for audience in ("public", "everyone", "officials"):
        made(audience, audience=audience)
    made("bureau", audience="organisation", organisation=bureau)
    made("other", audience="organisation", organisation=other)
    clerk = acting_as(official("clerk", roles=[allowed("x:view")], organisation=section))
    citizen = actor_for(User.objects.create_user("citizen", kind="citizen"))
    assert titles(concerning(ANONYMOUS)) == titles(public()) == {"public"}
    assert titles(concerning(citizen)) == {"public", "everyone"}
    assert titles(concerning(clerk)) == {"public", "everyone", "officials", "bureau"}


def test_only_what_was_published_and_only_in_its_time(made: Make, editor: Actor) -> None:
    now = timezone.now()
    made("draft", is_published=False, audience="public")
    made("future", audience="public", published_from=now + timedelta(hours=1))
    made("past", audience="public", published_until=now - timedelta(hours=1), published_from=now - timedelta(days=1))
    shown = made("shown", audience="public")
    made("pinned", audience="public", is_pinned=True, published_from=now - timedelta(days=9))
    assert [one.title for one in public()] == ["pinned", "shown"]
    changed = edit(shown, {"body": "Other text"}, editor, revision=shown.revision)
    assert titles(public()) == {"pinned"}, "what was changed waits to be published again"
    assert {one.title for one in unpublished(editor)} == {"draft", "shown"}
    publish(changed.number, editor)
    assert titles(public()) == {"pinned", "shown"}
    withdraw(changed.number, editor)
    assert titles(public()) == {"pinned"}
    assert SecurityEvent.objects.filter(action__startswith="announcement-").count() == 6


def test_who_may_write_may_not_yet_publish(made: Make, official: Make, allowed: Make, acting_as: Make) -> None:
    draft = made(is_published=False, organisation=body("county"))
    clerk = acting_as(official("clerk", roles=[allowed("*:create", "*:edit")], organisation=body("county")))
    with pytest.raises(Exception, match="announcement:publish"):
        publish(draft.number, clerk)
    far = acting_as(official("far", roles=[allowed(PUBLISH)], organisation=body("far")))
    with pytest.raises(Announcement.DoesNotExist):
        publish(draft.number, far)


def test_taking_note_counts_once_and_only_for_whom_it_is_meant(
    made: Make, official: Make, allowed: Make, acting_as: Make
) -> None:
    clerk = acting_as(official("clerk", roles=[allowed("x:view")]))
    asked = made("asked", needs_confirmation=True)
    assert titles(unconfirmed(clerk)) == {"asked"}
    first = take_note(asked, clerk)
    assert take_note(asked, clerk) == first and not unconfirmed(clerk).exists()
    with pytest.raises(ValueError, match="no confirmation"):
        take_note(made("plain"), clerk)
    citizen = actor_for(User.objects.create_user("citizen", kind="citizen"))
    with pytest.raises(ValueError, match="not for you"):
        take_note(asked, citizen)


def test_the_public_reads_news_without_signing_in_and_nothing_else(made: Make, client: Client) -> None:
    shown = made("Shown to all", audience="public", body="**Bold** <script>alert(1)</script>")
    hidden = made("For officials")
    page = client.get("/news/").content.decode()
    assert "Shown to all" in page and "For officials" not in page
    one = client.get(f"/news/{shown.number}/").content.decode()
    assert "<strong>Bold</strong>" in one and "<script>alert" not in one
    assert client.get(f"/news/{hidden.number}/").status_code == 404
    assert client.post(f"/news/{hidden.number}/confirm/").status_code == 302, "sign in first"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,<script>)",
        "![x](http://evil.example/pixel.png)",
        "<a href='http://x' onclick=alert(1)>x</a>",
        "<style>body{display:none}</style>",
    ],
)
def test_markdown_cannot_harm(text: str) -> None:
    html = rendered(text)
    for bad in ("<script", "<img", "<style", 'href="javascript', 'href="data', "onclick=alert(1)>x</a>"):
        assert bad not in html.replace("&lt;", "[")


def test_markdown_says_what_it_should() -> None:
    html = rendered("# One\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[out](https://county.example)\n\n3. three")
    assert "<h2>One</h2>" in html and "<td>1</td>" in html and 'start="3"' in html
    assert 'href="https://county.example" rel="noopener noreferrer nofollow"' in html
    assert (
        excerpt("# A\n\n**b** < c &\n" + "d" * 200, 20).startswith("A b < c & d") and len(excerpt("x" * 99, 20)) == 20
    )


def test_nobody_publishes_what_was_changed_after_they_read_it(
    made: Callable[..., Announcement], editor: Actor, official: Make, allowed: Make, signed_in_client: Make
) -> None:
    draft = made(is_published=False)
    chief = official("chief", roles=[allowed("announcement:*", PUBLISH, reach=Reach.COUNTY, key="chief")])
    client = signed_in_client(chief)
    edit(draft, {"body": "Something else"}, editor, revision=1)
    client.post(f"/news/{draft.number}/publish/", {"revision": "1"})
    assert not public().exists() and not concerning(actor_for(chief)).exists()
    client.post(f"/news/{draft.number}/publish/", {"revision": "2"})
    assert titles(concerning(actor_for(chief))) == {"Title"}
