"""Paged interfaces that fail: every page arrives once, whatever the server does in between."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from citybrain.kernel.lake.tables import Lake
from citybrain.warehouse.gathering import guarded_http
from citybrain.warehouse.gathering.actions import gather_table
from citybrain.warehouse.gathering.errors import AddressRefused, GatheringError
from citybrain.warehouse.gathering.readers import http_json
from citybrain.warehouse.gathering.tests.conftest import Declare, Read, books

TOTAL = 25
PAGE = 10
Answer = Callable[["Handler", dict[str, str]], None]


class Handler(BaseHTTPRequestHandler):
    """Answers as the test's `behave` says."""

    behave: Answer
    requests: list[tuple[str, dict[str, str]]]

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.requests.append((parts.path, query | {"token": self.headers.get("Authorization", "")}))
        type(self).behave(self, query)

    def send(self, body: Any, *, status: int = 200, cut: int = 0, **headers: str) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[: len(data) - cut])
        self.close_connection = bool(cut)

    def log_message(self, *_args: Any) -> None:
        pass


@pytest.fixture
def serve(home: Path, settings: Any, monkeypatch: Any) -> Iterator[Callable[[Answer], str]]:
    servers: list[ThreadingHTTPServer] = []
    monkeypatch.setattr(guarded_http, "FIRST_PAUSE", 0.001)

    def serve(behave: Answer) -> str:
        handler = type("TestHandler", (Handler,), {"behave": behave, "requests": []})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        address = f"127.0.0.1:{server.server_port}"
        settings.GATHERING_ALLOWED_HOSTS = (*settings.GATHERING_ALLOWED_HOSTS, address)
        serve.requests = handler.requests
        return f"http://{address}/api"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def rows(start: int, stop: int) -> list[dict[str, Any]]:
    return [{"id": number, "name": f"第{number}"} for number in range(start, min(stop, TOTAL))]


def by_page(handler: Handler, query: dict[str, str]) -> None:
    page = int(query.get("page", 1))
    handler.send({"data": rows((page - 1) * PAGE, page * PAGE), "next": page + 1 if page * PAGE < TOTAL else None})


def by_plain_page(handler: Handler, query: dict[str, str]) -> None:
    page = int(query["page"])
    handler.send(rows((page - 1) * PAGE, page * PAGE))


def by_offset(handler: Handler, query: dict[str, str]) -> None:
    start = int(query["offset"])
    handler.send({"records": rows(start, start + PAGE)})


def by_cursor(handler: Handler, query: dict[str, str]) -> None:
    start = int(query.get("cursor", "c0")[1:])
    following = f"c{start + PAGE}" if start + PAGE < TOTAL else ""
    handler.send({"items": rows(start, start + PAGE), "meta": {"next": following}})


def by_link(handler: Handler, query: dict[str, str]) -> None:
    start = int(query.get("at", 0))
    link = {"Link": f'<http://{handler.headers["Host"]}/api/t?at={start + PAGE}>; rel="next"'}
    handler.send(rows(start, start + PAGE), **(link if start + PAGE < TOTAL else {}))


def take(read_file: Read, address: str, **options: Any) -> list[int]:
    def reader(_path: Path, *, options: dict[str, Any], reading: Any) -> Any:
        return http_json.read(address, "t", options={"page_size": PAGE, **options}, since=None, reading=reading)

    return [row["id"] for row in read_file(reader, b"", **options)[0]]


@pytest.mark.parametrize(
    ("behave", "options"),
    [
        (by_page, {}),
        (by_page, {"paging": "page"}),
        (by_plain_page, {}),
        (by_offset, {"paging": "offset"}),
        (by_cursor, {"paging": "cursor", "cursor": "meta.next"}),
        (by_cursor, {"cursor": "meta.next"}),
        (by_link, {"paging": "link"}),
        (by_link, {}),
    ],
)
def test_every_style_of_paging_gives_each_row_once(
    behave: Answer, options: dict[str, Any], serve: Any, read_file: Read
) -> None:
    assert take(read_file, serve(behave), **options) == list(range(TOTAL))


