"""Families of data elements: what all dates, codes, amounts and measurements have in common is said once, here.

Each function makes an `Element`; what a call names wins over what the family gives. Examples of the family come first.
"""

from __future__ import annotations

import datetime
from typing import Any

from citybrain.declare.codelist import CodeList
from citybrain.declare.element import DataType, Element, Example
from citybrain.declare.rule import Between, Check, DateBetween, InList, Length, NoMojibake, Pattern, Readable, Step

CLEAN = (Step.HALF_WIDTH, Step.TRIM, Step.NULL_WORDS)
"""What every delivered text goes through first."""

WRITTEN = (Step.TRIM, Step.NULL_WORDS)
"""For sentences: full-width punctuation is right there and stays."""

ISSUED = "2026-11-01"
BELONGS = "公共数据标准"


def words(*lines: str) -> tuple[str, ...]:
    """Blank-separated column names."""
    return tuple(word for line in lines for word in line.split())


def ok(given: str | None, standard: str | None = None) -> Example:
    """A value that passes; `standard` when standardising changes it."""
    return Example(given=given, standard=given if standard is None else standard)


def empty(given: str) -> Example:
    """A value that means nothing was given."""
    return Example(given=given)


def bad(given: str | None, fails: str) -> Example:
    """A value that breaks the check `fails`."""
    return Example(given=given, fails=fails)


def element(key: str, title: str, chinese: str, definition: str, **attributes: Any) -> Element:
    """An element with the attributes every element of this folder shares."""
    shared: dict[str, Any] = {"application": BELONGS, "issued": ISSUED, "type": DataType.TEXT, "steps": CLEAN}
    return Element(key=key, title=title, chinese=chinese, definition=definition, **{**shared, **attributes})


def coded(key: str, title: str, chinese: str, definition: str, codes: CodeList, **attributes: Any) -> Element:
    """A code of `codes` (代码): labels and synonyms become the code."""
    widest = max(len(code.value) for code in codes.codes)
    first = codes.codes[0]
    letters = "n" if all(code.value.isdigit() for code in codes.codes) else "an"
    same = all(len(code.value) == widest for code in codes.codes)
    shared: dict[str, Any] = {
        "format": f"{letters}{'' if same else '..'}{widest}",
        "codes": codes,
        "representation": "代码",
        "standard": codes.standard,
        "steps": (*CLEAN, Step.CODE),
        "checks": (InList(codes=codes, clause=codes.standard),),
    }
    examples = (
        ok(first.value),
        ok(first.title, first.value),
        ok(f" {first.value}-{first.title} ", first.value),
        empty("N/A"),
        bad("~", "in-list"),
        *attributes.pop("examples", ()),
    )
    return element(key, title, chinese, definition, **{**shared, **attributes}, examples=examples)


def dated(key: str, title: str, chinese: str, definition: str, *, future: bool = False, **attributes: Any) -> Element:
    """A day (日期): six layouts become a date, not before 1900, and not to come unless `future`."""
    latest = datetime.date(2199, 12, 31) if future else None
    shared: dict[str, Any] = {
        "type": DataType.DATE,
        "format": "d8",
        "domain": "1900-01-01 至 2199-12-31" if future else "1900-01-01 至当日",
        "representation": "日期",
        "standard": "GB/T 7408.1-2023",
        "steps": (*CLEAN, Step.DATE),
        "checks": (Readable(clause="GB/T 7408.1-2023 5.2.2"), DateBetween(latest=latest)),
    }
    examples = (
        ok("2020-02-29"),
        ok("20200229", "2020-02-29"),
        ok("2020/2/29", "2020-02-29"),
        ok("2020.02.29", "2020-02-29"),
        ok("2020年2月29日", "2020-02-29"),
        ok("2020-02-29 08:30:00", "2020-02-29"),
        empty("不详"),
        bad("2019-02-29", "readable"),
        bad("1899-12-31", "date-between"),
        bad("2999-01-01", "date-between"),
        *attributes.pop("examples", ()),
    )
    return element(key, title, chinese, definition, **{**shared, **attributes}, examples=examples)


def timed(key: str, title: str, chinese: str, definition: str, **attributes: Any) -> Element:
    """A moment (日期时间) of China Standard Time, to the second."""
    shared: dict[str, Any] = {
        "type": DataType.DATETIME,
        "format": "d14",
        "domain": "1900-01-01 00:00:00 至当日",
        "representation": "日期时间",
        "standard": "GB/T 7408.1-2023",
        "steps": (*CLEAN, Step.DATETIME),
        "checks": (Readable(clause="GB/T 7408.1-2023 5.4"), DateBetween()),
    }
    examples = (
        ok("2020-02-29 08:30:05", "2020-02-29T08:30:05+08:00"),
        ok("20200229083005", "2020-02-29T08:30:05+08:00"),
        ok("2020/2/29 8:30", "2020-02-29T08:30:00+08:00"),
        ok("2020-02-29T08:30:05.000", "2020-02-29T08:30:05+08:00"),
        ok("2020-02-29", "2020-02-29T00:00:00+08:00"),
        bad("2020-02-29 24:30", "readable"),
        bad("2999-01-01 00:00:00", "date-between"),
        *attributes.pop("examples", ()),
    )
    return element(key, title, chinese, definition, **{**shared, **attributes}, examples=examples)


