"""HTTP to sources: each request goes to the address that was checked, redirects are checked again, failures retried."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from django.utils.translation import gettext as _

from citybrain.kernel.network.http import PinnedAdapter
from citybrain.warehouse.gathering.addresses import reach_url
from citybrain.warehouse.gathering.errors import AddressRefused, GatheringError

ATTEMPTS = 6
FIRST_PAUSE = 0.2
"""Seconds before the second try; doubled after each, unless the server says `Retry-After`."""
LONGEST_PAUSE = 30.0
TIMEOUT = (10, 60)
"""Seconds to connect, and between two bytes."""
REDIRECTS = 5
BODY_LIMIT = 256 << 20
"""Bytes of one page, unpacked: a server cannot fill the memory."""
PASSING = (408, 425, 429, 500, 502, 503, 504)
"""Status codes worth another try."""


class GuardedSession:
    """Fetches pages of one interface."""

    def __init__(self, headers: Mapping[str, str], *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._headers = dict(headers)
        self._sleep = sleep
        self._sessions: dict[tuple[str, str, int], requests.Session] = {}
        self.retries = 0
        """Requests repeated because the server failed in passing."""

    def get(
        self, url: str, *, parameters: Mapping[str, Any], parse: Callable[[bytes], Any]
    ) -> tuple[Any, Mapping[str, str]]:
        """The parsed body and the headers of one page. A body `parse` cannot read was cut, and is fetched again.

        Raises GatheringError after the last try, or at once for an answer that trying again will not mend.
        """
        pause = FIRST_PAUSE
        for attempt in range(1, ATTEMPTS + 1):
            try:
                answer, body = self._follow(url, parameters)
                if answer.status_code < 400:
                    return parse(body), answer.headers
                problem = f"HTTP {answer.status_code}"
                if answer.status_code not in PASSING:
                    raise GatheringError(
                        _("%(url)s answers %(problem)s: check the address, the token and its rights.")
                        % {"url": _shown(url), "problem": problem}
                    )
                wait = _retry_after(answer.headers.get("Retry-After", ""))
            except GatheringError:
                raise
            except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError) as error:
                problem, wait = type(error).__name__, None
            except requests.exceptions.ContentDecodingError as error:
                problem, wait = type(error).__name__, None
            except ValueError as error:
                problem, wait = f"unreadable body ({error})", None
            if attempt < ATTEMPTS:
                self.retries += 1
                self._sleep(min(LONGEST_PAUSE, wait if wait is not None else pause))
                pause *= 2
        raise GatheringError(
            _("%(url)s failed %(times)d times, last with %(problem)s. It is tried again at the next schedule.")
            % {"url": _shown(url), "times": ATTEMPTS, "problem": problem}
        )

    def close(self) -> None:
        for session in self._sessions.values():
            session.close()

    def _follow(self, url: str, parameters: Mapping[str, Any]) -> tuple[requests.Response, bytes]:
        origin = urlsplit(url)
        for hop in range(REDIRECTS + 1):
            target = urlsplit(url)
            # A token is for the host it was given for, never for where a redirect points.
            is_home = (target.scheme, target.netloc) == (origin.scheme, origin.netloc)
            answer = self._session(url).get(
                url,
                params=parameters if hop == 0 else None,
                headers=self._headers if is_home else {},
                allow_redirects=False,
                timeout=TIMEOUT,
                stream=True,
            )
            with answer:
                if not answer.is_redirect:
                    return answer, _body(answer, url)
                url = urljoin(answer.url, answer.headers["Location"])
        raise GatheringError(_("%(url)s redirects in a circle.") % {"url": _shown(url)})

    def _session(self, url: str) -> requests.Session:
        parts = urlsplit(url)
        if parts.username or parts.password:
            raise AddressRefused(_("Names and passwords do not belong in a URL: use options.token."))
        # Checked before every request: what a name meant a page ago is not what it means now.
        reached = reach_url(url)
        key = (parts.scheme, reached.host, reached.port)
        if key not in self._sessions:
            session = requests.Session()
            session.trust_env = False  # no proxy, no .netrc of whoever runs the worker
            session.mount("http://", PinnedAdapter(reached))
            session.mount("https://", PinnedAdapter(reached))
            self._sessions[key] = session
        return self._sessions[key]


def _body(answer: requests.Response, url: str) -> bytes:
    pieces, size = [], 0
    for piece in answer.iter_content(1 << 16):
        size += len(piece)
        if size > BODY_LIMIT:
            raise GatheringError(
                _("%(url)s sends more than %(limit)d bytes in one page: ask for smaller pages.")
                % {"url": _shown(url), "limit": BODY_LIMIT}
            )
        pieces.append(piece)
    return b"".join(pieces)


def _retry_after(text: str) -> float | None:
    return float(text) if text.isdigit() else None


def _shown(url: str) -> str:
    """The URL without its query, which may hold a key."""
    return url.split("?", 1)[0]
