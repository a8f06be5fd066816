"""What a synthetic table is: a population, columns by name, a style, a way of delivery: one value, no code.

Source --has--> Table --of--> Population (which people, firms or places, how many rows each)
                  |
                  +--columns--> Maker (draws one column for those rows, in the department's Style)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

import numpy as np
import pyarrow as pa

from citybrain.rehearsal.entities.firms import Firms
from citybrain.rehearsal.entities.people import People
from citybrain.rehearsal.entities.places import Places
from citybrain.rehearsal.strings import DateLayout


class Subject(StrEnum):
    """What a row of a table is about."""

    PERSON = "person"
    FIRM = "firm"
    PLACE = "place"
    """A village, or a thing in one."""


class Way(StrEnum):
    """Way of delivery; the value is the `kind` of the source declaration."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"
    CSV = "csv"
    XLSX = "xlsx"
    JSON_LINES = "jsonl"
    PARQUET = "parquet"
    DBF = "dbf"
    HTTP_JSON = "http-json"

    @property
    def keeps_dates(self) -> bool:
        """Dates arrive as dates, not as text in the department's layout."""
        return self in (Way.POSTGRESQL, Way.PARQUET, Way.DBF)

    @property
    def keeps_numbers(self) -> bool:
        """Numbers arrive as numbers, not as text."""
        return self is not Way.CSV

    @property
    def suffix(self) -> str:
        return "." + ("sqlite" if self is Way.SQLITE else self.value)


class Quoting(StrEnum):
    """How well a department's CSV export quotes."""

    NEEDED = "needed"
    ALL = "all"
    BAD = "bad"
    """Now and then a quote is not closed, a comma splits a field, a byte is cut."""


class Later(StrEnum):
    """What a later delivery of a table does."""

    GROW = "grow"
    """Rows added and changed; where the whole table is delivered, some are gone."""
    ADD_COLUMN = "column-added"
    LOSE_COLUMN = "column-lost"
    CHANGE_TYPE = "column-type-changed"
    REPEAT = "repeated-delivery"
    """The last delivery once more, byte for byte."""
    LATE = "late-delivery"
    """Last month's file, after this month's."""


@dataclass(frozen=True, kw_only=True)
class Style:
    """How a department writes: layouts, words, and how stale its records are."""

    dates: DateLayout = DateLayout.DASHES
    sex: tuple[str, str] = ("1", "2")
    """Words for male and female."""
    province: bool = True
    """Addresses begin with province and county."""
    grouped: bool = False
    """Village addresses carry a group: 3组18号."""
    stale: float = 0.03
    """Share of rows with the former name, phone, address."""
    spaced: float = 0.002
    """Share of two-character names written with a space, of mobiles with separators or +86."""
    traditional: float = 0.0
    """Share of names in traditional characters."""


@dataclass(frozen=True, kw_only=True)
class County:
    """Everything that is known of the county: the truth every table is drawn from."""

    places: Places
    people: People
    firms: Firms
    seed: int

    @property
    def scale(self) -> float:
        """People, in thousands."""
        return len(self.people) / 1000


@dataclass(frozen=True, kw_only=True)
class Population:
    """Which entities a table has rows for."""

    subject: Subject
    choose: Callable[[County], np.ndarray]
    """Indices of the entities (places: of villages)."""
    fraction: float = 1.0
    repeats: int = 1

    def share(self, fraction: float) -> Population:
        """A random part of them."""
        return replace(self, fraction=self.fraction * fraction)

    def times(self, repeats: int) -> Population:
        """That many rows for each: months, visits, readings."""
        return replace(self, repeats=repeats)

    def rows(self, county: County, rng: np.random.Generator) -> np.ndarray:
        """Entity index of each row, repeats side by side; at least one row when the whole population has any."""
        entities = self.choose(county)
        if self.fraction < 1 and len(entities):
            kept = max(1, round(len(entities) * self.fraction))
            entities = np.sort(rng.choice(entities, size=kept, replace=False))
        return np.repeat(entities, self.repeats)


