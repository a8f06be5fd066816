"""Lock-out: five failures lock a name, twenty an address, for a quarter of an hour; names nobody has are locked too."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import RequestFactory
from django.utils import timezone

from citybrain.kernel.identity import locks
from citybrain.kernel.identity.actor import SYSTEM
from citybrain.kernel.identity.credentials import Attempt, Lock
from citybrain.kernel.identity.models import SecurityEvent, User
from citybrain.kernel.identity.sign_in import Refused, prove_password, visitor

pytestmark = pytest.mark.django_db

RIGHT = "Correct-Horse-7"
HERE = "192.0.2.1"


@pytest.fixture
def person() -> User:
    return User.objects.create_user("wang", password=RIGHT)


def enter(name: str, password: str, address: str = HERE) -> User:
    return prove_password(RequestFactory().post("/login/"), name, password, address)


def refusal(name: str, password: str, address: str = HERE) -> str:
    with pytest.raises(Refused) as caught:
        enter(name, password, address)
    return str(caught.value)


def actions() -> list[str]:
    return list(SecurityEvent.objects.order_by("id").values_list("action", flat=True))


@pytest.mark.parametrize("name", ["wang", "nobody-has-this-name"])
def test_five_failures_lock_known_and_unknown_names_alike(person: User, name: str) -> None:
    answers = [refusal(name, f"wrong-{number}") for number in range(5)]
    assert all("do not match" in answer for answer in answers[:4])
    assert "Try again in 15 minutes" in answers[4]
    assert "Try again in 15 minutes" in refusal(name, RIGHT, "192.0.2.9")
    assert actions().count("locked") == 1


def test_capital_letters_and_blanks_make_no_other_name(person: User) -> None:
    for name in ("wang", "WANG", " wang", "Wang ", "wAng"):
        refusal(name, "wrong")
    assert locks.is_locked("wang", None)


def test_twenty_failures_from_one_address_lock_it_for_every_name(person: User) -> None:
    for number in range(20):
        refusal(f"name-{number}", "wrong")
    assert "Try again" in refusal("wang", RIGHT)
    assert enter("wang", RIGHT, "192.0.2.77") == person


def test_a_lock_ends_after_a_quarter_of_an_hour_and_failures_are_forgotten_with_it(person: User) -> None:
    for _number in range(5):
        refusal("wang", "wrong")
    later(timedelta(minutes=14))
    assert "Try again" in refusal("wang", RIGHT)
    later(timedelta(minutes=2))
    assert enter("wang", RIGHT) == person


def later(passed: timedelta) -> None:
    """Moves everything that is kept into the past."""
    for attempt in Attempt.objects.all():
        Attempt.objects.filter(pk=attempt.pk).update(at=attempt.at - passed)
    for lock in Lock.objects.all():
        Lock.objects.filter(pk=lock.pk).update(since=lock.since - passed, until=lock.until - passed)


def test_success_forgets_failures(person: User) -> None:
    for _number in range(4):
        refusal("wang", "wrong")
    enter("wang", RIGHT)
    for _number in range(4):
        assert "do not match" in refusal("wang", "wrong")


def test_failures_long_ago_do_not_count(person: User) -> None:
    for _number in range(4):
        refusal("wang", "wrong")
    later(timedelta(minutes=16))
    assert "do not match" in refusal("wang", "wrong")


def test_a_try_counts_before_its_password_is_compared(person: User) -> None:
    """Five tries under way at once: a sixth process may not compare a password, and nothing is locked by waiting."""
    under_way = [locks.begin_attempt(visitor(HERE), "wang") for _number in range(5)]
    assert None not in under_way
    assert locks.begin_attempt(visitor(HERE), "wang") is None
    assert not locks.is_locked("wang", HERE)


def test_a_lock_is_not_made_longer_by_trying(person: User) -> None:
    for _number in range(5):
        refusal("wang", "wrong")
    until = Lock.objects.get().until
    for _number in range(3):
        refusal("wang", "wrong")
    assert Lock.objects.get().until == until


def test_an_administrator_opens_a_lock_and_it_is_logged(person: User) -> None:
    for _number in range(5):
        refusal("wang", "wrong")
    assert locks.release_account(SYSTEM, person) == 1
    assert enter("wang", RIGHT) == person
    assert "unlocked" in actions()
    locks.release(SYSTEM, Lock.objects.get())
    assert actions().count("unlocked") == 1


def test_what_was_typed_as_a_name_is_kept_nowhere(person: User, django_assert_num_queries: Any) -> None:
    refusal("My-Secret-Password-1", "x")
    event = SecurityEvent.objects.get()
    kept = [event.thing_id, str(event.detail), *Attempt.objects.values_list("who", flat=True)]
    assert not any("secret" in text.lower() for text in kept)


def test_old_attempts_go(person: User) -> None:
    Attempt.objects.create(at=timezone.now() - timedelta(days=2), who="x", address=HERE)
    enter("wang", RIGHT)
    assert not Attempt.objects.filter(who="x").exists()
