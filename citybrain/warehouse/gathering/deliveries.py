"""Which files a table's declaration means, and what identifies a delivery: its bytes, not its name or date."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from citybrain.warehouse.gathering.addresses import delivered
from citybrain.warehouse.gathering.archives import is_archive
from citybrain.warehouse.gathering.errors import GatheringError

WILD = "*?["
FILE_LIMIT = 100_000


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """One file as found."""

    path: Path
    place: str
    """Path below the delivery root, as shown to people."""
    sha256: str
    size: int
    modified_at: datetime


def find(address: str, pattern: str) -> list[Delivered]:
    """Files below `address` (a folder, a file or a glob) whose name matches `pattern`, at any depth, in path order.

    A pattern with `/` matches the path below the folder. Raises GatheringError when there is none: an empty folder is a
    delivery that did not come, not an empty table.
    """
    root = Path(settings.DELIVERIES).resolve()
    base = delivered(_steady(address))
    outer = address.rsplit("/", 1)[-1] if any(mark in address for mark in WILD) else ""
    if base.is_file():
        candidates = [base]
    else:
        candidates = sorted(path for path in base.rglob("*") if path.is_file()) if base.is_dir() else []
        candidates = [path for path in candidates if _matches(path, base, pattern or outer or "*")]
    if len(candidates) > FILE_LIMIT:
        raise GatheringError(
            _("%(address)s holds more than %(limit)s files.") % {"address": address, "limit": FILE_LIMIT}
        )
    files = [_delivered(path, root) for path in candidates if not path.name.startswith((".", "~$"))]
    if not files:
        raise GatheringError(
            _("No file matches %(pattern)s in %(address)s below %(root)s: check the path, or wait for the delivery.")
            % {"pattern": pattern or outer, "address": address, "root": root.name}
        )
    return files


def _steady(address: str) -> str:
    """The part of a path before its first wild card."""
    parts = []
    for part in address.split("/"):
        if any(mark in part for mark in WILD):
            break
        parts.append(part)
    return "/".join(parts) or "."


def _matches(path: Path, base: Path, pattern: str) -> bool:
    if "/" in pattern:
        return path.relative_to(base).match(pattern)
    names = [path.name] + ([path.stem] if is_archive(path) else [])
    return any(fnmatch(name, pattern) for name in names)


def _delivered(path: Path, root: Path) -> Delivered:
    real = path.resolve()
    # A link inside the delivery folder may point out of it: the declaration's own path was checked, its contents not.
    delivered(str(real.relative_to(root)) if real.is_relative_to(root) else f"../{path.name}")
    status = real.stat()
    return Delivered(
        path=real,
        place=str(path.relative_to(root)),
        sha256=digest(real),
        size=status.st_size,
        modified_at=datetime.fromtimestamp(status.st_mtime, UTC),
    )


def digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