@dataclass(kw_only=True)
class Draw:
    """What a maker sees while it draws one column of one table."""

    county: County
    table: Table
    style: Style
    rows: np.ndarray
    """Entity index of each row."""
    rng: np.random.Generator
    """This column's own stream of random numbers."""
    made: dict[str, pa.Array] = field(default_factory=dict)
    """The columns before this one, before the department's style is put on dates and numbers."""
    keys: Mapping[str, pa.Array] = field(default_factory=dict)
    """Key values of the datasets that others refer to."""

    @property
    def count(self) -> int:
        return len(self.rows)

    @cached_property
    def turn(self) -> np.ndarray:
        """0 for an entity's first row, 1 for its second, ..."""
        return np.arange(self.count) % self.table.of.repeats

    @cached_property
    def person(self) -> np.ndarray:
        """The person of each row: itself, the firm's legal representative, or anybody."""
        match self.table.of.subject:
            case Subject.PERSON:
                return self.rows
            case Subject.FIRM:
                return self.county.firms.legal[self.rows]
            case _:
                return self._stable(1).integers(0, len(self.county.people), self.count)

    @cached_property
    def firm(self) -> np.ndarray:
        """The firm of each row: itself, the person's employer (-1: none), or any."""
        match self.table.of.subject:
            case Subject.FIRM:
                return self.rows
            case Subject.PERSON:
                return self.county.people.employer[self.rows]
            case _:
                return self._stable(2).integers(0, len(self.county.firms), self.count)

    @cached_property
    def village(self) -> np.ndarray:
        """The village of each row."""
        match self.table.of.subject:
            case Subject.PERSON:
                return self.county.people.village[self.rows]
            case Subject.FIRM:
                return self.county.firms.village[self.rows]
            case _:
                return self.rows

    @cached_property
    def stale(self) -> np.ndarray:
        """Rows that still hold former names, phones and addresses: the same rows in every column."""
        return self._stable(3).random(self.count) < self.style.stale

    def _stable(self, salt: int) -> np.random.Generator:
        """Random numbers shared by all columns of the table: the entity count and salt make the stream."""
        return np.random.default_rng([self.county.seed, salt, self.count, *self.table.key.encode()])


@dataclass(frozen=True, kw_only=True)
class Maker:
    """Draws one column."""

    meaning: str
    """The data element it stands for, kebab-case; spoiling and the truth of field matching go by it."""
    make: Callable[[Draw], pa.Array]
    """Text, int64, float64, date32 or timestamp[s]; one value a row."""
    required: bool = False
    """An empty value is an error."""
    refers: str = ""
    """Dataset whose key the values are: `education.school`."""
    limits: tuple[float, float] | None = None
    """What the element's numbers can be, both included."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table of a department: the first column is its key unless `primary` says otherwise."""

    key: str
    title: str
    english: str
    name: str
    """Name of the database table, or of the file without its ending."""
    of: Population
    columns: Mapping[str, Maker]
    primary: tuple[str, ...] = ()
    orders: tuple[tuple[str, str], ...] = ()
    """Pairs of date columns, the first never after the second."""
    cycle: str = "monthly"
    share: str = "conditional"
    opened: str = "none"
    watermark: str = ""
    later: tuple[Later, ...] = ()
    """Later deliveries 1, 2, ... of this table."""
    real: str = ""
    """File of the county's data folder delivered as it is; then there are no columns and no spoilt rows."""
    attribution: str = ""
    """Whom to name for a real file, and its licence."""
    keyless: bool = False
    """The declaration names no key: it must be found."""

    @property
    def primary_key(self) -> tuple[str, ...]:
        return self.primary or tuple(self.columns)[:1]

    @property
    def mode(self) -> str:
        if self.watermark:
            return "incremental"
        return "compare" if Later.GROW in self.later else "full"


@dataclass(frozen=True, kw_only=True)
class Source:
    """One system of a department, delivered in one way."""

    key: str
    title: str
    english: str
    department: str
    way: Way
    tables: tuple[Table, ...]
    style: Style = Style()
    encoding: str = "utf-8"
    """Of CSV: utf-8, utf-8-sig, gb18030."""
    delimiter: str = ","
    quoting: Quoting = Quoting.NEEDED
    merged: bool = False
    """XLSX: runs of the same value in the first column are one merged cell."""
    schedule: str = "0 2 * * *"
    dated: bool = False
    """Each delivery lies in a folder named for its day."""

    @property
    def system(self) -> str:
        """The key without the department."""
        return self.key.removeprefix(self.department).lstrip("-")

    def dataset(self, table: Table) -> str:
        """Full key of a table's dataset: `police.household-person`."""
        return f"{self.department}.{table.key}"
