"""Rules across columns: the kernels, DuckDB and Spark judge rows as the reference does."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citybrain.declare.element import DataType, Element
from citybrain.declare.rule import BirthMatches, InOrder, RequiredWhen, Rule, SexMatches
from citybrain.kernel.lake.query import query
from citybrain.kernel.lake.sail import sail
from citybrain.kernel.lake.spark import Spark
from citybrain.kernel.lake.tables import Lake, TableName
from citybrain.kernel.standards import reference
from citybrain.warehouse.governance import across
from citybrain.warehouse.governance.columns import govern_column
from citybrain.warehouse.governance.element_plan import plan_element
from citybrain.warehouse.governance.plan import operands
from citybrain.warehouse.governance.sql.conditions import row_breaks
from citybrain.warehouse.governance.sql.dialects import DUCKDB, SPARK, Dialect
from citybrain.warehouse.governance.tests.adversarial import ELEMENTS, TODAY, element

BY_KEY = {one.key: one for one in ELEMENTS}
CITIZEN_ID, SEX, BIRTH, MOMENT = (BY_KEY[key] for key in ("citizen-id", "sex", "birth", "moment"))
LATER = element("later", DataType.DATETIME)
RULES = (
    Rule(key="order-of-days", title="", check=InOrder(first=BIRTH, second=BY_KEY["since"])),
    Rule(key="order-of-moments", title="", check=InOrder(first=MOMENT, second=LATER)),
    Rule(key="order-of-day-and-moment", title="", check=InOrder(first=BIRTH, second=MOMENT)),
    Rule(key="birth", title="", check=BirthMatches(identifier=CITIZEN_ID, birth=BIRTH)),
    Rule(key="birth-moment", title="", check=BirthMatches(identifier=CITIZEN_ID, birth=MOMENT)),
    Rule(key="sex", title="", check=SexMatches(identifier=CITIZEN_ID, sex=SEX)),
    Rule(key="asked", title="", check=RequiredWhen(when=SEX, values=("1", "x'"), then=BIRTH)),
)
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.key)

VALUES: dict[str, tuple[str | None, ...]] = {
    "citizen-id": (
        *(None, "", "11010519491231002X", "110105194912310011", "110105491231002", "330784999999990012"),
        *(
            "永10519491231002X",
            "永永永永永永19491231永永永永",
            "11010519491231002x",
            "1101051949123100",
            "110105194912310X2X",
        ),
    ),
    "sex": (None, "1", "2", "男", "女", "9", "0", "１", "x'"),
    "birth": (None, "", "1949-12-31", "19491231", "1949-02-30", "2026-11-21", "0001-01-01", "9999-12-31"),
    "since": (None, "1949-12-31", "2026-11-21", "x"),
    "moment": (None, "1949-12-31", "1949-12-31 23:59:59", "1950-01-01 07:59:59", "2026-11-21 08:00", "x"),
    "later": (None, "1949-12-31 23:59:58", "1950-01-01", "2026-11-21 08:00:01"),
}


def pairs_of(rule: Rule) -> list[tuple[str | None, str | None]]:
    first, second = operands(rule)
    return [(a, b) for a in VALUES[first.key] for b in VALUES[second.key]]


def standard(one: Element, texts: Sequence[str | None]) -> pa.Array:
    return govern_column(
        pa.array(texts, pa.string()), plan_element(one), (TODAY - datetime.date(1970, 1, 1)).days
    ).standard


def broken_by_kernels(rule: Rule, rows: Sequence[tuple[str | None, str | None]]) -> list[bool]:
    first, second = operands(rule)
    left, right = standard(first, [a for a, _ in rows]), standard(second, [b for _, b in rows])
    return [bool(broken) for broken in across.breaks(rule, left, right)]


def broken_by_reference(rule: Rule, rows: Sequence[tuple[str | None, str | None]]) -> list[bool]:
    first, second = operands(rule)
    return [not reference.rule_passes(rule, {first.key: a, second.key: b}) for a, b in rows]


@each_rule
def test_kernels_do_what_the_reference_does(rule: Rule) -> None:
    rows = pairs_of(rule)
    found = broken_by_kernels(rule, rows)
    assert found == broken_by_reference(rule, rows)
    assert True in found and False in found, "rows that pass and rows that fail"


@each_rule
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_kernels_do_what_the_reference_does_on_any_rows(rule: Rule, data: st.DataObject) -> None:
    first, second = operands(rule)
    digits = st.text("0123456789X", min_size=17, max_size=19)
    left = st.one_of(st.sampled_from(VALUES[first.key]), digits)
    days = st.dates(datetime.date(1, 1, 2)).map(str)
    rows = data.draw(st.lists(st.tuples(left, st.one_of(st.sampled_from(VALUES[second.key]), days)), max_size=30))
    assert broken_by_kernels(rule, rows) == broken_by_reference(rule, rows)


def given_rows(rule: Rule) -> pa.Table:
    """The rows' standard values as text, as `element_query` gives them."""
    first, second = operands(rule)
    columns = [
        [reference.as_text(value) for value in values]
        for values in (
            [_read(first, a) for a, _ in pairs_of(rule)],
            [_read(second, b) for _, b in pairs_of(rule)],
        )
    ]
    names = {"n": list(range(len(columns[0]))), "a": columns[0], "b": columns[1]}
    return pa.table({name: pa.array(values, None if name == "n" else pa.string()) for name, values in names.items()})


def _read(one: Element, text: str | None) -> reference.Value:
    value = reference.standardise(one, text).value
    if isinstance(value, reference.Unreadable):
        return None
    return value.replace(tzinfo=None).isoformat(" ") if isinstance(value, datetime.datetime) else value


def statement(rule: Rule, dialect: Dialect) -> str:
    return f"SELECT n, coalesce({row_breaks(rule, 'a', 'b', dialect)}, false) AS broken FROM given ORDER BY n"


@each_rule
def test_duckdb_does_what_the_reference_does(rule: Rule, tmp_path: Path) -> None:
    lake = Lake(catalogue_url=f"sqlite:///{tmp_path}/lake.sqlite3", location=str(tmp_path / "lake"))
    table = TableName(namespace="raw", name="given")
    rows, path = given_rows(rule), lake.new_file(table)
    pq.write_table(rows, path)
    lake.publish(table, [path], schema=rows.schema, load="1")
    found = query(lake, statement(rule, DUCKDB), tables={"given": table}).to_pydict()
    assert found["broken"] == broken_by_reference(rule, pairs_of(rule))


@pytest.fixture(scope="module")
def spark() -> Iterator[Spark]:
    with sail() as engine:
        yield engine


@pytest.mark.spark
@each_rule
def test_spark_does_what_the_reference_does(rule: Rule, spark: Spark) -> None:
    found = spark.query(statement(rule, SPARK), tables={"given": given_rows(rule)}).to_pydict()
    assert found["broken"] == broken_by_reference(rule, pairs_of(rule))
