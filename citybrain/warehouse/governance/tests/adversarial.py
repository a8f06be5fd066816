"""Elements that use every step, type and check, and texts meant to break them: what the parity suite runs."""

from __future__ import annotations

import datetime
from typing import Any

from citybrain.declare.codelist import Code, CodeList
from citybrain.declare.element import DataType, Element
from citybrain.declare.rule import (
    Algorithm,
    Between,
    CheckDigit,
    DateBetween,
    EmbeddedCheckDigit,
    EmbeddedCode,
    EmbeddedDate,
    InList,
    Length,
    NoMojibake,
    Pattern,
    Required,
    Step,
)

TODAY = datetime.date(2026, 11, 21)
CLEAN = (Step.HALF_WIDTH, Step.TRIM, Step.NULL_WORDS)

SEX = CodeList(
    key="sex",
    title="Sex",
    chinese="性别",
    standard="GB/T 2261.1-2003",
    codes=(
        Code(value="1", title="男", english="male", synonyms=("M", "男性")),
        Code(value="2", title="女", english="female", synonyms=("F",)),
        Code(value="09", title="未说明"),
    ),
)
DIVISIONS = CodeList(
    key="divisions",
    title="Divisions",
    chinese="行政区划",
    standard="GB/T 2260",
    codes=(
        Code(value="330000", title="浙江省", synonyms=("浙江",)),
        Code(value="330700", title="金华市", parent="330000"),
        Code(value="330784", title="永康市", parent="330700"),
    ),
)
PART = CodeList(key="part", title="Part", chinese="部分", standard="", codes=SEX.codes, complete=False)
EMPTY = CodeList(key="empty", title="Empty", chinese="空", standard="", codes=())


def element(key: str, type_: DataType = DataType.TEXT, **options: Any) -> Element:
    """An element of which only what the engine reads is filled."""
    options = {"format": "an..60", "definition": key, **options}
    return Element(key=key, title=key, chinese=key, type=type_, **options)


ELEMENTS = (
    element(
        "citizen-id",
        steps=(*CLEAN, Step.SEPARATORS, Step.UPPER, Step.CITIZEN_ID_18),
        checks=(
            Required(),
            Pattern(regex=r"\d{17}[\dX]"),
            CheckDigit(algorithm=Algorithm.CITIZEN_ID),
            EmbeddedDate(start=6),
            EmbeddedCode(start=0, length=6, codes=DIVISIONS),
        ),
    ),
    element("sex", steps=(*CLEAN, Step.CODE), checks=(InList(codes=SEX), Required()), codes=SEX),
    element("part", checks=(InList(codes=PART),)),
    element("empty-list", checks=(InList(codes=EMPTY),)),
    element("birth", DataType.DATE, steps=(*CLEAN, Step.DATE), checks=(Required(), DateBetween())),
    element("since", DataType.DATE, checks=(DateBetween(earliest=TODAY, latest=datetime.date(2030, 1, 1)),)),
    element("moment", DataType.DATETIME, steps=(*CLEAN, Step.DATETIME), checks=(DateBetween(),)),
    element("moment-plain", DataType.DATETIME),
    element("count", DataType.INTEGER, steps=(*CLEAN, Step.NUMBER), checks=(Between(minimum=0, maximum=100),)),
    element("share", DataType.DECIMAL, steps=(*CLEAN, Step.NUMBER), checks=(Between(minimum=0.5), Required())),
    element("number-plain", DataType.DECIMAL, checks=(Between(maximum=9.99),)),
    element("capital", DataType.DECIMAL, steps=(*CLEAN, Step.AMOUNT)),
    element("whole-amount", DataType.INTEGER, steps=(*CLEAN, Step.AMOUNT)),
    element("late-number", DataType.INTEGER, steps=(Step.PHONE, Step.NUMBER)),
    element("yes", DataType.BOOLEAN, steps=CLEAN),
    element("name", steps=(*CLEAN, Step.NAME), checks=(Length(minimum=2, maximum=20), NoMojibake())),
    element("phone", steps=(*CLEAN, Step.PHONE), checks=(Pattern(regex=r"1[3-9]\d{9}|0\d{9,11}"),)),
    element("address", steps=(*CLEAN, Step.ADDRESS), codes=DIVISIONS, checks=(Length(minimum=5, maximum=60),)),
    element("address-plain", steps=(Step.ADDRESS,)),
    element(
        "credit-code",
        steps=(*CLEAN, Step.UPPER),
        checks=(
            CheckDigit(algorithm=Algorithm.CREDIT_CODE),
            EmbeddedCheckDigit(algorithm=Algorithm.ORGANISATION_CODE, start=8, length=9),
            EmbeddedCode(start=2, length=6, codes=DIVISIONS),
        ),
    ),
    element("organisation-code", checks=(CheckDigit(algorithm=Algorithm.ORGANISATION_CODE),)),
    element("bank-card", steps=CLEAN, checks=(CheckDigit(algorithm=Algorithm.LUHN),)),
    element("small", steps=(Step.LOWER,), checks=(Pattern(regex=r"[^a]*|é|.{2,3}|(?:x+y?){1,2}z*"),)),
    element("trimmed", steps=(Step.TRIM,), checks=(Length(maximum=3),)),
    element("untouched", checks=(NoMojibake(), Length(minimum=1, maximum=65_000))),
)

TEXTS: tuple[str | None, ...] = (
    *(
        None,
        "",
        " ",
        "\t",
        "\n",
        "\u3000",
        "\u200b",
        "0",
        "x",
        "X",
        "是",
        "é",
        "e\u0301",
        "😀",
        "𠮷 野",
        "\ufeff1",
        "a\x00b",
    ),
    # citizen numbers, credit codes, organisation codes, bank cards (standards/vectors.json), and near misses
    *("11010519491231002X", "440524188001010014", "330784201601010013", "330784199201010022", "330784200002291234"),
    *("330722198803070010", "33242219830307001X", "330784199902290013", "110105194912310021", "330784203001011230"),
    *(
        "11010519491231002x",
        "110105 1949-12-31002X",
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105491231002",
        "11010549123100x",
    ),
    *("113307843077566033", "11330700MB10327095", "91110000600037341L", "91330100799655058B", "91440300708461136T"),
    *("914403001922038216", "N2330784MF1234567J", "91330784MA2E5DXX11", "91330000142911425X", "91330784MA2E5DX148"),
    *("D2143569X", "123456788", "307756603", "D2143569-X", "d2143569X"),
    *("6228480402564890018", "6217001210024455220", "6222021202041701419", "622848040256489001", "4111111111111111"),
    *("永康永康永康永康永康永康永康永康永康", "永110105194912310021", "1101051949永231002X", "永" * 18),
    # days and times
    *("2026-11-21", "20261121", "2026/1/2", "2026.2.3", "2026年1月2日", "2026年2月30日", "2026-02-30", "1900-02-29"),
    *("2000-02-29", "0000-00-00", "0001-01-01", "9999-12-31", "2026-11-22", "2026-1/2", "2026-13-01", "2026-00-10"),
    *("2026.2.3 8:30", "20261121083000", "2026-11-21T08:30:15.123", "2026-11-21 24:00", "2026-11-21 08:30:15"),
    *("20261121 8:30", "2026年1月2日 3:04:05", "2026-11-21 08:60", "2026-11-21  08:30", " 2026-11-21 ", "2026-11-21."),
    *("0001-01-01 00:00:00", "0001-01-02 00:00:00", "2026112108300", "2026-11-21 08:30:15.", "２０２６-11-21"),
    # numbers and amounts
    *("1", "-5", "+7.", ".5", "0.1", "-0", "00012", "1,000", "1,00", "1,0000", "12,345,678.90", "1e5", "1.5e1", "1E-3"),
    *("3.14", "120.04020000000001", "0.12345678901234567", "9007199254740993", "9223372036854775807"),
    *("9223372036854775808", "-9223372036854775808", "123456789012345678901", "99999999999999999999.5", "1..2", "1 2"),
    *("12 %", "5%", "5 元", "5%%", "1,000元", "１２３", "NaN", "inf", "0x10", "1_000", "12.0", "12.50", "--5", "+"),
    *(
        "1000万元人民币",
        "3(万元人民币)",
        "500万美元",
        "￥1,234.50元整",
        "人民币10亿元",
        "1.5百万",
        "12千元",
        "万元",
        "3（万元）",
    ),
    *("US$5", "$-3.5万", "5万万", "7元圆", "港币5", "1 000 万 元"),
    # names, phones, addresses, words for nothing, code words
    *(
        "王小明",
        "张 三",
        "张 三 丰",
        "a . b",
        "阿不都.热合曼",
        "张.三.丰",
        "阿·b.·c",
        "·张",
        "张·",
        ".",
        "ab cd",
        "张  a 三",
    ),
    *("+86 138-0013-8000", "(0579) 87123456", "0086138001380001", "8613800138000", "008613800138000", "86 12800138000"),
    *(
        "永康市古山镇",
        "浙江金华永康市古山",
        "永康市场1号",
        "浙江省金华市永康市",
        "浙江 永康市x",
        "永康市",
        "浙江",
        "金华市永康市市场",
    ),
    *("N/A", "n/a", "NULL", "None", "-", "--", "/", "无", "暂无", "不详", "未知", "空", "\\n", "\\N", "nan", "无无"),
    *("男", "M", "m", "male", "MALE", "1-男", "1 男", "9", "09", "女 ", "true", "FALSE", "True"),
    # mojibake and what only looks like it
    *(
        "寮犱笁",
        "寮犱笁鏉庡洓",
        "锟斤拷",
        "王锟斤拷",
        "Ã¤Â¸Â­",
        "äº”å…­",
        "ÖÐÎÄ",
        "\ufffd",
        "à la carte",
        "小小",
        "涓",
        "Müller",
    ),
    *("寮犱笁?", "寮犱", "鏂囧叿鍔犲伐", "a寮犱笁b", "¡¢£¤", "àéàé"),
    # what quoting, escaping and regular expressions could trip over
    *("'", "o'brien\\", '"', "\\", "${1}", "$1", "\\1", "%", "_", "a\nb", "a\r\nb", "\x1f", "\x7f", "\x85", "\u2028"),
    *("\ud7ff", "\ue000", "\uffff", "\U0010ffff", "\u202eabc", "ﬁ", "ẞ", "İ", "ſ", "K", "xyxyz", "xx", "aaa", "aaaa"),
    *("a" * 300, "永" * 70, "x" * 70_000, "1" * 400, "0." + "3" * 60),
)
"""Hand-written, each for a reason: the traps that one engine or another fell into or could."""
