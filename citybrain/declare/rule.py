"""The closed set of rule primitives (规则原语): what can be checked, and what can be standardised.

Each primitive has a numba, a DuckDB and a Spark back end in `warehouse/governance`, held equal by one parity suite.
An element lists steps and checks; a `Rule` relates several elements of one row. Nothing here runs.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from citybrain.declare.words import _

if TYPE_CHECKING:
    from citybrain.declare.codelist import CodeList
    from citybrain.declare.element import Element


class Severity(StrEnum):
    """What a broken check does to its row."""

    ERROR = "error"
    """The row is held back from the standard table until it is mended."""
    NOTICE = "notice"
    """The row goes through; the finding is listed."""


class Step(StrEnum):
    """One standardising step (标准化). Steps run in the order an element lists them; changes are counted by kind."""

    HALF_WIDTH = "half-width"
    """Full-width letters, digits, signs and spaces become half-width (全角转半角)."""
    TRIM = "trim"
    """Invisible characters (zero width, byte-order marks, controls) and outer white space go, runs become one space."""
    NULL_WORDS = "null-words"
    """The empty text and `NULL_WORDS`, in any case of letters, become null."""
    UPPER = "upper"
    """a-z become A-Z; other letters stay."""
    LOWER = "lower"
    """A-Z become a-z; other letters stay."""
    SEPARATORS = "separators"
    """White space, hyphens and dashes (U+2010 to U+2015), dots, slashes and underscores inside an identifier go."""
    CITIZEN_ID_18 = "citizen-id-18"
    """A 15-digit citizen number becomes 18 digits: century 19 and the check character (GB 11643-1999)."""
    PHONE = "phone"
    """Separators and round brackets go, then +86, 0086 or 86 before a mobile number (1, 3-9, nine digits)."""
    NAME = "name"
    """White space between two Chinese characters or name dots goes; a dot between two Chinese characters becomes ·."""
    ADDRESS = "address"
    """White space goes; a missing province and city are put before (GB/T 23705-2009 order).

    That is done where the text begins with a city or county that the element's code list (divisions with their parents)
    holds once; 永康市场 is a market, not the city.
    """
    DATE = "date"
    """Six layouts become a date: 2026-11-21, 20261121, 2026/11/21, 2026.11.21, 2026年11月21日, or with a time.

    Month and day may have one digit in all but the second. A time is a blank or T, then h:mm, h:mm:ss or h:mm:ss.f; the
    second layout may also go on with hhmmss."""
    DATETIME = "datetime"
    """The same layouts become a time stamp of China Standard Time, whole seconds; a day without a time is 00:00:00."""
    NUMBER = "number"
    """Thousands separators (in threes) and one trailing unit sign (%, 元) go; the text becomes a number."""
    AMOUNT = "amount"
    """Free-text money (1000万元人民币, 3(万元人民币), 500万美元) becomes a number of its own currency's units.

    Nothing is converted between currencies; a bare number is taken as it stands."""
    CODE = "code"
    """A label, synonym or short form of the element's code list becomes its code."""


NULL_WORDS = ("n/a", "na", "nan", "null", "none", "\\n", "-", "--", "/", "无", "暂无", "不详", "未知", "空")
"""What `Step.NULL_WORDS` takes for nothing, in lower case."""


