"""Every address x {nobody, a lower role, another body, the owner}: the answer is the one its rule says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from citybrain.declare.role import Reach
from citybrain.testing.people import allowed, official, organisation_of, signed_in_client
from citybrain.ui.access import Audience, RouteRule
from tests.permissions import (  # noqa: F401 - specimens are known when their module was imported
    specimens_doors,
    specimens_ends,
)
from tests.permissions.routes import Route, routes
from tests.permissions.specimens import World, parts

EVERYTHING = allowed("*", reach=Reach.AREA, key="everything")
"""Every permission, for one's own body and area."""

OPEN = {"set_language", "offline-ticket", "cap-in"}
"""Routes whose answer may send on to where they were asked from, or that ask for a token themselves."""


def rule_of(route: Route) -> RouteRule:
    assert route.rule is not None, f"/{route.pattern} has no rule"
    return route.rule


def with_audience(*wanted: Audience) -> list[Any]:
    found = [route for route in routes() if route.rule is not None and route.rule.audience in wanted]
    return [pytest.param(route, id=route.name) for route in found]


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Path, settings: Any) -> None:
    settings.ATTACHMENTS = tmp_path / "attachments"
    settings.LAKE = str(tmp_path / "lake")
    settings.LAKE_CATALOGUE_URL = f"sqlite:///{tmp_path / 'lake.sqlite3'}"


@pytest.fixture
def world(db: None) -> World:
    home = organisation_of("home")
    return World(home=home, owner=official("owner", roles=[EVERYTHING], organisation=home))


def ask(client: Client, route: Route, world: World) -> HttpResponse:
    """The route's answer to GET, or to POST where it takes no GET."""
    address = reverse(route.name, kwargs=parts(route, world))
    answer = client.get(address)
    if answer.status_code == 405:
        answer = client.post(address)
    answer.close()
    return answer


def sent_to_sign_in(answer: HttpResponse) -> bool:
    """Whether somebody who is not signed in was told to, by page or by API."""
    return answer.status_code == 401 or (answer.status_code == 302 and answer["Location"].startswith("/login/?next="))


@pytest.mark.parametrize("route", with_audience(Audience.SIGNED_IN, Audience.PERMITTED))
def test_nobody_is_sent_to_sign_in(route: Route, world: World) -> None:
    assert sent_to_sign_in(ask(Client(), route, world))


@pytest.mark.parametrize("route", with_audience(Audience.PUBLIC))
def test_a_public_address_answers_anybody(route: Route, world: World) -> None:
    answer = ask(Client(), route, world)
    assert answer.status_code < 500
    assert answer.status_code != 403
    assert not sent_to_sign_in(answer) or route.name in OPEN


@pytest.mark.parametrize("route", with_audience(Audience.PERMITTED))
def test_a_lower_role_is_refused(route: Route, world: World) -> None:
    clerk = official("clerk", roles=[allowed("nothing:view", reach=Reach.COUNTY)], organisation=world.home)
    assert ask(signed_in_client(clerk), route, world).status_code == 403


@pytest.mark.parametrize("route", with_audience(Audience.PERMITTED))
def test_another_body_finds_only_what_is_nobodys(route: Route, world: World) -> None:
    stranger = official("stranger", roles=[EVERYTHING], organisation="elsewhere")
    answer = ask(signed_in_client(stranger), route, world)
    if rule_of(route).is_scoped:
        assert answer.status_code == 404
    else:
        assert answer.status_code not in (401, 403)
        assert answer.status_code < 500


@pytest.mark.parametrize("route", with_audience(Audience.SIGNED_IN, Audience.PERMITTED))
def test_the_owner_is_let_in(route: Route, world: World) -> None:
    answer = ask(signed_in_client(world.owner), route, world)
    assert answer.status_code not in (401, 403)
    assert answer.status_code < 500
    assert not sent_to_sign_in(answer)
    if rule_of(route).is_scoped:
        assert answer.status_code != 404, "the owner must find what another body must not"
