"""Deliveries packed as .zip or .gz, opened within limits: no bomb, no name climbing out, no link, no archive in it."""

from __future__ import annotations

import gzip
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO

from citybrain.warehouse.gathering.errors import UnreadableDelivery

RATIO_LIMIT = 100
"""Unpacked bytes for one packed byte; tables reach 30, bombs 1000."""
RATIO_FLOOR = 16 << 20
"""Below this unpacked size any ratio is harmless."""
TOTAL_LIMIT = 8 << 30
MEMBER_LIMIT = 10_000
CHUNK = 1 << 20
NESTED = (".zip", ".gz", ".7z", ".rar", ".tar", ".tgz", ".bz2", ".xz")


def is_archive(path: Path) -> bool:
    return path.suffix.lower() in (".zip", ".gz")


def is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def _refuse(place: str, why: str) -> UnreadableDelivery:
    return UnreadableDelivery(
        "archive-refused", f"{place}: {why}. Deliver the files unpacked, or in a smaller archive."
    )


def check_zip(path: Path, place: str) -> list[zipfile.ZipInfo]:
    """The archive's members, after its table of contents passed every limit. XLSX files are checked the same way."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _refuse(place, f"the archive is broken ({error})") from error
    if len(members) > MEMBER_LIMIT:
        raise _refuse(place, f"{len(members)} members, more than {MEMBER_LIMIT}")
    total = sum(member.file_size for member in members)
    if total > TOTAL_LIMIT:
        raise _refuse(place, f"unpacks to {total:,} bytes, more than {TOTAL_LIMIT:,}")
    if total > RATIO_FLOOR and total > RATIO_LIMIT * path.stat().st_size:
        raise _refuse(place, f"unpacks to {total:,} bytes, more than {RATIO_LIMIT} times its size")
    for member in members:
        name = member.filename.replace("\\", "/")
        parts = PurePosixPath(name).parts
        if name.startswith("/") or ".." in parts or ":" in name or "\0" in name:
            raise _refuse(place, f"a member is named {member.filename!r}, which leaves the archive's folder")
        if stat.S_ISLNK(member.external_attr >> 16):
            raise _refuse(place, f"member {member.filename!r} is a link")
        if member.flag_bits & 1:
            raise _refuse(place, f"member {member.filename!r} is encrypted")
    return members


@contextmanager
def unpacked(path: Path, *, place: str, pattern: str = "*") -> Iterator[list[tuple[str, Path]]]:
    """(place, file) of each file in the archive whose name matches `pattern`, in a folder that lives as long as the
    context. Sizes are counted while unpacking: a table of contents may lie."""
    with TemporaryDirectory(prefix="citybrain-unpacked-") as folder:
        if path.suffix.lower() == ".gz":
            target = Path(folder) / "0"
            try:
                with gzip.open(path) as stream:
                    _copy(stream, target, place=place, packed=path.stat().st_size, before=0)
            except (OSError, EOFError, zlib.error) as error:
                raise _refuse(place, f"the archive is broken ({error})") from error
            yield [(place, target)]
            return
        files: list[tuple[str, Path]] = []
        total = 0
        members = check_zip(path, place)
        with zipfile.ZipFile(path) as archive:
            for number, member in enumerate(members):
                name = _name(member)
                if member.is_dir() or not fnmatch(PurePosixPath(name).name, pattern):
                    continue
                if name.lower().endswith(NESTED):
                    raise _refuse(place, f"member {name!r} is an archive itself")
                target = Path(folder) / str(number)
                try:
                    with archive.open(member) as stream:
                        total += _copy(stream, target, place=place, packed=path.stat().st_size, before=total)
                except (zipfile.BadZipFile, EOFError, NotImplementedError, zlib.error) as error:
                    raise _refuse(place, f"member {name!r} is broken ({error})") from error
                files.append((f"{place}/{name}", target))
        yield files


def _name(member: zipfile.ZipInfo) -> str:
    """The member's name; Windows programs in China write GBK without saying so."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename


def _copy(stream: IO[bytes], target: Path, *, place: str, packed: int, before: int) -> int:
    size = 0
    with target.open("wb") as file:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            total = before + size
            if total > TOTAL_LIMIT or (total > RATIO_FLOOR and total > RATIO_LIMIT * packed):
                raise _refuse(place, f"unpacks to more than {RATIO_LIMIT} times its size or {TOTAL_LIMIT:,} bytes")
            file.write(chunk)
    return size