class Algorithm(StrEnum):
    """A check-digit algorithm."""

    CITIZEN_ID = "citizen-id"
    """ISO 7064 MOD 11-2 over 18 characters, GB 11643-1999."""
    CREDIT_CODE = "credit-code"
    """MOD 31 over 18 characters, GB 32100-2015."""
    ORGANISATION_CODE = "organisation-code"
    """MOD 11 over 9 characters, GB 11714-1997."""
    LUHN = "luhn"
    """Bank cards, ISO/IEC 7812-1."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """A condition on one value, the value being standardised already. Null passes every check but `Required`."""

    clause: str = ""
    """The standard and clause that asks for it, as cited: `GB 11643-1999 4.2`."""
    severity: Severity = Severity.ERROR
    """What a broken check does to its row."""
    remedy: str = ""
    """How the provider mends it, one sentence; empty takes the kind's own."""

    @property
    def name(self) -> str:
        """Stable name of the kind of check, as it stands in the problem table: `check-digit`."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Required(Check):
    """The value is there (必填)."""

    remedy: str = _("Fill in the value.")

    @property
    def name(self) -> str:
        return "required"


@dataclass(frozen=True, kw_only=True)
class Length(Check):
    """The text has between `minimum` and `maximum` characters, both included."""

    minimum: int = 0
    maximum: int
    remedy: str = _("Shorten or complete the text.")

    @property
    def name(self) -> str:
        return "length"


@dataclass(frozen=True, kw_only=True)
class Pattern(Check):
    """The whole text matches `regex`: literals, classes, groups, alternation, repeats; no look-around."""

    regex: str
    remedy: str = _("Correct the text to the form the standard asks for.")

    @property
    def name(self) -> str:
        return "pattern"


@dataclass(frozen=True, kw_only=True)
class CheckDigit(Check):
    """The check character is the one the algorithm gives; a wrong length or character set fails too."""

    algorithm: Algorithm
    remedy: str = _("Compare with the certificate: one character was mistyped or two were swapped.")

    @property
    def name(self) -> str:
        return "check-digit"


@dataclass(frozen=True, kw_only=True)
class EmbeddedDate(Check):
    """Characters `start`..`start`+8 (from 0) are a real calendar day, not in the future (YYYYMMDD)."""

    start: int
    remedy: str = _("The day inside the number does not exist or lies in the future: compare with the certificate.")

    @property
    def name(self) -> str:
        return "embedded-date"


@dataclass(frozen=True, kw_only=True)
class EmbeddedCode(Check):
    """Characters `start`..`start`+`length` (from 0) are a code of `codes`."""

    start: int
    length: int
    codes: CodeList
    severity: Severity = Severity.NOTICE
    remedy: str = _("The code inside the number is not in the list: compare with the certificate.")

    @property
    def name(self) -> str:
        return "embedded-code"


@dataclass(frozen=True, kw_only=True)
class EmbeddedCheckDigit(Check):
    """Characters `start`..`start`+`length` (from 0) pass `algorithm`: the organisation code inside a credit code."""

    algorithm: Algorithm
    start: int
    length: int
    severity: Severity = Severity.NOTICE
    remedy: str = _("A number inside the number has a wrong check character: compare with the certificate.")

    @property
    def name(self) -> str:
        return "embedded-check-digit"


@dataclass(frozen=True, kw_only=True)
class Between(Check):
    """The number lies in [minimum, maximum]; None leaves that end open."""

    minimum: float | None = None
    maximum: float | None = None
    remedy: str = _("The number is outside what is possible: compare with the source document.")

    @property
    def name(self) -> str:
        return "between"


@dataclass(frozen=True, kw_only=True)
class DateBetween(Check):
    """The day lies in [earliest, latest]; `latest` None means the day of the run (no future)."""

    earliest: datetime.date = datetime.date(1900, 1, 1)
    latest: datetime.date | None = None
    remedy: str = _("The day is before 1900, in the future, or does not exist: compare with the source document.")

    @property
    def name(self) -> str:
        return "date-between"


@dataclass(frozen=True, kw_only=True)
class Readable(Check):
    """The text could be read as the element's type (a date, a number, an amount). Every typed element carries it."""

    remedy: str = _("The text is not a value of this type: write it in one of the accepted layouts.")

    @property
    def name(self) -> str:
        return "readable"


@dataclass(frozen=True, kw_only=True)
class InList(Check):
    """The value is a code of the element's code list; a tuple of lists accepts any of them."""

    codes: CodeList
    remedy: str = _("Use a code of the list.")

    @property
    def name(self) -> str:
        return "in-list"


@dataclass(frozen=True, kw_only=True)
class NoMojibake(Check):
    """The text holds no replacement character and no run that comes from reading one encoding as another (乱码).

    Four signs: U+FFFD or 锟斤拷; UTF-8 read as Latin-1 or Windows-1252 (à to ï followed by two continuation characters,
    or twice by one); GB 18030 read as Latin-1 (four or more of U+00A1 to U+00FE in a row); UTF-8 read as GBK (written
    back as GBK it is UTF-8 of two or more GB 2312 characters, but for a cut end).
    """

    remedy: str = _(
        "The text was read in the wrong encoding before it was delivered: export it again as UTF-8 or GB18030."
    )

    @property
    def name(self) -> str:
        return "mojibake"


@dataclass(frozen=True, kw_only=True)
class InOrder(Check):
    """`first` is not after `second` (dates in order)."""

    first: Element
    second: Element
    remedy: str = _("One of the two dates is wrong: compare both with the source document.")

    @property
    def name(self) -> str:
        return "in-order"


@dataclass(frozen=True, kw_only=True)
class BirthMatches(Check):
    """The birth date inside the citizen number equals the birth date of the row."""

    identifier: Element
    birth: Element
    remedy: str = _("The birth date differs from the one inside the citizen number: compare with the certificate.")

    @property
    def name(self) -> str:
        return "birth-matches"


@dataclass(frozen=True, kw_only=True)
class SexMatches(Check):
    """The sex inside the citizen number (odd male, even female) equals the sex of the row (GB/T 2261.1)."""

    identifier: Element
    sex: Element
    remedy: str = _("The sex differs from the one inside the citizen number: compare with the certificate.")

    @property
    def name(self) -> str:
        return "sex-matches"


@dataclass(frozen=True, kw_only=True)
class RequiredWhen(Check):
    """`then` is filled in whenever `when` holds one of `values`."""

    when: Element
    values: tuple[str, ...]
    then: Element
    remedy: str = _("Fill in the value: another field of the row asks for it.")

    @property
    def name(self) -> str:
        return "required-when"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A check over several elements of one row (跨字段规则): it applies to every dataset that holds them all."""

    key: str
    """Stable key, kebab-case, unique in the registry."""
    title: str
    """What it asks, one clause."""
    check: InOrder | BirthMatches | SexMatches | RequiredWhen
    """The condition."""
    examples: tuple[RowExample, ...] = ()
    """Rows that pass and fail; they are its tests."""


@dataclass(frozen=True, kw_only=True)
class RowExample:
    """One row for a cross-field rule, by element key."""

    row: dict[str, str | None] = field(hash=False)
    """Element key to the value as delivered."""
    passes: bool
    """Whether the row passes."""
