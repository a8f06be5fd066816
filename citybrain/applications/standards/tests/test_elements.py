"""Every example of every element does what it says, and every element says all that the standard asks of it."""

from __future__ import annotations

import datetime

import pytest

from citybrain.applications.standards.manifest import APPLICATION
from citybrain.declare.codelist import CodeList
from citybrain.declare.element import DataType, Element
from citybrain.declare.rule import Rule, Step
from citybrain.declare.words import Grade, Masking
from citybrain.kernel.standards import check_digits
from citybrain.testing.reference import example_faults, failures, rule_example_faults, standardise

TODAY = datetime.date(2026, 11, 21)
ELEMENTS = {item.key: item for item in APPLICATION.declares if isinstance(item, Element)}
CODE_LISTS = [item for item in APPLICATION.declares if isinstance(item, CodeList)]
RULES = [item for item in APPLICATION.declares if isinstance(item, Rule)]

CITIZEN_IDS = (
    *("11010519491231002X", "440524188001010014", "330784201601010013", "330784199201010022", "330784200002291234"),
    *("330722198803070010", "33242219830307001X"),
)
CREDIT_CODES = (
    *("113307843077566033", "11330700MB10327095", "91110000600037341L", "91330100799655058B", "91440300708461136T"),
    *("914403001922038216", "N2330784MF1234567J"),
)
PUBLISHED = {
    "citizen-id": (CITIZEN_IDS, ("330784199902290013", "110105194912310021", "330784203001011230")),
    "credit-code": (CREDIT_CODES, ("91330784MA2E5DXX11", "91330000142911425X")),
    "organisation-code": (("D2143569X", "123456788", "307756603"), ()),
    "bank-card": (("6228480402564890018", "6217001210024455220", "6222021202041701419"), ()),
}
"""Identifiers of the standards' own samples and of public registers: right ones and wrong ones."""


@pytest.mark.parametrize("element", ELEMENTS.values(), ids=ELEMENTS)
def test_examples(element: Element) -> None:
    assert [fault for example in element.examples for fault in example_faults(element, example, TODAY)] == []


@pytest.mark.parametrize("element", ELEMENTS.values(), ids=ELEMENTS)
def test_an_element_has_a_value_that_passes_and_one_that_fails(element: Element) -> None:
    fails = {bool(example.fails) for example in element.examples if example.given}
    assert fails == {True, False}


@pytest.mark.parametrize("element", ELEMENTS.values(), ids=ELEMENTS)
def test_an_element_has_every_attribute_of_db33_t_2426(element: Element) -> None:
    """Seven basic attributes, and of the ten extended ones those that are never empty."""
    basic = (element.key, element.chinese, element.title, element.definition, element.type, element.format)
    assert all(basic)
    assert element.codes or element.domain
    assert all((element.object_class, element.representation, element.grade, element.source, element.application))
    assert element.version
    assert datetime.date.fromisoformat(element.issued)
    assert element.definition.endswith("。")
    assert element.names


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.key)
def test_rules(rule: Rule) -> None:
    assert rule_example_faults(rule) == []
    assert {example.passes for example in rule.examples} == {True, False}


@pytest.mark.parametrize(("key", "right", "wrong"), [(key, *values) for key, values in PUBLISHED.items()])
def test_published_identifiers_are_judged_right_and_are_examples(
    key: str, right: tuple[str, ...], wrong: tuple[str, ...]
) -> None:
    element = ELEMENTS[key]
    assert {value: failures(element, value, TODAY) for value in right} == {value: [] for value in right}
    assert [value for value in wrong if not failures(element, value, TODAY)] == []
    assert {*right, *wrong} <= {example.given for example in element.examples}


@pytest.mark.parametrize(
    "body",
    [
        "33078419800615001",  # the county's code began in 1995; numbers given later to those born before carry it
        "33252319700101001",
        "33242219830307001",
        "33072219880307001",
        "33901419930101001",
        "33078420000229123",
        "81000019940823002",
        "83000019920130002",
        "93315619951231002",
    ],
)
def test_valid_oddities_raise_no_alarm(body: str) -> None:
    """Former county codes, leap days, residence permits, foreigners' cards: what other checkers refuse."""
    assert failures(ELEMENTS["citizen-id"], body + check_digits.citizen_id(body), TODAY) == []


def test_there_are_enough_of_each() -> None:
    assert len(ELEMENTS) >= 80
    assert len(CODE_LISTS) >= 30


def test_personal_elements_are_graded_and_masked() -> None:
    for key in ("citizen-id", "person-name", "mobile", "address", "bank-card", "plate"):
        assert ELEMENTS[key].masking is not Masking.NONE
    assert ELEMENTS["ethnic-group"].grade is Grade.L4
    assert ELEMENTS["credit-code"].grade is Grade.L1
    assert ELEMENTS["credit-code"].masking is Masking.NONE


def test_typed_elements_have_the_step_that_types_them() -> None:
    needed = {
        DataType.DATE: {Step.DATE},
        DataType.DATETIME: {Step.DATETIME},
        DataType.DECIMAL: {Step.NUMBER, Step.AMOUNT},
        DataType.INTEGER: {Step.NUMBER},
    }
    wrong = [key for key, element in ELEMENTS.items() if not needed.get(element.type, set(Step)) & {*element.steps}]
    assert wrong == []


def test_addresses_get_what_they_lack() -> None:
    address = ELEMENTS["address"]
    assert standardise(address, "临海市古城街道1号").value == "浙江省台州市临海市古城街道1号"
    assert standardise(address, "杭州余杭区仓前街道").value == "浙江省杭州市余杭区仓前街道"
    assert standardise(address, "北京朝阳区建国路").value == "北京市朝阳区建国路"
    assert standardise(address, "西湖区文三路").value == "西湖区文三路"
