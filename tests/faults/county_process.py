"""What processes of the main job's fault test do: imported once by a fork server, whose children start at once."""

from __future__ import annotations

import sys
from multiprocessing.connection import Connection
from typing import Any

import citybrain.site.startup  # noqa: F401 - Django must be ready before models are imported

# isort: split
from django.conf import settings

from citybrain.kernel.jobs.actions import enqueue
from citybrain.kernel.jobs.models import Job
from citybrain.kernel.jobs.worker import work
from citybrain.kernel.lake.tables import TableName, lake
from citybrain.rehearsal.build import build_county
from citybrain.site.preparing import prepare
from citybrain.warehouse import jobs
from citybrain.warehouse.catalogue.models import Dataset
from citybrain.warehouse.gathering.models import GatherRun, Source
from citybrain.warehouse.governance.models import GovernRun

SOURCES = (
    "police-traffic",  # SQLite
    "tax-core",  # CSV
    "natural-resources-estate",  # DBF
    "public-transport-lines",  # JSON lines
    "meteorology-stations",  # Parquet
    "education-schools",  # XLSX
)
"""One source for each way of delivery that needs no server."""


def set_up() -> None:
    """A small county, ready to be gathered, and its main job in the queue."""
    build_county(people=300, seed=7, out=settings.DELIVERIES, county=settings.COUNTY)
    prepare()
    # A source that falls due by the clock meanwhile would be loaded twice.
    Source.objects.update(schedule="")
    ask()


def ask() -> None:
    """Ask for the main job."""
    assert jobs.run_all
    enqueue("run", sources=list(SOURCES))


def serve() -> None:
    """Be the worker."""
    sys.exit(work(timeout=20.0))


def report(answer: Connection) -> None:
    """Send the books: what the newest main job says, what every run says, and what lies in the lake."""
    job = Job.objects.filter(name="run").order_by("-queued_at")[0]
    answer.send(
        {
            "job": {"state": job.state, "attempts": job.attempts, "result": job.result, "error": job.error},
            "gathered": list(GatherRun.objects.filter(load__startswith=str(job.id)).values()),
            "governed": list(GovernRun.objects.filter(load__startswith=str(job.id)).values()),
            "datasets": {dataset.pk: _entry(dataset) for dataset in Dataset.objects.filter(source_key__in=SOURCES)},
        }
    )


def _entry(dataset: Dataset) -> dict[str, Any]:
    raw, standard = (TableName(namespace=name, name=dataset.table) for name in ("raw", "standard"))
    return {
        "key": dataset.key,
        "raw_rows": dataset.raw_rows,
        "standard_rows": dataset.standard_rows,
        "score": dataset.score,
        "raw_in_lake": lake().dataset(raw).count_rows() if lake().exists(raw) else 0,
        "standard_in_lake": lake().dataset(standard).count_rows() if lake().exists(standard) else 0,
        "loads": [snapshot.load for snapshot in lake().snapshots(raw)],
    }
