"""HTTP to an address somebody typed: the request goes to the address that was checked, and follows no redirect."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from citybrain.kernel.network.addresses import Reached, reach_url

TIMEOUT = (5, 15)
"""Seconds to connect, and between two bytes."""

ANSWER_LIMIT = 64 << 10
"""Bytes read of an answer: a server cannot fill the memory."""


class PinnedAdapter(HTTPAdapter):
    """Connects to one checked address; TLS still proves the host's name."""

    def __init__(self, reached: Reached) -> None:
        self._reached = reached
        super().__init__(pool_connections=1, pool_maxsize=1)

    def get_connection_with_tls_context(  # type: ignore[no-untyped-def]
        self, request, verify, proxies=None, cert=None
    ):
        host, pool = self.build_connection_pool_key_attributes(request, verify, cert)
        names = {"server_hostname": self._reached.host, "assert_hostname": self._reached.host}
        return self.poolmanager.connection_from_host(
            host=self._reached.address,
            port=self._reached.port,
            scheme=host["scheme"],
            pool_kwargs=pool | (names if host["scheme"] == "https" else {}),
        )


@dataclass(frozen=True)
class Answer:
    """What a server said."""

    status: int
    body: bytes


def send(
    method: str,
    url: str,
    *,
    allowed: Collection[str],
    setting: str,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    limit: int = ANSWER_LIMIT,
) -> Answer:
    """One request. Raises AddressRefused for where it may not go, requests.RequestException when it fails.

    A redirect is an answer like any other: what was checked is what is asked. Of an answer `limit` bytes are read.
    """
    reached = reach_url(url, allowed=allowed, setting=setting)
    with requests.Session() as session:
        session.trust_env = False  # no proxy, no .netrc of whoever runs the process
        session.mount("http://", PinnedAdapter(reached))
        session.mount("https://", PinnedAdapter(reached))
        options: dict[str, Any] = {"headers": dict(headers or {}), "data": body, "timeout": TIMEOUT}
        with session.request(method, url, allow_redirects=False, stream=True, **options) as answer:
            return Answer(answer.status_code, answer.raw.read(limit, decode_content=True) or b"")
