"""Bytes kept under their own SHA-256: written once, durable before anybody is told, never changed."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Blob:
    """What was kept."""

    digest: str
    """SHA-256, hexadecimal."""
    size: int
    """Bytes."""


def path_of(digest: str) -> Path:
    """Where the bytes lie. Raises ValueError for anything that is no SHA-256, so that no name reaches the disk."""
    if not DIGEST.fullmatch(digest):
        raise ValueError(f"{digest!r} is no SHA-256.")
    return Path(settings.ATTACHMENTS) / digest[:2] / digest


def keep(chunks: Iterable[bytes]) -> Blob:
    """Keeps the bytes: on disk, flushed, and in their place when this returns. Kept twice they lie there once."""
    folder = Path(settings.ATTACHMENTS)
    folder.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        place = path_of(digest.hexdigest())
        place.parent.mkdir(exist_ok=True)
        # Also when it lies there already: its new age tells the sweep that somebody is about to name it.
        Path(name).replace(place)
        sync(place.parent)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Blob(digest.hexdigest(), size)


def sync(folder: Path) -> None:
    """Makes a new name in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def open_blob(digest: str) -> BinaryIO:
    """The bytes. Raises FileNotFoundError when they are not there."""
    return path_of(digest).open("rb")


def sweep(named: set[str], before: float) -> int:
    """Removes bytes that nobody names and that are older than `before` (seconds since 1970); returns how many.

    The age spares what was kept a moment ago by somebody who has not yet committed the row that names it.
    """
    gone = 0
    for path in Path(settings.ATTACHMENTS).glob("*/*"):
        digest = path.name.partition(".")[0]
        if digest not in named and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            gone += 1
    for path in Path(settings.ATTACHMENTS).glob(".new-*"):
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
    return gone
