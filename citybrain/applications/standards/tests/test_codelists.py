"""Code lists are whole: no code twice, parents there, words without two meanings, counts as the standards have them."""

from __future__ import annotations

from collections import Counter

import pytest

from citybrain.applications.standards.codelists_legal import INDUSTRIES, OPEN_TYPES, SHARE_TYPES
from citybrain.applications.standards.codelists_person import ETHNIC_GROUPS, SEX
from citybrain.applications.standards.codelists_place import DIVISIONS, DIVISIONS_EVER
from citybrain.applications.standards.listing import RECALLED
from citybrain.applications.standards.manifest import APPLICATION
from citybrain.declare.codelist import CodeList
from citybrain.kernel.standards.vocabulary import code_words

CODE_LISTS = [item for item in APPLICATION.declares if isinstance(item, CodeList)]


@pytest.mark.parametrize("codes", CODE_LISTS, ids=lambda codes: codes.key)
def test_a_list_is_whole(codes: CodeList) -> None:
    values = Counter(code.value for code in codes.codes)
    assert [value for value, count in values.items() if count > 1] == []
    assert [code.value for code in codes.codes if code.parent is not None and code.parent not in values] == []
    assert codes.standard
    assert codes.chinese


@pytest.mark.parametrize("codes", CODE_LISTS, ids=lambda codes: codes.key)
def test_every_code_can_be_said(codes: CodeList) -> None:
    words = code_words(codes)
    assert [code.value for code in codes.codes if words.get(code.value.lower()) != code.value] == []


@pytest.mark.parametrize(
    "codes", [codes for codes in CODE_LISTS if codes.source == RECALLED], ids=lambda codes: codes.key
)
def test_what_was_entered_from_memory_is_never_complete(codes: CodeList) -> None:
    assert not codes.complete


def test_counts_are_those_of_the_standards() -> None:
    assert len(SEX.codes) == 4
    assert len(ETHNIC_GROUPS.codes) == 56
    assert Counter(len(code.value) for code in INDUSTRIES.codes) == {1: 20, 3: 97, 4: 473, 5: 1381}
    assert sum(1 for code in DIVISIONS.codes if code.parent is None) == 34


def test_both_words_of_a_share_and_open_attribute_mean_one_code() -> None:
    assert {code_words(SHARE_TYPES)[word] for word in ("有条件共享", "受限共享")} == {"2"}
    assert {code_words(SHARE_TYPES)[word] for word in ("不予共享", "不共享")} == {"3"}
    assert {code_words(OPEN_TYPES)[word] for word in ("不予开放", "禁止开放")} == {"3"}


def test_the_county_is_found_under_all_its_codes() -> None:
    known = {code.value: code.title for code in DIVISIONS_EVER.codes}
    for former in ("332523", "332422", "330722", "339014", "330784"):
        assert "永康" in known[former]
