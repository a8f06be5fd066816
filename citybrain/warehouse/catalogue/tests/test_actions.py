"""Registering, gathering and governing leave the entry right, and doing any of them twice changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from citybrain.declare.words import OpenType, ShareType, UpdateCycle
from citybrain.kernel.identity.models import Organisation
from citybrain.warehouse.catalogue import actions, codes
from citybrain.warehouse.catalogue.models import Dataset, Field, Version

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
PERSONS = pa.schema([("SFZH", pa.string()), ("XM", pa.string()), ("CSRQ", pa.date32())])


@pytest.fixture
def police() -> Organisation:
    return Organisation.objects.create(
        key="police", chinese="永康市公安局", english="Public Security Bureau", position=1
    )


@pytest.fixture
def persons(police: Organisation) -> Dataset:
    return register(police)


def register(provider: Organisation, **changes: object) -> Dataset:
    options: dict[str, object] = {
        "chinese": "户籍人口",
        "english": "Household registration",
        "provider": provider,
        "source_key": "police-household",
        "cycle": UpdateCycle.DAILY,
        "share": ShareType.UNCONDITIONAL,
        "open": OpenType.NONE,
        "primary_key": ["SFZH"],
    }
    return actions.register_dataset("police.household-person", **{**options, **changes})  # type: ignore[arg-type]


def gather(dataset: Dataset, snapshot: int = 11, schema: pa.Schema = PERSONS, rows: int = 600) -> Version:
    return actions.record_gathered(
        dataset, snapshot=snapshot, rows=rows, bytes=9_000, schema=schema, data_at=NOW, at=NOW
    )


def test_registering_twice_is_once(police: Organisation) -> None:
    first = register(police)
    again = register(police)
    assert (first.pk, first.code) == (again.pk, again.code)
    assert Dataset.objects.count() == 1
    assert codes.PATTERN.fullmatch(first.code)
    assert first.share == "UNCONDITIONAL"


def test_registering_again_keeps_what_was_gathered(persons: Dataset, police: Organisation) -> None:
    gather(persons)
    register(police, chinese="户籍人员")
    entry = Dataset.objects.get()
    assert (entry.chinese, entry.raw_rows, entry.state) == ("户籍人员", 600, Dataset.State.SERVED)
    assert "户籍人员" in entry.search_title
    assert "sfzh" in entry.search_fields, "fields stay findable after the title changed"


def test_registering_again_unchanged_writes_nothing(
    persons: Dataset, police: Organisation, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(3):  # type: ignore[operator]  # savepoint, select, release
        register(police)


def test_a_key_has_one_provider(persons: Dataset) -> None:
    other = Organisation.objects.create(key="tax", chinese="税务局", english="Tax", position=2)
    with pytest.raises(ValueError, match=r"police\.household-person"):
        register(other)


def test_gathering_serves_fields_version_and_search(persons: Dataset) -> None:
    gather(persons)
    persons.refresh_from_db()
    assert (persons.raw_snapshot, persons.raw_rows, persons.raw_bytes) == (11, 600, 9_000)
    assert [field.name for field in persons.fields.all()] == ["SFZH", "XM", "CSRQ"]
    assert persons.fields.get(name="CSRQ").raw_type == "date32[day]"
    assert persons.versions.get().schema[0] == ["SFZH", "string"]
    assert "\nsfzh\n" in persons.search_fields


def test_gathering_the_same_snapshot_again_changes_nothing(persons: Dataset) -> None:
    assert gather(persons).pk == gather(persons).pk
    assert (Version.objects.count(), Field.objects.count()) == (1, 3)


def test_columns_come_go_and_come_back(persons: Dataset) -> None:
    gather(persons)
    persons.fields.filter(name="XM").update(element_key="person-name", match=Field.Match.CONFIRMED)
    gather(persons, 12, pa.schema([("CSRQ", pa.string()), ("SFZH", pa.string()), ("MZ", pa.string())]))
    state = {field.name: (field.position, field.is_gone) for field in persons.fields.all()}
    assert state == {"SFZH": (1, False), "XM": (1, True), "CSRQ": (0, False), "MZ": (2, False)}
    persons.refresh_from_db()
    assert "\nxm\n" not in persons.search_fields
    gather(persons, 13)
    back = persons.fields.get(name="XM")
    assert (back.is_gone, back.match, back.element_key) == (False, "confirmed", "person-name")


@pytest.mark.parametrize("name", ["", "a\0b", "列" * 201])
def test_impossible_column_names_are_named(persons: Dataset, name: str) -> None:
    with pytest.raises(ValueError, match=r"police\.household-person"):
        gather(persons, schema=pa.schema([(name, pa.string())]))
    assert Version.objects.count() == 0, "nothing half recorded"


def test_hostile_column_names_are_kept_as_they_are(persons: Dataset) -> None:
    names = ['"; DROP TABLE x --', "%_%", "😀", "名 称", "a\nb", "sfzh", "SFZH"]
    gather(persons, schema=pa.schema([(name, pa.string()) for name in names]))
    assert [field.name for field in persons.fields.all()] == names


def test_governing_and_reindexing(persons: Dataset) -> None:
    gather(persons)
    actions.record_governed(persons, snapshot=5, rows=590, problem_rows=12, score=97.5, at=NOW)
    persons.fields.filter(name="SFZH").update(grade="L3", element_key="citizen-id", chinese="公民身份号码")
    persons.fields.filter(name="XM").update(grade="L2")
    actions.reindex(persons)
    persons.refresh_from_db()
    assert (persons.standard_rows, persons.problem_rows, persons.score, persons.grade) == (590, 12, 97.5, "L3")
    assert "gmsfhm" in persons.search_fields


def test_governing_brings_grade_and_search_up_to_the_matches(persons: Dataset) -> None:
    gather(persons)
    persons.fields.filter(name="XM").update(grade="L2", chinese="姓名")
    actions.record_governed(persons, snapshot=5, rows=590, problem_rows=12, score=97.5, at=NOW)
    persons.refresh_from_db()
    assert (persons.grade, "xingming" in persons.search_fields) == ("L2", True)


def test_a_grade_given_with_care_stays_until_a_field_has_one(persons: Dataset) -> None:
    gather(persons)
    Dataset.objects.update(grade="L2")
    persons.refresh_from_db()
    actions.reindex(persons)
    assert persons.grade == "L2"
    persons.fields.filter(name="XM").update(grade="L1")
    actions.reindex(persons)
    assert persons.grade == "L1"


@pytest.mark.parametrize(("is_gathered", "state"), [(True, Dataset.State.SERVED), (False, Dataset.State.FOUND)])
def test_releasing_returns_to_what_it_was(persons: Dataset, is_gathered: bool, state: str) -> None:
    if is_gathered:
        gather(persons)
    actions.hold(persons)
    actions.release(persons)
    persons.refresh_from_db()
    assert persons.state == state


def test_holding_keeps_the_version_served(persons: Dataset) -> None:
    gather(persons)
    actions.hold(persons)
    persons.refresh_from_db()
    assert (persons.state, persons.raw_snapshot) == (Dataset.State.HELD, 11)
    gather(persons, 12)
    persons.refresh_from_db()
    assert persons.state == Dataset.State.SERVED
