"""A log's tree as tiles in the database (C2SP tlog-tiles): read with a few rows, grown at the right edge only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from citybrain.hubs.evidence.models import Tile
from citybrain.hubs.evidence.tree import HASH, node_hash

HEIGHT = 8
WIDTH = 1 << HEIGHT
"""Hashes of a full tile."""


class Damaged(RuntimeError):
    """The stored tree contradicts itself or what was signed: nothing more is sealed until it was looked at."""


class TileReader:
    """Reads hashes of complete subtrees of one log; keeps the tiles it has read."""

    def __init__(self, log: str) -> None:
        self._log = log
        self._tiles: dict[tuple[int, int], bytes] = {}

    def tile(self, level: int, index: int) -> bytes:
        """Bytes of a tile; empty when there is none."""
        if (level, index) not in self._tiles:
            row = Tile.objects.filter(log=self._log, level=level, index=index).values_list("hashes", flat=True).first()
            self._tiles[level, index] = b"" if row is None else bytes(row)
        return self._tiles[level, index]

    def __call__(self, level: int, index: int) -> bytes:
        """Hash over the 2**level leaves from index * 2**level. Raises Damaged when the tiles do not reach there."""
        height = level % HEIGHT
        first = index << height
        start = first % WIDTH
        hashes = self.tile(level // HEIGHT, first // WIDTH)[start * HASH : (start + (1 << height)) * HASH]
        if len(hashes) != HASH << height:
            raise Damaged(f"Log {self._log}: tile {level // HEIGHT}/{first // WIDTH} ends before hash {start}.")
        return joined(hashes)


def joined(hashes: bytes) -> bytes:
    """Root over a power of two of hashes that stand beside one another."""
    row = split(hashes)
    while len(row) > 1:
        row = [node_hash(row[place], row[place + 1]) for place in range(0, len(row), 2)]
    return row[0]


def split(hashes: bytes) -> list[bytes]:
    """The single hashes of a tile."""
    return [hashes[place : place + HASH] for place in range(0, len(hashes), HASH)]


def grow(log: str, size: int, leaves: Sequence[bytes]) -> None:
    """Adds leaf hashes behind the `size` there are, in the caller's transaction.

    Raises Damaged when the tiles at the edge are not as long as the size says.
    """
    level, added = 0, list(leaves)
    made: list[Tile] = []
    while added:
        place = size >> (HEIGHT * level)
        index, width = divmod(place, WIDTH)
        # At the end of a level without anything in it yet there is no tile; a full one is never opened again.
        edge = Tile.objects.filter(log=log, level=level, index=index).first()
        begun = b"" if edge is None else bytes(edge.hashes)
        if len(begun) != width * HASH:
            raise Damaged(
                f"Log {log}: tile {level}/{index} has {len(begun) // HASH} hashes where {width} were sealed. "
                "Run “citybrain evidence verify”, which names the first record that differs."
            )
        above: list[bytes] = []
        for number, hashes in enumerate(_cut(begun + b"".join(added)), index):
            if edge is not None and edge.index == number:
                Tile.objects.filter(pk=edge.pk).update(hashes=hashes)
            else:
                made.append(Tile(log=log, level=level, index=number, hashes=hashes))
            if len(hashes) == WIDTH * HASH:
                above.append(joined(hashes))
        level, added = level + 1, above
    Tile.objects.bulk_create(made)


def _cut(hashes: bytes) -> Iterable[bytes]:
    full = WIDTH * HASH
    return (hashes[place : place + full] for place in range(0, len(hashes), full))
