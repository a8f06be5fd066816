"""Dates and numbers out of texts as SQL: the grammars of DATE, DATETIME, NUMBER and AMOUNT as regular expressions."""

from __future__ import annotations

from citybrain.declare.element import DataType, Element
from citybrain.declare.rule import Step
from citybrain.kernel.standards.vocabulary import AMOUNT_PREFIXES, CURRENCY_WORDS, MULTIPLIERS, WHITE
from citybrain.warehouse.governance.sql.dialects import Dialect, class_of
from citybrain.warehouse.governance.sql.texts import lower

ONE_OR_TWO = "[0-9]{1,2}"
CLOCK = f"[ T]({ONE_OR_TWO}):([0-9]{{2}})(?::([0-9]{{2}})(?:\\.[0-9]+)?)?"
SIGNS = ("-", "/", "\\.")
LAID_OUT = "|".join(f"{sign}({ONE_OR_TWO}){sign}({ONE_OR_TWO})" for sign in SIGNS)
LAID_OUT = f"\\A([0-9]{{4}})(?:{LAID_OUT}|年({ONE_OR_TWO})月({ONE_OR_TWO})日)(?:[ T].*)?\\z"
"""A day in one of the five layouts with signs: year, then month and day in groups 2-3, 4-5, 6-7 or 8-9."""
COMPACT = "\\A([0-9]{4})([0-9]{2})([0-9]{2})(?:[ T].*|[0-9]{6})?\\z"
ANY_DAY = "[0-9]{8}|[0-9]{4}(?:" + "|".join(f"{sign}{ONE_OR_TWO}{sign}{ONE_OR_TWO}" for sign in SIGNS)
ANY_DAY = f"(?:{ANY_DAY}|年{ONE_OR_TWO}月{ONE_OR_TWO}日))"
TIMED = f"\\A{ANY_DAY}{CLOCK}\\z"
RUN_ON = "\\A[0-9]{8}([0-9]{2})([0-9]{2})([0-9]{2})\\z"
WHOLE = f"{ANY_DAY}(?:{CLOCK})?|[0-9]{{14}}"
"""What all of a text has to be; the others only take it apart. DuckDB counts groups to nine."""

NO_NUMBER = "CAST(NULL AS DOUBLE)"

PLAIN = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?"
THOUSANDS = r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?"
BARE = r"[+-]?[0-9]+(?:\.[0-9]*)?"


def reading_query(element: Element, source: str, dialect: Dialect) -> list[tuple[str, str]]:
    """The named SELECTs that read (n, v) of `source` as the element's type; the last is `r` with n, v, value, unread.

    `value` is the plain text of the value (ISO 8601 for times), `number` a double for numbers, `unread` whether v is no
    value of the type.
    """
    if element.type is DataType.TEXT:
        return [("r", f"SELECT n, v AS value, {NO_NUMBER} AS number, false AS unread FROM {source}")]  # noqa: S608
    if element.type is DataType.BOOLEAN:
        small = lower("v")
        value = f"CASE WHEN {small} IN ('true', '1') THEN 'true' WHEN {small} IN ('false', '0') THEN 'false' END"
        return [("b", f"SELECT n, v, {value} AS value FROM {source}"), ("r", _result("b", NO_NUMBER))]  # noqa: S608
    if element.type in (DataType.DATE, DataType.DATETIME):
        return _moment(element.type, source, dialect)
    return _number(element, source, dialect)


def _result(source: str, number: str) -> str:
    return f"SELECT n, value, {number} AS number, v IS NOT NULL AND value IS NULL AS unread FROM {source}"  # noqa: S608


def _moment(type_: DataType, source: str, dialect: Dialect) -> list[tuple[str, str]]:
    def parts(pattern: str, *numbers: int) -> list[str]:
        return [dialect.group("v", pattern, number) for number in numbers]

    def whole(*texts: str) -> str:
        joined = f"concat({', '.join(texts)})"
        return f"CAST(concat('0', {joined}) AS INT)"

    year = whole(*parts(LAID_OUT, 1), *parts(COMPACT, 1))
    month = whole(*parts(LAID_OUT, 2, 4, 6, 8), *parts(COMPACT, 2))
    day = whole(*parts(LAID_OUT, 3, 5, 7, 9), *parts(COMPACT, 3))
    hour, minute, second = (whole(*parts(TIMED, number), *parts(RUN_ON, number)) for number in (1, 2, 3))
    iso = f"concat({padded('y', 4, dialect)}, '-', {padded('m', 2, dialect)}, '-', {padded('d', 2, dialect)})"
    first = ""
    if type_ is DataType.DATETIME:
        clock = "':', ".join(f"{padded(part, 2, dialect)}, " for part in ("h", "i", "s")).rstrip(", ")
        iso = f"concat({iso}, ' ', {clock})"
        first = "NOT (y = 1 AND m = 1 AND d = 1) AND "
    real = f"{dialect.matches('v', WHOLE)} AND {is_real_day('y', 'm', 'd')} AND h <= 23 AND i <= 59 AND s <= 59"
    return [
        (
            "p",
            f"SELECT n, v, {year} AS y, {month} AS m, {day} AS d, "  # noqa: S608
            f"{hour} AS h, {minute} AS i, {second} AS s FROM {source}",
        ),
        ("q", f"SELECT n, v, CASE WHEN {first}{real} THEN {iso} END AS value FROM p"),  # noqa: S608
        ("r", _result("q", NO_NUMBER)),
    ]


