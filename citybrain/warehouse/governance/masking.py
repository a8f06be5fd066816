"""What a problem row and a profile may show: every value through its element's masking."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from citybrain.declare.element import Element
from citybrain.declare.words import Grade, Masking
from citybrain.kernel.standards.masking import HIDDEN, mask

FEW = 256
"""Up to so many values are masked one at a time."""
LONGEST_SEEN = 200
"""Characters of a value that a finding shows."""


def mask_column(values: pa.StringArray, masking: Masking) -> pa.StringArray:
    """`values` as they may be shown, as `mask` has it; each different value is masked once. Nulls stay null."""
    if masking is Masking.IDENTIFIER and len(values) > FEW:
        return _identifiers(values)
    coded = values.dictionary_encode()
    shown = [shorten(mask(value, masking)) for value in coded.dictionary.to_pylist()]
    return pa.array(shown, pa.string()).take(coded.indices)


def _identifiers(values: pa.StringArray) -> pa.StringArray:
    """The most frequent kind, for whole columns: first and last character, HIDDEN when there are less than six."""
    trimmed = pc.utf8_trim_whitespace(values)
    size = pc.utf8_length(trimmed)
    stars = pc.binary_repeat("*", pc.max_element_wise(pc.subtract(size, 2), 0))
    ends = pc.utf8_slice_codeunits(trimmed, 0, 1), pc.utf8_slice_codeunits(trimmed, -1)
    shown = pc.binary_join_element_wise(ends[0], stars, ends[1], "")
    shown = pc.if_else(pc.greater_equal(size, 6), shown, HIDDEN)
    shown = pc.if_else(pc.equal(pc.binary_length(values), 0), "", shown)
    if pc.max(size).as_py() is not None and pc.max(size).as_py() > LONGEST_SEEN:
        return pa.array([None if text is None else shorten(text) for text in shown.to_pylist()], pa.string())
    return shown


def shorten(text: str) -> str:
    """`text` cut to what a finding shows."""
    return text if len(text) <= LONGEST_SEEN else text[:LONGEST_SEEN] + "…"


def masking_of(element: Element | None) -> Masking:
    """How values are shown in a profile: as the element says, and nothing of sensitive ones without a rule."""
    if element is None:
        return Masking.NONE
    if element.masking is Masking.NONE and element.grade in (Grade.L3, Grade.L4):
        return Masking.ALL
    return element.masking
