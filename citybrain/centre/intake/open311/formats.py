"""The two formats of Open311: XML, which every server must speak, and JSON. Written and read."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters XML 1.0 cannot hold."""

MEDIA_TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}

ITEMS = {
    "services": "service",
    "service_requests": "request",
    "errors": "error",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
}
"""Element of a list -> element of each of its items."""

Content = Mapping[str, Any] | Sequence[Any]


class Unreadable(ValueError):
    """An answer is no Open311."""


def written(root: str, content: Content, kind: str) -> bytes:
    """The answer called `root` in XML, as `kind` says, or the same as JSON, where the root has no name."""
    if kind == "json":
        return json.dumps(content, ensure_ascii=False, allow_nan=False).encode()
    element = Element(root)
    _fill(element, content)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(element, encoding="utf-8")


def _fill(element: Element, value: Any) -> None:
    if isinstance(value, Mapping):
        for name, part in value.items():
            _fill(SubElement(element, name), part)
    elif isinstance(value, list | tuple):
        for part in value:
            _fill(SubElement(element, ITEMS.get(element.tag, "item")), part)
    elif isinstance(value, bool):
        element.text = "true" if value else "false"
    elif value is not None and value != "":
        element.text = UNFIT.sub("", str(value))


def read_requests(body: bytes) -> list[dict[str, str]]:
    """The service requests of an answer, JSON or XML, every part as text. Raises Unreadable."""
    start = body.lstrip()[:1]
    if start == b"<":
        return [_texts(one) for one in _xml(body).iter("request")]
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"This is neither JSON nor XML: {error}") from error
    if isinstance(content, dict):
        content = content.get("service_requests", [])
    if not isinstance(content, list) or not all(isinstance(one, dict) for one in content):
        raise Unreadable("This is no list of service requests.")
    return [
        {str(name): "" if value is None else str(value) for name, value in one.items() if _is_plain(value)}
        for one in content
    ]


def read_errors(body: bytes) -> str:
    """What a refusal says, in one line; empty when it says nothing that can be read."""
    try:
        if body.lstrip()[:1] == b"<":
            found = [_texts(one) for one in _xml(body).iter("error")]
        else:
            content = json.loads(body)
            found = [one for one in content if isinstance(one, dict)] if isinstance(content, list) else []
    except (Unreadable, ValueError, RecursionError):
        return ""
    return "; ".join(f"{one.get('code', '')} {one.get('description', '')}".strip() for one in found)[:500]


def _xml(body: bytes) -> Element:
    try:
        return fromstring(body, forbid_dtd=True)
    except (DefusedXmlException, ParseError, ValueError, LookupError) as error:
        raise Unreadable(f"This XML is not read: {error}") from error


def _texts(element: Element) -> dict[str, str]:
    return {child.tag: (child.text or "").strip() for child in element if isinstance(child.tag, str)}


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | bool)
