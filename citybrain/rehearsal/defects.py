"""The closed list of what is spoilt on purpose: defects and valid oddities, each with its way of spoiling a value.

An error must be found by a rule that can know it; an oddity looks wrong and is right: an alarm on it is false.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from citybrain.rehearsal.codes import CITIZEN_CHECK, CREDIT_CHARACTERS, citizen_check, credit_check
from citybrain.rehearsal.specification import Quoting, Source, Way
from citybrain.rehearsal.strings import DateLayout

Value = str | int | float | datetime.date | datetime.datetime | None


@dataclass(frozen=True, kw_only=True)
class Spot:
    """One value about to be delivered, and what is around it."""

    given: Value
    """As the department would write it."""
    truth: Value
    """Before the department's layout was put on it."""
    source: Source
    rng: np.random.Generator
    limits: tuple[float, float] | None = None
    has: frozenset[str] = frozenset()
    """Meanings of the table's columns."""

    @property
    def text(self) -> str:
        return str(self.given)

    def date(self, day: datetime.date) -> Value:
        """A day as this source delivers days."""
        return day if self.source.way.keeps_dates else write_date(day, self.source.style.dates)


class Unfit(Exception):
    """This value cannot be spoilt in this way; another row is left as it was."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of defect or oddity, with its way of spoiling a value."""

    name: str
    meanings: frozenset[str]
    """Meanings of columns it applies to; empty for kinds that need more than a value."""
    spoil: Callable[[Spot], Value]
    """The spoilt value; raises Unfit."""
    is_error: bool = True
    knowable: bool = True
    """A rule that sees the data alone can find it."""
    rate: float = 0.002
    """Share of the rows of such a column."""
    note: str = ""


def write_date(day: datetime.date, layout: DateLayout) -> str:
    """A day in one of the six layouts."""
    text = layout.value.replace("YYYY", f"{day.year:04d}")
    return text.replace("MM", f"{day.month:02d}").replace("DD", f"{day.day:02d}")


def _plain_citizen(spot: Spot) -> str:
    """The 18-character citizen number of the spot; Unfit for residence documents."""
    if len(spot.text) != 18 or spot.text[0] in "89":
        raise Unfit
    return spot.text


def _fifteen(spot: Spot) -> str:
    number = _plain_citizen(spot)
    if number[6:8] != "19":
        raise Unfit
    return number[:6] + number[8:17]


def _lower_x(spot: Spot) -> str:
    if not spot.text.endswith("X"):
        raise Unfit
    return spot.text.lower()


def _full_width(spot: Spot) -> str:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in spot.text)
    if wide == spot.text:
        raise Unfit
    return wide


def _wrong_citizen_check(spot: Spot) -> str:
    number = _plain_citizen(spot)
    others = [c for c in CITIZEN_CHECK if c != number[17]]
    return number[:17] + others[int(spot.rng.integers(0, len(others)))]


def _redated_citizen(number: str, date: str) -> str:
    body = number[:6] + date + number[14:17]
    return body + citizen_check(body)


def _impossible_citizen(spot: Spot) -> str:
    number = _plain_citizen(spot)
    year = int(number[6:10])
    common = year if year % 4 else year - 1
    date = (f"{common:04d}0229", f"{year:04d}0431", f"{year:04d}1331", f"{year:04d}0600")[int(spot.rng.integers(0, 4))]
    return _redated_citizen(number, date)


def _future_citizen(spot: Spot) -> str:
    number = _plain_citizen(spot)
    return _redated_citizen(number, f"{int(spot.rng.integers(2031, 2060)):04d}{int(spot.rng.integers(101, 110)):04d}")


def _wrong_credit_check(spot: Spot) -> str:
    others = [c for c in CREDIT_CHARACTERS if c != spot.text[17]]
    return spot.text[:17] + others[int(spot.rng.integers(0, len(others)))]


def _wrong_inner_check(spot: Spot) -> str:
    others = [c for c in "0123456789X" if c != spot.text[16]]
    body = spot.text[:16] + others[int(spot.rng.integers(0, len(others)))]
    return body + credit_check(body)


def _wrong_organisation_check(spot: Spot) -> str:
    others = [c for c in "0123456789X" if c != spot.text[8]]
    return spot.text[:8] + others[int(spot.rng.integers(0, len(others)))]


def _has_chinese(text: str) -> bool:
    return sum("\u4e00" <= c <= "\u9fff" for c in text) >= 2


