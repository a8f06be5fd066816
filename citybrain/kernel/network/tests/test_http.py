"""What this installation sends goes where it was checked, and nowhere else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from citybrain.kernel.network import addresses
from citybrain.kernel.network.addresses import AddressRefused, reach
from citybrain.kernel.network.http import ANSWER_LIMIT, send


class Server(BaseHTTPRequestHandler):
    """Answers with what it was sent; redirects from `/away`; talks without end at `/long`."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "http://169.254.169.254/latest/meta-data/")
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"x" * (ANSWER_LIMIT * 3) if self.path == "/long" else body)

    def log_message(self, *_words: object) -> None:
        """Silent."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def post(url: str, *allowed: str) -> tuple[int, bytes]:
    answer = send("POST", url, allowed=allowed, setting="ALLOWED", body=b"hello")
    return answer.status, answer.body


def test_an_allowed_host_is_reached(port: int) -> None:
    assert post(f"http://127.0.0.1:{port}/", f"127.0.0.1:{port}") == (200, b"hello")


def test_a_private_host_is_refused_with_the_setting_that_allows_it(port: int) -> None:
    with pytest.raises(AddressRefused, match="ALLOWED"):
        post(f"http://127.0.0.1:{port}/")


def test_a_name_is_asked_once_and_that_address_is_used(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def resolve(name: str, _port: int) -> list[str]:
        asked.append(name)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    monkeypatch.setattr(addresses, "_resolve", resolve)
    assert post(f"http://gateway.example:{port}/", f"gateway.example:{port}") == (200, b"hello")
    assert asked == ["gateway.example"]


def test_a_redirect_is_not_followed(port: int) -> None:
    assert post(f"http://127.0.0.1:{port}/away", f"127.0.0.1:{port}")[0] == 302


def test_a_server_cannot_fill_the_memory(port: int) -> None:
    assert len(post(f"http://127.0.0.1:{port}/long", f"127.0.0.1:{port}")[1]) == ANSWER_LIMIT


@pytest.mark.parametrize("port_number", [0, -1, 65536])
def test_a_port_that_is_none_is_refused(port_number: int) -> None:
    with pytest.raises(AddressRefused):
        reach("example.com", port_number, allowed=(), setting="ALLOWED")