def test_passing_failures_are_tried_again(serve: Any, declare: Declare, lake: Lake, monkeypatch: Any) -> None:
    monkeypatch.setenv("COUNTY_API_TOKEN", "s3cret")
    failures = iter(
        [
            lambda handler, query: handler.send(b"down", status=500),
            lambda handler, query: handler.send(b"slow down", status=429, Retry_After="0"),
            lambda handler, query: handler.send({"data": rows(0, PAGE), "next": 2}, cut=40),
            lambda handler, query: handler.send(b'{"data": [{"id": 1'),
        ]
    )

    def behave(handler: Handler, query: dict[str, str]) -> None:
        if handler.headers["Authorization"] != "Bearer s3cret":
            handler.send(b"who?", status=401)
        else:
            next(failures, by_page)(handler, query)

    table = declare("http-json", serve(behave), "t", options={"token": "${COUNTY_API_TOKEN}", "page_size": PAGE})
    run = gather_table(table, lake=lake, load="a")
    assert (run.state, books(run)) == ("done", (TOTAL, TOTAL, 0, 0)), run.error
    assert "4 requests were repeated" in run.note


def test_a_refused_token_is_not_tried_again(serve: Any, declare: Declare, lake: Lake) -> None:
    table = declare("http-json", serve(lambda handler, query: handler.send(b"", status=401)), "t")
    run = gather_table(table, lake=lake, load="a")
    assert run.state == "failed"
    assert "check the address, the token" in run.error
    assert len(serve.requests) == 1


def test_a_server_that_stays_down_fails_the_run(serve: Any, declare: Declare, lake: Lake) -> None:
    table = declare("http-json", serve(lambda handler, query: handler.send(b"", status=503)), "t")
    run = gather_table(table, lake=lake, load="a")
    assert run.state == "failed"
    assert "6 times" in run.error


def test_records_that_are_no_objects_go_to_quarantine(serve: Any, declare: Declare, lake: Lake) -> None:
    table = declare("http-json", serve(lambda handler, query: handler.send([{"id": 1}, "x", None])), "t")
    assert books(gather_table(table, lake=lake, load="a")) == (3, 1, 2, 0)


def test_a_source_that_ignores_the_watermark_is_still_loaded_once(serve: Any, declare: Declare, lake: Lake) -> None:
    table = declare(
        "http-json",
        serve(by_page),
        "t",
        mode="incremental",
        watermark="id",
        options={"page_size": PAGE, "since_parameter": "since"},
    )
    gather_table(table, lake=lake, load="a")
    run = gather_table(table, lake=lake, load="b")
    assert books(run) == (TOTAL, 0, 0, TOTAL)
    assert serve.requests[-1][1]["since"] == str(TOTAL - 1)


def test_a_redirect_inside_is_refused_and_the_token_stays_home(serve: Any, read_file: Read, settings: Any) -> None:
    inner = serve(by_page)
    caught = serve.requests
    outer = serve(
        lambda handler, query: handler.send(b"", status=302, Location=inner.removesuffix("/api") + handler.path)
    )
    assert take(read_file, outer, token="s3cret", paging="page")[:1] == [0]
    assert {query["token"] for _path, query in caught} == {""}
    settings.GATHERING_ALLOWED_HOSTS = settings.GATHERING_ALLOWED_HOSTS[1:]
    with pytest.raises(AddressRefused):
        take(read_file, outer)


def test_a_server_that_never_ends_is_stopped(serve: Any, read_file: Read) -> None:
    with pytest.raises(GatheringError, match="same next page"):
        take(read_file, serve(lambda handler, query: handler.send({"data": rows(0, PAGE), "next": "again"})))


def test_a_page_that_fills_the_memory_is_refused(serve: Any, read_file: Read, monkeypatch: Any) -> None:
    monkeypatch.setattr(guarded_http, "BODY_LIMIT", 1000)
    with pytest.raises(GatheringError, match="smaller pages"):
        take(read_file, serve(lambda handler, query: handler.send(b" " * 2000)))
