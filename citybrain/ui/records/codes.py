"""Where a record's QR code leads: its page for officials, or a page for everybody that a room above offers."""

from __future__ import annotations

from collections.abc import Callable

Address = Callable[[str, str], str]
"""Record type and number -> path; empty where the room has no page for it."""


class Codes:
    """Who is asked for a public page; nobody until somebody installs one."""

    def __init__(self) -> None:
        self._address: Address = lambda key, number: ""

    def install(self, address: Address) -> None:
        """Makes `address` what is asked; the composition root calls it once."""
        self._address = address

    def path(self, key: str, number: str) -> str:
        """The public page of a record; empty when there is none."""
        return self._address(key, number)


CODES = Codes()
"""Where the site's QR codes lead."""
