"""Maps: the county off-line, tiles through our own address, places in one datum."""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from citybrain.kernel.identity import datum
from citybrain.ui.map import archive, tianditu
from citybrain.ui.map.shapes import county_bounds

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
NEAR = "/map/vec/10/853/426"
"""A tile of the county: zoom 10, column, row."""


@pytest.fixture
def reader(official: Any, signed_in_client: Any, settings: Any, tmp_path: Path) -> Client:
    """Somebody signed in, on a site without tiles whose cache is empty."""
    settings.ROOT_URLCONF = "citybrain.ui.urls"
    settings.MAP_TIANDITU_KEY = settings.MAP_PMTILES = ""
    settings.HOME = tmp_path
    return signed_in_client(official())


Answer = Callable[[httpx.Request], httpx.Response]


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Callable[[Answer], list[httpx.Request]]:
    """Puts a function in Tianditu's place; gives the list of what it was asked."""

    def put(answer: Answer) -> list[httpx.Request]:
        asked: list[httpx.Request] = []

        def handle(request: httpx.Request) -> httpx.Response:
            asked.append(request)
            return answer(request)

        client = httpx.Client(transport=httpx.MockTransport(handle))
        monkeypatch.setattr(httpx, "stream", client.stream)
        return asked

    return put


def packed(path: Path, kind: TileType, compression: Compression, tiles: dict[tuple[int, int, int], bytes]) -> Path:
    """A small archive."""
    with path.open("wb") as file:
        writer = Writer(file)
        for place in sorted(tiles, key=lambda place: zxy_to_tileid(*place)):
            writer.write_tile(zxy_to_tileid(*place), tiles[place])
        header = {
            "tile_type": kind,
            "tile_compression": compression,
            "min_lon_e7": 1197000000,
            "min_lat_e7": 287000000,
            "max_lon_e7": 1204000000,
            "max_lat_e7": 292000000,
            "center_zoom": 10,
            "center_lon_e7": 1200000000,
            "center_lat_e7": 289000000,
        }
        writer.finalize(header, {"attribution": "test", "vector_layers": [{"id": "water", "fields": {}}]})
    return path


def test_the_ground_is_the_countys_own_and_in_the_readers_language(reader: Client) -> None:
    ground = reader.get("/map/base.json").json()
    assert ground["tiles"] == [] and "GeoNames" in ground["attribution"]
    west, south, east, north = ground["bounds"]
    assert 119.5 < west < east < 120.5 and 28.5 < south < north < 29.3
    names = {shape["properties"]["name"] for shape in ground["seats"]["features"]}
    assert "Dongcheng" in names
    reader.cookies["django_language"] = "zh-hans"
    names = {shape["properties"]["name"] for shape in reader.get("/map/base.json").json()["seats"]["features"]}
    assert "东城街道" in names


@pytest.mark.django_db
def test_citizens_see_the_county_but_spend_no_quota_of_tiles(settings: Any) -> None:
    settings.MAP_TIANDITU_KEY = "secret-key"
    base = Client().get("/map/base.json").json()
    assert base["outline"] and base["tiles"] == []
    assert Client().get(NEAR).status_code == 302


