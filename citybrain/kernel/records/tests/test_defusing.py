"""No text that leaves in a file is calculated by a spreadsheet, and none is lost by that."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from citybrain.kernel.records.exporting import FORMULA, armed, defused


@given(st.text())
def test_no_defused_text_is_a_formula(text: str) -> None:
    assert not defused(text).startswith(FORMULA)


@given(st.text() | st.builds(lambda sign, rest: sign + rest, st.sampled_from((*FORMULA, "'=", "''-")), st.text()))
def test_an_import_reads_what_was_exported(text: str) -> None:
    assert armed(defused(text)) == text
