"""One small county for all tests of the room, built once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from citybrain.rehearsal.build import CountyReport, build_county

COUNTY = Path(__file__).parents[3] / "counties" / "yongkang"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Messages in the language of the source, whatever the site speaks."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> CountyReport:
    """A county of 3 000 people; tests that change its files work on a copy."""
    return build_county(people=3000, seed=7, out=tmp_path_factory.mktemp("county"), county=COUNTY)


@pytest.fixture(scope="session")
def out(report: CountyReport) -> Path:
    """The folder of the small county."""
    return report.out
