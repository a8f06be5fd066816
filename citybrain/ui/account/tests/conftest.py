"""People at the door, with nothing behind it that they might see but their own account."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pyotp
import pytest
from django.test import Client

from citybrain.kernel.identity import second_factor
from citybrain.kernel.identity.actor import SYSTEM
from citybrain.kernel.identity.models import SecurityEvent, User

RIGHT = "Correct-Horse-7"


@pytest.fixture
def person(db: None) -> User:
    return User.objects.create_user("wang", password=RIGHT, chinese="王小明")


@pytest.fixture
def browser(db: None) -> Client:
    """A browser that reads English and checks what a real one checks."""
    return Client(enforce_csrf_checks=False, headers={"accept-language": "en", "accept": "text/html"})


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """The time of one-time codes, to be moved on."""
    moment = [time.time()]
    real = time.time
    start = real()
    monkeypatch.setattr(second_factor.time, "time", lambda: moment[0] + real() - start)
    yield moment


@pytest.fixture
def with_code(person: User, clock: list[float]) -> Callable[[], str]:
    """Gives the person a second factor; calling it tells the next code."""
    totp = pyotp.TOTP(second_factor.secret_of(second_factor.begin_second_factor(person)))
    assert second_factor.confirm_second_factor(SYSTEM, person, totp.at(int(clock[0])))

    def following() -> str:
        clock[0] += 60
        return totp.at(int(clock[0]))

    return following


def enter(browser: Client, name: str = "wang", password: str = RIGHT, **more: str) -> int:
    """Types name and password; returns the status."""
    return browser.post("/login/", {"username": name, "password": password, **more}).status_code


def is_in(browser: Client) -> bool:
    """Whether the browser gets the page of one's own account."""
    return browser.get("/account/").status_code == 200


def actions() -> list[str]:
    """The security log, oldest first."""
    return list(SecurityEvent.objects.order_by("id").values_list("action", flat=True))
