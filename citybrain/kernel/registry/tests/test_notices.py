"""Each mistake in a notice is found before the first message is sent."""

from __future__ import annotations

from typing import Any

import pytest

from citybrain.declare.application import Application, Platform
from citybrain.declare.notice import Notice, Urgency
from citybrain.declare.role import Permit, Role
from citybrain.kernel.registry.checks import check_registry
from citybrain.kernel.registry.registry import build

LEADER = Role(key="leader", title="Leader", permits=(Permit("*:view"),))


def ids(**options: Any) -> set[str]:
    facts: dict[str, Any] = {"key": "overdue", "title": "{number} is overdue", "values": ("number",)}
    declares = (LEADER, Notice(**(facts | options)))
    found = check_registry(build([Application(key="a", title="A", platform=Platform.BASE, declares=declares)]))
    assert all(error.hint for error in found), "every finding says what to do"
    return {str(error.id).removeprefix("citybrain.") for error in found}


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"text": "{number} waits. {{Really}}.", "sms": "{number}"},
        {"urgency": Urgency.URGENT, "breaks_quiet": True, "escalate_after": 30},
    ],
)
def test_a_right_notice_has_no_finding(options: dict[str, Any]) -> None:
    assert ids(**options) == set()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"title": "{numbr} is overdue, {number}"}, "E070"),
        ({"sms": "{person}"}, "E070"),
        ({"text": "{number.__class__}"}, "E071"),
        ({"text": "{}"}, "E071"),
        ({"text": "{0}"}, "E071"),
        ({"text": "{number"}, "E071"),
        ({"values": ("number", "street")}, "E072"),
        ({"breaks_quiet": True}, "E073"),
        ({"escalate_after": 30, "escalate_to": "leeder"}, "E073"),
        ({"key": "Overdue"}, "E003"),
    ],
)
def test_each_mistake_has_its_id(options: dict[str, Any], expected: str) -> None:
    assert expected in ids(**options)
