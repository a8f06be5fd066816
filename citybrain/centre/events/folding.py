"""What a journal adds up to: the columns of the event and of its tasks, from nothing but the steps.

A step's facts name columns with their new values; `tasks` holds, by id, the columns of tasks that the step changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from citybrain.centre.events.models import Step
from citybrain.kernel.records.places import check_geometry, point_on

COLUMNS = (
    "organisation",
    "area",
    "title",
    "description",
    "type",
    "kind",
    "level",
    "loop",
    "place",
    "address",
    "asset_kind",
    "asset_number",
    "channel",
    "post",
    "owner",
    "sensitivity",
    "is_exercise",
    "is_mass",
    "is_supervised",
    "signal_count",
    "return_count",
    "rework_count",
    "reopen_count",
    "urge_count",
    "result",
    "cause",
    "measures",
    "cost",
    "public_text",
    "opened_at",
    "closed_at",
    "merged_into",
    "split_from",
    "proposed",
    "rating",
    "is_solved",
)
"""Columns of an event that facts may name; the others (numbers of lines, due times) follow from the journal itself."""

DEFAULTS: Mapping[str, Any] = {
    "area": None,
    "title": "",
    "description": "",
    "type": "",
    "place": None,
    "address": "",
    "asset_kind": "",
    "asset_number": "",
    "post": None,
    "owner": None,
    "sensitivity": "internal",
    "is_exercise": False,
    "is_mass": False,
    "is_supervised": False,
    "signal_count": 1,
    "return_count": 0,
    "rework_count": 0,
    "reopen_count": 0,
    "urge_count": 0,
    "result": "",
    "cause": "",
    "measures": "",
    "cost": None,
    "public_text": "",
    "closed_at": None,
    "merged_into": None,
    "split_from": None,
    "proposed": None,
    "rating": None,
    "is_solved": None,
}
"""What a column holds until a step says something else."""

TASK_COLUMNS = (
    "parent",
    "role",
    "organisation",
    "post",
    "owner",
    "is_mandatory",
    "state",
    "asked",
    "result",
    "asked_by",
    "asked_at",
    "signed_at",
    "ended_at",
    "due_at",
)


def columns_of(step: Step) -> dict[str, Any]:
    """Columns of the event that a step sets, as JSON values, with its state and since when."""
    found = {name: step.facts[name] for name in COLUMNS if name in step.facts}
    if step.source != step.target:
        found |= {"state": step.target, "state_since": step.at}
    return found


def fold(steps: Iterable[Step]) -> dict[str, Any]:
    """Every column of the event as the steps, first to last, leave it; JSON values, `state_since` a moment."""
    row = dict(DEFAULTS)
    for step in steps:
        row |= columns_of(step)
        row |= {"steps": step.number, "head": step.hash}
    return row


def fold_tasks(steps: Iterable[Step]) -> dict[int, dict[str, Any]]:
    """Every task by its id, as the steps leave it; JSON values."""
    tasks: dict[int, dict[str, Any]] = {}
    for step in steps:
        for key, changed in step.facts.get("tasks", {}).items():
            tasks.setdefault(int(key), {}).update(changed)
    return tasks


def point_of(place: dict[str, Any] | None) -> tuple[float | None, float | None]:
    """Longitude and latitude by which a map finds a place."""
    return point_on(check_geometry(place)) or (None, None)
