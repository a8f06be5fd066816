"""Fixtures: the loop's small county and its event types."""

from __future__ import annotations

import pytest

from citybrain.centre.events.tests.conftest import _types, case  # noqa: F401 - the same types and cases as the loop's
from citybrain.centre.events.tests.county import County, settle


@pytest.fixture
def county(db: None) -> County:
    """Bodies, areas and people."""
    return settle()
