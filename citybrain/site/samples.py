"""The sample rows of applications, brought into the demo county the way any file is: by the import."""

from __future__ import annotations

from pathlib import Path

from django.apps import apps
from django.core.files.base import File

from citybrain.kernel.identity.actor import SYSTEM
from citybrain.kernel.records.importing import plan_import, run_import
from citybrain.kernel.records.models import Import
from citybrain.kernel.records.shape import Shape, record_types


class SampleRefused(ValueError):
    """Rows of a sample were refused: the demo would lack them."""


def load_samples() -> dict[str, int]:
    """Import `sample/<key>.csv` of every record type that has no record yet; returns how many rows by type.

    Raises SampleRefused that names the file and the first rows at fault.
    """
    loaded = {}
    for shape in record_types():
        path = sample_of(shape)
        if path.is_file() and not shape.model._default_manager.exists():
            loaded[shape.key] = load(shape, path)
    return loaded


def sample_of(shape: Shape) -> Path:
    """Where the sample rows of a record type lie, whether there are any or not."""
    return Path(apps.get_app_config(shape.application).path) / "sample" / f"{shape.key}.csv"


def load(shape: Shape, path: Path) -> int:
    """Import one file in the name of the house; returns how many records it made."""
    with path.open("rb") as file:
        source = plan_import(shape, File(file, name=path.name), SYSTEM).source
    done = run_import(source, SYSTEM)
    if done.state == Import.State.FAILED or done.rows_refused:
        wrong = [f"row {refused.row}: {refused.error}" for refused in done.refused.all()[:3]]
        raise SampleRefused(f"{path}: {'; '.join(wrong) or done.error}")
    return done.rows_created
