"""Pages are drawn without collected static files."""

from __future__ import annotations

from typing import Any

import pytest

from citybrain.testing.records import PLAIN_STORAGES


@pytest.fixture(autouse=True)
def plain_static_files(settings: Any) -> None:
    """Static files by their plain names."""
    settings.STORAGES = PLAIN_STORAGES
