"""Builds the synthetic county: what forty departments deliver, and the truth about all of it."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from django.utils.translation import gettext as _

from citybrain.rehearsal.defects import KINDS, LINES, MISSING, NATURAL, ROWS
from citybrain.rehearsal.entities.firms import employ, make_firms
from citybrain.rehearsal.entities.people import make_people
from citybrain.rehearsal.entities.places import AS_OF, read_places
from citybrain.rehearsal.later import Change, later_deliveries
from citybrain.rehearsal.sources import write_declarations
from citybrain.rehearsal.specification import County, Source, Subject, Table, Way
from citybrain.rehearsal.spoiling import Defect, Drawn, delivery_path, draw_table
from citybrain.rehearsal.tables.county import SOURCES
from citybrain.rehearsal.ways.databases import write_sqlite
from citybrain.rehearsal.ways.dbase import write_dbf
from citybrain.rehearsal.ways.delimited import write_csv, write_json_lines
from citybrain.rehearsal.ways.workbook import write_workbook

VERSION = 1
"""Of the generator: the same version, people and seed give the same bytes."""
SMALLEST = 200
"""Fewer people leave departments without a row."""
ROWS_AT_ONCE = 50_000
"""Rows of a truth table gathered before they are written."""
FOLDERS = ("deliveries", "deliveries_later", "postgres", "api", "truth", "sources")
"""What a county's folder holds; building replaces these and touches nothing else."""
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, kw_only=True)
class CountyReport:
    """What was built."""

    out: Path
    people: int
    firms: int
    seed: int
    departments: int
    sources: int
    rows: dict[str, int]
    """Rows of the first delivery, by dataset."""
    defects: dict[str, int]
    """Rows of the truth table, by kind."""
    bytes: int
    seconds: float
    """CPU seconds."""


class _Truth:
    """The truth tables, written as they come so that a large county needs little memory."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.counts: dict[str, int] = {}
        self.writers: dict[str, pq.ParquetWriter] = {}
        self.waiting: dict[str, list[pa.Table]] = {}

    def _append(self, name: str, rows: pa.Table) -> None:
        waiting = self.waiting.setdefault(name, [])
        waiting.append(rows)
        if sum(part.num_rows for part in waiting) >= ROWS_AT_ONCE:
            self._flush(name)

    def _flush(self, name: str) -> None:
        rows = pa.concat_tables(self.waiting[name])
        if name not in self.writers:
            self.writers[name] = pq.ParquetWriter(self.folder / f"{name}.parquet", rows.schema, compression="zstd")
        self.writers[name].write_table(rows)
        self.waiting[name] = []

    def records(self, name: str, kind: type[Defect] | type[Change], records: Iterable[Defect | Change]) -> None:
        """Append defects or changes."""
        types = {"int": pa.int64(), "int | None": pa.int64(), "bool": pa.bool_()}
        schema = pa.schema([(field.name, types.get(str(field.type), pa.string())) for field in fields(kind)])
        rows = [asdict(record) for record in records]
        if kind is Defect:
            for row in rows:
                self.counts[row["kind"]] = self.counts.get(row["kind"], 0) + 1
        self._append(name, pa.Table.from_pylist(rows, schema))

    def links(self, drawn: Drawn) -> None:
        """Append which entity each row is about."""
        if drawn.table.of.subject is Subject.PLACE:
            return
        for rows, entity in ((drawn.rows, drawn.entity), (drawn.held, drawn.held_entity)):
            self._append(
                "links",
                pa.table(
                    {
                        "dataset": pa.array([drawn.source.dataset(drawn.table)] * len(entity), pa.string()),
                        "row_key": drawn.row_keys(rows).cast(pa.string()),
                        "subject": pa.array([str(drawn.table.of.subject)] * len(entity), pa.string()),
                        "entity": pa.array(entity, pa.int64()),
                    }
                ),
            )

    def columns(self, sources: tuple[Source, ...]) -> None:
        """Write what every column means: the truth of field matching."""
        schema = pa.schema(
            [(name, pa.string()) for name in ("dataset", "column", "meaning", "refers", "not_before")]
            + [("required", pa.bool_())]
        )
        rows = [
            {
                "dataset": source.dataset(table),
                "column": name,
                "meaning": maker.meaning,
                "refers": maker.refers or None,
                "not_before": next((first for first, second in table.orders if second == name), None),
                "required": maker.required,
            }
            for source in sources
            for table in source.tables
            for name, maker in table.columns.items()
        ]
        self._append("columns", pa.Table.from_pylist(rows, schema))

    def close(self) -> None:
        """Write what waits and finish the files."""
        for name in self.waiting:
            self._flush(name)
        for writer in self.writers.values():
            writer.close()


def make_county(people: int, seed: int, folder: Path) -> County:
    """Draw the people and firms of a county with the places of its data folder."""
    places = read_places(folder)
    rng = np.random.default_rng(seed)
    drawn_people = make_people(people, places, rng)
    firms = make_firms(max(30, round(people * 0.15)), places, drawn_people, rng)
    return County(
        places=places, people=replace(drawn_people, employer=employ(drawn_people, firms, rng)), firms=firms, seed=seed
    )


def _write_rows(county: County, drawn: Drawn, rows: pa.Table, path: Path) -> None:
    """Write rows to one file or database in the source's way."""
    source, table = drawn.source, drawn.table
    match source.way:
        case Way.SQLITE:
            write_sqlite(rows, path, table.name)
        case Way.CSV:
            first = rows is drawn.rows
            write_csv(
                rows,
                path,
                encoding=source.encoding,
                delimiter=source.delimiter,
                quoting=source.quoting,
                lines=drawn.lines if first else None,
            )
        case Way.XLSX:
            department = next(entry for entry in county.places.departments if entry.key == source.department)
            write_workbook(
                rows,
                path,
                title=table.title,
                department=department.name,
                filled=date(2026, 11, 1),
                merged=source.merged,
            )
        case Way.DBF:
            write_dbf(rows, path)
        case Way.JSON_LINES | Way.HTTP_JSON:
            write_json_lines(rows, path)
        case Way.PARQUET | Way.POSTGRESQL:
            pq.write_table(rows, path, compression="zstd")


