"""The quarantine (隔离区): bytes that could not be read, as delivered, content-addressed, with the reason."""

from __future__ import annotations

import hashlib
import os
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import gettext_noop as _

REASONS: dict[str, str] = {
    "wrong-column-count": _("The row has too few or too many columns"),
    "unclosed-quote": _("A quote is opened and never closed"),
    "bad-quoting": _("Text follows a closing quote"),
    "undecodable": _("The bytes are not text in the file's encoding"),
    "not-json": _("The line is not a JSON object"),
    "wrong-type": _("A value does not fit the type of its column"),
    "cut-off": _("The record ends before its length"),
    "field-too-large": _("A field is larger than the limit"),
    "unreadable-file": _("The file cannot be read as its kind"),
    "archive-refused": _("The archive breaks the limits for archives"),
    "refused-row": _("Further rows, kept together"),
}
"""Reason codes and what they mean to a reader."""

ITEM_LIMIT = 5_000
"""Rows of one run listed one by one; what comes after is kept in one piece, counted, and never lost."""


@dataclass
class Segment:
    """One run's quarantined bytes, written to one file named by its hash once complete."""

    folder: Path
    items: list[dict[str, Any]] = field(default_factory=list)
    """Fields of the `QuarantineItem` rows to be, `segment` still empty."""
    rows: int = 0

    def __post_init__(self) -> None:
        self._file: BinaryIO | None = None
        self._path = self.folder / f".{uuid.uuid4().hex}"
        self._hash = hashlib.sha256()
        self._size = 0
        self._rest: Any = None

    def add(self, *, place: str, row: int | None, offset: int | None, reason: str, data: bytes, rows: int = 1) -> None:
        """Keep `data` as delivered. `rows` is what it counts for: 1 for a row, 0 for a file."""
        if self._file is None:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file = self._path.open("wb")
        start = self._size
        self._file.write(data)
        self._hash.update(data)
        self._size += len(data)
        self.rows += rows
        if len(self.items) >= ITEM_LIMIT and rows:
            if self._rest is None:
                self._rest = hashlib.sha256()
                self.items.append(
                    {"place": place, "row": row, "offset": offset, "reason": "refused-row", "rows": 0}
                    | {"start": start, "size": 0, "sha256": ""}
                )
            self._rest.update(data)
            last = self.items[-1]
            last["rows"] += rows
            last["size"] += len(data)
            last["sha256"] = self._rest.hexdigest()
            return
        self._rest = None
        self.items.append(
            {"place": place[:500], "row": row, "offset": offset, "reason": reason, "rows": rows}
            | {"start": start, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        )

    def add_file(self, path: Path, *, place: str, reason: str) -> None:
        """Keep a whole file as delivered; it stands for no rows, for nobody knows how many it has."""
        self.add(place=place, row=None, offset=None, reason=reason, data=b"", rows=0)
        assert self._file is not None
        whole = hashlib.sha256()
        size = 0
        with path.open("rb") as file:
            while piece := file.read(1 << 20):
                self._file.write(piece)
                self._hash.update(piece)
                whole.update(piece)
                size += len(piece)
        self._size += size
        self.items[-1]["size"] = size
        self.items[-1]["sha256"] = whole.hexdigest()

    def close(self) -> list[dict[str, Any]]:
        """Make the bytes durable under their hash and return the items, complete."""
        if self._file is None:
            return []
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._file = None
        name = self._hash.hexdigest()
        target = self.folder / name[:2] / name
        target.parent.mkdir(exist_ok=True, mode=0o700)
        self._path.replace(target)
        target.chmod(0o400)
        for item in self.items:
            item["segment"] = name
        return self.items

    def discard(self) -> None:
        """Forget what was added: the run failed before it meant anything."""
        if self._file is not None:
            self._file.close()
            self._file = None
            self._path.unlink(missing_ok=True)


def read(folder: Path, *, segment: str, start: int, size: int) -> bytes:
    """The bytes of one item, exactly as delivered."""
    if len(segment) != 64 or not all(character in "0123456789abcdef" for character in segment):
        raise ValueError(f"{segment!r} is not the name of a quarantine segment.")
    with (folder / segment[:2] / segment).open("rb") as file:
        file.seek(start)
        return file.read(size)