def _mojibake(spot: Spot) -> str:
    """UTF-8 read as Latin-1, UTF-8 read as GBK, or GBK read as UTF-8."""
    if not _has_chinese(spot.text):
        raise Unfit
    utf8 = spot.text.encode("utf-8")
    if spot.source.way is Way.DBF:
        # A field of GBK holds the wrong reading only where every byte of it gave a character.
        try:
            return utf8.decode("gbk")
        except UnicodeDecodeError:
            raise Unfit from None
    match int(spot.rng.integers(0, 3)):
        case 0:
            return utf8.decode("latin-1")
        case 1:
            return utf8.decode("gbk", "replace")
        case _:
            return spot.text.encode("gb18030").decode("utf-8", "replace")


def _malformed_phone(spot: Spot) -> str:
    digits = spot.text
    return (digits[:-1], digits + "8", "12" + digits[2:], digits[:6] + "O" + digits[7:])[int(spot.rng.integers(0, 4))]


def _malformed_plate(spot: Spot) -> str:
    plate = spot.text
    # Six characters are too few; the seven that a new-energy plate has without its last are a plate again.
    return (plate[:2] + "I" + plate[3:], plate[:2] + "O" + plate[3:], plate[:6], plate[0] + "1" + plate[2:])[
        int(spot.rng.integers(0, 4))
    ]


def _impossible_date(spot: Spot) -> str:
    if spot.source.way.keeps_dates or not isinstance(spot.truth, datetime.date):
        raise Unfit
    year = spot.truth.year if spot.truth.year % 4 else spot.truth.year - 1
    wrong = ((2, 30), (4, 31), (13, 5), (2, 29))[int(spot.rng.integers(0, 4))]
    text = spot.source.style.dates.value.replace("YYYY", f"{year:04d}")
    return text.replace("MM", f"{wrong[0]:02d}").replace("DD", f"{wrong[1]:02d}")


def _other_layout(spot: Spot) -> str:
    if spot.source.way.keeps_dates or not isinstance(spot.truth, datetime.date):
        raise Unfit
    layouts = [layout for layout in DateLayout if layout is not spot.source.style.dates]
    return write_date(spot.truth, layouts[int(spot.rng.integers(0, len(layouts)))])


def _future_date(spot: Spot) -> Value:
    return spot.date(datetime.date(int(spot.rng.integers(2031, 2060)), int(spot.rng.integers(1, 13)), 15))


def _other_birth(spot: Spot) -> Value:
    if "citizen-id" not in spot.has or not isinstance(spot.truth, datetime.date):
        raise Unfit
    return spot.date(spot.truth - datetime.timedelta(days=int(spot.rng.integers(1, 4)) * 365 + 1))


def _other_sex(spot: Spot) -> Value:
    if "citizen-id" not in spot.has:
        raise Unfit
    male, female = spot.source.style.sex
    return female if spot.given == male else male


def _missing(spot: Spot) -> Value:
    return None


def _out_of_limits(spot: Spot) -> Value:
    if spot.limits is None or not isinstance(spot.truth, int | float):
        raise Unfit
    low, high = spot.limits
    above = high < 1e9 and spot.rng.random() < 0.5
    value = type(spot.truth)(high + 1 + spot.rng.integers(1, 900) if above else low - 1 - spot.rng.integers(1, 900))
    return value if spot.source.way.keeps_numbers else str(value)


def _formula(spot: Spot) -> str:
    return '=HYPERLINK("http://example.invalid/a","点击查看")' if spot.rng.random() < 0.5 else "=1+1"


def _null_word(spot: Spot) -> str:
    return ("N/A", "无", "-", "null", "暂无", "不详", "/")[int(spot.rng.integers(0, 7))]


