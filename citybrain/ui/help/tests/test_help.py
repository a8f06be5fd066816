"""The help: generated from declarations, in both languages, for who may see the register."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils.html import escape
from django.utils.translation import override

from citybrain.declare.role import Reach, Role
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.records.shape import record_types
from citybrain.ui.help.pages import first_sentence
from citybrain.ui.help.topics import TOPICS, HelpPages, carriers, kind_of, meaning

pytestmark = pytest.mark.django_db
SHAPES = record_types()
Clients = Callable[..., Client]


def test_the_index_tells_every_topic(signed_in_client: Clients, allowed: Callable[..., Role]) -> None:
    shown = signed_in_client(roles=[allowed("*:view", reach=Reach.COUNTY)]).get("/help/").content.decode()
    for topic in TOPICS:
        assert f'id="about-{topic.key}"' in shown
    for shape in SHAPES:
        assert f"/help/{shape.key}/" in shown


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.key)
def test_a_register_is_explained_field_by_field(
    signed_in_client: Clients, allowed: Callable[..., Role], shape: object, language: str
) -> None:
    client = signed_in_client(roles=[allowed("*:view", reach=Reach.COUNTY)], language=language)
    shown = client.get(f"/help/{shape.key}/").content.decode()  # type: ignore[attr-defined]
    with override(language):
        for field in shape.fields:  # type: ignore[attr-defined]
            title = str(field.title)
            assert escape(title[:1].upper() + title[1:]) in shown
            assert field.grade.value in shown
            assert kind_of(field)


def test_a_closed_register_is_not_explained_to_who_may_not_see_it(
    signed_in_client: Clients, allowed: Callable[..., Role]
) -> None:
    closed = next(shape for shape in SHAPES if not shape.face.is_public)
    client = signed_in_client(roles=[allowed("nothing:view")])
    assert client.get(f"/help/{closed.key}/").status_code == 404
    assert client.get("/help/no-such-register/").status_code == 404


def test_help_is_found_by_other_words() -> None:
    reader = Actor(user_id=1, permits={"*:view": Reach.COUNTY})
    assert any(hit.url.endswith("#about-offline") for hit in HelpPages().find("离线", reader, 5))
    assert HelpPages().find("", reader, 5) == []


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("One thing. Two.", "One thing."),
        ("一句话。两句话。", "一句话。"),
        ("No end", "No end"),
        ("Two\nlines. B", "Two lines."),
    ],
)
def test_the_first_sentence_is_taken_in_either_language(text: str, first: str) -> None:
    assert first_sentence(text) == first


def test_who_may_is_read_from_the_roles() -> None:
    shape = SHAPES[0]
    assert carriers(shape.permission("view"))
    assert all(isinstance(meaning(field), str) for field in shape.fields)
