"""The warehouse's jobs: gather, govern, and the main job that does both for the whole county.

Tables are worked on by two threads at a time. Each table's load has a name made of the job and the dataset, and every
verb below finds a load of that name done: a job resumed after a crash repeats nothing and loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import date
from typing import Any, TypeVar

from django.db import connections
from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from citybrain.declare.element import Element
from citybrain.declare.rule import Rule
from citybrain.declare.words import _
from citybrain.kernel.jobs.definitions import Schedule, job, schedules
from citybrain.kernel.jobs.run import Progress, Run
from citybrain.kernel.lake.tables import lake
from citybrain.kernel.registry.registry import registry
from citybrain.warehouse.catalogue.models import Dataset
from citybrain.warehouse.catalogue.queries import BOUND
from citybrain.warehouse.gathering.actions import gather_table
from citybrain.warehouse.gathering.models import GatherRun, Source, SourceTable
from citybrain.warehouse.governance.actions import govern_dataset
from citybrain.warehouse.governance.actions_matching import match_fields
from citybrain.warehouse.governance.actions_scores import roll_up
from citybrain.warehouse.governance.models import GovernRun

T = TypeVar("T")

THREADS = 2
"""Tables worked on at a time: the heavy parts run outside Python's lock."""


@job(key="gather", title=_("Gather"), lane="warehouse")
def gather(run: Run, *, source: str = "") -> dict[str, Any]:
    """Fetch what is new from one source, or from all that are enabled."""
    return {"gathered": _gather(run, [source] if source else [])}


@job(key="govern", title=_("Govern"), lane="warehouse")
def govern(run: Run, *, dataset: str = "") -> dict[str, Any]:
    """Standardise, check, profile and score one dataset, or all that were gathered."""
    chosen = Dataset.objects.filter(key=dataset) if dataset else Dataset.objects.all()
    return {"governed": _govern(run, chosen.exclude(raw_snapshot=None))}


@job(key="run", title=_("Gather and govern"), lane="warehouse")
def run_all(run: Run, *, sources: Sequence[str] = ()) -> dict[str, Any]:
    """Gather, then govern what was gathered: the county's main job, for some sources or for all."""
    gathered = _gather(run, sources)
    datasets = Dataset.objects.exclude(raw_snapshot=None)
    if sources:
        datasets = datasets.filter(source_key__in=list(sources))
    return {"gathered": gathered, "governed": _govern(run, datasets)}


@schedules
def source_schedules() -> Iterable[Schedule]:
    """Every enabled source is gathered and governed at the times its declaration gives."""
    for key, cron in Source.objects.filter(is_enabled=True).exclude(schedule="").values_list("key", "schedule"):
        yield Schedule(key=f"run:{key}", cron=cron, job="run", arguments={"sources": [key]})


def load_of(run: Run, dataset: Dataset) -> str:
    """Name of what this job loads into `dataset`: begins with the job's id, so that a page finds a job's loads."""
    return f"{run.job_id}:{dataset.key}"


def _gather(run: Run, sources: Sequence[str]) -> dict[str, Any]:
    tables = SourceTable.objects.filter(source__is_enabled=True).select_related("source", "dataset")
    if sources:
        tables = tables.filter(source__key__in=list(sources))
        if missing := set(sources) - set(Source.objects.values_list("key", flat=True)):
            raise LookupError(f"No source has the key {sorted(missing)}: see `citybrain sources`.")
    work = list(tables.order_by("source__key", "pk"))
    with run.step("gather", _("Gather"), total=len(work), unit=_("tables")) as progress:
        done = _side_by_side(
            work, lambda table: gather_table(table, lake=lake(), load=load_of(run, table.dataset)), progress
        )
    return _gathering_sums(done)