def _real_rows(county: County, source: Source, table: Table) -> Drawn:
    """A file of the county's data folder as it is, every value as text."""
    file = county.places.folder / table.real
    names = pa_csv.open_csv(file).schema.names
    options = pa_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False)
    rows = pa_csv.read_csv(file, convert_options=options).combine_chunks()
    return Drawn(
        source=source,
        table=table,
        delivery=delivery_path(source, table),
        rows=rows,
        held=rows.slice(0, 0),
        entity=np.zeros(0, dtype=np.int64),
        held_entity=np.zeros(0, dtype=np.int64),
        clean=np.ones(rows.num_rows, dtype=bool),
        defects=[],
    )


def _clear(out: Path) -> None:
    """Remove an earlier county from its folder."""
    for name in FOLDERS:
        shutil.rmtree(out / name, ignore_errors=True)


def build_county(
    *, people: int = 60_000, seed: int = 7, out: Path, county: Path, progress: Progress | None = None
) -> CountyReport:
    """Write the whole county under `out`; the same people, seed and version give the same bytes.

    `county` is the county's data folder. `progress` is called with (dataset, tables done, tables in all).
    ValueError when `people` is too small, FileNotFoundError when the data folder lacks a file.
    """
    if people < SMALLEST:
        raise ValueError(
            _("A county of %(people)s people leaves departments empty: take at least %(smallest)s.")
            % {"people": people, "smallest": SMALLEST}
        )
    started = time.process_time()
    everything = make_county(people, seed, county)
    out.mkdir(parents=True, exist_ok=True)
    _clear(out)
    truth = _Truth(out / "truth")
    pairs = [(source, table) for source in SOURCES for table in source.tables]
    wanted = {maker.refers for _source, table in pairs for maker in table.columns.values() if maker.refers}
    keys: dict[str, pa.Array] = {}
    rows: dict[str, int] = {}

    def write(drawn: Drawn, delivered: pa.Table, path: Path) -> None:
        _write_rows(everything, drawn, delivered, path)

    for done, (source, table) in enumerate(pairs):
        dataset = source.dataset(table)
        if progress is not None:
            progress(dataset, done, len(pairs))
        if table.real:
            drawn = _real_rows(everything, source, table)
        else:
            drawn = draw_table(everything, source, table, keys, referred=dataset in wanted)
        rows[dataset] = drawn.rows.num_rows
        if dataset in wanted:
            # Others refer to sound rows only: what they inherited would be wrong there without being listed.
            keys[dataset] = drawn.rows[table.primary_key[0]].combine_chunks().filter(pa.array(drawn.clean)).drop_null()
        path = out / drawn.delivery
        path.parent.mkdir(parents=True, exist_ok=True)
        write(drawn, drawn.rows, path)
        told = list(later_deliveries(drawn, out, seed, write))
        truth.records("defects", Defect, [*drawn.defects, *(entry for entry in told if isinstance(entry, Defect))])
        truth.records("changes", Change, [entry for entry in told if isinstance(entry, Change)])
        truth.links(drawn)
    truth.columns(SOURCES)
    truth.close()
    pq.write_table(everything.people.as_table(), out / "truth" / "people.parquet", compression="zstd")
    pq.write_table(everything.firms.as_table(), out / "truth" / "firms.parquet", compression="zstd")
    write_declarations(SOURCES, out / "sources")
    report = CountyReport(
        out=out,
        people=people,
        firms=len(everything.firms),
        seed=seed,
        departments=len({source.department for source in SOURCES}),
        sources=len(SOURCES),
        rows=rows,
        defects=dict(sorted(truth.counts.items())),
        bytes=sum(path.stat().st_size for name in FOLDERS for path in (out / name).rglob("*") if path.is_file()),
        seconds=time.process_time() - started,
    )
    _write_summary(report)
    if progress is not None:
        progress("", len(pairs), len(pairs))
    return report


def _write_summary(report: CountyReport) -> None:
    """county.json: what was built from what, without anything that differs from run to run."""
    kinds = {kind.name: kind.is_error for kind in (*KINDS, MISSING)}
    kinds |= dict.fromkeys(NATURAL, False) | dict.fromkeys([*ROWS, *LINES], True)
    summary = {
        "version": VERSION,
        "people": report.people,
        "firms": report.firms,
        "seed": report.seed,
        "as_of": str(AS_OF),
        "departments": report.departments,
        "sources": report.sources,
        "rows": report.rows,
        "defects": report.defects,
        "is_error": kinds,
    }
    (report.out / "county.json").write_text(json.dumps(summary, ensure_ascii=False, indent=1), encoding="utf-8")
