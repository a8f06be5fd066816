"""`citybrain areas`: boundaries of areas in and out as GeoJSON, and which area holds a point."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from django.core.exceptions import ValidationError

import citybrain.site.jobs  # noqa: F401 - a room's hooks are known when it was imported
from citybrain.kernel.identity.actions_areas import import_boundaries
from citybrain.kernel.identity.actor import SYSTEM
from citybrain.kernel.identity.models import Area
from citybrain.kernel.identity.queries_areas import area_at, feature_collection
from citybrain.site.preparing import prepare

areas = typer.Typer(name="areas", help="Boundaries of towns, villages and grids.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@areas.command("import")
def take(
    file: Annotated[Path, typer.Argument(help="GeoJSON; features named by division code or key.")],
    source: Annotated[str, typer.Option(help="Who drew the boundaries: shown beside them.")],
    synthetic: Annotated[bool, typer.Option("--synthetic", help="They are made up: every map says so.")] = False,
    gcj02: Annotated[bool, typer.Option("--gcj02", help="They are in GCJ-02: convert them.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Only look; change nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take the sound boundaries of a file and report the others; exit status 1 when one was refused."""
    prepare()
    try:
        done = import_boundaries(
            SYSTEM, file.read_bytes(), source=source, is_synthetic=synthetic, is_gcj02=gcj02, only_check=check
        )
    except ValidationError as error:
        raise ValueError(f"{file}: {' '.join(error.messages)}") from error
    if as_json:
        found = {"sound": len(done.drawn), "changed": done.changed, "findings": [asdict(one) for one in done.findings]}
        print(json.dumps(found, ensure_ascii=False))
    else:
        for one in done.findings:
            mark = "refused" if one.is_fault else "note"
            print(": ".join(filter(None, (mark, one.feature, one.rule, f"{one.text} {one.remedy}"))))
        refused = len({one.feature for one in done.faults})
        print(f"{len(done.drawn)} sound, {done.changed} changed, {refused} refused.")
    if done.faults:
        raise typer.Exit(1)


@areas.command("export")
def give(
    file: Annotated[Path, typer.Argument(help="GeoJSON to write.")],
    kind: Annotated[str, typer.Option(help="county, town, zone, village or grid; none means all.")] = "",
) -> None:
    """Write the boundaries out, as `import` reads them again."""
    prepare()
    if kind and kind not in Area.Kind.values:
        raise ValueError(f"There is no kind {kind!r}; there are: {', '.join(Area.Kind.values)}.")
    rows = Area.objects.filter(shape__isnull=False, **({"kind": kind} if kind else {})).order_by("path")
    collection = feature_collection(rows)
    file.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")
    print(f"{len(collection['features'])} boundaries in {file}")


@areas.command("at")
def find(
    longitude: Annotated[float, typer.Argument(help="Degrees, WGS-84.")],
    latitude: Annotated[float, typer.Argument(help="Degrees, WGS-84.")],
    as_json: AsJson = False,
) -> None:
    """Say which area holds a point."""
    prepare()
    found = area_at(longitude, latitude)
    if found is None:
        raise LookupError(f"{longitude}, {latitude} lies in no area: give longitude first, in WGS-84.")
    if as_json:
        print(json.dumps(asdict(found)))
        return
    names = dict(Area.objects.filter(pk__in=found.way).values_list("pk", "chinese"))
    made_up = ", boundary made up" if found.is_synthetic else ""
    print(f"{' · '.join(names[pk] for pk in found.way)} ({found.key}), {found.margin:.0f} m inside{made_up}")