def _govern(run: Run, chosen: Any) -> dict[str, Any]:
    elements = {element.key: element for element in registry().of(Element)}
    rules = registry().of(Rule)
    datasets = list(chosen.order_by("key"))
    with run.step("match", _("Match fields to elements"), total=len(datasets), unit=_("datasets")) as progress:
        _side_by_side(datasets, lambda dataset: match_fields(dataset, lake(), tuple(elements.values())), progress)
    today = timezone.localdate()
    done: list[GovernRun | BaseException] = []
    put_aside = quarantined_last(dataset.pk for dataset in datasets)
    with run.step("govern", _("Govern"), total=len(datasets), unit=_("datasets")) as progress:
        for level in by_reference(datasets):
            done += _side_by_side(
                level,
                lambda dataset: _govern_one(run, dataset, elements, rules, today, put_aside.get(dataset.pk, 0)),
                progress,
            )
    with run.step("score", _("Score"), total=1, unit=_("county")) as progress:
        quality = roll_up(at=timezone.now())
        progress.advance()
    return {**_governance_sums(done), "score": quality.score}


def quarantined_last(datasets: Iterable[int]) -> dict[int, int]:
    """Rows that the last finished load of each dataset put aside, by the dataset's id; one query for them all."""
    place = Window(RowNumber(), partition_by=F("table__dataset"), order_by=F("pk").desc())
    loads = GatherRun.objects.filter(table__dataset__in=list(datasets), state=GatherRun.State.DONE)
    newest = loads.annotate(place=place).filter(place=1).order_by()
    return dict(newest.values_list("table__dataset", "rows_quarantined"))


def _govern_one(
    run: Run, dataset: Dataset, elements: dict[str, Element], rules: Sequence[Rule], today: date, quarantined: int
) -> GovernRun:
    bound = dataset.fields.filter(match__in=BOUND, is_gone=False)
    by_column = {field.name: elements[field.element_key] for field in bound if field.element_key in elements}
    return govern_dataset(
        dataset,
        elements_by_column=by_column,
        rules=rules,
        lake=lake(),
        load=load_of(run, dataset),
        today=today,
        quarantined=quarantined,
    )


def by_reference(datasets: Sequence[Dataset]) -> list[list[Dataset]]:
    """The datasets in levels, each after those it refers to, so that foreign keys meet governed rows.

    References in a circle are left for the last level.
    """
    levels: list[list[Dataset]] = []
    left = {dataset.key: {reference["dataset"] for reference in dataset.references} for dataset in datasets}
    by_key = {dataset.key: dataset for dataset in datasets}
    while left:
        ready = [key for key, needs in left.items() if not (needs & left.keys()) - {key}] or list(left)
        levels.append([by_key[key] for key in ready])
        for key in ready:
            del left[key]
    return levels


def _side_by_side(items: Sequence[Any], work: Callable[[Any], T], progress: Progress) -> list[T | BaseException]:
    """Do `work` on every item, THREADS at a time; what one raises is its result, the others go on."""

    def one(item: Any) -> T:
        try:
            return work(item)
        finally:
            connections.close_all()

    results: list[T | BaseException] = []
    with ThreadPoolExecutor(THREADS) as pool:
        futures = [pool.submit(one, item) for item in items]
        try:
            for future in as_completed(futures):
                error = future.exception()
                results.append(error if error is not None else future.result())
                progress.advance()
        except BaseException:
            # Cancelled or stopping: tables under way finish, the rest is left for the next attempt.
            pool.shutdown(cancel_futures=True)
            raise
    return results


def _gathering_sums(done: Sequence[GatherRun | BaseException]) -> dict[str, Any]:
    runs = [one for one in done if isinstance(one, GatherRun)]
    sums = {
        name: sum(getattr(one, f"rows_{name}") for one in runs) for name in ("read", "loaded", "quarantined", "skipped")
    }
    states = {state: sum(one.state == state for one in runs) for state in GatherRun.State.values}
    return {**sums, "tables": len(done), "states": states, "errors": _errors(done)}


def _governance_sums(done: Sequence[GovernRun | BaseException]) -> dict[str, Any]:
    runs = [one for one in done if isinstance(one, GovernRun)]
    names = ("in", "standard", "held", "duplicate")
    sums = {name: sum(getattr(one, f"rows_{name}") for one in runs) for name in names}
    return {**sums, "datasets": len(done), "errors": _errors(done)}


def _errors(done: Sequence[Any]) -> list[str]:
    return sorted({f"{type(one).__name__}: {one}"[:500] for one in done if isinstance(one, BaseException)})