def _line_break(spot: Spot) -> str:
    badly_quoted = spot.source.way is Way.CSV and spot.source.quoting is not Quoting.ALL
    if badly_quoted or spot.source.way in (Way.DBF, Way.XLSX):
        raise Unfit
    return spot.text[: len(spot.text) // 2] + "\n" + spot.text[len(spot.text) // 2 :]


def _orphan(spot: Spot) -> str:
    return "ZZ" + spot.text[2:]


CITIZEN_NUMBERS = frozenset({"citizen-id", "spouse-id", "husband-id", "representative-id"})
PERSON_NAMES = frozenset(
    {"person-name", "spouse-name", "husband-name", "representative-name", "contact-name", "guardian-name"}
)
TEXTS = frozenset({"text", "address", "organisation-name", "name"})
DATES = frozenset({"birth-date", "date", "founding-date", "marriage-date", "death-date", "valid-from", "valid-to"})
NEVER_EMPTY = frozenset({"citizen-id", "person-name", "credit-code", "plate"})
"""Elements that must be filled in wherever they stand; other columns must be where they are the table's key."""
ORDERED = frozenset(
    {
        ("birth-date", "death-date"),
        ("birth-date", "marriage-date"),
        ("founding-date", "revocation-date"),
        ("valid-from", "valid-to"),
    }
)
"""Pairs of dates whose order every table must keep; the order of other pairs only their department knows."""
CODES = {"sex": "7", "ethnic-group": "88", "education": "55", "marital-status": "60", "industry": "X0000"}
"""An unlisted code for each element with a national code list."""


def _unlisted_code(meaning: str) -> Kind:
    return Kind(name="code-unlisted", meanings=frozenset({meaning}), spoil=lambda spot: CODES[meaning])


KINDS: tuple[Kind, ...] = (
    Kind(name="id-checksum", meanings=CITIZEN_NUMBERS, spoil=_wrong_citizen_check),
    Kind(name="id-impossible-date", meanings=CITIZEN_NUMBERS, spoil=_impossible_citizen),
    Kind(name="id-future-birth", meanings=CITIZEN_NUMBERS, spoil=_future_citizen, rate=0.001),
    Kind(name="uscc-checksum", meanings=frozenset({"credit-code"}), spoil=_wrong_credit_check, rate=0.004),
    Kind(
        name="uscc-inner-checksum",
        meanings=frozenset({"credit-code"}),
        spoil=_wrong_inner_check,
        note="the outer check character is right, the organisation code inside is not",
    ),
    Kind(name="organisation-code-checksum", meanings=frozenset({"organisation-code"}), spoil=_wrong_organisation_check),
    Kind(name="mojibake", meanings=TEXTS | PERSON_NAMES, spoil=_mojibake),
    Kind(name="phone-malformed", meanings=frozenset({"mobile"}), spoil=_malformed_phone, rate=0.004),
    Kind(name="plate-malformed", meanings=frozenset({"plate"}), spoil=_malformed_plate, rate=0.005),
    *(_unlisted_code(meaning) for meaning in CODES),
    Kind(
        name="date-impossible",
        meanings=DATES,
        spoil=_impossible_date,
        rate=0.003,
    ),
    Kind(name="birth-future", meanings=frozenset({"birth-date", "founding-date"}), spoil=_future_date, rate=0.001),
    Kind(name="birth-mismatch", meanings=frozenset({"birth-date"}), spoil=_other_birth, rate=0.003),
    Kind(name="sex-mismatch", meanings=frozenset({"sex"}), spoil=_other_sex, rate=0.003),
    Kind(
        name="number-range",
        meanings=frozenset({"age", "percentage", "longitude", "latitude", "amount", "ph"}),
        spoil=_out_of_limits,
        rate=0.003,
    ),
    Kind(name="orphan-key", meanings=frozenset({"reference"}), spoil=_orphan, rate=0.004),
    # Valid oddities: an alarm here is a false one.
    Kind(name="id-15-digit", meanings=CITIZEN_NUMBERS, spoil=_fifteen, is_error=False, rate=0.004),
    Kind(name="id-lower-x", meanings=CITIZEN_NUMBERS, spoil=_lower_x, is_error=False),
    Kind(
        name="full-width",
        meanings=CITIZEN_NUMBERS | {"credit-code", "mobile", "plate"},
        spoil=_full_width,
        is_error=False,
    ),
    Kind(
        name="date-other-layout",
        meanings=DATES,
        spoil=_other_layout,
        is_error=False,
    ),
    Kind(
        name="formula-text", meanings=frozenset({"text"}), spoil=_formula, is_error=False, note="must survive as it is"
    ),
    Kind(name="null-word", meanings=frozenset({"text", "word"}), spoil=_null_word, is_error=False, note="means empty"),
    Kind(name="line-break", meanings=frozenset({"text"}), spoil=_line_break, is_error=False, rate=0.001),
)
"""Kinds that spoil one value, in the order they are seeded."""

MISSING = Kind(name="missing-required", meanings=frozenset(), spoil=_missing)
"""For columns that are required, whatever they mean."""

NATURAL = {
    "id-former-code": "the county's code of that birth year",
    "id-foreign-permanent": "permanent residence of foreigners, begins with 9",
    "id-residence-permit": "residence permit of Hong Kong, Macau and Taiwan, 81/82/83 0000",
    "id-leap-day": "born on 29 February",
    "uscc-letter-led": "village economic co-operative, begins with N",
}
"""Valid oddities that are in the data by themselves; a sample of them is listed."""

ROWS = {
    "duplicate-row": "the same row twice",
    "key-conflict": "a second row with the same key and different content",
    "date-order": "the second of two dates lies before the first",
}
"""Kinds that concern whole rows."""

LINES = ("unclosed-quote", "too-few-columns", "too-many-columns", "undecodable-bytes", "stray-quote")
"""Kinds that spoil a line of a CSV file: all of them errors."""

LENIENT = frozenset({"stray-quote"})
"""Lines that a lenient reader may well take as they are: no rule can be asked to find them."""
