"""What somebody sees is exactly what their reach opens, in any tree, for any way a model says whose its rows are."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from citybrain.declare.role import Reach
from citybrain.kernel.identity.acting import Subtree, under
from citybrain.kernel.identity.actor import ANONYMOUS, Actor
from citybrain.kernel.identity.models import Appointment, Area, Organisation, SecurityEvent, User
from citybrain.kernel.identity.scope import Scope, Unscoped, demand_scoped, own, reaches, scoped, scoped_one, vouched
from citybrain.kernel.identity.tests.conftest import area, body, person, post


def above(row: Any) -> list[int]:
    """Ids of a node and of everything above it, by walking parents: the definition, not the path."""
    found: list[int] = []
    while row is not None:
        found.append(row.pk)
        row = type(row).objects.filter(children=row).first()
    return found


SHAPES = {
    "all": Scope(organisation="post__organisation", area="post__area", person="user"),
    "organisation": Scope(organisation="post__organisation"),
    "area": Scope(area="post__area"),
    "person": Scope(person="user"),
    "nothing": Scope(),
    "everyone": Scope(everyone=True),
}
"""Ways in which a model may say whose its rows are, tried on appointments: they have all three owners."""


class Reaches(TestCase):
    """Every reach against every shape in random trees."""

    numbers = count()

    @settings(max_examples=40, deadline=None)
    @given(
        bodies=st.lists(st.integers(0, 9), min_size=1, max_size=8),
        places=st.lists(st.integers(0, 9), min_size=1, max_size=6),
        rows=st.lists(st.tuples(st.integers(0, 8), st.integers(-1, 6), st.integers(0, 2)), min_size=1, max_size=8),
        reach=st.sampled_from(Reach),
        shape=st.sampled_from(sorted(SHAPES)),
        mine=st.tuples(st.integers(0, 8), st.integers(0, 6)),
        standing_in=st.booleans(),
    )
    def test_what_is_seen(
        self,
        bodies: list[int],
        places: list[int],
        rows: list[tuple[int, int, int]],
        reach: Reach,
        shape: str,
        mine: tuple[int, int],
        standing_in: bool,
    ) -> None:
        prefix = next(self.numbers)
        tree, land = [body(f"o{prefix}")], [area(f"a{prefix}")]
        for number, parent in enumerate(bodies):
            tree.append(body(f"o{prefix}-{'1' * (number + 1)}", tree[parent % len(tree)]))
        for number, parent in enumerate(places):
            land.append(area(f"a{prefix}-{'1' * (number + 1)}", land[parent % len(land)]))
        people = [person(f"p{prefix}-{number}") for number in range(3)]
        made = []
        for number, (where, place, who) in enumerate(rows):
            lies = None if place < 0 else land[place % len(land)]
            held = post(f"r{prefix}-{number}", tree[where % len(tree)], area=lies)
            made.append(Appointment.objects.create(user=people[who], post=held, since="2026-01-01"))
        home, patch = tree[mine[0] % len(tree)], land[mine[1] % len(land)]
        actor = Actor(
            user_id=people[0].pk,
            principal_id=people[1].pk if standing_in else None,
            organisations=Subtree(lambda: under(Organisation.objects.all(), home.path)),
            areas=Subtree(lambda: under(Area.objects.all(), patch.path)),
            permits={"thing:*": reach},
        )
        scope = SHAPES[shape]
        ours = {people[0].pk} | ({people[1].pk} if standing_in else set())
        expected = {
            row.pk
            for row in made
            if scope.everyone
            or reach is Reach.COUNTY
            or (scope.person and row.user_id in ours)
            or (scope.organisation and reach is not Reach.OWN and home.pk in above(row.post.organisation))
            or (scope.area and reach is Reach.AREA and patch.pk in above(row.post.area))
        }
        asked: QuerySet[Appointment] = Appointment.objects.filter(pk__in=[row.pk for row in made])
        seen = scoped(asked, actor, "thing:view", scope=scope)
        assert {row.pk for row in seen} == expected
        assert {row.pk for row in made if reaches(row, actor, "thing:view", scope=scope)} == expected
        demand_scoped(seen.filter(pk__gt=0).order_by("pk")[:3])
        with pytest.raises(Unscoped):
            demand_scoped(asked)
        for row in made:
            if row.pk in expected:
                demand_scoped(scoped_one(asked, actor, "thing:view", scope=scope, pk=row.pk))
            else:
                with pytest.raises(Appointment.DoesNotExist):
                    scoped_one(asked, actor, "thing:view", scope=scope, pk=row.pk)
        with pytest.raises(PermissionDenied):
            scoped(asked, actor, "other:view", scope=scope)


pytestmark = pytest.mark.django_db


def test_a_model_that_does_not_say_whose_its_rows_are_is_not_shown() -> None:
    everything = Actor(user_id=1, permits={"*": Reach.COUNTY})
    sessions = User.groups.through.objects.all()
    with pytest.raises(Unscoped, match="give it `scope = Scope"):
        scoped(sessions, everything, "thing:view")
    with pytest.raises(Unscoped, match="give its Scope a `person`"):
        own(Organisation.objects.all(), everything)


def test_a_mark_stays_where_it_was_put() -> None:
    everything = Actor(user_id=1, permits={"*": Reach.COUNTY})
    rows = Organisation.objects.all()
    demand_scoped(scoped(rows, everything, "organisation:view"))
    with pytest.raises(Unscoped):
        demand_scoped(rows)
    with pytest.raises(Unscoped):
        demand_scoped(list(scoped(rows, everything, "organisation:view")))


def test_rows_from_elsewhere_are_vouched_for() -> None:
    reader = Actor(user_id=1, permits={"role:view": Reach.OWN})
    rows = vouched(iter([1, 2]), reader, "role:view")
    demand_scoped(rows)
    assert (list(rows), rows[0], len(rows)) == ([1, 2], 1, 2)
    with pytest.raises(PermissionDenied):
        vouched([1], reader, "role:grant")
    with pytest.raises(Unscoped):
        demand_scoped([1, 2])


def test_everybody_sees_their_own_and_nobody_elses() -> None:
    mine, theirs = person("mine"), person("theirs")
    for user in (mine, theirs):
        SecurityEvent.objects.create(action="sign-in", user=user)
    seen = own(SecurityEvent.objects.all(), Actor(user_id=mine.pk))
    demand_scoped(seen)
    assert [event.user for event in seen] == [mine]
    with pytest.raises(PermissionDenied):
        own(SecurityEvent.objects.all(), ANONYMOUS)


@pytest.mark.django_db
def test_a_mark_does_not_spread_to_rows_that_were_added() -> None:
    town, tax = body("town"), body("tax")
    reader = Actor(
        user_id=1, organisations={town.pk}, permits={"body:view": Reach.ORGANISATION, "body:edit": Reach.OWN}
    )
    mine = scoped(Organisation.objects.all(), reader, "body:view")
    everything = Organisation.objects.all()
    widened: list[Callable[[], QuerySet[Organisation]]] = [
        lambda: mine | everything,
        lambda: mine.filter(is_active=True) | everything,
        lambda: mine ^ everything,
        lambda: mine.union(everything),
        lambda: mine | scoped(everything, reader, "body:edit"),
    ]
    for widen in widened:
        with pytest.raises(Unscoped):
            demand_scoped(widen())
    with pytest.raises(Unscoped):
        demand_scoped(everything | mine)
    both = mine.filter(key="town") | mine.filter(key="tax")
    demand_scoped(both)
    assert set(both) == {town} and tax not in both
