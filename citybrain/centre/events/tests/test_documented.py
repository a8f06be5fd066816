"""The document says what the table of transitions says, and the table is whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from citybrain.centre.events.drawing import drawn, group_of
from citybrain.centre.events.effects import EFFECTS
from citybrain.centre.events.fields import ALWAYS, FIELDS, required
from citybrain.centre.events.guards import GUARDS
from citybrain.centre.events.machine import BY_VERB, DONE, ENDED, OPEN, OWN_STEPS, TASK_STEPS, State, Verb
from citybrain.centre.events.orders import Order
from citybrain.centre.events.policy import policy, policy_of
from citybrain.centre.events.reasons import REASONS, words_of

DOCUMENT = Path(__file__).parents[4] / "docs" / "events.md"


def test_the_document_is_up_to_date() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert drawn(text) == text, "write citybrain.centre.events.drawing.drawn(text) back to docs/events.md"


def test_every_state_belongs_somewhere_and_is_reached() -> None:
    assert set(State) == {*OPEN, *DONE, *ENDED} and all(group_of(state) for state in State)
    reached = {state for one in BY_VERB.values() for state in (one.target, *one.also_to) if state is not None}
    assert reached | {State.NEW} == set(State)
    assert {state for one in BY_VERB.values() if one.target for state in one.sources} == set(State) - {State.CANCELLED}


def test_every_verb_has_its_room() -> None:
    elsewhere = {Verb.MERGE, Verb.UNMERGE, Verb.ASK_TASK}
    assert set(EFFECTS) | elsewhere == set(BY_VERB) == set(FIELDS)
    assert set(Verb) == {*BY_VERB, *OWN_STEPS, *TASK_STEPS}
    assert set(GUARDS) <= set(BY_VERB) and set(ALWAYS) <= set(BY_VERB)


@pytest.mark.parametrize("verb", BY_VERB)
def test_forms_ask_for_what_orders_have(verb: Verb) -> None:
    assert set(FIELDS[verb]) <= set(Order.__dataclass_fields__)
    assert set(required(verb)) <= set(FIELDS[verb])
    assert all(reason in REASONS and words_of(reason) for reason in BY_VERB[verb].reasons)


def test_the_countys_policy_is_read_and_odd_names_are_refused(tmp_path: Path) -> None:
    assert policy().centre and policy().minutes("red") < policy().minutes("blue") == policy().minutes("unknown")
    (tmp_path / "county.toml").write_text("[events]\nredo_days = 30\n[events.backstop_minutes]\nred = 5\n")
    assert policy_of(str(tmp_path)).redo_days == 30 and policy_of(str(tmp_path)).minutes("red") == 5
    odd = tmp_path / "odd"
    odd.mkdir()
    (odd / "county.toml").write_text("[events]\nredodays = 30\n")
    with pytest.raises(ValueError, match="redodays"):
        policy_of(str(odd))
