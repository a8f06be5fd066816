"""History: what is kept folds to what there is, and is masked like the record."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from citybrain.declare.words import Grade
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Organisation
from citybrain.kernel.records import actions
from citybrain.kernel.records.history import changes_of, kept_names, state_at
from citybrain.kernel.records.shape import Shape
from citybrain.kernel.records.tests.conftest import Values, area, person
from citybrain.kernel.records.tests.samples import Tree
from citybrain.kernel.records.wording import raw

pytestmark = pytest.mark.django_db

CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(("樟", "银杏", "=1+1")),
        "kind": st.sampled_from(("camphor", "ginkgo")),
        "girth": st.none() | st.integers(-5, 10**12),
        "height": st.none() | st.decimals(0, 99, places=2),
        "planted": st.none() | st.dates(),
        "seen_at": st.none() | st.datetimes(timezones=st.just(datetime.UTC)),
        "is_fenced": st.booleans(),
        "place": st.none()
        | st.builds(lambda x, y: {"type": "Point", "coordinates": [x, y]}, st.floats(-180, 180), st.floats(-90, 90)),
        "remarks": st.sampled_from(("", "空心", "line\nline")),
    },
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(CHANGES, max_size=4))
def test_history_folds_to_the_record(tree: Shape, keeper: Actor, values: Values, steps: list[dict[str, Any]]) -> None:
    record = actions.create(tree, values(), keeper)
    states = [snapshot(tree, record)]
    for step in steps:
        before = record.revision
        record = actions.edit(record, step, keeper, revision=before)
        if record.revision > before:
            states.append(snapshot(tree, Tree.objects.get(pk=record.pk)))
    for revision, state in enumerate(states, 1):
        assert state_at(record, revision) == state
    back = actions.revert(record, 1, keeper)
    assert snapshot(tree, Tree.objects.get(pk=back.pk)) == states[0]


def snapshot(shape: Shape, record: Any) -> dict[str, Any]:
    return {name: raw(shape.by_name[name], record) for name in kept_names(shape)}


def test_changes_are_told_in_words(tree: Shape, keeper: Actor, values: Values) -> None:
    town = area("gushan")
    record = actions.create(tree, values(), keeper)
    record = actions.edit(record, {"kind": "ginkgo", "area": town}, keeper, revision=1, reason="看错了")
    actions.remove(record, keeper, "重复")
    removed, edited, made = changes_of(record, keeper)
    assert (removed.title, removed.reason, removed.fields) == ("removed", "重复", ())
    assert [(one.title, one.before, one.after) for one in edited.fields] == [
        ("Kind", "Camphor", "Ginkgo"),
        ("area", "", "gushan镇"),
    ]
    assert edited.summary == "看错了 · Kind, area"
    assert (made.who, made.summary) == ("keeper", "")
    assert [one.revision for one in changes_of(record, keeper, limit=1, before=3)] == [2]


def test_personal_values_are_masked_in_history_too(
    tree: Shape, keeper: Actor, forestry: Organisation, values: Values
) -> None:
    record = actions.create(tree, values(mobile="13812348000"), keeper)
    record = actions.edit(record, {"mobile": "13812348001"}, keeper, revision=1)
    (change,) = changes_of(record, keeper)[0].fields
    assert (change.before, change.after) == ("138****8000", "138****8001")
    # A purpose alone opens nothing: `disclose` asks for the permission and writes the look down, history does neither.
    trusted = person("trusted", forestry, clearance=Grade.L3).for_purpose("巡查")
    (change,) = changes_of(record, trusted)[0].fields
    assert (change.before, change.after) == ("138****8000", "138****8001")


def test_history_is_out_of_sight_with_its_record(tree: Shape, keeper: Actor, stranger: Actor, values: Values) -> None:
    record = actions.create(tree, values(), keeper)
    with pytest.raises(Tree.DoesNotExist):
        changes_of(record, stranger)


def test_the_history_of_many_links_asks_once_for_each_field(
    tree: Shape, keeper: Actor, values: Values, django_assert_max_num_queries: Any
) -> None:
    record = actions.create(tree, values(height=Decimal("3.5")), keeper)
    for place in range(6):
        record = actions.edit(record, {"area": area(f"a{place}")}, keeper, revision=record.revision)
    with django_assert_max_num_queries(4):
        assert len(changes_of(record, keeper)) == 7
