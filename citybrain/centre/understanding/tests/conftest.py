"""Fixtures: a piece of the county, and a small model trained of a few types."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from citybrain.centre.understanding import chosen, gazetteer
from citybrain.kernel.identity.models import Area

TYPES = ("street-light", "waste-bin", "water-burst", "gas-leak", "ktv-noise", "wage-arrears", "damaged-road", "praise")


@pytest.fixture
def land(db: None) -> SimpleNamespace:
    """Two towns, villages of which two are called alike, seats and one shape."""
    gazetteer.forget()

    def area(key: str, chinese: str, kind: str, parent: Area | None = None, **facts: object) -> Area:
        path = f"{parent.path if parent else ''}{key}/"
        return Area.objects.create(key=key, chinese=chinese, kind=kind, parent=parent, path=path, **facts)

    county = area("330784000000", "永康市", "county")
    gushan = area("330784108000", "古山镇", "town", county, seat=[120.16373, 28.98334])
    east = area("330784001000", "东城街道", "town", county, seat=[120.04024, 28.89381])
    ring = [[120.0, 28.8], [120.1, 28.8], [120.1, 28.95], [120.0, 28.95], [120.0, 28.8]]
    east.shape = {"type": "Polygon", "coordinates": [ring]}
    east.save()
    return SimpleNamespace(
        county=county,
        gushan=gushan,
        east=east,
        huku=area("330784108225", "胡库下", "village", gushan),
        west=area("330784108230", "西山", "village", gushan),
        other_west=area("330784001231", "西山", "village", east),
        community=area("330784001005", "平安社区", "village", east),
    )


@pytest.fixture
def forget() -> Iterator[None]:
    """Nothing is remembered of the model before or after."""
    chosen.forget()
    yield
    chosen.forget()
