"""What an export of `size` rows costs: ours in three formats, django-import-export's, and the bare cursor and writer.

Each contestant runs in a process of its own, so that its peak memory is its own; the clock starts after imports.
"""

from __future__ import annotations

import csv
import io
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import register

CONTESTANTS = (
    *(f"{who}-{kind}" for who in ("ours", "import-export", "bare") for kind in ("xlsx", "csv")),
    "ours-parquet",
)


def run(size: int = 50_000) -> dict[str, Any]:
    """CPU and wall seconds, and peak MB over the process's own start."""
    found: dict[str, dict[str, float]] = {}
    with register.opened(size) as home:
        for name in CONTESTANTS:
            code = f"from benchmarks.export import one; one({name!r}, {str(home)!r})"
            done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
            if done.returncode:
                raise RuntimeError(done.stderr[-2000:])
            found[name] = json.loads(done.stdout.splitlines()[-1])
    ours = found["ours-xlsx"]
    return {
        "size": size,
        "ours": {**ours, "csv": found["ours-csv"], "parquet": found["ours-parquet"]},
        "limit": {name: found[name] for name in CONTESTANTS if name.startswith("bare")},
        "peers": {name: found[name] for name in CONTESTANTS if name.startswith("import")},
        "ratios": {
            "xlsx_cpu_vs_peer": round(ours["cpu"] / found["import-export-xlsx"]["cpu"], 2),
            "csv_cpu_vs_peer": round(found["ours-csv"]["cpu"] / found["import-export-csv"]["cpu"], 2),
            "xlsx_cpu_vs_bare": round(ours["cpu"] / found["bare-xlsx"]["cpu"], 2),
            "csv_cpu_vs_bare": round(found["ours-csv"]["cpu"] / found["bare-csv"]["cpu"], 2),
            "growth_vs_200_mb": round(max(found[f"ours-{kind}"]["grown_mb"] for kind in ("xlsx", "csv")) / 200, 2),
        },
    }


def one(name: str, home: str) -> None:
    """Runs one contestant in this process and prints what it took."""
    register.open_home(Path(home), "benchmarks.peer_settings")
    writes = WRITERS[name.rpartition("-")[0]](name.rpartition("-")[2])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    wall, cpu = time.perf_counter(), time.process_time()
    octets = writes()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        json.dumps(
            {
                "cpu": round(time.process_time() - cpu, 2),
                "wall": round(time.perf_counter() - wall, 2),
                "peak_mb": round(peak, 1),
                "grown_mb": round(peak - before, 1),
                "octets": octets,
            }
        )
    )


def ours(kind: str) -> Callable[[], int]:
    """Our export, masked, watermarked and logged."""
    from citybrain.declare.role import Reach
    from citybrain.kernel.identity.scope import scoped
    from citybrain.kernel.records.exporting import export, open_export
    from citybrain.kernel.records.shape import record_type
    from citybrain.testing.people import acting_as, allowed, official

    shape = record_type("service-point")
    actor = acting_as(official("exporter", roles=[allowed("service-point:*", reach=Reach.COUNTY)]))

    def write() -> int:
        rows = scoped(shape.model._default_manager.all(), actor, shape.permission("view"))
        with open_export(export(shape, rows, actor, kind)) as file:
            return file.seek(0, io.SEEK_END)

    return write


def import_export(kind: str) -> Callable[[], int]:
    """The peer: a resource of all fields, as its documentation makes one."""
    from import_export import resources

    from citybrain.applications.office.models import ServicePoint

    resource_class = resources.modelresource_factory(ServicePoint)

    def write() -> int:
        content = getattr(resource_class().export(ServicePoint.objects.order_by("pk")), kind)
        return len(content)

    return write


def bare(kind: str) -> Callable[[], int]:
    """The limit: rows of one cursor into the writer."""
    import xlsxwriter
    from django.db import connection

    def write() -> int:
        with tempfile.TemporaryFile() as out, connection.cursor() as cursor:
            cursor.execute("SELECT * FROM office_servicepoint")
            rows = iter(cursor.fetchone, None)
            if kind == "csv":
                text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
                csv.writer(text).writerows(rows)
                text.flush()
                size = out.tell()
                text.detach()
                return size
            book = xlsxwriter.Workbook(out, {"constant_memory": True})
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    sheet.write(number, column, value)
            book.close()
            return out.seek(0, io.SEEK_END)

    return write


WRITERS: dict[str, Callable[[str], Callable[[], int]]] = {"ours": ours, "import-export": import_export, "bare": bare}
