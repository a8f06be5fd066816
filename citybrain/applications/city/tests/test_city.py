"""The folder holds: its declarations, its words, its sample."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from citybrain.applications.city.classes import CODE_LISTS, EVENT_TYPES, FILES, PARTS, rows
from citybrain.applications.city.manifest import APPLICATION
from citybrain.declare.event import Kind, Level, Proof
from citybrain.kernel.registry.registry import registry
from citybrain.testing.applications import ApplicationTestCase


class CityTest(ApplicationTestCase):
    """Inherited."""

    application = APPLICATION


def test_every_row_of_the_data_is_a_type_with_a_limit() -> None:
    counts = {file: len(rows(file)) for _set, file, _kind in FILES}
    assert counts == {"parts.csv": 84, "events.csv": 54, "requests.csv": 44}
    assert len(EVENT_TYPES) == sum(counts.values())
    assert all(one.handle is not None and one.handle.amount > 0 for one in EVENT_TYPES)
    assert max(Counter(one.key for one in EVENT_TYPES).values()) == 1


def test_a_code_says_its_class() -> None:
    """Majors first, minors with the major's digits before them, each set with its edition."""
    for codes in CODE_LISTS:
        assert re.search(r"-20\d\d(-|$)", codes.key), "a revision stands beside it under another edition"
        majors = {code.value for code in codes.codes if code.parent is None}
        minors = [code for code in codes.codes if code.parent]
        assert {code.parent for code in minors} == majors
        assert all(code.value.startswith(code.parent or "?") for code in minors)
        assert not codes.complete, "its numbers wait for somebody who holds the standard"


@pytest.mark.parametrize("word", ["井盖不见了", "路灯不亮", "拖欠工资", "占道经营", "水管爆了"])
def test_words_people_say_lead_somewhere(word: str) -> None:
    assert [one.key for one in EVENT_TYPES if word in one.words]


def test_what_names_people_stays_inside_and_what_endangers_is_urgent() -> None:
    by_key = {one.key: one for one in EVENT_TYPES}
    assert by_key["wage-arrears"].restricted and by_key["begging"].restricted
    assert not by_key["street-light"].restricted
    assert by_key["gas-leak"].level is Level.RED
    assert by_key["damaged-road"].proof is Proof.PHOTO
    assert {by_key[key].group for key in ("rubble", "exposed-litter", "green-waste")} == {"litter"}
    assert {one.kind for one in EVENT_TYPES if one.code_set == PARTS} == {Kind.COMPONENT}


def test_the_registry_knows_who_declares_them() -> None:
    assert {registry().application_of(one) for one in EVENT_TYPES} == {"city"}
