"""Draws a table, puts the department's style on it, spoils it in known ways and keeps the truth of it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from zlib import crc32

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from citybrain.rehearsal.defects import (
    CITIZEN_NUMBERS,
    KINDS,
    LENIENT,
    LINES,
    MISSING,
    NATURAL,
    NEVER_EMPTY,
    ORDERED,
    Kind,
    Spot,
    Unfit,
    Value,
)
from citybrain.rehearsal.specification import County, Draw, Later, Maker, Quoting, Source, Table, Way
from citybrain.rehearsal.strings import days_as_text, days_of, moments_as_text

MOST_SPOILT = 0.08
"""Share of a table's rows that may be spoilt; each row at most once, so that every finding has one cause."""
NATURAL_LISTED = 50
"""Valid oddities by nature listed per column and kind."""
HELD_BACK = 0.02
"""Share of a growing table's rows that come only with a later delivery."""


@dataclass(frozen=True, kw_only=True)
class Defect:
    """One row of the truth table: what was given, what is true, and whether a rule can know."""

    dataset: str
    delivery: str
    """File or database, relative to the county's folder."""
    table: str
    row_number: int | None
    """1-based among the data rows of the delivery; None for the delivery as a whole."""
    row_key: str | None
    """Value of the key column as delivered; several columns joined by |."""
    column: str | None
    kind: str
    given: str | None
    true: str | None
    is_error: bool
    knowable: bool
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A finished table: rows as delivered, rows held back, and the truth about them."""

    source: Source
    table: Table
    delivery: str
    rows: pa.Table
    held: pa.Table
    """Rows that come with later deliveries, in the same columns."""
    entity: np.ndarray
    """Entity index of each delivered row."""
    held_entity: np.ndarray
    clean: np.ndarray
    """Delivered rows that carry no defect of any kind."""
    defects: list[Defect]
    lines: Mapping[int, str] = field(default_factory=dict)
    """0-based row -> kind of spoilt CSV line."""

    def row_keys(self, rows: pa.Table) -> pa.Array:
        """The key of each row as text; several columns joined by |."""
        columns = [rows[name].combine_chunks().cast(pa.string()) for name in self.table.primary_key]
        if len(columns) == 1:
            return columns[0]
        return pc.binary_join_element_wise(*columns, "|", null_handling="replace", null_replacement="")


def _stream(seed: int, *names: str) -> np.random.Generator:
    return np.random.default_rng([seed, *(crc32(name.encode()) for name in names)])


def _as_text(value: Value) -> str | None:
    return None if value is None else str(value)


def styled(source: Source, column: pa.Array) -> pa.Array:
    """The column as this way and this department deliver it: dates and numbers become text where they do."""
    way = source.way
    if pa.types.is_date(column.type) and not way.keeps_dates:
        return days_as_text(days_of(column), source.style.dates)
    if pa.types.is_timestamp(column.type) and not (way.keeps_dates and way is not Way.DBF):
        return moments_as_text(column.to_numpy(zero_copy_only=False).astype("datetime64[s]"), source.style.dates)
    if (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)) and not way.keeps_numbers:
        return column.cast(pa.string())
    return column


class _Spoiling:
    """One table being spoilt: hands out rows, each once, and collects patches and truth."""

    def __init__(self, source: Source, table: Table, plain: dict[str, pa.Array], rng: np.random.Generator) -> None:
        self.source, self.table, self.plain, self.rng = source, table, plain, rng
        self.given = {name: styled(source, column) for name, column in plain.items()}
        self.count = len(next(iter(plain.values())))
        self.free = rng.permutation(self.count)
        self.used = 0
        self.most = int(self.count * MOST_SPOILT)
        self.has = frozenset(maker.meaning for maker in table.columns.values())
        self.patches: dict[str, list[tuple[int, Value]]] = {}
        self.found: list[tuple[int, str | None, Kind | str, Value, Value, bool, bool, str]] = []

    def take(self, rate: float) -> np.ndarray:
        """Rows not spoilt yet, as many as the rate asks for and the table can bear."""
        count = min(int(self.rng.poisson(rate * self.count)), self.most - self.used)
        if count <= 0:
            return self.free[:0]
        taken = self.free[self.used : self.used + count]
        self.used += count
        return taken

    def spoil(self, kind: Kind, name: str, maker: Maker) -> None:
        """Seed one kind of defect in one column."""
        for row in self.take(kind.rate).tolist():
            given, truth = self.given[name][row].as_py(), self.plain[name][row].as_py()
            if given is None or given == "":
                continue
            spot = Spot(given=given, truth=truth, source=self.source, rng=self.rng, limits=maker.limits, has=self.has)
            try:
                value = kind.spoil(spot)
            except Unfit:
                continue
            if self.source.way is Way.DBF and isinstance(value, str) and not _fits_gbk(value):
                continue
            self.patches.setdefault(name, []).append((row, value))
            self.found.append((row, name, kind.name, value, truth, kind.is_error, kind.knowable, kind.note))

    def disorder(self, first: str, second: str) -> None:
        """Move the second date of some rows before the first."""
        knowable = (self.table.columns[first].meaning, self.table.columns[second].meaning) in ORDERED
        for row in self.take(0.003).tolist():
            start, end = self.plain[first][row].as_py(), self.plain[second][row].as_py()
            if start is None or end is None:
                continue
            spot = Spot(given=end, truth=end, source=self.source, rng=self.rng)
            value = spot.date(start - datetime.timedelta(days=int(self.rng.integers(2, 400))))
            self.patches.setdefault(second, []).append((row, value))
            self.found.append((row, second, "date-order", value, end, True, knowable, f"before {first}"))

    def patched(self) -> dict[str, pa.Array]:
        """The columns with every patch put in."""
        columns = dict(self.given)
        for name, patches in self.patches.items():
            patches.sort(key=lambda patch: patch[0])
            mask = np.zeros(self.count, dtype=bool)
            mask[[row for row, _ in patches]] = True
            values = pa.array([value for _, value in patches], columns[name].type)
            columns[name] = pc.replace_with_mask(columns[name], pa.array(mask), values)
        return columns


def _fits_gbk(text: str) -> bool:
    try:
        text.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True


def _natural(name: str, maker: Maker, column: pa.Array, county: County) -> list[tuple[int, str, str]]:
    """(row, column, kind) of the valid oddities a column holds by nature, at most NATURAL_LISTED of each kind."""
    if maker.meaning in CITIZEN_NUMBERS:
        former = pa.array([str(code) for _, code in county.places.former_codes])
        tests = {
            "id-former-code": pc.is_in(pc.utf8_slice_codeunits(column, 0, 6), former),
            "id-foreign-permanent": pc.starts_with(column, "9"),
            "id-residence-permit": pc.match_substring_regex(column, "^8[123]0000"),
            "id-leap-day": pc.equal(pc.utf8_slice_codeunits(column, 10, 14), "0229"),
        }
    elif maker.meaning == "credit-code":
        tests = {"uscc-letter-led": pc.starts_with(column, "N")}
    else:
        return []
    return [
        (row, name, kind)
        for kind, test in tests.items()
        for row in np.flatnonzero(np.asarray(pc.fill_null(test, False)))[:NATURAL_LISTED].tolist()
    ]


def _second_rows(
    spoiling: _Spoiling, columns: dict[str, pa.Array]
) -> tuple[pa.Table, np.ndarray, dict[int, tuple[str, str | None, Value, Value]]]:
    """The table with duplicate and conflicting rows among the others, and the first row each row came from.

    The mapping tells the truth of each added row by its number: kind, column, given, true.
    """
    table = spoiling.table
    rows = pa.table(columns)
    twice = spoiling.take(0.002) if not table.later else spoiling.free[:0]
    conflicting = spoiling.take(0.002) if not table.later and len(columns) > 2 else spoiling.free[:0]
    loose = [
        name
        for name, maker in table.columns.items()
        if name not in table.primary_key
        and maker.meaning in ("mobile", "address", "text", "word", "amount", "date", "count", "measure")
    ]
    if not loose:
        conflicting = conflicting[:0]
    added = np.concatenate([twice, conflicting]).astype(np.int64)
    if not len(added):
        return rows, np.arange(spoiling.count), {}
    extra = rows.take(pa.array(added))
    truth: dict[int, tuple[str, str | None, Value, Value]] = dict.fromkeys(
        range(len(twice)), ("duplicate-row", None, None, None)
    )
    for place in range(len(twice), len(added)):
        name = loose[int(spoiling.rng.integers(0, len(loose)))]
        value = rows[name][int(spoiling.rng.integers(0, spoiling.count))]
        old = extra[name][place].as_py()
        if value.as_py() == old or value.as_py() is None:
            truth[place] = ("duplicate-row", None, None, None)
            continue
        mask = np.zeros(len(added), dtype=bool)
        mask[place] = True
        changed = pc.replace_with_mask(
            extra[name].combine_chunks(), pa.array(mask), pa.array([value.as_py()], value.type)
        )
        extra = extra.set_column(extra.schema.get_field_index(name), name, changed)
        truth[place] = ("key-conflict", name, value.as_py(), old)
    # A second row stands somewhere behind the first, as it does when a clerk enters it again.
    behind = added + spoiling.rng.random(len(added)) * (spoiling.count - added)
    order = np.argsort(np.concatenate([np.arange(spoiling.count), behind]), kind="stable")
    merged = pa.concat_tables([rows, extra]).take(pa.array(order)).combine_chunks()
    origin = np.concatenate([np.arange(spoiling.count), added])[order]
    places = {
        int(place): truth[int(which) - spoiling.count] for place, which in enumerate(order) if which >= spoiling.count
    }
    return merged, origin, places


def _spoil_columns(spoiling: _Spoiling, table: Table, keep_key: bool) -> None:
    for name, maker in table.columns.items():
        for kind in KINDS:
            if maker.meaning in kind.meanings:
                spoiling.spoil(kind, name, maker)
        is_key = name in table.primary_key
        if ((maker.meaning in NEVER_EMPTY and maker.required) or is_key) and not (is_key and keep_key):
            spoiling.spoil(MISSING, name, maker)
    for first, second in table.orders:
        spoiling.disorder(first, second)


def draw_table(
    county: County, source: Source, table: Table, keys: Mapping[str, pa.Array], *, referred: bool = False
) -> Drawn:
    """Draw, style and spoil one table; the same seed gives the same rows and the same truth.

    `keys` holds the keys of the datasets before it. The key of a table that is `referred` to, or that grows, is
    never left empty: rows of other tables and deliveries hang on it.
    """
    dataset = source.dataset(table)
    rows = table.of.rows(county, _stream(county.seed, dataset))
    draw = Draw(county=county, table=table, style=source.style, rows=rows, rng=_stream(county.seed, dataset), keys=keys)
    for name, maker in table.columns.items():
        draw.rng = _stream(county.seed, dataset, name)
        column = maker.make(draw)
        draw.made[name] = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    spoiling = _Spoiling(source, table, draw.made, _stream(county.seed, dataset, "spoil"))
    _spoil_columns(spoiling, table, keep_key=referred or bool(table.later))
    merged, origin, seconds = _second_rows(spoiling, spoiling.patched())
    lines = _line_spoils(spoiling, origin, seconds)

    natural = [
        entry for name, maker in table.columns.items() for entry in _natural(name, maker, draw.made[name], county)
    ]
    touched = np.zeros(spoiling.count, dtype=bool)
    touched[spoiling.free[: spoiling.used]] = True
    listed = [entry for entry in natural if not touched[entry[0]]]
    clean = ~touched[origin]

    held = np.zeros(len(origin), dtype=bool)
    if Later.GROW in table.later:
        candidates = np.flatnonzero(clean)
        count = max(1, int(len(candidates) * HELD_BACK)) if len(candidates) > 3 else 0
        held[_stream(county.seed, dataset, "held").permutation(candidates)[:count]] = True
    kept = np.flatnonzero(~held)
    drawn = Drawn(
        source=source,
        table=table,
        delivery=delivery_path(source, table),
        rows=merged.take(pa.array(kept)).combine_chunks(),
        held=merged.take(pa.array(np.flatnonzero(held))).combine_chunks(),
        entity=rows[origin[kept]],
        held_entity=rows[origin[held]],
        clean=clean[kept],
        defects=[],
        lines={int(np.searchsorted(kept, row)): kind for row, kind in lines.items()},
    )
    _list_defects(
        drawn,
        spoiling,
        listed,
        origin[kept],
        {int(np.searchsorted(kept, row)): entry for row, entry in seconds.items()},
    )
    return drawn


def _line_spoils(spoiling: _Spoiling, origin: np.ndarray, seconds: Mapping[int, object]) -> dict[int, str]:
    """Rows of a badly exported CSV whose line will be spoilt, by kind."""
    if spoiling.source.way is not Way.CSV or spoiling.source.quoting is not Quoting.BAD:
        return {}
    place_of = first_places(spoiling.count, origin, seconds)
    return {int(place_of[row]): kind for kind in LINES for row in spoiling.take(0.002).tolist()}


def first_places(count: int, origin: np.ndarray, seconds: Mapping[int, object]) -> np.ndarray:
    """Where each drawn row stands in the delivery; -1 for rows that are held back."""
    first = np.ones(len(origin), dtype=bool)
    first[list(seconds)] = False
    place_of = np.full(count, -1)
    place_of[origin[first]] = np.flatnonzero(first)
    return place_of


def delivery_path(source: Source, table: Table, day: str = "2026-11-01") -> str:
    """Where a table's first delivery lies, relative to the county's folder; `day` names the folder of dated sources."""
    match source.way:
        case Way.SQLITE:
            return f"deliveries/{source.department}/{source.system}.sqlite"
        case Way.POSTGRESQL:
            return f"postgres/{table.name}.parquet"
        case Way.HTTP_JSON:
            return f"api/{table.name}.jsonl"
    middle = f"{day}/" if source.dated else ""
    month = "-202610" if Later.LATE in table.later else ""
    return f"deliveries/{source.department}/{middle}{table.name}{month}{source.way.suffix}"


def _list_defects(
    drawn: Drawn,
    spoiling: _Spoiling,
    natural: list[tuple[int, str, str]],
    origin: np.ndarray,
    seconds: Mapping[int, tuple[str, str | None, Value, Value]],
) -> None:
    """Turn what was spoilt into truth rows, numbered as delivered."""
    place_of = first_places(spoiling.count, origin, seconds)
    row_keys = drawn.row_keys(drawn.rows)

    def add(
        place: int, column: str | None, kind: str, given: Value, true: Value, is_error: bool, knowable: bool, note: str
    ) -> None:
        drawn.defects.append(
            Defect(
                dataset=drawn.source.dataset(drawn.table),
                delivery=drawn.delivery,
                table=drawn.table.name,
                row_number=place + 1,
                row_key=row_keys[place].as_py(),
                column=column,
                kind=kind,
                given=_as_text(given),
                true=_as_text(true),
                is_error=is_error,
                knowable=knowable,
                note=note,
            )
        )

    for row, column, kind, given, true, is_error, knowable, note in spoiling.found:
        add(int(place_of[row]), column, str(kind), given, true, is_error, knowable, note)
    for row, column, kind in natural:
        if place_of[row] >= 0:
            place = int(place_of[row])
            value = drawn.rows[column][place].as_py()
            add(place, column, kind, value, value, False, True, NATURAL[kind])
    for place, (kind, column, given, true) in seconds.items():
        add(place, column, kind, given, true, True, True, f"first row {int(place_of[origin[place]]) + 1}")
    for place, kind in drawn.lines.items():
        add(place, None, kind, None, None, True, kind not in LENIENT, "the line as a whole")
