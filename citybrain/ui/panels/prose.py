"""Longer words: what somebody wrote to be read, as Markdown or with its own lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import HttpRequest
from django.template.defaultfilters import linebreaks_filter

from citybrain.ui.markdown import rendered
from citybrain.ui.panels.panel import Action, Panel


@dataclass(frozen=True, kw_only=True)
class Prose(Panel):
    """A text to be read (正文)."""

    template: ClassVar[str] = "ui/panels/prose.html"

    text: str
    is_markdown: bool = True
    """False shows the words as they were typed, line by line."""
    actions: tuple[Action, ...] = ()
    """What the reader does with it, below."""

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """The text as safe HTML."""
        return {"content": rendered(self.text) if self.is_markdown else linebreaks_filter(self.text)}
