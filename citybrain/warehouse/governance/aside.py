"""Rows set aside because their key occurs again: judged together at the end of the pass, spilled when they are many."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc as ipc

from citybrain.warehouse.governance.rows import Fates, decide, draw_seed, hash_rows

IN_MEMORY = 64 * 1024 * 1024
"""Bytes of rows kept in memory before they go to a temporary file."""


@dataclass
class Part:
    """The judgement's numbers for the rows set aside from one batch."""

    rows: np.ndarray
    """int64, numbers in the raw table."""
    key: np.ndarray
    check: np.ndarray
    content: np.ndarray
    age: pa.Array | None
    held: np.ndarray
    """bool: the row has an error of its own."""
    noticed: np.ndarray
    """bool: the row has a finding of its own."""


@dataclass
class Aside:
    """Keeps pairs of raw and standardised rows, and gives them back with their fates."""

    folder: tempfile.TemporaryDirectory[str] | None = None
    parts: list[Part] = field(default_factory=list)
    seed: np.uint64 = field(default_factory=draw_seed)
    pairs: list[tuple[pa.RecordBatch, pa.RecordBatch]] = field(default_factory=list)
    size: int = 0
    spilled: int = 0

    def add(
        self,
        raw: pa.RecordBatch,
        standard: pa.RecordBatch,
        *,
        rows: np.ndarray,
        key: np.ndarray,
        key_columns: list[pa.Array],
        age: pa.Array | None,
        held: np.ndarray,
        noticed: np.ndarray,
    ) -> None:
        """Set aside the rows of one batch, already narrowed to those whose key occurs again."""
        # What could not be read is null in the standard row: such rows are told apart as delivered.
        content = hash_rows(standard.columns, len(rows), self.seed)
        if held.any():
            content[held] ^= hash_rows(raw.columns, len(rows), self.seed)[held]
        check = hash_rows(key_columns, len(rows), self.seed)
        self.parts.append(Part(rows, key, check, content, age, held, noticed))
        self.pairs.append((raw, standard))
        self.size += raw.nbytes + standard.nbytes
        if self.size > IN_MEMORY:
            self._spill()

    def _spill(self) -> None:
        if self.folder is None:
            self.folder = tempfile.TemporaryDirectory(prefix="citybrain-aside-")
        for raw, standard in self.pairs:
            for side, batch in (("raw", raw), ("standard", standard)):
                with ipc.new_file(self._path(side, self.spilled), batch.schema) as file:
                    file.write_batch(batch)
            self.spilled += 1
        self.pairs, self.size = [], 0

    def _path(self, side: str, number: int) -> str:
        assert self.folder is not None
        return str(Path(self.folder.name) / f"{side}-{number}.arrow")

    def _all(self) -> Iterator[tuple[pa.RecordBatch, pa.RecordBatch]]:
        for number in range(self.spilled):
            sides = []
            for side in ("raw", "standard"):
                with ipc.open_file(self._path(side, number)) as file:
                    sides.append(file.get_batch(0))
            yield sides[0], sides[1]
        yield from self.pairs

    def judged(self) -> Iterator[tuple[pa.RecordBatch, pa.RecordBatch, Part, Fates]]:
        """Every batch set aside, with what becomes of its rows."""
        if not self.parts:
            return
        ages = None
        if self.parts[0].age is not None:
            ages = _ranks(pa.chunked_array([part.age for part in self.parts]))
        fates = decide(
            np.concatenate([part.rows for part in self.parts]),
            np.concatenate([part.key for part in self.parts]),
            np.concatenate([part.check for part in self.parts]),
            np.concatenate([part.content for part in self.parts]),
            ages,
        )
        start = 0
        for part, (raw, standard) in zip(self.parts, self._all(), strict=True):
            end = start + len(part.rows)
            yield raw, standard, part, Fates(fates.fate[start:end], fates.instead[start:end])
            start = end

    def close(self) -> None:
        """Remove the temporary files."""
        if self.folder is not None:
            self.folder.cleanup()


def _ranks(ages: pa.ChunkedArray) -> np.ndarray:
    """Ages of any ordered type as integers, equal ones equal; null is the oldest."""
    whole = ages.combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.chunk(0)
    ranks = pc.rank(whole, sort_keys=[("", "ascending", "at_start")], tiebreaker="min")
    return ranks.to_numpy(zero_copy_only=False).astype(np.int64)
