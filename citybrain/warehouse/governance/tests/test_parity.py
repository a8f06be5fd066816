"""One suite over all primitives: the reference reading, the kernels, DuckDB and Spark say the same of every text."""

from __future__ import annotations

import datetime
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citybrain.declare.element import Element
from citybrain.kernel.lake.query import query
from citybrain.kernel.lake.sail import sail
from citybrain.kernel.lake.spark import Spark
from citybrain.kernel.lake.tables import Lake, TableName
from citybrain.kernel.standards import reference
from citybrain.kernel.standards.reference_steps import CHINA, Unreadable
from citybrain.warehouse.governance.columns import DictionaryColumn, Governed, govern_column
from citybrain.warehouse.governance.element_plan import plan_element
from citybrain.warehouse.governance.sql.dialects import DUCKDB, SPARK, Dialect
from citybrain.warehouse.governance.sql.statements import checks_of, element_query
from citybrain.warehouse.governance.tests.adversarial import ELEMENTS, TEXTS, TODAY

DAY = (TODAY - datetime.date(1970, 1, 1)).days
EPOCH = datetime.datetime(1970, 1, 1)

each_element = pytest.mark.parametrize("element", ELEMENTS, ids=lambda element: element.key)

alphabets = st.sampled_from(
    (
        "0123456789Xx-",
        "0123456789-/.:T 年月日",
        "0123456789,.+-eE% 元万亿()人民币$",
        "王李永康市浙江金华场·. \u3000\u200b",
        "ＡＢ１２ａｂ－．　",
        "寮犱笁鏉庡洓ÃÂ¤àéäº",
        "男女MmFf19- 0未说明",
        "+86013800-() ",
        "\x00\t\n \\'\"$%_{}",
    )
)
texts = st.one_of(
    st.none(),
    st.sampled_from(TEXTS),
    alphabets.flatmap(lambda alphabet: st.text(alphabet, max_size=24)),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.datetimes(datetime.datetime(1, 1, 2)).map(lambda moment: moment.strftime("%Y/%m/%d %H:%M")),
    st.floats(allow_nan=False, allow_infinity=False, width=64).map(repr),
)


def values_of(governed: Governed) -> list[Any]:
    """Standard values as the reference has them, moments as China's wall clock."""
    values = governed.standard
    if pa.types.is_timestamp(values.type):
        return [
            None if moment is None else EPOCH + datetime.timedelta(microseconds=moment, hours=8)
            for moment in values.cast(pa.int64()).to_pylist()
        ]
    return values.to_pylist()


def expected(element: Element, text: str | None) -> Any:
    value = reference.standardise(element, text).value
    if isinstance(value, Unreadable):
        return None
    if isinstance(value, datetime.datetime):
        return value.astimezone(CHINA).replace(tzinfo=None)
    if isinstance(value, reference.Decimal):
        return float(value)
    return value


def failing(element: Element, governed: Governed, row: int) -> list[str]:
    plan = plan_element(element)
    bits = 0 if governed.failed is None else int(governed.failed[row])
    return sorted(check.name for bit, check in enumerate(plan.checks) if bits >> bit & 1)


def assert_as_reference(element: Element, given_texts: Sequence[str | None]) -> None:
    governed = govern_column(pa.array(given_texts, pa.string()), plan_element(element), DAY)
    for row, (text, value) in enumerate(zip(given_texts, values_of(governed), strict=True)):
        assert value == expected(element, text), (element.key, text)
        assert failing(element, governed, row) == sorted(reference.failures(element, text, TODAY)), (element.key, text)
    changes = Counter(
        step for text in given_texts if text is not None for step in set(reference.standardise(element, text).kinds)
    )
    assert governed.changed == dict(changes)


@each_element
def test_kernels_do_what_the_reference_does(element: Element) -> None:
    assert_as_reference(element, TEXTS)


@each_element
@settings(max_examples=15, deadline=None)
@given(given_texts=st.lists(texts, max_size=60))
def test_kernels_do_what_the_reference_does_on_any_text(element: Element, given_texts: list[str | None]) -> None:
    assert_as_reference(element, given_texts)


