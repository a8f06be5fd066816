"""The page of boundaries: a file is looked at, its sound boundaries taken, the others shown with rule and remedy."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from citybrain.kernel.identity.models import Area, SecurityEvent

pytestmark = pytest.mark.django_db


def square(west: float, south: float, side: float) -> dict[str, Any]:
    """A square, degrees."""
    east, north = west + side, south + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def sent(*features: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """The form with a file of features: code and geometry."""
    listed = [{"type": "Feature", "properties": {"code": code}, "geometry": shape} for code, shape in features]
    content = json.dumps({"type": "FeatureCollection", "features": listed}).encode()
    file = SimpleUploadedFile("areas.geojson", content, "application/geo+json")
    return {"file": file, "source": "County survey", "datum": "cgcs2000"}


def test_a_file_is_checked_then_taken_and_given_out_again(administrator: Client) -> None:
    assert "Who drew them" in administrator.get("/areas/boundaries/").content.decode()
    good, bad = ("330784001", square(120.0, 28.85, 0.1)), ("330784009", square(120.0, 28.85, 0.1))
    looked = administrator.post("/areas/boundaries/", sent(good, bad))
    page = looked.content.decode()
    assert looked.status_code == 422 and "1 boundary is sound, 0 areas changed, 1 refused." in page
    assert "No area has the code “330784009”." in page and "data-map" in page
    assert not Area.objects.filter(shape__isnull=False).exists(), "it was only looked at"

    taken = administrator.post("/areas/boundaries/", sent(good) | {"load": "1", "is_synthetic": "on"})
    assert taken.status_code == 200 and "1 area changed" in taken.content.decode()
    town = Area.objects.get(key="330784001000")
    assert (town.shape_source, town.is_shape_synthetic) == ("County survey", True)
    assert SecurityEvent.objects.filter(action="boundaries", user__username="keeper").exists()
    shown = administrator.get("/areas/330784001000/").content.decode()
    assert "County survey" in shown and "made up" in shown
    given = json.loads(administrator.get("/areas/boundaries/export/?kind=town").content)
    assert [one["properties"]["code"] for one in given["features"]] == ["330784001000"]
    assert given["features"][0]["properties"]["synthetic"] is True


def test_what_is_no_file_comes_back_with_words(administrator: Client) -> None:
    wrong = sent() | {"file": SimpleUploadedFile("areas.geojson", b"PK\x03\x04", "application/zip")}
    answer = administrator.post("/areas/boundaries/", wrong | {"load": "1"})
    assert answer.status_code == 422 and "export it as GeoJSON" in answer.content.decode()
    assert administrator.post("/areas/boundaries/", {"source": "x"}).status_code == 422


def test_others_see_boundaries_and_change_none(sign_in: Callable[..., Client]) -> None:
    steward = sign_in("steward", "data-steward")
    assert steward.get("/areas/boundaries/").status_code == 403
    assert steward.post("/areas/boundaries/", sent()).status_code == 403
    assert "/areas/boundaries/" not in steward.get("/areas/").content.decode()
    assert json.loads(steward.get("/areas/boundaries/export/").content)["features"] == []
