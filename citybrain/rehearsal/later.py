"""Later deliveries: rows added and changed, columns that came, went or changed type, files sent twice or too late.

They wait under `deliveries_later/<n>/` in the same folders; `deliver(out, n)` puts them into place, as day n would.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from zlib import crc32

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.utils.translation import gettext as _

from citybrain.rehearsal.defects import write_date
from citybrain.rehearsal.specification import Later, Table, Way
from citybrain.rehearsal.spoiling import Defect, Drawn, delivery_path
from citybrain.rehearsal.ways.databases import apply_changes, write_sqlite

FIRST_DAY = date(2026, 11, 1)
"""Day of the first delivery; delivery n comes n days later."""
CHANGED = 0.01
"""Share of rows that a growing delivery changes; the same share goes where the whole table is delivered."""
CHANGES_SUFFIX = ".changes"


@dataclass(frozen=True, kw_only=True)
class Change:
    """What happened to one row in a later delivery."""

    dataset: str
    delivery: int
    row_key: str
    change: str
    """added, changed or removed."""


def day_of(delivery: int) -> str:
    """Name of the day folder of a delivery."""
    return (FIRST_DAY + timedelta(days=delivery)).isoformat()


def deliver(out: Path, delivery: int) -> list[Path]:
    """Put delivery 1, 2, ... into place and name the files it touched; doing it twice changes nothing more."""
    folder = out / "deliveries_later" / str(delivery)
    if not folder.is_dir():
        raise FileNotFoundError(
            _("This county has no delivery %(number)s: there are %(known)s.")
            % {"number": delivery, "known": ", ".join(map(str, deliveries(out))) or "-"}
        )
    touched = []
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        target = out / "deliveries" / file.relative_to(folder)
        if file.suffix == CHANGES_SUFFIX:
            target = target.with_suffix("")
            apply_changes(target, file)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
        touched.append(target)
    return touched


def deliveries(out: Path) -> list[int]:
    """Numbers of the later deliveries that wait, in order."""
    folder = out / "deliveries_later"
    return sorted(int(path.name) for path in folder.iterdir() if path.name.isdigit()) if folder.is_dir() else []


def _changeable(table: Table) -> str:
    return next(
        name
        for name, maker in table.columns.items()
        if maker.meaning in ("mobile", "address", "word", "amount", "count")
    )


def _stamped(drawn: Drawn, rows: pa.Table, delivery: int) -> pa.Table:
    """The rows with the watermark set to the day of the delivery."""
    name = drawn.table.watermark
    if not name or not rows.num_rows:
        return rows
    text = write_date(FIRST_DAY + timedelta(days=delivery), drawn.source.style.dates).removesuffix(" 00:00:00")
    return rows.set_column(rows.schema.get_field_index(name), name, pa.array([f"{text} 08:30:00"] * rows.num_rows))


class _Growing:
    """A table that changes from delivery to delivery."""

    def __init__(self, drawn: Drawn, seed: int) -> None:
        self.drawn, self.rows = drawn, drawn.rows
        self.keys = drawn.row_keys(drawn.rows).to_pylist()
        self.clean = drawn.clean
        self.held = drawn.held
        self.step = -(-drawn.held.num_rows // max(1, drawn.table.later.count(Later.GROW)))
        self.rng = np.random.default_rng([seed, crc32(drawn.table.key.encode())])

    def grow(self, delivery: int, *, lose: bool) -> tuple[pa.Table, np.ndarray, list[Change]]:
        """The table after this delivery, the 0-based numbers of its new and changed rows, and what happened."""
        dataset = self.drawn.source.dataset(self.drawn.table)
        count = max(1, int(self.rows.num_rows * CHANGED))
        touched = self.rng.permutation(np.flatnonzero(self.clean))[: 2 * count if lose else count]
        changed, gone = np.sort(touched[:count]), touched[count:]
        name = _changeable(self.drawn.table)
        column = self.rows[name].combine_chunks()
        donors = column.take(pa.array(self.rng.integers(0, len(column), len(changed))))
        mask = np.zeros(len(column), dtype=bool)
        mask[changed] = True
        rows = self.rows.set_column(
            self.rows.schema.get_field_index(name), name, pc.replace_with_mask(column, pa.array(mask), donors)
        )
        really = changed[~np.asarray(pc.fill_null(pc.equal(column.take(pa.array(changed)), donors), False))]
        if self.drawn.table.watermark:
            rows = _restamped(self.drawn, rows, really, delivery)
        arriving = _stamped(self.drawn, self.held.slice(0, self.step), delivery)
        self.held = self.held.slice(self.step)
        new_keys = self.drawn.row_keys(arriving).to_pylist() if arriving.num_rows else []
        keys_by_change = {
            "changed": [self.keys[row] for row in really.tolist()],
            "removed": [self.keys[row] for row in sorted(gone.tolist())],
            "added": new_keys,
        }
        happened = [
            Change(dataset=dataset, delivery=delivery, row_key=key, change=change)
            for change, keys in keys_by_change.items()
            for key in keys
        ]
        stays = np.ones(rows.num_rows, dtype=bool)
        stays[gone] = False
        shift = np.cumsum(stays) - 1
        first_new = int(stays.sum())
        self.rows = pa.concat_tables([rows.filter(pa.array(stays)), arriving.cast(rows.schema)]).combine_chunks()
        self.clean = np.concatenate([self.clean[stays], np.ones(arriving.num_rows, dtype=bool)])
        self.keys = [key for key, stay in zip(self.keys, stays.tolist(), strict=True) if stay] + new_keys
        fresh = np.concatenate([shift[really], first_new + np.arange(arriving.num_rows)])
        return self.rows, fresh, happened


def _restamped(drawn: Drawn, rows: pa.Table, changed: np.ndarray, delivery: int) -> pa.Table:
    name = drawn.table.watermark
    mask = np.zeros(rows.num_rows, dtype=bool)
    mask[changed] = True
    stamps = _stamped(drawn, rows.take(pa.array(changed)), delivery)[name].combine_chunks()
    column = pc.replace_with_mask(rows[name].combine_chunks(), pa.array(mask), stamps)
    return rows.set_column(rows.schema.get_field_index(name), name, column)


def _with_column(rows: pa.Table) -> pa.Table:
    return rows.append_column("beizhu", pa.array(["新增字段"] * rows.num_rows))


def _without_column(rows: pa.Table) -> pa.Table:
    return rows.drop_columns(rows.column_names[-1])


def _with_words(drawn: Drawn, rows: pa.Table) -> pa.Table:
    """Numbers of one column become words: 约120."""
    name = next(name for name, maker in drawn.table.columns.items() if maker.meaning in ("count", "amount"))
    words = pc.binary_join_element_wise("约", rows[name].combine_chunks().cast(pa.string()), "")
    return rows.set_column(rows.schema.get_field_index(name), name, words)


def later_deliveries(
    drawn: Drawn, out: Path, seed: int, write: Callable[[Drawn, pa.Table, Path], None]
) -> Iterator[Change | Defect]:
    """Write every later delivery of a table under `deliveries_later/`, and tell what changed in it.

    `write` writes rows as the source delivers them.
    """
    source, table = drawn.source, drawn.table
    growing = _Growing(drawn, seed) if Later.GROW in table.later else None
    rows = drawn.rows
    last = out / drawn.delivery
    for delivery, later in enumerate(table.later, start=1):
        path = Path(delivery_path(source, table, day_of(delivery)))
        if later is Later.LATE:
            path = path.with_name(path.name.replace("-202610", "-202609"))
        target = out / "deliveries_later" / str(delivery) / path.relative_to("deliveries")
        target.parent.mkdir(parents=True, exist_ok=True)
        note = ""
        match later:
            case Later.GROW:
                assert growing is not None
                rows, fresh, happened = growing.grow(delivery, lose=source.way is not Way.SQLITE)
                yield from happened
                if source.way is Way.SQLITE:
                    _write_changes(rows, fresh, target, table.name)
                    continue
            case Later.ADD_COLUMN:
                rows, note = _with_column(rows), "column beizhu is new"
            case Later.LOSE_COLUMN:
                note = f"column {rows.column_names[-1]} is gone"
                rows = _without_column(rows)
            case Later.CHANGE_TYPE:
                rows, note = _with_words(drawn, rows), "numbers became words"
            case Later.LATE:
                rows, note = rows.slice(0, rows.num_rows * 9 // 10), "the file of September after that of October"
        if later is Later.REPEAT:
            shutil.copyfile(last, target)
        else:
            write(drawn, rows, target)
            last = target
        if later is not Later.GROW:
            yield Defect(
                dataset=source.dataset(table),
                delivery=f"deliveries/{path.relative_to('deliveries')}",
                table=table.name,
                row_number=None,
                row_key=None,
                column=None,
                kind=str(later),
                given=None,
                true=None,
                is_error=later in (Later.LOSE_COLUMN, Later.CHANGE_TYPE),
                knowable=True,
                note=note,
            )


def _write_changes(rows: pa.Table, fresh: np.ndarray, target: Path, table: str) -> None:
    """A database of the new and changed rows with their row numbers, for `apply_changes`."""
    path = target.with_name(target.name + CHANGES_SUFFIX)
    changed = rows.take(pa.array(fresh)).add_column(0, "row_number", pa.array(fresh + 1))
    with closing(sqlite3.connect(path)) as database:
        database.execute(f'DROP TABLE IF EXISTS "{table}"')
    write_sqlite(changed, path, table)
