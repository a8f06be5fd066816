"""Sessions begin under a new id, are listed, and end: idle, old, one too many, revoked, with the account."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.conf import LazySettings
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from citybrain.kernel.identity import sessions
from citybrain.kernel.identity.actor import SYSTEM
from citybrain.kernel.identity.credentials import UserSession
from citybrain.kernel.identity.models import SecurityEvent, User

pytestmark = pytest.mark.django_db
End = UserSession.End


@pytest.fixture
def person() -> User:
    return User.objects.create_user("wang", password="Correct-Horse-7")


def browser(agent: str = "Firefox/140.0 (Windows)") -> HttpRequest:
    request = RequestFactory().post("/login/", headers={"user-agent": agent})
    request.session = SessionStore()
    return request


def begin(person: User) -> UserSession:
    request = browser()
    begun = sessions.begin_session(SYSTEM, request, person, "password")
    request.session.save()
    return begun


def test_a_session_is_listed_with_device_and_address(person: User) -> None:
    begun = begin(person)
    assert list(sessions.live_sessions(person)) == [begun]
    assert (begun.address, begun.method) == ("127.0.0.1", "password")
    assert "Firefox" in begun.device


def test_a_revoked_session_opens_nothing_from_the_next_request_on(person: User) -> None:
    begun = begin(person)
    key = begun.key
    sessions.end_session(SYSTEM, begun)
    assert not Session.objects.filter(session_key=key).exists()
    assert not sessions.live_sessions(person).exists()
    assert UserSession.objects.get().ended == End.REVOKED
    sessions.end_session(SYSTEM, UserSession.objects.get())
    assert SecurityEvent.objects.filter(action="session-ended").count() == 1


def test_a_request_under_way_cannot_bring_a_revoked_session_back(person: User) -> None:
    begun = begin(person)
    under_way = SessionStore(begun.key)
    assert under_way["began"]
    sessions.end_session(SYSTEM, begun)
    under_way["seen"] = 0
    with pytest.raises(UpdateError):
        under_way.save()
    assert not Session.objects.exists()


def test_the_oldest_sessions_over_the_limit_end(person: User, settings: LazySettings) -> None:
    settings.SESSIONS_PER_PERSON = 2
    begun = [begin(person) for _number in range(4)]
    live = set(sessions.live_sessions(person).values_list("pk", flat=True))
    assert live == {begun[2].pk, begun[3].pk}
    assert set(UserSession.objects.exclude(ended="").values_list("ended", flat=True)) == {End.LIMIT}


def test_no_limit_ends_none(person: User, settings: LazySettings) -> None:
    settings.SESSIONS_PER_PERSON = 0
    for _number in range(7):
        begin(person)
    assert sessions.live_sessions(person).count() == 7


def test_all_sessions_of_a_person_end_but_one_and_nobody_elses(person: User) -> None:
    other = User.objects.create_user("li", password="Correct-Horse-7")
    mine = [begin(person) for _number in range(3)]
    begin(other)
    assert sessions.end_all(SYSTEM, person, End.PASSWORD, but=mine[1].key) == 2
    assert list(sessions.live_sessions(person)) == [mine[1]]
    assert sessions.live_sessions(other).count() == 1


def test_signing_in_again_in_one_browser_leaves_one_session(person: User) -> None:
    request = browser()
    sessions.begin_session(SYSTEM, request, person, "password")
    first = request.session.session_key
    sessions.begin_session(SYSTEM, request, person, "password")
    assert request.session.session_key != first
    assert sessions.live_sessions(person).count() == 1


NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


@given(age=st.integers(0, 200_000), unused=st.integers(0, 20_000))
def test_what_outlives_a_session(age: int, unused: int) -> None:
    now = NOW.timestamp()
    expected = End.AGE if age > 12 * 3600 else End.IDLE if unused > 30 * 60 else None
    assert sessions.outlived(now - age, now - unused, NOW) == expected


def test_ended_sessions_keep_no_key_that_opens(person: User) -> None:
    begun = begin(person)
    key = begun.key
    sessions.end_session(SYSTEM, begun)
    assert not UserSession.objects.filter(key=key).exists()
    assert UserSession.objects.get().key.startswith("ended-")
