"""Database addresses: an SQLAlchemy URL, checked part by part, with the host pinned to the address that was checked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy
from django.utils.translation import gettext as _
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from citybrain.warehouse.gathering import addresses
from citybrain.warehouse.gathering.errors import AddressRefused, DeclarationError
from citybrain.warehouse.gathering.kinds import Kind, kind_of

PORTS = {"postgresql": 5432, "mysql": 3306, "mariadb": 3306, "oracle": 1521, "mssql": 1433, "dm": 5236}
"""Usual ports, needed to name `host:port` where the URL leaves the port out."""

HARMLESS = frozenset(
    [
        "charset",
        "client_encoding",
        "application_name",
        "connect_timeout",
        "sslmode",
        "service_name",
        "schema",
        "encoding",
        "dbname",
    ]
)
"""URL parameters a source may set. Others may open files (`sslkey`, `read_default_file`) or another host (`host`)."""

WITHOUT_HOST = ("bigquery", "snowflake", "awsathena", "spanner", "databricks", "firebolt", "odps")
"""Schemes whose host part is an account name that the driver turns into its vendor's public address."""


@dataclass(frozen=True, kw_only=True)
class Connection:
    """A database that may be connected to."""

    kind: Kind
    url: URL
    """For SQLAlchemy, the host replaced by the checked address."""
    file: Path | None = None
    """The database file, for SQLite."""
    hostname: str = ""
    """The host as declared."""

    @property
    def is_sqlite(self) -> bool:
        return self.file is not None

    @property
    def is_postgresql(self) -> bool:
        return self.kind.key == "postgresql"


def connection(kind_key: str, address: str) -> Connection:
    """Check a declared database URL (with `${NAME}` in it) and give what to connect to.

    Raises AddressRefused, DeclarationError or DriverMissing, each with the remedy.
    """
    kind = kind_of(kind_key)
    filled = addresses.fill(address)
    try:
        url = make_url(filled)
    except (ArgumentError, ValueError) as error:
        raise DeclarationError(
            _("%(address)s is not a database URL such as postgresql://user:password@host:5432/name.")
            % {"address": repr(address[:200])}
        ) from error
    if unknown := sorted(set(url.query) - HARMLESS - {"host"}):
        raise AddressRefused(
            _("Database URLs may not set %(names)s; allowed are %(allowed)s.")
            % {"names": ", ".join(unknown), "allowed": ", ".join(sorted(HARMLESS))}
        )
    backend = url.get_backend_name() if "+" in url.drivername else url.drivername
    if backend == "sqlite" and url.drivername in ("sqlite", "sqlite+pysqlite"):
        if not url.database or url.database == ":memory:" or url.database.startswith("file:") or url.host:
            raise AddressRefused(_("A SQLite source names a file: sqlite:///deliveries/department/name.sqlite."))
        return Connection(kind=kind, url=url, file=addresses.delivered(url.database))
    kind.require()
    if backend not in ("postgresql", "postgres"):
        _require_dialect(url, kind)
    if socket := url.query.get("host"):
        # A list of hosts (a tuple) is failover; each would need its own check.
        if not isinstance(socket, str) or not socket.startswith("/") or url.host:
            raise AddressRefused(_("The URL parameter `host` may only name one socket folder."))
        addresses.socket_folder(socket)
        return Connection(kind=kind, url=url)
    if backend in WITHOUT_HOST:
        return Connection(kind=kind, url=url)
    if not url.host and url.database and url.drivername.split("+")[0] in ("duckdb", "chdb", "access", "paradox"):
        return Connection(kind=kind, url=url.set(database=str(addresses.delivered(url.database))))
    reached = addresses.reach(url.host or "", url.port or PORTS.get(backend, 0))
    pinned = url.set(host=reached.address, port=reached.port)
    return Connection(kind=kind, url=pinned, hostname=reached.host)


def _require_dialect(url: URL, kind: Kind) -> None:
    try:
        url.get_dialect()
    except (sqlalchemy.exc.NoSuchModuleError, ImportError) as error:
        raise DeclarationError(
            _("SQLAlchemy knows no dialect %(name)s. %(title)s is provided by %(package)s: %(command)s")
            % {"name": url.drivername, "title": kind.title, "package": kind.package, "command": kind.install}
        ) from error
