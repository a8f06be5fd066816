"""Counts that move while a page stands open: where they are asked for again, and on which live topic."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True)
class Recount:
    """Where counts are asked for again (重新计数): an address that answers {"<key of a count>": 7, …} as JSON.

    A menu line's key is its address, a tab's is `tab:` and the tab's key. `counting.js` waits `GATHER` milliseconds
    (pace.js) after the topic spoke: what the address answers may be so old, and no older.
    """

    url_name: str
    topic: str
    """Live topic (`citybrain.kernel.live`) on which they may have changed."""
    query: str = ""

    @property
    def address(self) -> str:
        """The address with its question."""
        return f"{reverse(self.url_name)}?{self.query}" if self.query else reverse(self.url_name)
