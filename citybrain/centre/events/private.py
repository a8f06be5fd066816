"""Numbers of persons in the words of the loop (脱敏): masked in whatever is permanent or widely read.

The journal is hashed and never changed: a telephone, citizen or card number, or a plate that somebody said would stand
in it for ever. Texts therefore pass `hidden` before they are written down; the signal keeps what was said, to be
disclosed for a purpose and deleted in time.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from citybrain.centre.events.policy import policy_of
from citybrain.kernel.standards.redacting import Local, Redacted, offices, redacted

MASKED = _("Telephone, identity and card numbers of persons and number plates are masked.")
"""What a form says where somebody writes."""
MASKED_HERE = _(
    "Telephone, identity and card numbers of persons and number plates are masked; "
    "the contact belongs in its own field."
)
"""The same where the form has a field for the contact."""

TEXTS = frozenset({"title", "description", "address", "cause", "measures", "public_text", "proposals", "why"})
"""Facts of a step that are words."""


def hidden(text: str) -> Redacted:
    """`text` with the numbers of persons masked, and which kinds there were; the county's own codes stay."""
    return redacted(text, local(str(settings.COUNTY)))


def hidden_in(value: Any) -> Any:
    """A JSON value with every text in it masked."""
    if isinstance(value, str):
        return hidden(value).text
    if isinstance(value, Mapping):
        # A model's version is a hash: digits in it are nobody's.
        return {name: one if name == "version" else hidden_in(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [hidden_in(one) for one in value]
    return value


def hidden_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """A step's facts with its words masked; numbers of rows, hashes, references of others stay as they are."""
    return {name: hidden_in(value) if name in TEXTS else value for name, value in facts.items()}


@cache
def local(county: str) -> Local:
    """What a county says of itself: its division codes, its area code, the telephones of its offices."""
    said: dict[str, Any] = tomllib.loads((Path(county) / "county.toml").read_text(encoding="utf-8"))
    codes = [str(said.get("code", "")), *(str(one.get("code", "")) for one in said.get("former_codes", ()))]
    return Local(
        codes=tuple(filter(None, codes)),
        area_code=str(said.get("area_code", "")),
        offices=offices(policy_of(county).public_numbers),
    )
