"""Personal values: masked without a purpose, disclosed with one line in the security log, L4 never."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import given
from hypothesis import strategies as st

from citybrain.declare.words import Grade
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Organisation, SecurityEvent
from citybrain.kernel.records import actions
from citybrain.kernel.records.masking import disclose, pseudonym, shown
from citybrain.kernel.records.shape import Shape, shape_of
from citybrain.kernel.records.tests.conftest import Values, person
from citybrain.kernel.records.tests.samples import Tree

NUMBER = "330784199201010022"


@given(st.text(min_size=1, max_size=40))
def test_nothing_of_a_personal_text_is_shown_but_what_its_masking_allows(text: str) -> None:
    reader = Actor(user_id=1, clearance=Grade.L2)
    told = str(shown(shape_of(Tree).field("mobile"), text, reader))
    assert "****" in told
    assert len(told.replace("****", "", 1)) <= 7


@pytest.mark.django_db
def test_values_are_disclosed_for_a_purpose_and_logged(
    tree: Shape, keeper: Actor, forestry: Organisation, values: Values
) -> None:
    record = actions.create(tree, values(mobile="13812348000", citizen_id=NUMBER), keeper)
    trusted = person("trusted", forestry, clearance=Grade.L3)
    plain = disclose(record, ["mobile"], trusted, "  台风  巡查 ")
    assert plain == {"mobile": "13812348000"}
    event = SecurityEvent.objects.get()
    assert (event.action, event.thing, event.thing_id, event.purpose) == (
        "disclose",
        "tree",
        record.number,
        "台风 巡查",
    )
    assert event.detail == {"fields": ["mobile"]}
    assert event.subject == pseudonym("citizen-id", NUMBER) != pseudonym("citizen-id", "x")
    assert NUMBER not in event.subject and "138" not in str(event.detail)


@pytest.mark.django_db
def test_nothing_is_disclosed_without_purpose_clearance_permission_or_reach(
    tree: Shape, keeper: Actor, stranger: Actor, forestry: Organisation, values: Values
) -> None:
    record = actions.create(tree, values(mobile="13812348000", citizen_id=NUMBER), keeper)
    trusted = person("trusted", forestry, clearance=Grade.L3)
    with pytest.raises(ValidationError, match="Say what"):
        disclose(record, ["mobile"], trusted, "  ")
    with pytest.raises(PermissionDenied, match="above your clearance"):
        disclose(record, ["mobile"], keeper, "because")
    with pytest.raises(PermissionDenied):
        disclose(record, ["mobile"], person("viewer", forestry, permits=("tree:view",), clearance=Grade.L3), "because")
    with pytest.raises(Tree.DoesNotExist):
        disclose(record, ["mobile"], person("far", stranger_body(stranger), clearance=Grade.L3), "because")
    with pytest.raises(LookupError, match='Did you mean "mobile"'):
        disclose(record, ["mobil"], trusted, "because")
    assert not SecurityEvent.objects.exists()


def stranger_body(stranger: Actor) -> Organisation:
    return Organisation.objects.get(pk=stranger.organisation_id or 0)


def test_a_day_is_masked_to_its_year(tree: Shape) -> None:
    field = tree.field("planted")
    assert shown(field, datetime.date(1990, 1, 2), Actor(user_id=1)) == datetime.date(1990, 1, 2), "it is not personal"