def padded(integer: str, size: int, dialect: Dialect) -> str:
    """An integer as text of `size` digits."""
    return f"lpad({dialect.words(integer)}, {size}, '0')"


def is_real_day(year: str, month: str, day: str) -> str:
    """Whether three integers are a day of the calendar; no engine's cast is asked, they differ on 0000 and 02-30."""
    leap = f"({year} % 4 = 0 AND ({year} % 100 <> 0 OR {year} % 400 = 0))"
    february = f"CASE WHEN {leap} THEN 29 ELSE 28 END"
    last = f"CASE WHEN {month} IN (4, 6, 9, 11) THEN 30 WHEN {month} = 2 THEN {february} ELSE 31 END"
    return f"{year} >= 1 AND {month} BETWEEN 1 AND 12 AND {day} >= 1 AND {day} <= {last}"


def _number(element: Element, source: str, dialect: Dialect) -> list[tuple[str, str]]:
    times = "1"
    if Step.AMOUNT in element.steps:
        bare = dialect.replace("v", class_of(WHITE) + "+", "")
        pattern = _amount_pattern()
        given = dialect.group("b", pattern, 1)
        word = dialect.group("b", pattern, 2)
        cases = " ".join(f"WHEN {dialect.text(word)} THEN {times}" for word, times in MULTIPLIERS.items() if word)
        times = f"CASE {word} {cases} ELSE 1 END"
    else:
        sign = class_of(WHITE) + "*[%元]\\z"
        bare = dialect.replace("v", sign, "") if Step.NUMBER in element.steps else "v"
        fits = f"{dialect.matches('b', PLAIN)} OR {dialect.matches('b', THOUSANDS)}"
        given = f"CASE WHEN {fits} THEN b ELSE '' END"
    plain = f"replace({given}, ',', '')"
    double = f"{dialect.double('g')} * times"
    queries = [
        ("a", f"SELECT n, v, {bare} AS b FROM {source}"),  # noqa: S608
        ("g", f"SELECT n, v, {plain} AS g, {times} AS times FROM a"),  # noqa: S608
        ("d", f"SELECT n, v, g, times, CASE WHEN g <> '' THEN {double} END AS number FROM g"),  # noqa: S608
    ]
    if element.type is DataType.DECIMAL:
        value = f"CASE WHEN number IS NOT NULL THEN {dialect.words('number')} END"
    else:
        integral = r"[+-]?[0-9]+(?:\.0*)?"
        digits = dialect.replace(dialect.replace("g", "\\..*\\z", ""), "\\A\\+", "")
        exact = f"CASE WHEN times = 1 AND {dialect.matches('g', integral)} THEN {dialect.words(dialect.long(digits))}"
        near = "number = floor(number) AND abs(number) < 9007199254740992"
        spelled = dialect.matches("g", r"[+-]?[0-9]+(?:\.[0-9]*)?")
        # Only exponents and multiplied amounts go by way of a double: others would lose digits.
        rounded = f"(times > 1 OR NOT ({spelled})) AND {near}"
        value = f"{exact} WHEN {rounded} THEN {dialect.words('CAST(number AS BIGINT)')} END"
    queries.append(("q", f"SELECT n, v, number, {value} AS value FROM d"))  # noqa: S608
    queries.append(("r", _result("q", "number")))
    return queries


def _amount_pattern() -> str:
    def choice(words: list[str]) -> str:
        escaped = [word.replace("$", "\\$") for word in sorted(words, key=lambda word: (-len(word), word))]
        return "|".join(escaped)

    prefixes, currencies = choice(list(AMOUNT_PREFIXES)), choice(list(CURRENCY_WORDS))
    powers = choice([word for word in MULTIPLIERS if word])
    return f"\\A(?:{prefixes})?({THOUSANDS}|{BARE})[(（]?({powers})?[元圆]?(?:{currencies})?[元圆]?整?[)）]?\\z"
