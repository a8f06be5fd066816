"""What stands in an archive: the case, its journal, tasks, signals under pseudonyms, names of bodies."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone, translation

from citybrain.centre.events.folding import COLUMNS, columns_of, fold_tasks
from citybrain.centre.events.journal import canonical, moment_text, plain
from citybrain.centre.events.machine import State
from citybrain.centre.events.models import Event, Signal, Step
from citybrain.kernel.identity.models import Area, Organisation, Post


def as_json(value: Any) -> bytes:
    """Readable JSON with one spelling."""
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def journal(event: Event, steps: Sequence[Step]) -> bytes:
    """Every line exactly as it is hashed."""
    return b"".join(canonical(step, event.number) + b"\n" for step in steps)


def case(event: Event, steps: Sequence[Step]) -> dict[str, Any]:
    """The event's columns as its journal leaves them."""
    row: dict[str, Any] = {}
    for step in steps:
        row |= {name: value for name, value in columns_of(step).items() if name in COLUMNS}
    return {
        "number": event.number,
        "state": steps[-1].target,
        "steps": len(steps),
        "head": steps[-1].hash,
        "columns": plain(row),
        "column_names": list(COLUMNS),
    }


def tasks(steps: Sequence[Step]) -> dict[str, Any]:
    """Every task by its id, as the journal leaves it."""
    return {str(key): plain(columns) for key, columns in fold_tasks(steps).items()}


def signals(event: Event) -> list[dict[str, Any]]:
    """What was told, by whom under a pseudonym; never a name, never a number to call."""
    found = []
    for signal in Signal.objects.filter(event=event).select_related("reporter").order_by("pk"):
        found.append(
            {
                "id": signal.pk,
                "number": signal.number,
                "channel": signal.channel,
                "observed_at": moment_text(signal.observed_at),
                "received_at": moment_text(signal.received_at),
                "text": signal.text,
                "place": plain(signal.place),
                "address": signal.address,
                "asset_kind": signal.asset_kind,
                "asset_number": signal.asset_number,
                "raw_sha256": signal.raw_digest,
                "reporter": pseudonym(signal),
            }
        )
    return found


def pseudonym(signal: Signal) -> str:
    """How the reporter is called outside: the number of their row, which says nothing to whoever lacks the database."""
    return f"R{signal.reporter_id}" if signal.reporter_id else ""


def names(steps: Sequence[Step], folded: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Names of the bodies, areas and posts that steps and tasks speak of; of people none."""
    bodies = {step.organisation_id for step in steps} | {task.get("organisation") for task in folded.values()}
    posts = {step.post_id for step in steps} | {task.get("post") for task in folded.values()}
    areas = set()
    for step in steps:
        bodies |= {step.facts.get("organisation"), step.facts.get("proposed")}
        areas.add(step.facts.get("area"))
    return {
        "organisations": _named(Organisation, bodies),
        "areas": _named(Area, areas),
        "posts": _named(Post, posts),
    }


def body_name(key: int | None) -> str:
    """Name of a body; the house itself for none."""
    return Organisation.objects.filter(pk=key).values_list("chinese", flat=True).first() or "—"


def _named(model: type[Organisation] | type[Area] | type[Post], ids: set[Any]) -> dict[str, str]:
    wanted = {one for one in ids if isinstance(one, int)}
    return {str(key): name for key, name in model.objects.filter(pk__in=wanted).values_list("pk", "chinese")}


def reading(event: Event, steps: Sequence[Step], known: Mapping[str, Mapping[str, str]], words: Any) -> bytes:
    """The process for people: a line a step. `words` says in words what a verb did."""
    with translation.override("zh-hans"):
        lines = [f"{event.number}　{event.title}", ""]
        for step in steps:
            at = timezone.localtime(step.at).strftime("%Y-%m-%d %H:%M:%S")
            body = known["organisations"].get(str(step.organisation_id), "")
            is_moved = step.source and step.source != step.target
            moved = f"{State(step.source).label} → {State(step.target).label}" if is_moved else ""
            parts = (f"{step.number:>3}", at, str(words(step.verb)), moved, body, " ".join(step.text.split()))
            lines.append("　".join(part for part in parts if part))
    return ("\n".join(lines) + "\n").encode()
