"""The palette and the page of results, asked by people with different posts."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from citybrain.declare.role import Reach, Role
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Organisation, User
from citybrain.ui.find.bodies import BODIES
from citybrain.ui.finding import SEARCH

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_names() -> Iterator[None]:
    """Names in memory are those of this test."""
    for bodies in BODIES:
        bodies.names.forget()
    yield
    for bodies in BODIES:
        bodies.names.forget()


@pytest.fixture
def bodies() -> None:
    """Two bodies side by side."""
    for key, chinese in (("police", "永康市公安局"), ("tax", "永康市税务局")):
        Organisation.objects.create(key=key, chinese=chinese, english=f"{key} bureau", path=f"{key}/")


Clients = Callable[..., Client]
Roles = Callable[..., Role]


@pytest.mark.parametrize("text", ["公安", "gongan", "yksgaj", "police", "永康 公安"])
def test_an_organisation_is_found_in_every_spelling(
    bodies: None, signed_in_client: Clients, allowed: Roles, text: str
) -> None:
    client = signed_in_client(roles=[allowed("organisation:view", reach=Reach.COUNTY)])
    answer = client.get("/find/options/", {"q": text})
    assert "police bureau" in answer.content.decode()
    assert 'role="option"' in answer.content.decode()


def test_only_what_the_post_reaches_is_found(bodies: None, signed_in_client: Clients, allowed: Roles) -> None:
    own = signed_in_client(roles=[allowed("organisation:view")], organisation="tax")
    answer = own.get("/find/options/", {"q": "bureau"}).content.decode()
    assert "tax bureau" in answer
    assert "police bureau" not in answer
    nothing = signed_in_client(roles=[allowed("area:view")], organisation="tax")
    assert "bureau" not in nothing.get("/find/", {"q": "tax"}).content.decode().replace('value="tax"', "")


def test_officials_are_found_by_pinyin_and_citizens_never(
    official: Callable[..., User], acting_as: Callable[[User], Actor], allowed: Roles
) -> None:
    asker = official("asker", roles=[allowed("person:view", reach=Reach.COUNTY)])
    User.objects.create(username="z1", chinese="张演示", organisation=asker.organisation)
    User.objects.create(username="z2", chinese="张百姓", kind=User.Kind.CITIZEN)
    groups = SEARCH.find("zhang", acting_as(asker), only="people")
    assert [hit.title for group in groups for hit in group.hits] == ["张演示"]


def test_pages_are_found_in_both_languages_and_markup_is_not_believed(
    signed_in_client: Clients, allowed: Roles
) -> None:
    client = signed_in_client(roles=[allowed("warehouse:view", reach=Reach.COUNTY)], language="en")
    for text in ("数据源", "shujuyuan", "sources"):
        assert "Sources" in client.get("/find/options/", {"q": text}).content.decode()
    said = client.get("/find/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in said


def test_the_page_answers_any_text(signed_in_client: Clients, allowed: Roles) -> None:
    client = signed_in_client(roles=[allowed("organisation:view")])
    for text in ("", " ", "\x00", "%%%", "x" * 5000, "'; drop table", "\ud800".encode("utf-8", "replace").decode()):
        assert client.get("/find/", {"q": text}).status_code == 200
        assert client.get("/find/options/", {"q": text}).status_code == 200
    assert client.get("/find/", {"q": "a", "tab": "no-such"}).status_code == 200


def test_who_is_not_signed_in_finds_nothing(client: Client) -> None:
    assert client.get("/find/options/", {"q": "a"}).status_code == 302


def test_thousands_of_names_answer_within_a_tenth_of_a_second(
    acting_as: Callable[[User], Actor], official: Callable[..., User], allowed: Roles
) -> None:
    asker = official("asker", roles=[allowed("organisation:view", "person:view", reach=Reach.COUNTY)])
    rows = [
        Organisation(
            key=f"v{number}", chinese=f"永康市第{number}村民委员会", english=f"Village {number}", path=f"v{number}/"
        )
        for number in range(3000)
    ]
    Organisation.objects.bulk_create(rows)
    actor = acting_as(asker)
    SEARCH.find("warm", actor)
    taken = []
    for text in ("yongkang", "cun", "第27", "village 299", "ykscmwyh", "nothing"):
        begun = time.perf_counter()
        SEARCH.find(text, actor)
        taken.append(time.perf_counter() - begun)
    # The median, not the worst: other work on the machine is nobody's fault.
    assert sorted(taken)[len(taken) // 2] < 0.1
