"""Sentences that are stored: words untranslated, values beside them, so that every reader gets their language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

Stored = list[Any]
"""[marked source text, values by name], as JSON."""


@dataclass(frozen=True)
class Sentence:
    """One sentence with holes, translated when it is read."""

    text: str
    """Marked source string with `%(name)s` holes."""
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return gettext(self.text) % self.values if self.values else gettext(self.text)

    def stored(self) -> Stored:
        """The sentence as a JSON field keeps it."""
        return [self.text, dict(self.values)]


def read(stored: Stored) -> Sentence:
    """The sentence a JSON field keeps."""
    text, values = stored
    return Sentence(text, values)
