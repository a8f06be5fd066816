"""The main job's order of work."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from citybrain.warehouse.catalogue.models import Dataset
from citybrain.warehouse.gathering.models import GatherRun
from citybrain.warehouse.jobs import by_reference, quarantined_last


def dataset(key: str, *refers: str) -> Dataset:
    return Dataset(key=key, references=[{"column": "c", "dataset": other, "field": "f"} for other in refers])


def keys(levels: list[list[Dataset]]) -> list[list[str]]:
    return [[one.key for one in level] for level in levels]


def test_what_is_referred_to_comes_first() -> None:
    given = [dataset("visit", "clinic"), dataset("clinic", "area"), dataset("area"), dataset("street", "area")]
    assert keys(by_reference(given)) == [["area"], ["clinic", "street"], ["visit"]]


def test_a_reference_to_itself_or_to_nothing_known_waits_for_nobody() -> None:
    assert keys(by_reference([dataset("tree", "tree"), dataset("leaf", "elsewhere")])) == [["tree", "leaf"]]


def test_a_circle_ends() -> None:
    given = [dataset("a", "b"), dataset("b", "a"), dataset("c", "a"), dataset("d")]
    assert keys(by_reference(given)) == [["d"], ["a", "b", "c"]]


def test_every_dataset_is_there_once() -> None:
    given = [dataset(str(number), str(number // 2), str(number // 3)) for number in range(40)]
    found = [key for level in keys(by_reference(given)) for key in level]
    assert sorted(found) == sorted(one.key for one in given)


def test_what_the_last_load_put_aside_is_asked_once_for_all(
    county: Dataset, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    first = GatherRun.objects.get()
    for state, number in ((GatherRun.State.DONE, 7), (GatherRun.State.FAILED, 9)):
        GatherRun.objects.create(
            table=first.table, load=str(number), state=state, rows_read=number, rows_quarantined=number
        )
    with django_assert_num_queries(1):
        assert quarantined_last([county.pk, -1]) == {county.pk: 7}
