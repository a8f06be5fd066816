"""Marks on photos: legible where there is a font, never lost without one; facts of devices are never believed."""

from __future__ import annotations

import io
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from citybrain.centre.events.phone import watermark
from citybrain.centre.events.phone.navigating import ways_to
from citybrain.centre.events.phone.photos import Taken, facts_in
from citybrain.kernel.identity.datum import from_gcj02

LINES = ("YK2026112100001 胡库村村口路面有个大坑", "2026-11-21 10:00:00", "120.040000, 28.890000 ±8 m", "演示壬")


def picture(size: tuple[int, int] = (640, 480), mode: str = "RGB", kind: str = "JPEG") -> bytes:
    """A plain picture."""
    out = io.BytesIO()
    Image.new(mode, size, "#7a9cc0" if mode == "RGB" else 128).save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("size", [(640, 480), (480, 640), (40, 30), (2000, 300)])
def test_the_mark_stands_at_the_foot_and_nowhere_else(size: tuple[int, int]) -> None:
    before = Image.open(io.BytesIO(picture(size)))
    after = Image.open(io.BytesIO(watermark.marked(picture(size), LINES)))
    assert after.size == before.size or min(after.size) == watermark.LEAST
    middle = after.getpixel((after.width // 2, 0))
    assert middle == pytest.approx(before.getpixel((before.width // 2, 0)), abs=6)
    foot = after.crop((0, int(after.height * 0.8), *after.size)).convert("L")
    assert min(foot.getdata()) < 100


def test_pictures_of_other_kinds_are_marked_and_files_that_are_none_refused() -> None:
    for mode, kind in (("L", "PNG"), ("P", "PNG"), ("RGB", "WEBP")):
        assert Image.open(io.BytesIO(watermark.marked(picture(mode=mode, kind=kind), LINES))).format == "JPEG"
    with pytest.raises(ValidationError):
        watermark.marked(b"MZ not a picture", LINES)


def test_a_thread_of_pixels_does_not_fill_the_memory() -> None:
    with pytest.raises(ValidationError):
        watermark.marked(picture((20_000, 1), kind="PNG"), LINES)


def test_without_a_chinese_font_letters_and_digits_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watermark, "chinese_font", lambda: "")
    assert watermark.marked(picture(), LINES) != watermark.marked(picture(), ("", ""))


@given(st.text(max_size=400) | st.lists(st.dictionaries(st.text(max_size=9), st.floats() | st.text())).map(json.dumps))
def test_whatever_a_device_says_of_its_photos_no_photo_is_lost(text: str) -> None:
    for count in (0, 1, 3):
        assert len(facts_in(text, count)) == count


def test_facts_out_of_bounds_are_none() -> None:
    told = [
        {"at": "2026-11-21T10:00:00", "longitude": 120, "latitude": 28.9},
        {"at": "2026-13-41T10:00:00Z", "longitude": 181, "latitude": 1, "original": "x" * 64},
        {"longitude": True, "latitude": "28", "accuracy": -3, "original": "a" * 64},
        "nothing",
    ]
    found = facts_in(json.dumps(told), 4)
    assert found[0] == Taken(longitude=120.0, latitude=28.9)  # A time without its zone says nothing.
    assert found[1] == Taken()
    assert found[2] == Taken(accuracy=3.0, original="a" * 64)
    assert found[3] == Taken()


def test_ways_lead_to_the_place_in_the_datum_of_each_map(settings: Any) -> None:
    settings.MAP_NAVIGATION = ("geo", "amap", "tencent", "no-such")
    geo, amap, tencent = ways_to(120.04, 28.89, "胡库村村口 (坑)")
    assert geo.url.startswith("geo:28.890000,120.040000?q=28.890000,120.040000(")
    east, north, _name = parse_qs(urlsplit(amap.url).query)["to"][0].split(",")
    assert from_gcj02((float(east), float(north))) == pytest.approx((120.04, 28.89), abs=2e-6)
    assert parse_qs(urlsplit(tencent.url).query)["tocoord"][0].split(",")[0] == north
