"""One page of a record type: its address, its view, the permission it takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpResponse

READS = ("GET", "HEAD")
FORM = ("GET", "HEAD", "POST")
WRITES = ("POST",)


@dataclass(frozen=True)
class Route:
    """One page of a record type."""

    pattern: str
    """Under `/records/<key>/`; `<str:number>` names a record."""
    name: str
    view: Callable[..., HttpResponse]
    """Called with the pages, the request and the parts of the address."""
    verb: str
    """Of `<key>:<verb>`, the permission it takes."""
    methods: tuple[str, ...] = READS
