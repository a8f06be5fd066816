"""The model in use, read once and kept while it is the one."""

from __future__ import annotations

import logging
import time
from pathlib import Path

from django.conf import settings

from citybrain.centre.understanding.classifier import BadModel, Classifier, load
from citybrain.centre.understanding.models import ModelVersion

KEPT = 20.0
"""Seconds after which is asked whether another one is in use."""
log = logging.getLogger(__name__)
_kept: dict[str, tuple[float, str, Classifier | None]] = {}


def folder() -> Path:
    """Where models lie."""
    return Path(settings.HOME) / "understanding"


def classifier() -> tuple[str, Classifier | None]:
    """Key of the version in use and its model; no model when none was trained, or its file is gone or broken."""
    asked, key, model = _kept.get("", (0.0, "", None))
    if asked and time.monotonic() - asked < KEPT:
        return key, model
    now = ModelVersion.objects.filter(is_used=True).values_list("key", flat=True).first() or ""
    if now != key or (now and model is None):
        key, model = now, _loaded(now)
    _kept[""] = (time.monotonic(), key, model)
    return key, model


def forget() -> None:
    """Has the version in use asked anew."""
    _kept.clear()


def _loaded(key: str) -> Classifier | None:
    if not key:
        return None
    try:
        return load(folder() / f"{key}.npz")
    except (BadModel, OSError) as error:
        log.warning(
            "The model %s of texts cannot be used (%s); texts are read by declared words until it is.", key, error
        )
        return None
