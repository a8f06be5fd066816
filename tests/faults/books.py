"""Prints what an installation's books and lake say, as JSON: `python -m tests.faults.books`, with its home set."""

from __future__ import annotations

import json
from typing import Any

import citybrain.site.startup  # noqa: F401 - Django must be ready before models are imported

# isort: split
from citybrain.kernel.jobs.models import Job
from citybrain.kernel.lake.tables import TableName, lake
from citybrain.warehouse.catalogue.models import Dataset
from citybrain.warehouse.gathering.models import GatherRun
from citybrain.warehouse.governance.models import GovernRun

GATHERED = ("read", "loaded", "quarantined", "skipped")
GOVERNED = ("in", "standard", "held", "duplicate", "with_problem")


def books() -> dict[str, Any]:
    """The main job, and for every dataset its runs, and what lies in the lake with the loads that brought it."""
    job = Job.objects.get(name="run")
    return {
        "job": {"state": job.state, "attempts": job.attempts, "error": job.error, "result": job.result},
        "datasets": {dataset.key: _entry(dataset) for dataset in Dataset.objects.order_by("key")},
    }


def _entry(dataset: Dataset) -> dict[str, Any]:
    tables = {name: TableName(namespace=name, name=dataset.table) for name in ("raw", "standard", "held", "problem")}
    return {
        "gathered": [
            {"state": run.state, **{name: getattr(run, f"rows_{name}") for name in GATHERED}}
            for run in GatherRun.objects.filter(table__dataset=dataset)
        ],
        "governed": [
            {"state": run.state, **{name: getattr(run, f"rows_{name}") for name in GOVERNED}}
            for run in GovernRun.objects.filter(dataset=dataset)
        ],
        "score": dataset.score,
        "lake": {name: lake().dataset(table).count_rows() for name, table in tables.items() if lake().exists(table)},
        "loads": {name: [snapshot.load for snapshot in lake().snapshots(table)] for name, table in tables.items()},
    }


if __name__ == "__main__":
    print(json.dumps(books()))
