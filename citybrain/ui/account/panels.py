"""Panels that only one's own account has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from citybrain.ui.panels.panel import Panel, Text


@dataclass(frozen=True, kw_only=True)
class Enrolment(Panel):
    """The secret of an authenticator application: as a picture to scan, and to type where there is no camera."""

    template: ClassVar[str] = "ui/account/enrolment.html"

    picture: str
    """QR code as a `data:` URI."""
    secret: str
    """The same in Base32."""
    steps: tuple[Text, ...]
    """What to do, in order."""

    @property
    def groups(self) -> list[str]:
        """The secret in groups of four."""
        return [self.secret[start : start + 4] for start in range(0, len(self.secret), 4)]


@dataclass(frozen=True, kw_only=True)
class CodeSheet(Panel):
    """Recovery codes, shown once, to be written down or printed."""

    template: ClassVar[str] = "ui/account/code_sheet.html"

    codes: tuple[str, ...]
    text: Text