def test_a_tile_comes_through_us_once_and_the_key_never_leaves(
    reader: Client, settings: Any, answering: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.MAP_TIANDITU_KEY = "secret-key"
    asked = answering(lambda request: httpx.Response(200, content=PNG))
    first, second = reader.get(NEAR), reader.get(NEAR)
    assert first.content == second.content == PNG and first["Content-Type"] == "image/png"
    assert len(asked) == 1
    assert asked[0].url.host.endswith(".tianditu.gov.cn") and asked[0].url.params["tk"] == "secret-key"
    ground = reader.get("/map/base.json").content.decode()
    assert "secret-key" not in ground
    assert [tiles["url"] for tiles in json.loads(ground)["tiles"]] == ["/map/vec/{z}/{x}/{y}", "/map/eva/{z}/{x}/{y}"]
    answering(lambda request: (_ for _ in ()).throw(httpx.ConnectError("tk=secret-key", request=request)))
    assert reader.get("/map/vec/10/854/426").status_code == 502
    assert "secret-key" not in caplog.text


@pytest.mark.parametrize(
    "address",
    [
        "/map/other/10/853/426",
        "/map/vec/10/200/429",
        "/map/vec/10/853/900",
        "/map/vec/19/436000/219000",
        "/map/vec/3/8/1",
        "/map/vec/-1/0/0",
        "/map/vec/10/853/..%2f429",
    ],
)
def test_what_is_no_tile_of_the_county_is_not_passed_on(
    reader: Client, settings: Any, answering: Any, address: str
) -> None:
    settings.MAP_TIANDITU_KEY = "secret-key"
    asked = answering(lambda request: httpx.Response(200, content=PNG))
    assert reader.get(address).status_code == 404
    assert asked == []


@pytest.mark.parametrize(
    "answer",
    [
        lambda request: httpx.Response(403, content=b"no"),
        lambda request: httpx.Response(200, content=b"<html>"),
        lambda request: httpx.Response(200, content=b""),
        lambda request: httpx.Response(302, headers={"Location": "http://127.0.0.1/"}),
        lambda request: httpx.Response(200, content=PNG + bytes(tianditu.MOST)),
    ],
    ids=["refused", "page", "empty", "redirect", "huge"],
)
def test_what_is_no_picture_is_not_passed_on_and_not_kept(
    reader: Client, settings: Any, answering: Any, answer: Answer
) -> None:
    settings.MAP_TIANDITU_KEY = "secret-key"
    asked = answering(answer)
    assert reader.get(NEAR).status_code == 502
    assert len(asked) == 1
    answering(lambda request: httpx.Response(200, content=PNG))
    assert reader.get(NEAR).status_code == 200


def test_the_countys_tiles_are_near_at_every_zoom() -> None:
    west, south, east, north = county_bounds() or (0, 0, 0, 0)
    for zoom in range(tianditu.HIGHEST + 1):
        for longitude, latitude in ((west, south), (east, north), ((west + east) / 2, (south + north) / 2)):
            column = int((longitude + 180) / 360 * 2**zoom)
            line = int((1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2 * 2**zoom)
            assert tianditu.is_near(zoom, column, line)
            assert tianditu.degrees_north(line + 1, zoom) <= latitude <= tianditu.degrees_north(line, zoom)


def test_an_archive_is_served_tile_by_tile(reader: Client, settings: Any, tmp_path: Path) -> None:
    tile = gzip.compress(b"a vector tile")
    tiles = {(10, 853, 426): tile, (11, 1706, 852): tile}
    settings.MAP_PMTILES = str(packed(tmp_path / "map.pmtiles", TileType.MVT, Compression.GZIP, tiles))
    [said] = reader.get("/map/base.json").json()["tiles"]
    assert said == {
        "kind": "vector",
        "url": "/map/tiles/{z}/{x}/{y}",
        "lowest": 10,
        "highest": 11,
        "layers": ["water"],
        "attribution": "test",
    }
    answer = reader.get("/map/tiles/10/853/426", headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip" and gzip.decompress(answer.content) == b"a vector tile"
    plain = reader.get("/map/tiles/10/853/426")
    assert plain.content == b"a vector tile" and "Content-Encoding" not in plain
    for nowhere in ("10/1/1", "3/1/1", "11/9999/1", "30/0/0"):
        assert reader.get(f"/map/tiles/{nowhere}").status_code == 204


def test_an_archive_of_pictures_is_a_raster(tmp_path: Path) -> None:
    found = archive.archive(packed(tmp_path / "a.pmtiles", TileType.PNG, Compression.NONE, {(0, 0, 0): PNG}))
    assert (found.kind, found.media_type, found.tile(0, 0, 0)) == ("raster", "image/png", PNG)


@pytest.mark.parametrize("content", [b"", b"PMTiles\x02" + bytes(200), b"<html>" + bytes(200)])
def test_a_file_that_is_no_archive_is_named_with_a_remedy(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "wrong.pmtiles"
    with pytest.raises(archive.ArchiveError, match=r"wrong\.pmtiles .CITYBRAIN_MAP_PMTILES. cannot be read"):
        archive.archive(path)
    path.write_bytes(content)
    with pytest.raises(archive.ArchiveError, match=r"wrong\.pmtiles .CITYBRAIN_MAP_PMTILES"):
        archive.archive(path)


def test_no_archive_no_tiles(reader: Client) -> None:
    assert reader.get("/map/tiles/1/0/0").status_code == 404


@given(st.floats(74, 134), st.floats(4, 54))
def test_a_place_comes_back_from_gcj02(east: float, north: float) -> None:
    there = datum.to_gcj02((east, north))
    back = datum.from_gcj02(there)
    assert back == pytest.approx((east, north), abs=1e-7)
    # The shift is some hundred metres: less would be no shift, more a mistake.
    assert 1e-5 < math.dist(there, (east, north)) < 0.02


def test_abroad_nothing_is_shifted_and_at_home_as_published() -> None:
    assert datum.to_gcj02((2.3522, 48.8566)) == (2.3522, 48.8566) == datum.from_gcj02((2.3522, 48.8566))
    # Tian'anmen, as the published formula gives it.
    assert datum.to_gcj02((116.391305, 39.907333)) == pytest.approx((116.397548, 39.908735), abs=2e-5)
