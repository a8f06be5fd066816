"""Brings an installation to the state in which it can serve: tables, static files, organisations, sources."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

import citybrain.centre.understanding.jobs  # noqa: F401 - the first training is asked for here
from citybrain.centre.duties.actions import load_duties
from citybrain.centre.understanding.actions import ask_first_training, load_roads
from citybrain.kernel.identity.actions_loading import load_organisations
from citybrain.warehouse.gathering.registration import register_sources


def prepare() -> None:
    """Migrate, collect static files that changed, load organisations, duties, roads and sources. Harmless to repeat."""
    settings.HOME.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    collect_static()
    load_organisations(settings.COUNTY)
    load_duties(settings.COUNTY)
    load_roads(settings.COUNTY)
    ask_first_training()
    for folder in (settings.COUNTY / "sources", settings.DELIVERIES / "sources"):
        if any(folder.glob("*.toml")):
            register_sources(folder)


def collect_static() -> None:
    """Collect and compress static files, unless none changed since the last time."""
    mark = Path(settings.STATIC_ROOT) / ".collected"
    state = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            state.update(f"{path}:{storage.size(path)}:{storage.get_modified_time(path)}\n".encode())
    if mark.exists() and mark.read_text() == state.hexdigest():
        return
    call_command("collectstatic", verbosity=0, interactive=False)
    mark.write_text(state.hexdigest())
