"""Paged JSON interfaces: pages by number, by offset, by cursor, or by a link to the next one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urljoin

import orjson
import pyarrow as pa
from django.utils.translation import gettext as _

from citybrain.warehouse.gathering import addresses
from citybrain.warehouse.gathering.errors import DeclarationError, GatheringError
from citybrain.warehouse.gathering.guarded_http import GuardedSession
from citybrain.warehouse.gathering.readers.json_rows import from_dicts
from citybrain.warehouse.gathering.readers.reading import Reading
from citybrain.warehouse.gathering.readers.sqlite import Since

PAGE_LIMIT = 1_000_000
"""Pages of one table: a server that always says `next` is stopped."""
RECORD_KEYS = ("data", "items", "records", "rows", "results", "list", "value")
CURSOR_KEYS = ("next", "next_cursor", "cursor", "nextCursor", "next_page", "nextPage")
STYLES = ("auto", "page", "offset", "cursor", "link")


def read(
    address: str, table: str, *, options: dict[str, Any], since: Since | None, reading: Reading
) -> Iterator[pa.RecordBatch]:
    """Batches of the records below `address`/`table`, one a page.

    Options: `token` (sent as `Authorization: Bearer`) or `token_header`; `page_size` and `size_parameter` (`size`);
    `paging` (auto, page, offset, cursor, link); `page_parameter`, `offset_parameter`, `cursor_parameter`; `records` and
    `cursor` (keys in the answer, dotted); `first_page` (1); `since_parameter` for incremental tables.
    """
    session = GuardedSession(_headers(options))
    try:
        for records in _pages(session, _url(address, table), options, since):
            batch_rows: list[dict[str, Any]] = []
            numbers: list[int] = []
            for record in records:
                reading.rows += 1
                if isinstance(record, dict):
                    batch_rows.append(record)
                    numbers.append(reading.rows)
                else:
                    reading.spoil(row=reading.rows, offset=None, reason="not-json", data=orjson.dumps(record))

            def spoil(index: int, rows: list[dict[str, Any]] = batch_rows, at: list[int] = numbers) -> None:
                reading.spoil(row=at[index], offset=None, reason="wrong-type", data=orjson.dumps(rows[index]))

            if batch_rows:
                yield from_dicts(batch_rows, expected=reading.expected, spoil=spoil)
    finally:
        session.close()
    if session.retries:
        reading.notes.append(f"{reading.place}: {session.retries} requests were repeated.")


def _url(address: str, table: str) -> str:
    base = addresses.fill(address)
    return (
        urljoin(base if base.endswith("/") else f"{base}/", quote(table.lstrip("/"), safe="/-._~")) if table else base
    )


def _headers(options: dict[str, Any]) -> dict[str, str]:
    headers = {"Accept": "application/json", "User-Agent": "citybrain"}
    if token := addresses.fill(str(options.get("token", ""))):
        name = str(options.get("token_header", "Authorization"))
        headers[name] = f"Bearer {token}" if name == "Authorization" else token
    return headers


def _pages(session: GuardedSession, url: str, options: dict[str, Any], since: Since | None) -> Iterator[list[Any]]:
    style = str(options.get("paging", "auto"))
    if style not in STYLES:
        raise DeclarationError(
            _("options.paging is %(given)s; it may be %(known)s.") % {"given": repr(style), "known": ", ".join(STYLES)}
        )
    size = int(options.get("page_size", 1000))
    parameters: dict[str, Any] = {str(options.get("size_parameter", "size")): size}
    if since is not None and (name := options.get("since_parameter")):
        parameters[str(name)] = since.value
    page_name = str(options.get("page_parameter", "page"))
    offset_name = str(options.get("offset_parameter", "offset"))
    cursor_name = str(options.get("cursor_parameter", "cursor"))
    page, offset = int(options.get("first_page", 1)), 0
    if style in ("page", "auto"):
        parameters[page_name] = page
    elif style == "offset":
        parameters[offset_name] = offset
    before: Any = None
    for _number in range(PAGE_LIMIT):
        answer, headers = session.get(url, parameters=parameters, parse=orjson.loads)
        records = _records(answer, options, url)
        yield records
        page, offset = page + 1, offset + len(records)
        following = _following(answer, headers, options)
        if following is not None and following == before:
            raise GatheringError(_("%(url)s gives the same next page again and again.") % {"url": url})
        before = following
        if style in ("link", "cursor", "auto") and isinstance(following, str) and _is_link(following):
            url, parameters = urljoin(url, following), {}
        elif style == "link" or (style == "cursor" and following is None):
            return
        elif style == "offset" or (style == "page" and len(records) >= size):
            if not records:
                return
            parameters = parameters | ({offset_name: offset} if style == "offset" else {page_name: page})
        elif style == "page":
            return
        elif following is not None:
            # A number is the next page, anything else a cursor, which goes without a page.
            if str(following) == str(page):
                parameters = parameters | {page_name: page}
            else:
                parameters = {name: value for name, value in parameters.items() if name != page_name}
                parameters[cursor_name] = following
        elif _says_next(answer, options) or len(records) < size:
            return
        else:
            parameters = parameters | {page_name: page}
    raise GatheringError(_("%(url)s has more than %(limit)d pages.") % {"url": url, "limit": PAGE_LIMIT})


def _is_link(following: str) -> bool:
    """Whether it is an address, whole or relative to the page it stood on, and not a cursor."""
    return "://" in following or following.startswith(("/", "?"))


def _dig(answer: Any, path: str) -> Any:
    for key in path.split("."):
        answer = answer.get(key) if isinstance(answer, dict) else None
    return answer


def _records(answer: Any, options: dict[str, Any], url: str) -> list[Any]:
    if path := options.get("records"):
        found = _dig(answer, str(path))
    elif isinstance(answer, list):
        found = answer
    else:
        found = next(
            (answer[key] for key in RECORD_KEYS if isinstance(answer, dict) and isinstance(answer.get(key), list)), None
        )
    if not isinstance(found, list):
        raise GatheringError(
            _("%(url)s answers without a list of records: name its key in options.records.") % {"url": url}
        )
    return found


def _says_next(answer: Any, options: dict[str, Any]) -> bool:
    """Whether the answer has a place for the next page, so that its emptiness means the end."""
    if options.get("cursor"):
        return True
    return isinstance(answer, dict) and any(key in answer for key in CURSOR_KEYS)


def _following(answer: Any, headers: Any, options: dict[str, Any]) -> Any:
    if path := options.get("cursor"):
        return _dig(answer, str(path)) or None
    if isinstance(answer, dict):
        for key in CURSOR_KEYS:
            if answer.get(key):
                return answer[key]
    for part in headers.get("Link", "").split(","):
        if 'rel="next"' in part and "<" in part:
            return part[part.index("<") + 1 : part.index(">")]
    return None
