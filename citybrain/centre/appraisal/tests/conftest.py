"""Fixtures: the loop's small county and its event types."""

from __future__ import annotations

from typing import Any

import pytest

from citybrain.centre.events.tests.conftest import _types, case  # noqa: F401 - the same types and cases as the loop's
from citybrain.centre.events.tests.county import County, settle


@pytest.fixture
def county(db: None) -> County:
    """Bodies, areas and people."""
    return settle()


@pytest.fixture(autouse=True)
def plain_static(settings: Any) -> None:
    """Pages name static files as they lie there: nothing was collected for a test."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
