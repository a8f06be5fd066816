"""What one more table costs: `size` tables of 1 000 rows from one SQLite database, gathered one by one.

The plan's county had 22 261 tables, most of them small. The limit reads the same tables by ADBC and writes each to one
Parquet file, with no table format, no books and no catalogue. CPU is of one process without its start.
"""

from __future__ import annotations

import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

ROWS = 1_000
ALLOWED_MS = 50
"""CPU milliseconds a table: the goal."""


def run(size: int = 2_000) -> dict[str, Any]:
    """Gather `size` tables, then read them bare."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        fill(home / "county" / "many.sqlite", size)
        measured = {who: _process(who, home, size) for who in ("ours", "bare")}
    ours, bare = measured["ours"], measured["bare"]
    per_table = ours["cpu"] / size * 1000
    return {
        "size": size,
        "ours": {**ours, "cpu_ms_per_table": round(per_table, 1)},
        "limit": {**bare, "cpu_ms_per_table": round(bare["cpu"] / size * 1000, 1)},
        "peers": {},
        "ratios": {
            "cpu_vs_limit": round(ours["cpu"] / bare["cpu"], 2),
            "cpu_vs_50_ms_per_table": round(per_table / ALLOWED_MS, 2),
        },
    }


def fill(path: Path, size: int) -> None:
    """One database of `size` tables with eight columns."""
    path.parent.mkdir(parents=True)
    rows = [
        (
            n,
            f"33078419800101{n:04d}",
            f"王{n % 97}",
            "男",
            "1980-01-01",
            "浙江省永康市东城街道",
            n * 1.5,
            "2026-01-01 00:00:00",
        )
        for n in range(ROWS)
    ]
    with closing(sqlite3.connect(path)) as database, database:
        for number in range(size):
            columns = "id INTEGER, sfzh TEXT, xm TEXT, xb TEXT, csrq TEXT, dz TEXT, je REAL, gxsj TEXT"
            database.execute(f"CREATE TABLE t{number:05d} ({columns})")
            database.executemany(f"INSERT INTO t{number:05d} VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)


def gather_all(home: Path, size: int) -> None:
    """Every table into a raw table, with run, fields and version."""
    from citybrain.kernel.lake.tables import lake
    from citybrain.warehouse.gathering.actions import gather_table, scan
    from citybrain.warehouse.gathering.models import Source, SourceTable

    scan(Source.objects.get())
    measured = Clock()
    for table in SourceTable.objects.select_related("source", "dataset").order_by("pk"):
        run_ = gather_table(table, lake=lake(), load="bench")
        assert run_.rows_loaded == ROWS, run_.error
    measured.stop()


def read_all(home: Path, size: int) -> None:
    """The limit: every table by ADBC into one Parquet file."""
    import adbc_driver_sqlite.dbapi
    import pyarrow.parquet as pq

    target = home / "bare"
    target.mkdir()
    measured = Clock()
    for number in range(size):
        with (
            adbc_driver_sqlite.dbapi.connect(str(home / "county" / "many.sqlite")) as database,
            database.cursor() as cursor,
        ):
            cursor.execute(f"SELECT * FROM t{number:05d}")
            pq.write_table(cursor.fetch_arrow_table(), target / f"{number}.parquet", compression="zstd")
    measured.stop()


class Clock:
    """CPU and wall seconds of this process from now on."""

    def __init__(self) -> None:
        self.wall, self.cpu = time.perf_counter(), _cpu()

    def stop(self) -> None:
        """Print what was used, as the last line."""
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        used = {"cpu": round(_cpu() - self.cpu, 2), "wall": round(time.perf_counter() - self.wall, 2)}
        print(json.dumps({**used, "peak_mb": round(peak)}))


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def prepare() -> None:
    """An empty installation with one department and one source."""
    import django

    django.setup()
    from django.core.management import call_command

    from citybrain.kernel.identity.models import Organisation
    from citybrain.warehouse.gathering.models import Source

    call_command("migrate", verbosity=0, skip_checks=True)
    bureau = Organisation.objects.create(key="bureau", chinese="某局", english="Bureau")
    Source.objects.create(
        key="bureau-many", chinese="多表", department=bureau, kind="sqlite", address="sqlite:///many.sqlite"
    )


def _process(who: str, home: Path, size: int) -> dict[str, Any]:
    environment = {**os.environ, "CITYBRAIN_HOME": str(home), "DJANGO_SETTINGS_MODULE": "citybrain.site.settings"}
    command = [sys.executable, "-m", "benchmarks.many_tables", who, str(home), str(size)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{who} failed:\n{done.stderr[-2000:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


if __name__ == "__main__":
    contestant, place, number_of_tables = sys.argv[1:]
    if contestant == "ours":
        prepare()
        gather_all(Path(place), int(number_of_tables))
    else:
        read_all(Path(place), int(number_of_tables))
