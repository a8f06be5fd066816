"""Every address says who may come; one that does not is closed, and stops the build here."""

from __future__ import annotations

import pytest

from citybrain.ui.access import Audience
from tests.permissions.routes import Route, routes


def test_the_url_table_is_read() -> None:
    assert len(routes()) > 50


@pytest.mark.parametrize("route", routes(), ids=str)
def test_a_route_has_a_rule(route: Route) -> None:
    assert route.rule is not None, f"/{route.pattern}: put @requires, @signed_in or @public on its view"
    assert (route.rule.permission is not None) == (route.rule.audience is Audience.PERMITTED)


def test_names_of_routes_are_unique() -> None:
    names = [route.name for route in routes()]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []
