"""The standardising steps as SQL: each a SELECT from the one before it, so that no expression is written twice."""

from __future__ import annotations

from collections.abc import Mapping

from citybrain.declare.element import Element
from citybrain.declare.rule import NULL_WORDS, Step
from citybrain.kernel.standards.check_digits import CITIZEN_ID_WEIGHTS
from citybrain.kernel.standards.vocabulary import (
    BRACKETS,
    HAN_RANGES,
    INVISIBLE,
    NAME_DOTS,
    SEPARATORS,
    WHITE,
    address_beginnings,
    code_words,
)
from citybrain.warehouse.governance.sql.dialects import Dialect, class_of

CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SMALL = CAPITALS.lower()
WIDE = "".join(chr(code) for code in range(0xFF01, 0xFF5F)) + "\u3000"
NARROW = "".join(chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)) + " "
HAN = class_of("", HAN_RANGES)
HAN_OR_DOT = class_of(NAME_DOTS, HAN_RANGES)
DIGITS = "0123456789"


def lower(text: str) -> str:
    """A-Z of `text` as a-z, no other letter touched."""
    return f"translate({text}, '{CAPITALS}', '{SMALL}')"


def digit(text: str, place: int, dialect: Dialect, alphabet: str = DIGITS) -> str:
    """The value of the character at `place` (from 1) of `text` in `alphabet`."""
    return f"({dialect.position(dialect.text(alphabet), f'substr({text}, {place}, 1)')} - 1)"


def weighed(text: str, weights: tuple[int, ...], dialect: Dialect, alphabet: str = DIGITS) -> str:
    """The weighted sum of the first characters of `text`."""
    return " + ".join(f"{weight} * {digit(text, i + 1, dialect, alphabet)}" for i, weight in enumerate(weights))


def step_query(step: Step, element: Element, source: str, number: int, dialect: Dialect) -> list[tuple[str, str]]:
    """The named SELECTs of one step over `source` (n, v); the last is the result, under the name `s<number>`."""
    name = f"s{number}"
    if step is Step.CODE and element.codes is not None:
        table = dict(code_words(element.codes)) | {code.value: code.value for code in element.codes.codes}
        return [
            (f"w{number}", _values(table, ("word", "code"), dialect)),
            (
                name,
                f"SELECT s.n, coalesce(e.code, l.code, s.v) AS v FROM {source} s "  # noqa: S608
                f"LEFT JOIN w{number} e ON e.word = s.v LEFT JOIN w{number} l ON l.word = {lower('s.v')}",
            ),
        ]
    if step is Step.ADDRESS:
        joined = f"SELECT n, {dialect.replace('v', class_of(WHITE) + '+', '')} AS v FROM {source}"  # noqa: S608
        if element.codes is None:
            return [(name, joined)]
        return _address(joined, address_beginnings(element.codes), number, dialect)
    return [(name, f"SELECT n, {_expression(step, dialect)} AS v FROM {source}")]  # noqa: S608


def _values(rows: Mapping[str, str], columns: tuple[str, str], dialect: Dialect) -> str:
    listed = ", ".join(f"({dialect.text(first)}, {dialect.text(second)})" for first, second in rows.items())
    return f"SELECT * FROM (VALUES {listed}) AS t({columns[0]}, {columns[1]})"  # noqa: S608


def _address(joined: str, beginnings: Mapping[str, str], number: int, dialect: Dialect) -> list[tuple[str, str]]:
    """The longest known beginning, found by equality at each length, so that engines hash instead of comparing all."""
    lengths = ", ".join(f"({length})" for length in sorted({len(beginning) for beginning in beginnings}))
    return [
        (f"j{number}", joined),
        (f"p{number}", _values(beginnings, ("beginning", "full_beginning"), dialect)),
        (f"l{number}", f"SELECT * FROM (VALUES {lengths}) AS t(size)"),  # noqa: S608
        (
            f"h{number}",
            "SELECT j.n, p.beginning, p.full_beginning, "  # noqa: S608
            "row_number() OVER (PARTITION BY j.n ORDER BY l.size DESC) AS place "
            f"FROM j{number} j JOIN l{number} l ON l.size <= length(j.v) "
            f"JOIN p{number} p ON p.beginning = substr(j.v, 1, l.size)",
        ),
        (
            f"s{number}",
            "SELECT j.n, CASE WHEN h.beginning IS NULL OR (substr(h.beginning, length(h.beginning), 1) = '市' "  # noqa: S608
            "AND substr(j.v, length(h.beginning) + 1, 1) = '场') THEN j.v "
            "ELSE concat(h.full_beginning, substr(j.v, length(h.beginning) + 1)) END AS v "
            f"FROM j{number} j LEFT JOIN h{number} h ON h.n = j.n AND h.place = 1",
        ),
    ]


def _expression(step: Step, dialect: Dialect) -> str:
    match step:
        case Step.HALF_WIDTH:
            return f"translate(v, {dialect.text(WIDE)}, {dialect.text(NARROW)})"
        case Step.TRIM:
            visible = dialect.replace("v", class_of(INVISIBLE) + "+", "")
            return f"trim({dialect.replace(visible, class_of(WHITE) + '+', ' ')})"
        case Step.NULL_WORDS:
            words = ", ".join(dialect.text(word) for word in ("", *NULL_WORDS))
            return f"CASE WHEN {lower('v')} IN ({words}) THEN NULL ELSE v END"
        case Step.UPPER:
            return f"translate(v, '{SMALL}', '{CAPITALS}')"
        case Step.LOWER:
            return lower("v")
        case Step.SEPARATORS:
            return dialect.replace("v", class_of(WHITE + SEPARATORS) + "+", "")
        case Step.CITIZEN_ID_18:
            body = "concat(substr(v, 1, 6), '19', substr(v, 7))"
            place = f"1 + ({weighed(body, CITIZEN_ID_WEIGHTS, dialect)}) % 11"
            return (
                f"CASE WHEN {dialect.matches('v', '[0-9]{15}')} "
                f"THEN concat({body}, substr('10X98765432', {place}, 1)) ELSE v END"
            )
        case Step.PHONE:
            bare = dialect.replace("v", class_of(WHITE + SEPARATORS + BRACKETS) + "+", "")
            pattern = r"(?:\+86|0086|86)1[3-9][0-9]{9}"
            return f"CASE WHEN {dialect.matches(bare, pattern)} THEN right({bare}, 11) ELSE {bare} END"
        case Step.NAME:
            # A character may stand in two matches; what the first turn steps over, the second finds.
            gap = f"({HAN_OR_DOT}){class_of(WHITE)}+({HAN_OR_DOT})"
            dot = f"({HAN}){class_of(NAME_DOTS.replace('·', ''))}({HAN})"
            joined = dialect.replace(dialect.replace("v", gap, "{1}{2}"), gap, "{1}{2}")
            return dialect.replace(dialect.replace(joined, dot, "{1}·{2}"), dot, "{1}·{2}")
        case _:
            return "v"
