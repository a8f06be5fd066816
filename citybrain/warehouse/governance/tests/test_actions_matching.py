"""The verbs of matching: fields are filled in from the lake, and what a person decided stays."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from citybrain.declare.element import Element
from citybrain.kernel.identity.acting import actor_for
from citybrain.kernel.identity.models import Organisation, User
from citybrain.kernel.lake.tables import Lake, TableName
from citybrain.kernel.registry.registry import registry
from citybrain.warehouse.catalogue.models import Dataset, Field
from citybrain.warehouse.governance.actions_matching import confirm_match, match_fields, refuse_match

pytestmark = pytest.mark.django_db

IDS = ["11010519491231002X", "440524188001010014", "330784201601010013", "330784199201010022"] * 5
NAMES = ["王小明", "李四", "张三丰", "应永康"] * 5


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(catalogue_url=f"sqlite:///{tmp_path}/lake.sqlite3", location=str(tmp_path / "lake"))


@pytest.fixture
def elements() -> tuple[Element, ...]:
    return registry().of(Element)


@pytest.fixture
def dataset(lake: Lake) -> Dataset:
    rows = pa.table(
        {
            "SFZH": IDS,
            "XM": NAMES,
            "CSRQ": pa.array(range(20), pa.date32()),
            "申报人身份证号": IDS,
            "COL5": IDS,
            "BZ9": pa.array([None] * 20, pa.string()),
        }
    )
    provider = Organisation.objects.create(key="police", chinese="公安局")
    made = Dataset.objects.create(key="police.person", chinese="人员", provider=provider, source_key="police")
    table = TableName(namespace="raw", name=made.table)
    path = lake.new_file(table)
    pq.write_table(rows, path)
    made.raw_snapshot = lake.publish(table, [path], schema=rows.schema, load="raw-1").id
    made.save()
    for position, column in enumerate(rows.schema):
        made.fields.create(position=position, name=column.name, raw_type=str(column.type))
    return made


def state(dataset: Dataset) -> dict[str, tuple[str, str]]:
    return {field.name: (field.element_key, field.match) for field in dataset.fields.all()}


def test_fields_are_filled_in(dataset: Dataset, lake: Lake, elements: tuple[Element, ...]) -> None:
    changed = match_fields(dataset, lake, elements)
    assert state(dataset) == {
        "SFZH": ("citizen-id", "taken"),
        "XM": ("person-name", "taken"),
        "CSRQ": ("birth-date", "taken"),
        # A second column of an element that must be filled in would break its rows wherever it is empty.
        "申报人身份证号": ("citizen-id", "proposed"),
        "COL5": ("citizen-id", "proposed"),
        "BZ9": ("", "none"),
    }
    assert len(changed) == 5
    field = dataset.fields.get(name="SFZH")
    assert field.grade == "L3"
    assert field.match_score is not None
    assert 0.85 <= field.match_score <= 1
    assert field.reasons and all(isinstance(reason, str) for reason in field.reasons)
    dataset.refresh_from_db()
    assert dataset.grade == "L3"


def test_matching_again_changes_nothing(dataset: Dataset, lake: Lake, elements: tuple[Element, ...]) -> None:
    match_fields(dataset, lake, elements)
    before = list(dataset.fields.values())
    match_fields(dataset, lake, elements)
    assert list(dataset.fields.values()) == before


def test_what_a_person_decided_stays(dataset: Dataset, lake: Lake, elements: tuple[Element, ...]) -> None:
    user = User.objects.create_user(username="li", password="not for use")
    match_fields(dataset, lake, elements)
    confirm_match(dataset.fields.get(name="COL5"), "spouse-id", actor_for(user))
    refuse_match(dataset.fields.get(name="XM"), actor_for(user))
    match_fields(dataset, lake, elements)
    assert state(dataset)["COL5"] == ("spouse-id", Field.Match.CONFIRMED)
    assert state(dataset)["XM"] == ("person-name", Field.Match.REFUSED)
    assert set(dataset.fields.exclude(match_by="").values_list("name", "match_by")) == {("COL5", "li"), ("XM", "li")}


def test_an_element_that_does_not_exist_cannot_be_confirmed(dataset: Dataset) -> None:
    user = User.objects.create_user(username="li", password="not for use")
    with pytest.raises(LookupError, match="Did you mean"):
        confirm_match(dataset.fields.get(name="XM"), "person-nam", actor_for(user))


def test_a_dataset_never_gathered_is_matched_by_names_alone(lake: Lake, elements: tuple[Element, ...]) -> None:
    provider = Organisation.objects.create(key="tax", chinese="税务局")
    empty = Dataset.objects.create(key="tax.firm", chinese="企业", provider=provider, source_key="tax")
    empty.fields.create(position=0, name="统一社会信用代码", raw_type="string")
    match_fields(empty, lake, elements)
    assert state(empty) == {"统一社会信用代码": ("credit-code", "proposed")}


def test_a_taken_match_outlives_values_gone_bad(dataset: Dataset, lake: Lake, elements: tuple[Element, ...]) -> None:
    """Judged anew, the column would lose its element, and nothing would be found wrong with it any more."""
    match_fields(dataset, lake, elements)
    taken = {name for name, (_key, match) in state(dataset).items() if match == Field.Match.TAKEN}
    assert taken
    before = {name: state(dataset)[name] for name in taken}
    broken = pa.table({field.name: ["????", "!!!!"] for field in dataset.fields.all()})
    table = TableName(namespace="raw", name=dataset.table)
    path = lake.new_file(table)
    pq.write_table(broken, path)
    dataset.raw_snapshot = lake.publish(table, [path], schema=broken.schema, load="bad", replace=True, retype=True).id
    dataset.save()
    match_fields(dataset, lake, elements)
    assert {name: state(dataset)[name] for name in taken} == before
