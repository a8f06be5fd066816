"""What an event type may not say."""

from dataclasses import replace
from typing import Any

import pytest

from citybrain.declare.application import Application, Platform
from citybrain.declare.codelist import Code, CodeList
from citybrain.declare.event import Counting, Days, EventType, Hours, Kind, TimeLimit, WorkingDays
from citybrain.kernel.registry.checks import check_registry
from citybrain.kernel.registry.registry import build

CLASSES = CodeList(
    key="classes", title="Classes", chinese="分类", standard="x", codes=(Code(value="0110", title="道路破损"),)
)
POTHOLE = EventType(
    key="pothole", title="Damaged road", chinese="道路破损", kind=Kind.EVENT, code="0110", code_set="classes"
)


def findings(*types: EventType) -> list[str]:
    """Ids of the errors of an application with these types."""
    city = Application(key="city", title="City", platform=Platform.CITY_OPERATION, declares=(CLASSES, *types))
    return [str(error.id).removeprefix("citybrain.E") for error in check_registry(build([city]))]


def test_a_sound_type_has_no_finding() -> None:
    assert findings(replace(POTHOLE, handle=WorkingDays(3), sign=Hours(0.5))) == []


@pytest.mark.parametrize(
    ("change", "number"),
    [
        ({"handle": Hours(0)}, "080"),
        ({"check": Days(-1)}, "080"),
        ({"whole": TimeLimit(1.5, Counting.WORKING_DAYS)}, "080"),
        ({"near": 0}, "081"),
        ({"many": 0}, "081"),
        ({"cap_category": "Infrastructure"}, "082"),
        ({"words": ("坑洼", " 路面破损")}, "083"),
        ({"words": ("",)}, "083"),
        ({"code_set": "clases"}, "084"),
        ({"code_set": ""}, "084"),
        ({"code": "0111"}, "084"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, Any], number: str) -> None:
    assert findings(replace(POTHOLE, **change)) == [number]


def test_two_types_of_one_class_are_told() -> None:
    assert findings(POTHOLE, replace(POTHOLE, key="hole-in-the-road")) == ["085"]
