"""Governing a dataset end to end: rows add up, every row is where it belongs, a load is done once."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from citybrain.declare.codelist import Code, CodeList
from citybrain.declare.element import DataType, Element
from citybrain.declare.rule import (
    Algorithm,
    BirthMatches,
    CheckDigit,
    DateBetween,
    EmbeddedDate,
    InList,
    Required,
    Rule,
    SexMatches,
    Step,
)
from citybrain.declare.words import Grade, Masking
from citybrain.kernel.identity.actor import SYSTEM
from citybrain.kernel.identity.models import Organisation
from citybrain.kernel.identity.scope import Unscoped, scoped_one
from citybrain.kernel.lake.tables import Lake, TableName
from citybrain.warehouse.catalogue.models import Dataset
from citybrain.warehouse.governance import actions
from citybrain.warehouse.governance.actions import govern_dataset
from citybrain.warehouse.governance.models import GovernRun
from citybrain.warehouse.governance.queries import ProblemFilter, last_run, problem_counts, problem_rows
from citybrain.warehouse.permissions import VIEW

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 11, 21)
CLEAN = (Step.HALF_WIDTH, Step.TRIM, Step.NULL_WORDS)
SEX = CodeList(
    key="sex",
    title="Sex",
    chinese="性别",
    standard="GB/T 2261.1-2003",
    codes=(Code(value="1", title="男", synonyms=("M",)), Code(value="2", title="女", synonyms=("F",))),
)


def element(key: str, **options: Any) -> Element:
    options = {"type": DataType.TEXT, "format": "an..20", **options}
    return Element(key=key, title=key, chinese=key, definition=key, **options)


CITIZEN_ID = element(
    "citizen-id",
    steps=(*CLEAN, Step.SEPARATORS, Step.UPPER, Step.CITIZEN_ID_18),
    checks=(Required(), CheckDigit(algorithm=Algorithm.CITIZEN_ID), EmbeddedDate(start=6)),
    grade=Grade.L3,
    masking=Masking.IDENTIFIER,
)
NAME = element("name", steps=(*CLEAN, Step.NAME), checks=(Required(),), grade=Grade.L3, masking=Masking.NAME)
SEX_ELEMENT = element("sex", steps=(*CLEAN, Step.CODE), checks=(InList(codes=SEX),), codes=SEX)
BIRTH = element(
    "birth", type=DataType.DATE, format="d8", steps=(*CLEAN, Step.DATE), checks=(DateBetween(),), grade=Grade.L3,
    masking=Masking.DATE,
)  # fmt: skip
RULES = (
    Rule(key="birth-matches", title="", check=BirthMatches(identifier=CITIZEN_ID, birth=BIRTH)),
    Rule(key="sex-matches", title="", check=SexMatches(identifier=CITIZEN_ID, sex=SEX_ELEMENT)),
)
ELEMENTS = {"sfzh": CITIZEN_ID, "xm": NAME, "xb": SEX_ELEMENT, "csrq": BIRTH}

Deliver = Callable[..., Dataset]


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(catalogue_url=f"sqlite:///{tmp_path}/lake.sqlite3", location=str(tmp_path / "lake"))


@pytest.fixture
def deliver(lake: Lake) -> Deliver:
    provider = Organisation.objects.create(key="police", chinese="公安局")

    def put(rows: pa.Table, key: str = "police.person", load: str = "raw-1", **options: Any) -> Dataset:
        dataset, _ = Dataset.objects.get_or_create(
            key=key, defaults={"chinese": key, "provider": provider, "source_key": "police", **options}
        )
        table = TableName(namespace="raw", name=dataset.table)
        path = lake.new_file(table)
        pq.write_table(rows, path)
        dataset.raw_snapshot = lake.publish(table, [path], schema=rows.schema, load=load, replace=True).id
        dataset.save()
        return dataset

    return put


def govern(dataset: Dataset, lake: Lake, load: str = "g-1", **options: Any) -> GovernRun:
    arguments = {"elements_by_column": ELEMENTS, "rules": RULES, "today": TODAY, **options}
    return govern_dataset(dataset, lake=lake, load=load, **arguments)


def asked(run: GovernRun) -> GovernRun:
    """The run as a question finds it."""
    return scoped_one(GovernRun.objects.select_related("dataset"), SYSTEM, VIEW, pk=run.pk)


def people(*rows: tuple[str | None, ...]) -> pa.Table:
    names = ("sfzh", "xm", "xb", "csrq", "bz")
    return pa.table({name: pa.array([row[i] for row in rows], pa.string()) for i, name in enumerate(names)})


def stored(lake: Lake, namespace: str, dataset: Dataset) -> list[dict[str, Any]]:
    return lake.dataset(TableName(namespace=namespace, name=dataset.table)).to_table().to_pylist()


GOOD = ("11010519491231002X", "王小明", "2", "1949-12-31", "a")


def test_rows_go_where_they_belong_and_add_up(lake: Lake, deliver: Deliver) -> None:
    dataset = deliver(
        people(
            GOOD,
            ("44052418800101001４", "李 四", "男", "18800101", "b"),
            ("110105194912310021", "张三", "2", "1949-12-31", "wrong check digit"),
            ("330784200002291234", "赵六", "F", "2000-02-30", "no such day"),
            (None, "钱七", "1", None, "no number"),
            GOOD,
        )
    )
    run = govern(dataset, lake)
    assert (run.rows_in, run.rows_standard, run.rows_held, run.rows_duplicate) == (6, 1, 4, 1)
    assert stored(lake, "standard", dataset) == [
        {"sfzh": GOOD[0], "xm": "王小明", "xb": "2", "csrq": datetime.date(1949, 12, 31), "bz": "a"}
    ]
    held = stored(lake, "held", dataset)
    assert [row["_row"] for row in held] == [1, 2, 3, 4]
    assert held[0]["sfzh"] == "44052418800101001４", "held rows are as delivered"
    found = {(row["row"], row["rule"]) for row in stored(lake, "problem", dataset)}
    assert found == {
        (1, "birth.date-between"),
        (2, "citizen-id.check-digit"),
        (3, "birth.readable"),
        (4, "citizen-id.required"),
        (5, "duplicate"),
        # 330784 2000-02-29 123 is male by its 17th digit.
        (3, "sex-matches"),
    }
    assert run.standardised == {"sfzh": {"half-width": 1}, "xm": {"name": 1}, "xb": {"code": 2}, "csrq": {"date": 1}}


def test_a_problem_row_says_where_what_and_how_without_leaking(lake: Lake, deliver: Deliver) -> None:
    dataset = deliver(people(("110105194912310021", "张三", "2", "1949-12-31", "x")), primary_key=["sfzh"])
    govern(dataset, lake)
    (row,) = stored(lake, "problem", dataset)
    assert row["seen"] == row["row_key"] == "1****************1"
    assert (row["row"], row["field"], row["element"], row["severity"]) == (0, "sfzh", "citizen-id", "error")
    assert row["remedy"].startswith("Compare with the certificate")


def test_a_load_is_done_once_and_a_new_one_replaces(lake: Lake, deliver: Deliver) -> None:
    dataset = deliver(people(GOOD, ("1", "张三", "2", "1949-12-31", "x")))
    first = govern(dataset, lake)
    assert govern(dataset, lake).pk == first.pk
    assert GovernRun.objects.count() == 1
    deliver(people(GOOD), load="raw-2")
    dataset.refresh_from_db()
    second = govern(dataset, lake, load="g-2")
    assert (second.rows_in, second.rows_held) == (1, 0)
    assert stored(lake, "held", dataset) == []
    assert stored(lake, "problem", dataset) == []
    assert last_run(dataset, SYSTEM) == second
    earlier = problem_rows(asked(first), lake, SYSTEM)
    assert earlier.total == len(problem_counts(first)) == 2, "older versions stay readable"
    with pytest.raises(Unscoped):
        problem_rows(first, lake, SYSTEM)
    assert second.profile["xm"]["drift"]["rows"] == 0.5


def test_nothing_is_published_where_nothing_was_found(lake: Lake, deliver: Deliver) -> None:
    dataset = deliver(people(GOOD))
    run = govern(dataset, lake)
    assert run.problem_snapshot is None and run.held_snapshot is None
    assert lake.tables("problem") == lake.tables("held") == []
    assert problem_rows(asked(run), lake, SYSTEM).rows.rows == ()


def test_repeated_keys_are_judged_by_content_and_age(lake: Lake, deliver: Deliver) -> None:
    rows = pa.table(
        {
            "id": ["a", "a", "b", "b", "c", "c", "d", None, "e", "e", "e"],
            "value": ["1", "1", "1", "2", "1", "2", "1", "1", "1", "2", "2"],
            "at": ["2026-01-01"] * 5 + ["2026-01-02", "2026-01-01", "2026-01-01"] + ["2026-01-01", *["2026-01-03"] * 2],
        }
    )
    dated = deliver(rows, key="a.dated", primary_key=["id"], watermark="at")
    run = govern(dated, lake, elements_by_column={})
    assert (run.rows_standard, run.rows_held, run.rows_duplicate) == (4, 3, 4)
    assert sorted((row["id"], row["value"]) for row in stored(lake, "standard", dated)) == [
        ("a", "1"), ("c", "2"), ("d", "1"), ("e", "2"),
    ]  # fmt: skip
    found = sorted((row["row"], row["rule"], row["seen"]) for row in stored(lake, "problem", dated))
    assert found == [
        (1, "duplicate", "0"),
        (2, "key-conflict", None),
        (3, "key-conflict", None),
        (4, "superseded", "5"),
        (7, "key-missing", None),
        (8, "superseded", "9"),
        (10, "duplicate", "9"),
    ]
    undated = deliver(rows, key="a.undated", primary_key=["id"])
    run = govern(undated, lake, elements_by_column={}, load="g-2")
    assert (run.rows_standard, run.rows_held, run.rows_duplicate) == (2, 7, 2)


def test_a_load_without_its_score_is_not_done(lake: Lake, deliver: Deliver, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = deliver(people(GOOD))

    def die(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(actions, "record_scores", die)
        with pytest.raises(KeyboardInterrupt):
            govern(dataset, lake)
    assert GovernRun.objects.get(load="g-1").state == GovernRun.State.RUNNING
    assert govern(dataset, lake).state == GovernRun.State.DONE
    dataset.refresh_from_db()
    assert dataset.score == 100
    assert len(lake.snapshots(TableName(namespace="standard", name=dataset.table))) == 1


def test_blank_keys_are_missing_and_blank_references_point_nowhere(lake: Lake, deliver: Deliver) -> None:
    govern(deliver(pa.table({"id": ["A"]}), key="a.parent"), lake, elements_by_column={}, load="g-parent")
    rows = pa.table({"id": ["a", "", " ", "\u3000", "b"], "parent": ["A", "Z", "", " ", None]})
    dataset = deliver(rows, primary_key=["id"], references=[{"column": "parent", "dataset": "a.parent", "field": "id"}])
    run = govern(dataset, lake, elements_by_column={})
    assert (run.rows_standard, run.rows_held, run.rows_duplicate) == (2, 3, 0)
    assert sorted((row["row"], row["rule"]) for row in stored(lake, "problem", dataset)) == [
        (1, "key-missing"),
        (1, "orphan"),
        (2, "key-missing"),
        (3, "key-missing"),
    ]


def test_a_key_is_one_however_it_is_written(lake: Lake, deliver: Deliver) -> None:
    dataset = deliver(people(GOOD, ("11010519491231002x", *GOOD[1:])), primary_key=["sfzh"])
    run = govern(dataset, lake)
    assert (run.rows_standard, run.rows_duplicate) == (1, 1)


def test_foreign_keys_without_a_row_are_listed_but_pass(lake: Lake, deliver: Deliver) -> None:
    firms = deliver(pa.table({"code": ["A", "B"]}), key="market.firm")
    govern(firms, lake, elements_by_column={}, load="g-firm")
    licences = deliver(
        pa.table({"firm": ["A", "Z", None], "n": [1, 2, 3]}),
        key="market.licence",
        references=[{"column": "firm", "dataset": "market.firm", "field": "code"}],
    )
    run = govern(licences, lake, elements_by_column={}, load="g-licence")
    assert run.rows_standard == 3
    assert [(row["row"], row["rule"], row["seen"]) for row in stored(lake, "problem", licences)] == [(1, "orphan", "Z")]


def test_native_types_are_taken_over(lake: Lake, deliver: Deliver) -> None:
    rows = pa.table(
        {
            "born": pa.array([datetime.datetime(1949, 12, 31), None], pa.timestamp("us")),
            "sex": pa.array([1, 3], pa.int64()),
            "when": pa.array([datetime.datetime(2026, 1, 1, 8), None], pa.timestamp("us")),
        }
    )
    when = element("when", type=DataType.DATETIME, format="dt", checks=())
    dataset = deliver(rows, key="db.person")
    run = govern(dataset, lake, elements_by_column={"born": BIRTH, "sex": SEX_ELEMENT, "when": when})
    assert run.rows_held == 1
    (row,) = stored(lake, "standard", dataset)
    assert row == {
        "born": datetime.date(1949, 12, 31),
        "sex": "1",
        "when": datetime.datetime(2026, 1, 1, 0, tzinfo=datetime.UTC),
    }


def test_problem_rows_are_paged_and_filtered(lake: Lake, deliver: Deliver) -> None:
    wrong = [("1", None, "9", "x", str(number)) for number in range(30)]
    run = govern(deliver(people(*wrong)), lake)
    page = problem_rows(asked(run), lake, SYSTEM, only=ProblemFilter(rule="sex.in-list"), offset=25, limit=10)
    assert page.total == 30 and [row["row"] for row in page.rows] == [25, 26, 27, 28, 29]
    assert problem_rows(asked(run), lake, SYSTEM, only=ProblemFilter(text="'; DROP")).total == 0


def test_a_changed_element_changes_the_column(lake: Lake, deliver: Deliver) -> None:
    dataset = deliver(people(GOOD))
    govern(dataset, lake, elements_by_column={})
    run = govern(dataset, lake, load="g-2")
    assert isinstance(stored(lake, "standard", dataset)[0]["csrq"], datetime.date)
    assert run.rule_version != GovernRun.objects.get(load="g-1").rule_version


def test_an_empty_delivery_is_governed_too(lake: Lake, deliver: Deliver) -> None:
    run = govern(deliver(people()), lake)
    assert (run.state, run.rows_in, run.standard_snapshot) == ("done", 0, None)
