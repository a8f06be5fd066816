"""The tree stays a tree: every path is the way from the root, whatever is moved where."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from citybrain.kernel.identity.acting import actor_for
from citybrain.kernel.identity.actions_organisations import (
    change_organisation,
    dissolve_organisation,
    move_organisation,
    open_organisation,
    revive_organisation,
)
from citybrain.kernel.identity.actor import SYSTEM
from citybrain.kernel.identity.models import Organisation, SecurityEvent
from citybrain.kernel.identity.tests.conftest import area, body, person, post


def paths_hold() -> None:
    for row in Organisation.objects.select_related("parent"):
        assert row.path == f"{row.parent.path if row.parent else ''}{row.key}/"


class Moves(TestCase):
    """Any sequence of moves in any tree."""

    numbers = count()

    @settings(max_examples=40, deadline=None)
    @given(
        parents=st.lists(st.integers(0, 30), min_size=1, max_size=12),
        moves=st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=12),
    )
    def test_paths_hold_and_circles_are_refused(self, parents: list[int], moves: list[tuple[int, int]]) -> None:
        prefix = next(self.numbers)
        rows = [body(f"o{prefix}")]
        for number, parent in enumerate(parents):
            # Keys that begin alike, so that a path that is only a prefix of letters would be caught.
            rows.append(body(f"o{prefix}-{'1' * (number + 1)}", rows[parent % len(rows)]))
        for which, where in moves:
            moved = Organisation.objects.get(pk=rows[which % len(rows)].pk)
            above = Organisation.objects.get(pk=rows[where % len(rows)].pk)
            circle = above.path.startswith(moved.path)
            try:
                move_organisation(SYSTEM, moved, above)
            except ValidationError:
                assert circle or moved.parent_id is None
            else:
                assert not circle and moved.parent_id == above.pk
            paths_hold()


@pytest.fixture
def county(db: None) -> Organisation:
    root = body("county", kind="county")
    police = body("police", root)
    body("police-office", police, kind="section")
    body("tax", root)
    return root


def get(key: str) -> Organisation:
    return Organisation.objects.get(key=key)


def test_a_subtree_moves_in_few_queries(county: Organisation) -> None:
    for number in range(30):
        body(f"police-{number}", get("police"))
    with CaptureQueriesContext(connection) as queries:
        move_organisation(SYSTEM, get("police"), get("tax"))
    assert get("police-office").path == "county/tax/police/police-office/"
    paths_hold()
    assert len(queries) <= 10
    line = SecurityEvent.objects.get()
    assert line.detail == {"path": ["county/police/", "county/tax/police/"], "bodies": 32}


def test_moving_nowhere_is_no_move(county: Organisation) -> None:
    move_organisation(SYSTEM, get("police"), county)
    assert not SecurityEvent.objects.exists()


def test_bodies_are_opened_and_changed(county: Organisation) -> None:
    town = open_organisation(SYSTEM, parent=county, key="town", kind="town", chinese="某镇", area=area("1"))
    assert (town.path, town.position, town.english, town.short) == ("county/town/", 1, "某镇", "某镇")
    change_organisation(SYSTEM, town, english="Some Town", chinese="某镇", schedule="round-the-clock")
    town.refresh_from_db()
    assert (town.english, town.schedule) == ("Some Town", "round-the-clock")
    assert SecurityEvent.objects.get(action="change-organisation").detail == {
        "english": ["某镇", "Some Town"],
        "schedule": ["office", "round-the-clock"],
    }
    change_organisation(SYSTEM, town, english="Some Town")
    assert SecurityEvent.objects.count() == 2
    with pytest.raises(ValidationError):
        open_organisation(SYSTEM, parent=county, key="town", kind="town", chinese="又一镇")
    with pytest.raises(ValidationError):
        open_organisation(SYSTEM, parent=county, key="a/b", kind="town", chinese="又一镇")
    with pytest.raises(LookupError, match="no schedule night"):
        change_organisation(SYSTEM, town, schedule="night")
    with pytest.raises(TypeError, match="path"):
        change_organisation(SYSTEM, town, path="x")


def test_a_body_is_dissolved_when_nobody_is_left(county: Organisation) -> None:
    held = post("clerk", get("police-office"))
    li = person("li", held)
    with pytest.raises(ValidationError, match="li still holds the post “clerk”"):
        dissolve_organisation(SYSTEM, get("police"))
    li.appointments.update(until="2020-01-01")
    dissolve_organisation(SYSTEM, get("police"))
    assert not get("police-office").is_active
    refusals: tuple[Callable[[], object], ...] = (
        lambda: open_organisation(SYSTEM, parent=get("police"), key="new", kind="section", chinese="新科"),
        lambda: move_organisation(SYSTEM, get("tax"), get("police")),
        lambda: revive_organisation(SYSTEM, get("police-office")),
    )
    for refused in refusals:
        with pytest.raises(ValidationError, match="police was dissolved"):
            refused()
    revive_organisation(SYSTEM, get("police"))
    assert get("police").is_active and not get("police-office").is_active


def test_the_root_stays(county: Organisation) -> None:
    refusals: tuple[Callable[[], object], ...] = (
        lambda: move_organisation(SYSTEM, county, get("tax")),
        lambda: dissolve_organisation(SYSTEM, county),
    )
    for refused in refusals:
        with pytest.raises(ValidationError, match="county itself"):
            refused()


def test_a_local_administrator_keeps_to_their_own(county: Organisation) -> None:
    local = actor_for(person("local", post("local", get("police"), "test-local")))
    change_organisation(local, get("police-office"), chinese="办公室")
    refusals: tuple[Callable[[], object], ...] = (
        lambda: change_organisation(local, get("tax"), chinese="x"),
        lambda: move_organisation(local, get("police-office"), get("tax")),
        lambda: move_organisation(local, get("tax"), get("police")),
        lambda: open_organisation(local, parent=county, key="x", kind="section", chinese="x"),
    )
    for refused in refusals:
        with pytest.raises(PermissionDenied):
            refused()
