"""Roles are held against what the site asks for; a year knows its days."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.test import RequestFactory

from citybrain.declare.application import Application, Platform
from citybrain.declare.role import Permission, Permit, Reach, Role
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.calendar import read_calendar
from citybrain.kernel.identity.permissions import PERMISSIONS
from citybrain.kernel.identity.scope import Unscoped, Vouched, vouched
from citybrain.kernel.registry.registry import build
from citybrain.ui.panels.days import Day, Year
from citybrain.ui.panels.panel import PanelError
from citybrain.ui.people.days import day_of
from citybrain.ui.people.words import permit_words
from citybrain.ui.permissions import check_permits, known_permissions

SEE = Permission(key="tree:view", title="See trees")


def findings(*permits: str, known: tuple[Permission, ...] = (SEE,)) -> list[str]:
    role = Role(key="clerk", title="Clerk", permits=tuple(Permit(permit) for permit in permits))
    application = Application(key="a", title="A", platform=Platform.BASE, declares=(role,))
    return [f"{finding.id} {finding.msg}" for finding in check_permits(build([application]), known)]


def test_a_permit_that_nothing_asks_for_is_found() -> None:
    assert findings("tree:view", "tree:*", "*:view", "*") == []
    (found,) = findings("tree:veiw")
    assert found.startswith('citybrain.E050 Role "clerk" permits "tree:veiw"') and 'Did you mean "tree:view"' in found


def test_one_key_has_one_title() -> None:
    twice = (SEE, Permission(key="tree:view", title="Look at trees"))
    assert [text.split()[0] for text in findings("tree:view", known=twice)] == ["citybrain.E051"]


def test_every_permission_of_the_house_is_known() -> None:
    known = known_permissions()
    assert {one.key for one in PERMISSIONS} <= set(known)
    assert {"service-point:view", "feedback:create"} <= set(known)


@pytest.mark.parametrize(
    ("permit", "expected"),
    [
        ("person:view", "See people"),
        ("*:view", "See, of every kind of thing"),
        ("*", "do everything, of every kind of thing"),
        ("person:*", "Everything about: Register people and close accounts, See people"),
        ("*:polish", "*:polish"),
    ],
)
def test_permits_in_words(permit: str, expected: str) -> None:
    assert permit_words(Permit(permit)) == expected


ACTOR = Actor(user_id=1, permits={"calendar:view": Reach.COUNTY})


def test_a_year_at_a_glance(rf: RequestFactory) -> None:
    known = read_calendar(Path(settings.COUNTY))
    days = [date(2026, 2, number) for number in range(1, 29)]
    shown = vouched([day_of(known, day) for day in days], ACTOR, "calendar:view")
    html = Year(title="2026", year=2026, days=shown, today=date(2026, 2, 3)).render(rf.get("/"))
    assert html.count("day-holiday") == 9 + 1
    assert html.count("day-worked") == 2 + 1
    assert html.count('aria-current="date"') == 1
    assert "Spring Festival" in html and html.count("<caption>") == 12


def test_a_year_is_checked() -> None:
    wrong = vouched([Day(date=date(2025, 1, 1), kind="working")], ACTOR, "calendar:view")
    with pytest.raises(PanelError, match="Year 2026"):
        Year(year=2026, days=wrong)
    with pytest.raises(Unscoped):
        Year(year=2026, days=(Day(date=date(2026, 1, 1), kind="working"),))  # type: ignore[arg-type]
    assert isinstance(wrong, Vouched)
