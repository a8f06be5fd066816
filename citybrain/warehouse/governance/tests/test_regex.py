"""The automaton agrees with Python's own engine inside the safe subset, and refuses what lies outside."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citybrain.warehouse.governance.primitives.automaton import compile_pattern, lay_out, matches
from citybrain.warehouse.governance.primitives.regex import RegexError, parse, spell

PATTERNS = (
    r"\d{17}[\dX]",
    r"1[3-9]\d{9}",
    "[京浙][A-HJ-NP-Z][A-Z0-9]{4}[A-Z0-9挂学]",
    "[一-龥·]{2,4}",
    ".*",
    r"(?:a|bc)*d?",
    r"[^@\s]+@[^@\s]+\.[a-z]{2,}",
    r"^(a|b)$",
    "^a|b$",
    "",
    "|a",
    r"[\]\-^a]+",
    r"[a\]]",
    r"\x41\u6c38?",
    r"(?:a{0,2}b){2}",
    "[𠀀-𠀿é]{1,3}",
    r"\W\S\D",
    "[^a-z]*",
)
REFUSED = (
    *(
        r"(?=a)",
        r"(?i)a",
        r"(a)\1",
        r"a*?",
        r"a++",
        r"\bword",
        r"\p{Han}",
        "a^b",
        "a$b",
        "*a",
        "(a",
        "a)",
        "[a",
        "[b-a]",
    ),
    *("a{2,1}", "a{1000}", "[[:alpha:]]", "(?P<n>a)", "a{x}", r"\xZZ"),
)


def accepted(pattern: str, text: str) -> bool:
    table, accepting, starts = lay_out([compile_pattern("other"), compile_pattern(pattern)])
    data = np.frombuffer(text.encode() + b"\0", np.uint8).copy()
    return bool(matches(data, 0, len(data) - 1, table, accepting, starts[1]))


@pytest.mark.parametrize("pattern", PATTERNS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_the_automaton_matches_what_python_matches(pattern: str, data: st.DataObject) -> None:
    near = st.from_regex(re.compile(pattern, re.ASCII | re.DOTALL), fullmatch=True)
    text = data.draw(st.one_of(near, st.text("ab浙一永𠀀é@.-]\n1X ", max_size=8)).filter(_is_encodable))
    assert accepted(pattern, text) == (re.fullmatch(pattern, text, re.ASCII | re.DOTALL) is not None)


def _is_encodable(text: str) -> bool:
    return not any(0xD800 <= ord(character) <= 0xDFFF for character in text)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_common_spelling_means_the_same(pattern: str) -> None:
    spelled = re.sub(r"\\x\{([0-9A-F]+)\}", lambda code: re.escape(chr(int(code[1], 16))), spell(parse(pattern)))
    for text in (
        "",
        "a",
        "b",
        "浙G1234学",
        "王小明",
        "a@b.com",
        "13800138000",
        "A永",
        "abab",
        "]-^",
        "é𠀀",
        "\n",
        "aaa",
    ):
        assert bool(re.fullmatch(spelled, text, re.DOTALL)) == bool(re.fullmatch(pattern, text, re.ASCII | re.DOTALL))


@pytest.mark.parametrize("pattern", REFUSED)
def test_what_engines_read_differently_is_refused(pattern: str) -> None:
    with pytest.raises(RegexError):
        compile_pattern(pattern)


def test_a_pattern_that_explodes_is_refused_when_it_is_compiled() -> None:
    with pytest.raises(RegexError, match="states"):
        compile_pattern("(?:[01]*1[01]{14})")
