"""Statistics: sums that add up, periods without gaps, nobody found in a small count."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import given
from hypothesis import strategies as st

from citybrain.declare.words import Grade
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Organisation
from citybrain.kernel.identity.scope import Unscoped, scoped
from citybrain.kernel.records import actions
from citybrain.kernel.records.shape import Shape
from citybrain.kernel.records.statistics import SMALLEST, Bar, breakdown, fields_of, guard, nice_step
from citybrain.kernel.records.tests.conftest import Values, area, person
from citybrain.kernel.records.tests.samples import Tree


def told(tree: Shape, keeper: Actor, name: str, **options: Any) -> list[tuple[str, Any, Any]]:
    """Title, count and sum of each bar."""
    rows = scoped(Tree.objects.all(), keeper, tree.permission("view"))
    return [(bar.title, bar.count, bar.total) for bar in breakdown(tree, rows, name, keeper, **options).bars]


@pytest.mark.django_db
def test_rows_are_counted_by_any_field(tree: Shape, keeper: Actor, values: Values) -> None:
    town, other = area("330784101000"), area("330784102000")
    village = area("330784101201", "village", town)
    for kind, girth, planted, where in (
        ("camphor", 10, "2026-01-05", village),
        ("camphor", 95, "2026-03-31", town),
        ("ginkgo", None, None, other),
        ("camphor", 20, "2026-03-01", None),
    ):
        actions.create(tree, values(kind=kind, girth=girth, planted=planted, area=where), keeper)
    assert told(tree, keeper, "kind", sum_of="girth") == [("Camphor", 3, 125), ("Ginkgo", 1, None)]
    assert told(tree, keeper, "planted", by="month") == [
        ("2026-01", 1, None),
        ("2026-02", 0, None),
        ("2026-03", 2, None),
        ("Not given", 1, None),
    ]
    assert [one[0] for one in told(tree, keeper, "planted", by="year")] == ["2026", "Not given"]
    assert told(tree, keeper, "girth")[0] == ("10–19", 1, None)
    assert sum(one[1] for one in told(tree, keeper, "girth")) == 4
    assert told(tree, keeper, "area") == [
        ("330784101000镇", 2, None),
        ("330784102000镇", 1, None),
        ("Not given", 1, None),
    ]
    assert told(tree, keeper, "area", level="village")[0][1] == 1
    assert told(tree, keeper, "organisation") == [("Forestry", 4, None)]
    assert told(tree, keeper, "is_fenced") == [("No", 4, None)]
    assert told(tree, keeper, "created_at")[0][1] == 4
    assert told(tree, keeper, "title", top=1) == [("古山镇胡库大樟树", 4, None)]


@pytest.mark.django_db
def test_what_is_beyond_the_top_is_one_bar(tree: Shape, keeper: Actor, values: Values) -> None:
    for place in range(5):
        actions.create(tree, values(title=f"T{place}"), keeper)
    assert told(tree, keeper, "title", top=2)[-1] == ("Other (3)", 3, None)


@pytest.mark.django_db
def test_a_whole_list_of_nothing(tree: Shape, keeper: Actor) -> None:
    for field in fields_of(tree):
        assert told(tree, keeper, field.name) == []


@pytest.mark.django_db
def test_only_what_may_be_seen_is_counted(
    tree: Shape, keeper: Actor, stranger: Actor, forestry: Organisation, values: Values
) -> None:
    actions.create(tree, values(), keeper)
    assert told(tree, stranger, "kind") == []
    with pytest.raises(Unscoped):
        breakdown(tree, Tree.objects.all(), "kind", keeper)
    with pytest.raises(ValidationError, match="cannot be counted"):
        told(tree, keeper, "mobile")
    with pytest.raises(ValidationError, match="no number"):
        told(tree, keeper, "kind", sum_of="title")
    with pytest.raises(LookupError, match='Did you mean "kind"'):
        told(tree, keeper, "kinds")
    nobody = person("nobody", forestry, permits=("visit:view",), clearance=Grade.L3)
    rows = scoped(Tree.objects.all(), keeper, tree.permission("view"))
    with pytest.raises(PermissionDenied):
        breakdown(tree, rows, "kind", nobody)


BARS = st.lists(st.integers(0, 60), max_size=12).map(
    lambda counts: [Bar(key=str(place), title="x", count=count) for place, count in enumerate(counts)]
)


@given(BARS)
def test_no_small_count_is_told_and_none_follows_from_the_others(bars: list[Bar]) -> None:
    guarded = guard(bars)
    hidden = [place for place, bar in enumerate(guarded) if bar.count is None]
    assert all(not bar.count or bar.count >= SMALLEST for bar in guarded)
    small = [bar for bar in bars if 0 < (bar.count or 0) < SMALLEST]
    assert bool(hidden) == bool(small)
    if hidden and sum(bool(bar.count) for bar in bars) > 1:
        assert len(hidden) > 1, "one hidden count is the sum less the others"


@given(st.floats(1e-6, 1e12), st.booleans())
def test_bins_are_about_ten(span: float, is_whole: bool) -> None:
    step = nice_step(span, is_whole)
    assert span / step <= 11
    assert is_whole or span / step >= 3.9
    assert not is_whole or step >= 1


@pytest.mark.django_db
def test_days_without_a_period_take_what_their_span_asks_for(tree: Shape, keeper: Actor, values: Values) -> None:
    first = datetime.date(2026, 1, 1)
    rows = scoped(Tree.objects.all(), keeper, tree.permission("view"))
    for days, by in ((0, "day"), (60, "day"), (400, "month"), (9_000, "year")):
        actions.create(tree, values(planted=first + datetime.timedelta(days=days)), keeper)
        assert breakdown(tree, rows, "planted", keeper).by == by
