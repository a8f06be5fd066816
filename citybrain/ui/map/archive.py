"""A PMTiles archive (version 3) on our own disk, read tile by tile: a whole map in one file, without any server."""

from __future__ import annotations

import functools
import gzip
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from pmtiles.reader import MmapSource, Reader
from pmtiles.tile import Compression, TileType

from citybrain.ui.access import public

TYPES = {
    TileType.MVT: "application/vnd.mapbox-vector-tile",
    TileType.PNG: "image/png",
    TileType.JPEG: "image/jpeg",
    TileType.WEBP: "image/webp",
}


class ArchiveError(RuntimeError):
    """The file named by CITYBRAIN_MAP_PMTILES cannot be used; the message says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Archive:
    """An opened archive."""

    kind: str
    """`vector` or `raster`."""
    media_type: str
    is_gzipped: bool
    lowest: int
    highest: int
    layers: tuple[str, ...]
    """Names of the layers of vector tiles."""
    attribution: str
    reader: Reader = field(repr=False)

    def tile(self, zoom: int, column: int, line: int) -> bytes | None:
        """A tile's octets as they are stored; None where there is none."""
        if not (self.lowest <= zoom <= self.highest and 0 <= column < 2**zoom and 0 <= line < 2**zoom):
            return None
        found: bytes | None = self.reader.get(zoom, column, line)
        return found


@functools.cache
def archive(path: Path) -> Archive:
    """The archive in a file, opened once. Raises ArchiveError that names the file and the remedy."""
    try:
        reader = Reader(MmapSource(path.open("rb")))
        header: dict[str, Any] = reader.header()
        said: dict[str, Any] = reader.metadata()
    except OSError as error:
        raise ArchiveError(f"{path} (CITYBRAIN_MAP_PMTILES) cannot be read: {error.strerror}. Give a file.") from error
    except Exception as error:
        raise ArchiveError(f"{path} (CITYBRAIN_MAP_PMTILES) is no PMTiles archive of version 3: {error}.") from error
    if header["tile_type"] not in TYPES or header["tile_compression"] not in (Compression.NONE, Compression.GZIP):
        raise ArchiveError(f"{path} (CITYBRAIN_MAP_PMTILES): give one of MVT, PNG, JPEG or WebP, gzip or plain.")
    return Archive(
        kind="vector" if header["tile_type"] is TileType.MVT else "raster",
        media_type=TYPES[header["tile_type"]],
        is_gzipped=header["tile_compression"] is Compression.GZIP,
        lowest=header["min_zoom"],
        highest=header["max_zoom"],
        layers=tuple(str(layer.get("id", "")) for layer in said.get("vector_layers", ()) if isinstance(layer, dict)),
        attribution=str(said.get("attribution", "")),
        reader=reader,
    )


@public
@require_safe
@cache_control(private=True, max_age=24 * 3600)
def packed_tile(request: HttpRequest, zoom: int, column: int, line: int) -> HttpResponse:
    """One tile of the archive the setting names; 204 where it has none, as map libraries expect."""
    if not settings.MAP_PMTILES:
        raise Http404
    packed = archive(Path(settings.MAP_PMTILES))
    content = packed.tile(zoom, column, line)
    if content is None:
        return HttpResponse(status=204)
    if packed.is_gzipped and "gzip" not in request.headers.get("Accept-Encoding", ""):
        return HttpResponse(gzip.decompress(content), content_type=packed.media_type)
    answer = HttpResponse(content, content_type=packed.media_type)
    if packed.is_gzipped:
        answer["Content-Encoding"] = "gzip"
    return answer
