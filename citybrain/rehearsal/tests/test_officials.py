"""The demo's people are made once, say that they are made up, and may what their role says."""

from __future__ import annotations

import json

import pytest
from django.conf import settings

from citybrain.kernel.identity.acting import actor_for
from citybrain.kernel.identity.actions import first_login
from citybrain.kernel.identity.actions_areas import import_boundaries
from citybrain.kernel.identity.actions_loading import load_organisations
from citybrain.kernel.identity.actor import SYSTEM
from citybrain.kernel.identity.models import Area, User
from citybrain.kernel.identity.queries_areas import area_at, feature_collection
from citybrain.rehearsal.officials import CITIZEN, OFFICIALS, make_officials

pytestmark = pytest.mark.django_db


def test_they_are_made_once() -> None:
    load_organisations(settings.COUNTY)
    first_login()
    logins = make_officials()
    assert [login.username for login in logins] == [*(one.username for one in OFFICIALS), CITIZEN]
    assert make_officials() == []
    assert all("演示" in person.chinese for person in User.objects.exclude(username="admin"))
    for login in logins[:1]:
        assert User.objects.get(username=login.username).check_password(login.password)
    assert not User.objects.filter(password_state__must_change=True).exists()

    actors = {one.username: actor_for(User.objects.get(username=one.username)) for one in OFFICIALS}
    assert {name: set(actor.roles) for name, actor in actors.items()} == {
        one.username: set(one.roles or (one.post,)) for one in OFFICIALS
    }
    grids = Area.objects.filter(kind="grid")
    assert 2 * 452 <= grids.count() <= 3 * 452 and all(grid.is_synthetic for grid in grids)
    drawn = Area.objects.filter(kind__in=("village", "grid"))
    assert all(area.is_shape_synthetic and "SYNTHETIC" in area.shape_source for area in drawn)
    for grid in list(grids)[::97]:
        found = area_at(*grid.seat)
        assert found is not None and found.key == grid.key and len(found.way) == 4
    own = json.dumps(feature_collection(drawn)).encode()
    assert not import_boundaries(SYSTEM, own, source="again", only_check=True).faults, "they fill their towns"
    village = Area.objects.get(key="330784001001")
    within = set(Area.objects.filter(path__startswith=village.path).values_list("pk", flat=True))
    assert set(actors["demo-grid"].areas) == within and len(within) >= 3
    assert len(actors["demo-town"].areas) > len(within)
    assert actor_for(User.objects.get(username=CITIZEN)).roles == ("citizen",)