@each_element
def test_slices_and_dictionaries_change_nothing(element: Element) -> None:
    plan = plan_element(element)
    column = pa.array(TEXTS, pa.string())
    whole = govern_column(column, plan, DAY)
    for start, length in ((0, 7), (3, 50), (len(TEXTS) - 5, 5), (4, 0)):
        part = govern_column(column.slice(start, length), plan, DAY)
        assert part.standard.equals(whole.standard.slice(start, length))
        bits = np.zeros(len(TEXTS), np.uint32) if whole.failed is None else whole.failed
        found = np.zeros(length, np.uint32) if part.failed is None else part.failed
        assert np.array_equal(found, bits[start : start + length])
    coded = DictionaryColumn(plan, DAY)
    for rows in (column.dictionary_encode(), column.dictionary_encode()[5:40], column[:0].dictionary_encode()):
        direct = govern_column(rows.dictionary_decode(), plan, DAY)
        through = coded.govern(rows)
        assert through.standard.equals(direct.standard)
        assert through.changed == direct.changed
        zeros = np.zeros(len(rows), np.uint32)
        assert np.array_equal(
            zeros if through.failed is None else through.failed, zeros if direct.failed is None else direct.failed
        )


@each_element
def test_what_is_standard_stays_as_it_is(element: Element) -> None:
    plan = plan_element(element)
    once = govern_column(pa.array(TEXTS, pa.string()), plan, DAY).standard
    if not pa.types.is_string(once.type):
        return
    again = govern_column(once, plan, DAY)
    # A text that a later step left empty becomes null the second time; that is not counted as a change.
    if again.changed == {} and again.standard.null_count == once.null_count:
        assert again.standard is once, "an unchanged batch passes through without a copy"


def assert_as_kernels(element: Element, rows: dict[str, list[Any]], given_texts: Sequence[str | None]) -> None:
    governed = govern_column(pa.array(given_texts, pa.string()), plan_element(element), DAY)
    for row, (text, value) in enumerate(zip(given_texts, values_of(governed), strict=True)):
        broken = sorted(check.name for i, check in enumerate(checks_of(element)) if rows[f"broken_{i}"][row])
        assert broken == failing(element, governed, row), (element.key, text)
        if isinstance(value, float):
            # Engines multiply amounts in binary: the last bit of a product may differ.
            assert math.isclose(value, rows["number"][row], rel_tol=1e-15), (element.key, text)
        else:
            assert plain(value) == rows["value"][row], (element.key, text)


def plain(value: Any) -> str | None:
    match value:
        case None | str():
            return value
        case bool():
            return str(value).lower()
        case datetime.datetime():
            return value.isoformat(" ")
        case datetime.date():
            return value.isoformat()
    return str(value)


def ask(element: Element, dialect: Dialect) -> str:
    return element_query(element, "given", TODAY, dialect)


GIVEN = pa.table({"n": pa.array(range(len(TEXTS)), pa.int64()), "v": pa.array(TEXTS, pa.string())})


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    folder: Path = tmp_path_factory.mktemp("lake")
    made = Lake(catalogue_url=f"sqlite:///{folder}/lake.sqlite3", location=str(folder / "lake"))
    path = made.new_file(TABLE)
    pq.write_table(GIVEN, path)
    made.publish(TABLE, [path], schema=GIVEN.schema, load="1")
    return made


TABLE = TableName(namespace="raw", name="given")


@each_element
def test_duckdb_does_what_the_kernels_do(element: Element, lake: Lake) -> None:
    rows = query(lake, ask(element, DUCKDB), tables={"given": TABLE}).to_pydict()
    assert_as_kernels(element, rows, TEXTS)


@pytest.fixture(scope="module")
def spark() -> Iterator[Spark]:
    with sail() as engine:
        yield engine


@pytest.mark.spark
@each_element
def test_spark_does_what_the_kernels_do(element: Element, spark: Spark) -> None:
    rows = spark.query(ask(element, SPARK), tables={"given": GIVEN}).to_pydict()
    assert_as_kernels(element, rows, TEXTS)
