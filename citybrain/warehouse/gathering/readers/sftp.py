"""Files on an SFTP server, fetched into a temporary folder and read as the files they are.

The server must prove itself by the host key the declaration holds; the connection goes to the checked address.
"""

from __future__ import annotations

import base64
import posixpath
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import paramiko
from django.utils.translation import gettext as _

from citybrain.warehouse.gathering import addresses
from citybrain.warehouse.gathering.addresses import Reached
from citybrain.warehouse.gathering.deliveries import Delivered, digest
from citybrain.warehouse.gathering.errors import AddressRefused, DeclarationError, GatheringError

SIZE_LIMIT = 16 << 30
TIMEOUT = 30


@contextmanager
def fetched(address: str, pattern: str, *, options: dict[str, Any]) -> Iterator[list[Delivered]]:
    """The server's files that match `pattern`, fetched; gone when the context ends.

    `address` is sftp://user@host:port/folder. Options: `host_key` ("ssh-ed25519 AAAA..."), `password` or `key` (private
    key text), both usually `${NAME}`.
    """
    url = addresses.fill(address)
    reached = addresses.reach_url(url, schemes=("sftp",))
    parts = urlsplit(url)
    if parts.password:
        raise AddressRefused(_("Passwords do not belong in a URL: use options.password."))
    with TemporaryDirectory(prefix="citybrain-sftp-") as folder:
        try:
            files = _downloaded(reached, parts, pattern, options, Path(folder))
        except (paramiko.SSHException, OSError, EOFError) as error:
            raise GatheringError(
                _("SFTP %(host)s: %(error)s. Check host key, user and folder.") % {"host": reached.host, "error": error}
            ) from error
        yield files


def _downloaded(
    reached: Reached, parts: SplitResult, pattern: str, options: dict[str, Any], folder: Path
) -> list[Delivered]:
    host_key = _host_key(str(options.get("host_key", "")))
    line = socket.create_connection((reached.address, reached.port), timeout=TIMEOUT)
    with line, paramiko.Transport(line) as transport:
        transport.connect(
            hostkey=host_key,
            username=unquote(parts.username or ""),
            password=addresses.fill(str(options.get("password", ""))) or None,
            pkey=_private_key(addresses.fill(str(options.get("key", "")))),
        )
        client = paramiko.SFTPClient.from_transport(transport)
        if client is None:
            raise GatheringError(_("%(host)s offers no SFTP.") % {"host": reached.host})
        return _fetch(client, unquote(parts.path) or ".", pattern, folder, reached.host)


def _host_key(text: str) -> paramiko.PKey:
    kind, _space, data = addresses.fill(text).strip().partition(" ")
    if not data:
        raise DeclarationError(
            _("An SFTP source needs options.host_key, as `ssh-keyscan` prints it without the host name.")
        )
    try:
        return paramiko.PKey.from_type_string(kind, base64.b64decode(data.split()[0]))
    except (ValueError, paramiko.SSHException, paramiko.pkey.UnknownKeyType) as error:
        raise DeclarationError(_("options.host_key is no host key: %(error)s.") % {"error": error}) from error


def _private_key(text: str) -> paramiko.PKey | None:
    if not text:
        return None
    with TemporaryDirectory(prefix="citybrain-key-") as folder:
        path = Path(folder) / "key"
        path.touch(mode=0o600)
        path.write_text(text if text.endswith("\n") else f"{text}\n")
        try:
            return paramiko.PKey.from_path(path)
        except (ValueError, OSError, paramiko.SSHException) as error:
            raise DeclarationError(_("options.key is no private key: %(error)s.") % {"error": error}) from error


def _fetch(client: paramiko.SFTPClient, folder: str, pattern: str, target: Path, host: str) -> list[Delivered]:
    files: list[Delivered] = []
    total = 0
    for entry in sorted(client.listdir_attr(folder), key=lambda item: item.filename):
        if not stat.S_ISREG(entry.st_mode or 0) or not fnmatch(entry.filename, pattern or "*"):
            continue
        total += entry.st_size or 0
        if total > SIZE_LIMIT:
            raise GatheringError(_("%(host)s holds more than %(limit)d bytes.") % {"host": host, "limit": SIZE_LIMIT})
        # The name on our side is ours: a server's file name may be a path.
        path = target / f"{len(files)}{Path(entry.filename).suffix[:8]}"
        client.get(posixpath.join(folder, entry.filename), str(path), max_concurrent_prefetch_requests=64)
        files.append(
            Delivered(
                path=path,
                place=f"{host}/{posixpath.join(folder, entry.filename).lstrip('/')}",
                sha256=digest(path),
                size=path.stat().st_size,
                modified_at=datetime.fromtimestamp(entry.st_mtime or 0, UTC),
            )
        )
    if not files:
        raise GatheringError(_("No file on %(host)s matches %(pattern)s.") % {"host": host, "pattern": pattern})
    return files