def measured(
    key: str,
    title: str,
    chinese: str,
    definition: str,
    *,
    unit: str,
    minimum: float | None,
    maximum: float | None,
    clause: str = "",
    **attributes: Any,
) -> Element:
    """A number with a unit (量, 值) between two bounds, both included."""
    shared: dict[str, Any] = {
        "type": DataType.DECIMAL,
        "format": "n..12,4",
        "unit": unit,
        "domain": f"{'' if minimum is None else f'{minimum:g}'} 至 {'' if maximum is None else f'{maximum:g}'}".strip(),
        "representation": "数值",
        "steps": (*CLEAN, Step.NUMBER),
        "checks": (Readable(), Between(minimum=minimum, maximum=maximum, clause=clause)),
    }
    examples = (
        *(ok(f"{bound:.0f}") for bound in (minimum, maximum) if bound is not None),
        *(bad(f"{minimum - 1:.0f}", "between") for _ in (0,) if minimum is not None),
        *(bad(f"{maximum + 1:.0f}", "between") for _ in (0,) if maximum is not None),
        bad("约三", "readable"),
        empty("--"),
        *attributes.pop("examples", ()),
    )
    return element(key, title, chinese, definition, **{**shared, **attributes}, examples=examples)


def counted(
    key: str, title: str, chinese: str, definition: str, *, unit: str, maximum: int = 10**9, **attributes: Any
) -> Element:
    """A count of things (数量): a whole number from zero."""
    whole = {"type": DataType.INTEGER, "format": "n..10", "representation": "数量", **attributes}
    whole["examples"] = (
        ok("1,000", "1000") if maximum >= 1000 else ok("1.0", "1"),
        bad("1.5", "readable"),
        *attributes.get("examples", ()),
    )
    return measured(key, title, chinese, definition, unit=unit, minimum=0, maximum=maximum, **whole)


def amount(key: str, title: str, chinese: str, definition: str, **attributes: Any) -> Element:
    """An amount of money (金额) in units of its own currency: free text such as 1000万元人民币 becomes a number."""
    shared: dict[str, Any] = {
        "type": DataType.DECIMAL,
        "format": "n..18,2",
        "unit": "元",
        "domain": "0 至 1e12",
        "representation": "金额",
        "steps": (*CLEAN, Step.AMOUNT),
        "checks": (Readable(), Between(minimum=0, maximum=1e12)),
    }
    examples = (
        ok("1234.5"),
        ok("1,234.50元", "1234.5"),
        ok("1000万元人民币", "10000000"),
        empty("N/A"),
        bad("-1", "between"),
        bad("若干", "readable"),
        *attributes.pop("examples", ()),
    )
    return element(key, title, chinese, definition, **{**shared, **attributes}, examples=examples)


def identified(
    key: str, title: str, chinese: str, definition: str, *, checks: tuple[Check, ...], **attributes: Any
) -> Element:
    """A number or code that names one thing (号码, 编号): separators go, letters become capitals."""
    shared: dict[str, Any] = {
        "representation": "号码",
        "steps": (*CLEAN, Step.SEPARATORS, Step.UPPER),
        "checks": checks,
    }
    return element(key, title, chinese, definition, **{**shared, **attributes})


def serial(key: str, title: str, chinese: str, definition: str, **attributes: Any) -> Element:
    """A number or code as its office writes it (编号): up to 64 printable characters without white space."""
    shared: dict[str, Any] = {
        "format": "an..64",
        "domain": "字母、数字、汉字和连接符",
        "representation": "编号",
        "checks": (Pattern(regex=r"[!-~·一-龥〔〕〇第号]{1,64}"),),
    }
    examples = (
        ok("2026-000123"),
        ok(" 浙永食字０１２３号 ", "浙永食字0123号"),
        bad("12 34", "pattern"),
        *attributes.pop("examples", ()),
    )
    return element(key, title, chinese, definition, **{**shared, **attributes}, examples=examples)


def named(key: str, title: str, chinese: str, definition: str, *, length: int = 100, **attributes: Any) -> Element:
    """A name of a thing or body (名称): full-width letters and brackets become half-width, white space is mended."""
    shared: dict[str, Any] = {
        "format": f"ul..{length}",
        "domain": "文本",
        "representation": "名称",
        "checks": (Length(minimum=1, maximum=length), NoMojibake()),
    }
    examples = (
        ok("第一实验中学"),
        ok("　永康（五金城）\u200b ", "永康(五金城)"),
        bad("æ°¸åº·å¸\u0082", "mojibake"),
        bad("长" * (length + 1), "length"),
        *attributes.pop("examples", ()),
    )
    return element(key, title, chinese, definition, **{**shared, **attributes}, examples=examples)


def written(key: str, title: str, chinese: str, definition: str, *, length: int = 4000, **attributes: Any) -> Element:
    """A text in sentences (描述): its words and punctuation stay as they are."""
    shared: dict[str, Any] = {
        "format": f"ul..{length}",
        "domain": "文本",
        "representation": "描述",
        "steps": WRITTEN,
        "checks": (Length(maximum=length), NoMojibake()),
    }
    examples = (
        ok("路灯不亮，请派人查看。"),
        ok(" 已处理 ", "已处理"),
        empty("暂无"),
        bad("锟斤拷锟斤拷", "mojibake"),
        *attributes.pop("examples", ()),
    )
    return element(key, title, chinese, definition, **{**shared, **attributes}, examples=examples)
