"""The reference reading, on the values that readings usually get wrong."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybrain.declare.codelist import Code, CodeList
from citybrain.declare.element import DataType, Element
from citybrain.declare.rule import (
    NULL_WORDS,
    Between,
    DateBetween,
    EmbeddedDate,
    InList,
    InOrder,
    Length,
    NoMojibake,
    Pattern,
    Readable,
    Required,
    RequiredWhen,
    Rule,
    Severity,
    Step,
)
from citybrain.kernel.standards.reference import (
    as_text,
    broken,
    failures,
    rule_passes,
    severity,
    standardise,
)
from citybrain.kernel.standards.reference_steps import Unreadable

TODAY = datetime.date(2026, 11, 21)
COLOURS = CodeList(
    key="colours",
    title="",
    chinese="",
    standard="",
    codes=(
        Code(value="01", title="红", english="red", synonyms=("赤",)),
        Code(value="02", title="绿", english="green", synonyms=("青",)),
        Code(value="03", title="蓝", english="blue", synonyms=("青",)),
    ),
)
DIVISIONS = CodeList(
    key="divisions",
    title="",
    chinese="",
    standard="",
    codes=(
        Code(value="33", title="浙江省", synonyms=("浙江",)),
        Code(value="3307", title="金华市", parent="33", synonyms=("金华",)),
        Code(value="330784", title="永康市", parent="3307"),
        Code(value="11", title="北京市", synonyms=("北京",)),
        Code(value="1101", title="市辖区", parent="11"),
        Code(value="110105", title="朝阳区", parent="1101"),
        Code(value="22", title="吉林省"),
        Code(value="2201", title="长春市", parent="22"),
        Code(value="220104", title="朝阳区", parent="2201"),
    ),
)


def element(*steps: Step, type: DataType = DataType.TEXT, checks: tuple[Any, ...] = (), **options: Any) -> Element:
    return Element(
        key="x", title="", chinese="", definition="", format="", type=type, steps=steps, checks=checks, **options
    )


@pytest.mark.parametrize(
    ("step", "given", "value"),
    [
        (Step.HALF_WIDTH, "ＡＢ１２（）　～", "AB12() ~"),
        (Step.HALF_WIDTH, "。、「」", "。、「」"),
        (Step.TRIM, "\ufeff a\u3000\tb\u200b ", "a b"),
        (Step.TRIM, "\u00a0\u2003", ""),
        (Step.TRIM, "a\x00b", "ab"),
        (Step.UPPER, "straße x", "STRAßE X"),
        (Step.LOWER, "ÀB", "Àb"),
        (Step.SEPARATORS, "1-2.3/4_5 6—7", "1234567"),
        (Step.CITIZEN_ID_18, "110105491231002", "11010519491231002X"),
        (Step.CITIZEN_ID_18, "11010549123100", "11010549123100"),
        (Step.CITIZEN_ID_18, "１１０１０５４９１２３１００２", "１１０１０５４９１２３１００２"),
        (Step.PHONE, "(+86) 138-1234-5678", "13812345678"),
        (Step.PHONE, "008613812345678", "13812345678"),
        (Step.PHONE, "86123456789", "86123456789"),
        (Step.PHONE, "(0579) 8710 1234", "057987101234"),
        (Step.NAME, "欧 阳  修", "欧阳修"),
        (Step.NAME, "阿卜杜拉 • 买买提", "阿卜杜拉·买买提"),
        (Step.NAME, "J. Smith", "J. Smith"),
        (Step.NAME, "𠮷 田", "𠮷田"),
        (Step.NAME, "李 Ming", "李 Ming"),
    ],
)
def test_steps_on_text(step: Step, given: str, value: str) -> None:
    found = standardise(element(step), given)
    assert found.value == value
    assert found.kinds == ((step,) if value != given else ())


@pytest.mark.parametrize("word", [*NULL_WORDS, "N/A", "NULL", "None", "NaN"])
def test_null_words(word: str) -> None:
    assert standardise(element(Step.NULL_WORDS), word) == (None, (Step.NULL_WORDS,))


def test_the_empty_text_is_null_but_was_not_changed() -> None:
    assert standardise(element(Step.TRIM, Step.NULL_WORDS), "") == (None, ())
    assert standardise(element(Step.NULL_WORDS), None) == (None, ())
    assert standardise(element(Step.NULL_WORDS), "无锡").value == "无锡"


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ("2026-11-21", "2026-11-21"),
        ("20261121", "2026-11-21"),
        ("2026/1/5", "2026-01-05"),
        ("2026.01.05", "2026-01-05"),
        ("2026年1月5日", "2026-01-05"),
        ("2026-11-21 08:30", "2026-11-21"),
        ("2026-11-21T08:30:05.123", "2026-11-21"),
        ("20261121083005", "2026-11-21"),
        ("2026年1月5日 8:30", "2026-01-05"),
        ("0001-01-01", "0001-01-01"),
        *(
            (text, None)
            for text in ("2026-02-30", "1900-02-29", "0000-00-00", "2026-1/5", "2026-11-21 24:00", "202611")
        ),
        *((text, None) for text in ("2026-11-21  08:30", "26-11-21", "２０２６1121", "2026-11-21x", "2026-13-01", "")),
    ],
)
def test_dates(given: str, value: str | None) -> None:
    found = standardise(element(Step.DATE, type=DataType.DATE), given).value
    assert (None if isinstance(found, Unreadable) else as_text(found)) == value


def test_a_moment_is_china_standard_time_to_the_second() -> None:
    found = standardise(element(Step.DATETIME, type=DataType.DATETIME), "2026/11/21 8:30:05.9").value
    assert as_text(found) == "2026-11-21T08:30:05+08:00"


@pytest.mark.parametrize(
    ("step", "given", "value"),
    [
        (Step.NUMBER, "1,234,567.80", Decimal("1234567.80")),
        (Step.NUMBER, "99.7%", Decimal("99.7")),
        (Step.NUMBER, "12 元", Decimal(12)),
        (Step.NUMBER, "-.5", Decimal("-0.5")),
        (Step.NUMBER, "1e3", Decimal(1000)),
        *(
            (Step.NUMBER, text, None)
            for text in ("1,23", "12,34,567", "1 234", "--1", "∞", "NaN", "١٢", "1000万元", "%")
        ),
        (Step.AMOUNT, "1000万元人民币", Decimal(10_000_000)),
        (Step.AMOUNT, "3(万元人民币)", Decimal(30_000)),
        (Step.AMOUNT, "1,000（万美元）", Decimal(10_000_000)),
        (Step.AMOUNT, "10(万香港元)", Decimal(100_000)),
        (Step.AMOUNT, "50万人民币元", Decimal(500_000)),
        (Step.AMOUNT, "人民币 100 元整", Decimal(100)),
        (Step.AMOUNT, "1.5亿", Decimal(150_000_000)),
        (Step.AMOUNT, "500", Decimal(500)),
        *((Step.AMOUNT, text, None) for text in ("壹万元", "万元", "1,00万元", "10-20万元", "3万元(实缴)")),
    ],
)
def test_numbers(step: Step, given: str, value: Decimal | None) -> None:
    found = standardise(element(step, type=DataType.DECIMAL), given).value
    assert found == (Unreadable(given) if value is None else value)


@pytest.mark.parametrize(("given", "value"), [("7.0", 7), ("1,000", 1000), ("7.5", None), (str(2**63), None)])
def test_whole_numbers(given: str, value: int | None) -> None:
    found = standardise(element(Step.NUMBER, type=DataType.INTEGER), given).value
    assert found == (Unreadable(given) if value is None else value)


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ("01", "01"),
        ("1", "01"),
        ("红", "01"),
        ("RED", "01"),
        ("赤", "01"),
        ("02-绿", "02"),
        ("3青", "3青"),
        ("青", "青"),
    ],
)
def test_codes_by_any_of_their_words(given: str, value: str) -> None:
    """青 means two colours, so it stands for neither."""
    assert standardise(element(Step.CODE, codes=COLOURS), given).value == value


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ("永康市 芝英镇", "浙江省金华市永康市芝英镇"),
        ("浙江省永康市芝英镇", "浙江省金华市永康市芝英镇"),
        ("浙江金华永康市芝英镇", "浙江省金华市永康市芝英镇"),
        ("浙江省金华市永康市芝英镇", "浙江省金华市永康市芝英镇"),
        ("金华市婺城区", "浙江省金华市婺城区"),
        ("北京朝阳区", "北京市朝阳区"),
        ("朝阳区建国路", "朝阳区建国路"),
        ("市辖区1号", "市辖区1号"),
        ("永康市场路3号", "永康市场路3号"),
        ("浙江路3号", "浙江路3号"),
    ],
)
def test_addresses(given: str, value: str) -> None:
    assert standardise(element(Step.ADDRESS, codes=DIVISIONS), given).value == value


@pytest.mark.parametrize(
    "text",
    [
        "\ufffd",
        "锟斤拷",
        "张三".encode().decode("latin-1"),
        "张三".encode().decode("cp1252", "replace"),
        "张三".encode("gb18030").decode("latin-1"),
        "张三".encode().decode("gbk", "replace"),
        "王小明".encode().decode("gbk", "ignore"),
        "永康市芝英镇".encode().decode("gbk", "ignore"),
    ],
)
def test_mojibake_is_seen(text: str) -> None:
    assert failures(element(checks=(NoMojibake(),)), text, TODAY) == ["mojibake"]


@pytest.mark.parametrize(
    "text", ["张三", "联通", "José", "25℃±0.5", "café”。", "a·b×c÷d", "𠮷田", "Ünïted", "（）《》", "ﾊﾝｶｸ"]
)
def test_true_text_is_no_mojibake(text: str) -> None:
    assert failures(element(checks=(NoMojibake(),)), text, TODAY) == []


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=12))
def test_chinese_read_as_latin_is_always_seen(text: str) -> None:
    assert failures(element(checks=(NoMojibake(),)), text.encode().decode("latin-1"), TODAY) == ["mojibake"]


def test_null_breaks_only_required_and_unreadable_only_readable() -> None:
    checks = (Required(), Between(minimum=0), Readable(clause="here"))
    number = element(Step.NULL_WORDS, Step.NUMBER, type=DataType.DECIMAL, checks=checks)
    assert failures(number, None, TODAY) == ["required"]
    assert failures(number, "无", TODAY) == ["required"]
    assert failures(number, "x", TODAY) == ["readable"]
    assert broken(number, Unreadable("x"), TODAY)[0].clause == "here"
    assert failures(number, "-1", TODAY) == ["between"]


def test_patterns_are_of_the_whole_text_and_of_ascii_digits() -> None:
    digits = element(checks=(Pattern(regex=r"\d{2}|x"),))
    assert [failures(digits, text, TODAY) for text in ("12", "x", "12\n", "１２", "123")] == [
        [],
        [],
        ["pattern"],
        ["pattern"],
        ["pattern"],
    ]


def test_length_counts_characters() -> None:
    assert failures(element(checks=(Length(maximum=2),)), "𠮷田", TODAY) == []


@pytest.mark.parametrize(
    ("text", "passes"), [("x20261121", True), ("x20261122", False), ("x20260230", False), ("x2026112", False)]
)
def test_an_embedded_day_is_real_and_past(text: str, passes: bool) -> None:
    assert (failures(element(checks=(EmbeddedDate(start=1),)), text, TODAY) == []) is passes


def test_the_day_of_the_run_is_no_future() -> None:
    day = element(Step.DATE, type=DataType.DATE, checks=(DateBetween(),))
    assert failures(day, "2026-11-21", TODAY) == []
    assert failures(day, "2026-11-22", TODAY) == ["date-between"]
    moment = element(Step.DATETIME, type=DataType.DATETIME, checks=(DateBetween(),))
    assert failures(moment, "2026-11-21 23:59:59", TODAY) == []


def test_a_code_outside_an_incomplete_list_is_a_notice() -> None:
    part = CodeList(key="part", title="", chinese="", standard="", codes=COLOURS.codes, complete=False)
    assert severity(InList(codes=COLOURS)) is Severity.ERROR
    assert severity(InList(codes=part)) is Severity.NOTICE


def test_rules_pass_what_is_missing_or_unreadable() -> None:
    first = Element(key="a", title="", chinese="", definition="", format="", type=DataType.DATE, steps=(Step.DATE,))
    second = Element(
        key="b", title="", chinese="", definition="", format="", type=DataType.DATETIME, steps=(Step.DATETIME,)
    )
    ordered = Rule(key="r", title="", check=InOrder(first=first, second=second))
    assert rule_passes(ordered, {"a": "2026-01-02", "b": "2026-01-02 00:00:00"})
    assert not rule_passes(ordered, {"a": "2026-01-02", "b": "2026-01-01 23:59:59"})
    assert rule_passes(ordered, {"a": "2026-01-02", "b": "never"})
    assert rule_passes(ordered, {"a": "2026-01-02"})
    asked = Rule(key="s", title="", check=RequiredWhen(when=element(), values=("1",), then=first))
    assert not rule_passes(asked, {"x": "1", "a": None})
    assert rule_passes(asked, {"x": None, "a": None})


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading(text: str) -> None:
    """Whatever is delivered, standardising ends, and standardising its own text again changes nothing."""
    for steps, type_ in (
        ((Step.HALF_WIDTH, Step.TRIM, Step.NULL_WORDS, Step.SEPARATORS, Step.UPPER, Step.CITIZEN_ID_18), DataType.TEXT),
        ((Step.HALF_WIDTH, Step.TRIM, Step.NULL_WORDS, Step.NAME), DataType.TEXT),
        ((Step.HALF_WIDTH, Step.TRIM, Step.PHONE), DataType.TEXT),
        ((Step.HALF_WIDTH, Step.TRIM, Step.AMOUNT), DataType.DECIMAL),
        ((Step.HALF_WIDTH, Step.TRIM, Step.DATETIME), DataType.DATETIME),
    ):
        example = element(*steps, type=type_, checks=(NoMojibake(),) if type_ is DataType.TEXT else ())
        value = standardise(example, text).value
        failures(example, text, TODAY)
        if isinstance(value, str):
            again = standardise(example, value).value
            assert again in (value, None)
