"""Each mistake in a declaration is found, under its own id, with a way out."""

from typing import Any

import pytest

from citybrain.declare.application import Application, Platform
from citybrain.declare.codelist import Code, CodeList
from citybrain.declare.element import DataType, Element, Example
from citybrain.declare.role import Permit, Reach, Role
from citybrain.declare.rule import Between, DateBetween, InList, InOrder, Length, Pattern, Rule, Step
from citybrain.kernel.registry.checks import check_registry
from citybrain.kernel.registry.registry import build

SEX = CodeList(key="sex", title="Sex", chinese="性别", standard="GB/T 2261.1", codes=(Code(value="1", title="男"),))


def element(**options: Any) -> Element:
    facts: dict[str, Any] = {
        "key": "name",
        "title": "Name",
        "chinese": "姓名",
        "definition": "姓名。",
        "type": DataType.TEXT,
        "format": "an..50",
        "examples": (Example(given="王", standard="王"),),
    }
    return Element(**(facts | options))


def ids(*declares: Any, key: str = "a") -> set[str]:
    found = check_registry(build([Application(key=key, title="A", platform=Platform.BASE, declares=declares)]))
    assert all(error.hint for error in found), "every finding says what to do"
    return {str(error.id).removeprefix("citybrain.") for error in found}


def test_a_right_application_has_no_finding() -> None:
    assert ids(SEX, element(), element(key="sex", codes=SEX, steps=(Step.CODE,), checks=(InList(codes=SEX),))) == set()


def role(**options: Any) -> Role:
    facts: dict[str, Any] = {"key": "clerk", "title": "Clerk", "permits": (Permit("tree:view"), Permit("*"))}
    return Role(**(facts | options))


def test_a_right_role_has_no_finding() -> None:
    other = role(key="auditor", permits=(Permit("*:view", Reach.COUNTY), Permit("old-tree:*")), carried_by="citizen")
    assert ids(role(excludes=("auditor",)), other) == set()


@pytest.mark.parametrize(
    ("declares", "expected"),
    [
        ((("x",),), "E002"),
        ((role(permits=()),), "E040"),
        ((role(excludes=("clerk",)),), "E041"),
        ((role(excludes=("audtor",)), role(key="auditor")), "E041"),
        ((role(permits=(Permit("view"),)),), "E042"),
        ((role(permits=(Permit("Tree:view"),)),), "E042"),
        ((role(permits=(Permit("tree:view:all"),)),), "E042"),
        ((role(carried_by="citizens"),), "E043"),
        ((element(key="Name X"),), "E003"),
        ((element(), element(chinese="其他")), "E004"),
        ((element(codes=SEX),), "E005"),
        ((element(checks=(InList(codes=SEX),)),), "E005"),
        ((CodeList(key="empty", title="E", chinese="空", standard="-", codes=()),), "E010"),
        (
            (CodeList(key="two", title="T", chinese="二", standard="-", codes=(SEX.codes[0], SEX.codes[0])),),
            "E011",
        ),
        (
            (
                CodeList(
                    key="up", title="U", chinese="上", standard="-", codes=(Code(value="1", title="一", parent="9"),)
                ),
            ),
            "E012",
        ),
        ((element(format="d8"),), "E020"),
        ((element(steps=(Step.CODE,)),), "E021"),
        ((element(checks=(Pattern(regex="("),)),), "E022"),
        ((element(checks=(Length(minimum=5, maximum=2),)),), "E023"),
        ((element(checks=(Between(minimum=5, maximum=2),)),), "E023"),
        ((element(examples=()),), "E024"),
    ],
)
def test_each_mistake_has_its_id(declares: tuple[Any, ...], expected: str) -> None:
    assert expected in ids(*declares)


def test_a_rule_over_one_element_is_found() -> None:
    name = element()
    assert "E030" in ids(name, Rule(key="order", title="Order", check=InOrder(first=name, second=name)))


def test_two_applications_of_one_key_are_found() -> None:
    one = Application(key="a", title="A", platform=Platform.BASE)
    two = Application(key="a", title="B", platform=Platform.BASE)
    assert [error.id for error in check_registry(build([one, two]))] == ["citybrain.E001"]


def test_dates_out_of_order_are_found() -> None:
    check = DateBetween(earliest=DateBetween().earliest.replace(year=2030), latest=DateBetween().earliest)
    assert "E023" in ids(element(checks=(check,)))


def test_a_missing_key_names_the_nearest() -> None:
    registry = build([Application(key="a", title="A", platform=Platform.BASE, declares=(element(key="pm25"),))])
    with pytest.raises(LookupError, match='Did you mean "pm25"'):
        registry.get(Element, "pm52")
    assert registry.application_of(registry.get(Element, "pm25")) == "a"
