"""Verbs: who may, what is checked, what is kept, what two people at once come to."""

from __future__ import annotations

import uuid
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connections

from citybrain.declare.role import Reach
from citybrain.kernel.identity.actor import ANONYMOUS, SYSTEM, Actor
from citybrain.kernel.identity.models import Organisation
from citybrain.kernel.records import actions
from citybrain.kernel.records.models import Change, SearchEntry
from citybrain.kernel.records.numbering import next_numbers
from citybrain.kernel.records.shape import Shape
from citybrain.kernel.records.tests.conftest import Values, area, body, person, tree_values
from citybrain.kernel.records.tests.samples import Tree

pytestmark = pytest.mark.django_db


def test_a_record_is_made_with_number_history_and_place(tree: Shape, keeper: Actor, values: Values) -> None:
    place = {"type": "Point", "coordinates": [120.1, 28.9]}
    record = actions.create(tree, values(place=place, mobile="138 1234 8000"), keeper, reason="普查")
    made: Any = Tree.objects.get()
    assert made.number == f"GS-{made.created_at.year}-000001"
    assert (made.organisation_id, made.created_by_id) == (keeper.organisation_id, keeper.user_id)
    assert (made.place_x, made.place_y) == (120.1, 28.9)
    assert made.mobile == "13812348000", "the element standardises"
    line = Change.objects.get()
    assert (line.action, line.revision, line.reason, line.user_id) == ("create", 1, "普查", keeper.user_id)
    assert line.fields["girth"] == [None, 320]
    assert record.pk == made.pk


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"mobile": "12"}, "mobile", "standard"),
        ({"title": ""}, "title", "blank"),
        ({"kind": "oak"}, "kind", "not a valid choice"),
        ({"girth": "thick"}, "girth", "integer"),
        ({"planted": "2026-02-31"}, "planted", "valid"),
        ({"place": {"type": "Point", "coordinates": [200, 0]}}, "place", "-180 to 180"),
        ({"place": {"type": "Circle"}}, "place", "GeoJSON"),
        ({"place": {"type": "Point", "coordinates": [float("nan"), 0]}}, "place", "-180"),
        ({"citizen_id": "330784199001010014"}, "citizen_id", "certificate"),
        ({"organisation": 999_999}, "organisation", "not a valid choice"),
        ({"gilrth": 3}, "gilrth", 'Did you mean "girth"'),
        ({"number": "GS-1"}, "number", "cannot be written"),
        ({"removed_at": None}, "removed_at", "cannot be written"),
        ({"created_by": 1}, "created_by", "cannot be written"),
    ],
)
def test_a_wrong_value_is_refused_beside_its_field(
    tree: Shape, keeper: Actor, values: Values, given: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        actions.create(tree, values(**given), keeper)
    assert words in " ".join(caught.value.message_dict[field])
    assert not Tree.objects.exists()
    assert not Change.objects.exists()


def test_texts_lose_what_would_deceive(tree: Shape, keeper: Actor, values: Values) -> None:
    record = actions.create(tree, values(title="\u202eliv\x07e\x00 "), keeper)
    assert record.title == "live"  # type: ignore[attr-defined]


def test_another_body_is_out_of_reach(tree: Shape, keeper: Actor, values: Values) -> None:
    other = body("police")
    with pytest.raises(PermissionDenied, match="outside your reach"):
        actions.create(tree, values(organisation=other), keeper)
    record = actions.create(tree, values(), keeper)
    with pytest.raises(PermissionDenied, match="outside your reach"):
        actions.edit(record, {"organisation": other}, keeper, revision=1)
    actions.create(tree, values(organisation=other), person("county", other, reach=Reach.COUNTY))


def test_authorship_gives_no_place_under_another_body(tree: Shape, forestry: Organisation, values: Values) -> None:
    owner = person("owner", forestry, reach=Reach.OWN)
    record = actions.create(tree, values(), owner)
    assert actions.edit(record, {"girth": 1}, owner, revision=1).revision == 2
    with pytest.raises(PermissionDenied, match="outside your reach"):
        actions.edit(record, {"organisation": body("police")}, owner, revision=2)


def test_whose_area_it_is_may_put_records_there(tree: Shape, values: Values) -> None:
    town, home = area("gushan"), body("gushan")
    clerk = person("clerk", home, reach=Reach.AREA, areas=frozenset({town.pk}))
    assert actions.create(tree, values(organisation=body("forestry"), area=town), clerk).area_id == town.pk
    with pytest.raises(PermissionDenied):
        actions.create(tree, values(organisation=body("forestry"), area=area("zhiying")), clerk)


def test_without_the_permission_nothing_is_written(
    tree: Shape, keeper: Actor, stranger: Actor, values: Values, forestry: Organisation
) -> None:
    reader = person("reader", forestry, permits=("tree:view",))
    for actor in (reader, ANONYMOUS):
        with pytest.raises(PermissionDenied):
            actions.create(tree, values(organisation=forestry), actor)
    record = actions.create(tree, values(), keeper)
    for actor in (reader, stranger, ANONYMOUS):
        with pytest.raises(PermissionDenied):
            actions.edit(record, {"girth": 1}, actor, revision=1)
        with pytest.raises(PermissionDenied):
            actions.remove(record, actor)
        with pytest.raises(PermissionDenied):
            actions.revert(record, 1, actor)
    assert actions.edit_many(tree, Tree.objects.all(), {"girth": 9}, stranger) == 0
    assert Tree.objects.get().girth == 320


def test_a_form_sent_twice_makes_one_record(tree: Shape, keeper: Actor, stranger: Actor, values: Values) -> None:
    key = uuid.uuid4()
    first = actions.create(tree, values(), keeper, request_key=key)
    again = actions.create(tree, values(title="x"), keeper, request_key=key)
    assert (first.pk, Tree.objects.count()) == (again.pk, 1)
    with pytest.raises(ValidationError, match="somebody else"):
        actions.create(tree, values(), stranger, request_key=key)


def test_an_older_form_meets_what_others_changed(tree: Shape, keeper: Actor, values: Values) -> None:
    record = actions.create(tree, values(), keeper)
    actions.edit(record, {"girth": 330}, keeper, revision=1)
    with pytest.raises(actions.Conflict) as caught:
        actions.edit(record, {"girth": 340}, keeper, revision=1)
    assert caught.value.record.girth == 330  # type: ignore[attr-defined]
    assert [line.fields for line in caught.value.changes] == [{"girth": [320, 330]}]
    assert Tree.objects.get().revision == 2


def test_nothing_changed_is_no_change(tree: Shape, keeper: Actor, values: Values) -> None:
    record = actions.create(tree, values(), keeper)
    assert actions.edit(record, {"girth": "320", "title": "古山镇胡库大樟树"}, keeper, revision=1).revision == 1
    assert Change.objects.count() == 1


def test_an_old_fault_elsewhere_does_not_stop_a_change(tree: Shape, keeper: Actor, values: Values) -> None:
    record = actions.create(tree, values(), keeper)
    Tree.objects.update(kind="felled")
    assert actions.edit(record, {"girth": 1}, keeper, revision=1).revision == 2


def test_the_bin_keeps_everything(tree: Shape, keeper: Actor, values: Values) -> None:
    record = actions.create(tree, values(), keeper)
    actions.remove(record, keeper, "doubled")
    assert Tree.objects.get().removed_at is not None
    assert not SearchEntry.objects.exists()
    with pytest.raises(ValidationError, match="in the bin"):
        actions.edit(record, {"girth": 1}, keeper, revision=2)
    back = actions.restore(record, keeper)
    assert (back.removed_at, back.revision, SearchEntry.objects.count()) == (None, 3, 1)
    assert [line.action for line in Change.objects.all()] == ["restore", "remove", "create"]


def test_going_back_is_a_change_too(tree: Shape, keeper: Actor, values: Values) -> None:
    record = actions.create(tree, values(height="12.50", planted="1820-04-05"), keeper)
    record = actions.edit(record, {"height": None, "planted": None, "girth": 1}, keeper, revision=1)
    record = actions.revert(record, 1, keeper)
    fresh = Tree.objects.get()
    assert (str(fresh.height), str(fresh.planted), fresh.girth, fresh.revision) == ("12.50", "1820-04-05", 320, 3)
    with pytest.raises(LookupError, match="no revision 9"):
        actions.revert(record, 9, keeper)


def test_many_are_changed_at_once_or_not_at_all(
    tree: Shape, keeper: Actor, values: Values, django_assert_max_num_queries: Any
) -> None:
    for place in range(30):
        actions.create(tree, values(title=f"T{place}", girth=place), keeper)
    with django_assert_max_num_queries(12):
        assert actions.edit_many(tree, Tree.objects.all(), {"girth": 7}, keeper, reason="measured") == 29
    assert set(Tree.objects.values_list("girth", flat=True)) == {7}
    assert Change.objects.filter(action="edit", revision=2).count() == 29
    with pytest.raises(ValidationError, match="GS-"):
        actions.edit_many(tree, Tree.objects.all(), {"kind": "oak"}, keeper)
    with pytest.raises(ValidationError, match="own value"):
        actions.edit_many(tree, Tree.objects.all(), {"tag": "A1"}, keeper)
    assert set(Tree.objects.values_list("kind", flat=True)) == {"camphor"}


def test_a_value_taken_already_is_told_so(tree: Shape, keeper: Actor, values: Values) -> None:
    actions.create(tree, values(tag="A1"), keeper)
    with pytest.raises(ValidationError, match="already exists"):
        actions.create(tree, values(tag="A1"), keeper)


def test_a_link_out_of_sight_is_refused(
    visit: Shape, tree: Shape, keeper: Actor, stranger: Actor, values: Values
) -> None:
    theirs = actions.create(tree, values(), stranger)
    own = actions.create(tree, values(), keeper)
    assert actions.create(visit, {"title": "v", "tree": own}, keeper).tree_id == own.pk  # type: ignore[attr-defined]
    for link in (theirs, theirs.pk):
        with pytest.raises(ValidationError) as caught:
            actions.create(visit, {"title": "v", "tree": link}, keeper)
        assert "not yours to see" in caught.value.message_dict["tree"][0]


def test_numbers_are_never_given_twice(installation: str, tree: Shape) -> None:
    home = body("forestry")
    threads, each = 4, 6
    start, found, errors = Barrier(threads), [], []

    def work() -> None:
        try:
            start.wait()
            for _place in range(each):
                found.append(actions.create(tree, tree_values(organisation=home), SYSTEM).number)
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    workers = [Thread(target=work) for _place in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert errors == []
    assert sorted(found) == [f"GS-{found[0][3:7]}-{place:06d}" for place in range(1, threads * each + 1)]


def test_numbers_come_in_blocks(tree: Shape) -> None:
    first, second = next_numbers(tree, 3), next_numbers(tree, 2)
    assert [number[-6:] for number in (*first, *second)] == ["000001", "000002", "000003", "000004", "000005"]


def test_two_edits_at_once_leave_one(installation: str, tree: Shape) -> None:
    home = body("forestry")
    record = actions.create(tree, tree_values(organisation=home), SYSTEM)
    start, outcomes = Barrier(3), []

    def work(girth: int) -> None:
        try:
            start.wait()
            actions.edit(record, {"girth": girth}, SYSTEM, revision=1)
            outcomes.append("changed")
        except actions.Conflict:
            outcomes.append("conflict")
        finally:
            connections.close_all()

    workers = [Thread(target=work, args=(girth,)) for girth in (1, 2, 3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(outcomes) == ["changed", "conflict", "conflict"]
    assert Tree.objects.get().revision == 2
