"""What a reader and the load that drives it share: rows counted as they are met, and a place for spoilt ones.

A reader is a generator of record batches. It counts every row it meets in `Reading.rows`, hands over good ones in
batches and bad ones to `Reading.spoil`, so that the load can check that nothing fell between.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa

from citybrain.warehouse.gathering.quarantine import Segment


@dataclass
class Reading:
    """One place being read: a file, or a table of a database."""

    place: str
    """Shown to people: path below the delivery root, or table name."""
    quarantine: Segment
    expected: pa.Schema | None = None
    """Columns and types last served: a value that does not fit its column is one bad row, not a new column type."""
    rows: int = 0
    """Rows met, good or bad."""
    skipped: int = 0
    """Rows met that are none of ours by the format's own word (deleted records of a DBF)."""
    notes: list[str] = field(default_factory=list)

    def spoil(self, *, row: int | None, offset: int | None, reason: str, data: bytes) -> None:
        """Put one row, already counted, into quarantine."""
        self.quarantine.add(place=self.place, row=row, offset=offset, reason=reason, data=data)
