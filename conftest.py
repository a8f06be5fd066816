"""Fixtures of every test: people made up for one test leave with it, and what rooms keep in memory is forgotten."""

import sys
from collections.abc import Iterator

import pytest
from django.core.cache import cache

pytest_plugins = ["citybrain.testing.people", "citybrain.testing.databases", "citybrain.testing.browsers"]

REMEMBERING = (
    "citybrain.centre.understanding.chosen",
    "citybrain.centre.understanding.gazetteer",
    "citybrain.kernel.identity.queries_areas",
)
"""Modules that keep something between questions, and can `forget` it; not imported before the settings are read."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of whole installations first: they take longest, and mostly wait, so that workers end together."""
    items.sort(key=lambda item: not item.nodeid.startswith("tests/"))


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """What is kept for a minute, names of places and the model of texts are one test's: each has its own county."""
    yield
    cache.clear()
    for name in REMEMBERING:
        if name in sys.modules:
            sys.modules[name].forget()
