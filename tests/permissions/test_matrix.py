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


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Path, settings: Any) -> None:
    settings.ATTACHMENTS = tmp_path / "attachments"
    settings.LAKE = str(tmp_path / "lake")
    settings.LAKE_CATALOGUE_URL = f"sqlite:///{tmp_path / 'lake.sqlite3'}"


@pytest.fixture
def world(db: None) -> World:
    home = organisation_of("home")
    return World(home=home, owner=official("owner", roles=[EVERYTHING], organisation=home))


def ask(client: Client, address: str) -> HttpResponse:
    """The answer to GET, or to POST where the address takes no GET."""
    answer = client.get(address)
    if answer.status_code == 405:
        answer = client.post(address)
    answer.close()
    return answer


def sent_to_sign_in(answer: HttpResponse) -> bool:
    """Whether somebody who is not signed in was told to, by page or by API."""
    return answer.status_code == 401 or (answer.status_code == 302 and answer["Location"].startswith("/login/?next="))


@pytest.mark.parametrize("route", [pytest.param(route, id=route.name) for route in routes() if route.rule is not None])
def test_everybody_gets_the_answer_the_rule_says(route: Route, world: World) -> None:
    """In one world, for it costs more to make than to ask."""
    rule = rule_of(route)
    address = reverse(route.name, kwargs=parts(route, world))
    if rule.audience is Audience.PUBLIC:
        a_public_address_answers_anybody(route, address)
        return
    assert sent_to_sign_in(ask(Client(), address)), "nobody is sent to sign in"
    if rule.audience is Audience.PERMITTED:
        clerk = official(
            "clerk", roles=[allowed("nothing:view", reach=Reach.COUNTY, key="lower")], organisation=world.home
        )
        assert ask(signed_in_client(clerk), address).status_code == 403, "a lower role is refused"
        another_body_finds_only_what_is_nobodys(rule, address)
    the_owner_is_let_in(rule, ask(signed_in_client(world.owner), address))


def a_public_address_answers_anybody(route: Route, address: str) -> None:
    answer = ask(Client(), address)
    assert answer.status_code < 500
    assert answer.status_code != 403
    assert not sent_to_sign_in(answer) or route.name in OPEN


def another_body_finds_only_what_is_nobodys(rule: RouteRule, address: str) -> None:
    stranger = official("stranger", roles=[EVERYTHING], organisation="elsewhere")
    answer = ask(signed_in_client(stranger), address)
    if rule.is_scoped:
        assert answer.status_code == 404, "another body does not find it"
    else:
        assert answer.status_code not in (401, 403), "another body may ask for what is nobody's"
        assert answer.status_code < 500


def the_owner_is_let_in(rule: RouteRule, answer: HttpResponse) -> None:
    assert answer.status_code not in (401, 403), "the owner is let in"
    assert answer.status_code < 500
    assert not sent_to_sign_in(answer)
    if rule.is_scoped:
        assert answer.status_code != 404, "the owner must find what another body must not"
