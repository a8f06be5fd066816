"""What rooms keep in memory between questions is forgotten between tests: each has a county of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from citybrain.centre.understanding import chosen, gazetteer


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """Names of places, and the model of texts in use, are those of one test."""
    yield
    gazetteer.forget()
    chosen.forget()
