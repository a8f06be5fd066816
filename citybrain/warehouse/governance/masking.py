"""What a problem row and a profile may show: every value through its element's masking."""

from __future__ import annotations

import pyarrow as pa

from citybrain.declare.element import Element
from citybrain.declare.words import Grade, Masking
from citybrain.warehouse.catalogue.masking import mask

LONGEST_SEEN = 200
"""Characters of a value that a finding shows."""


def mask_column(values: pa.StringArray, masking: Masking) -> pa.StringArray:
    """`values` as they may be shown; each different value is masked once. Nulls stay null."""
    coded = values.dictionary_encode()
    shown = [shorten(mask(value, masking)) for value in coded.dictionary.to_pylist()]
    return pa.array(shown, pa.string()).take(coded.indices)


def shorten(text: str) -> str:
    """`text` cut to what a finding shows."""
    return text if len(text) <= LONGEST_SEEN else text[:LONGEST_SEEN] + "…"


def masking_of(element: Element | None) -> Masking:
    """How values of a column are shown in a profile: as the element says, nothing at all of sensitive ones without a rule."""
    if element is None:
        return Masking.NONE
    if element.masking is Masking.NONE and element.grade in (Grade.L3, Grade.L4):
        return Masking.ALL
    return element.masking
