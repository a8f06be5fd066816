"""One's own account: sessions, passwords, factors, links and locks, each one's own and nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from citybrain.declare.role import Reach
from citybrain.kernel.identity import locks, passwords, second_factor, sessions
from citybrain.kernel.identity.actor import ANONYMOUS, SYSTEM
from citybrain.kernel.identity.credentials import LinkedIdentity, Lock, UserSession
from citybrain.kernel.identity.models import SecurityEvent, User
from citybrain.ui.account.devices import called
from citybrain.ui.account.tests.conftest import RIGHT, actions, enter, is_in

NEW = {"present": RIGHT, "password": "Other-Horse-8", "again": "Other-Horse-8"}


@pytest.fixture
def inside(browser: Client, person: User) -> Client:
    enter(browser)
    return browser


def test_the_page_shows_sessions_and_sign_ins(inside: Client, person: User) -> None:
    enter(Client(), password="wrong")
    page = inside.get("/account/").content.decode()
    assert "this device" in page
    assert "Refused" in page
    assert "王小明" in page


def test_other_sessions_end_by_hand_one_or_all(inside: Client, person: User) -> None:
    others = [Client(headers={"accept": "text/html"}) for _number in range(3)]
    for other in others:
        enter(other)
    first = UserSession.objects.get(key=others[0].session.session_key)
    inside.post(reverse("account-session-end", args=[first.pk]))
    assert [is_in(other) for other in others] == [False, True, True]
    inside.post("/account/sessions/end/")
    assert [is_in(other) for other in others] == [False, False, False]
    assert is_in(inside)


def test_nobody_ends_somebody_elses_session(inside: Client) -> None:
    User.objects.create_user("li", password=RIGHT)
    other = Client()
    enter(other, "li")
    theirs = UserSession.objects.get(user__username="li")
    assert inside.post(reverse("account-session-end", args=[theirs.pk])).status_code == 404
    assert is_in(other)


def test_a_changed_password_ends_every_other_session_and_renews_this_ones_id(inside: Client, person: User) -> None:
    other = Client()
    enter(other)
    before = inside.session.session_key
    assert inside.post("/account/password/", NEW).status_code == 302
    assert not is_in(other)
    assert is_in(inside)
    assert inside.session.session_key != before
    assert sessions.live_sessions(person).get().key == inside.session.session_key


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"present": "wrong"}, "not your present password"),
        ({"password": "short", "again": "short"}, "At least 10 signs"),
        ({"password": RIGHT, "again": RIGHT}, "used this password before"),
        ({"again": "Another-One-9"}, "two new passwords differ"),
    ],
)
def test_a_password_is_not_changed_and_the_form_says_why(
    inside: Client, person: User, change: dict[str, str], message: str
) -> None:
    assert message in inside.post("/account/password/", NEW | change).content.decode()
    person.refresh_from_db()
    assert person.check_password(RIGHT)


def test_the_present_password_cannot_be_guessed_from_inside(inside: Client) -> None:
    """An unlocked computer is no way to try passwords: the same lock holds."""
    for _number in range(5):
        page = inside.post("/account/password/", NEW | {"present": "wrong"}).content.decode()
    assert "Too many failed attempts" in page
    assert "Too many failed attempts" in inside.post("/account/password/", NEW).content.decode()


def test_a_closed_account_is_out_at_once(inside: Client, person: User) -> None:
    User.objects.update(is_active=False)
    assert not is_in(inside)


def test_an_issued_password_ends_sessions_by_itself(inside: Client, person: User) -> None:
    """Django's hash of the session changes with the password, whoever sets it."""
    passwords.issue_password(SYSTEM, person)
    assert not is_in(inside)


def move(monkeypatch: pytest.MonkeyPatch, passed: timedelta) -> None:
    """Moves the clock of sessions on."""
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + passed)


@pytest.mark.parametrize(("minutes", "stays"), [(29, True), (31, False)])
def test_an_unused_session_ends(inside: Client, monkeypatch: pytest.MonkeyPatch, minutes: int, stays: bool) -> None:
    move(monkeypatch, timedelta(minutes=minutes))
    assert is_in(inside) is stays
    if not stays:
        assert "nothing was done for a while" in inside.get("/login/").content.decode()
        assert UserSession.objects.get().ended == "idle"


def test_use_keeps_a_session_and_background_questions_do_not(inside: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    real = timezone.now
    passed = [timedelta()]
    monkeypatch.setattr(timezone, "now", lambda: real() + passed[0])
    for _number in range(3):
        passed[0] += timedelta(minutes=20)
        assert is_in(inside)
    passed[0] += timedelta(minutes=20)
    assert inside.get("/account/", headers={"x-background": "1"}).status_code == 200
    passed[0] += timedelta(minutes=20)
    assert not is_in(inside)


def test_a_session_in_use_ends_after_a_working_day(
    inside: Client, monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    settings.SESSION_IDLE_MINUTES = 10_000
    move(monkeypatch, timedelta(hours=12, minutes=1))
    assert not is_in(inside)
    assert UserSession.objects.get().ended == "age"


def test_a_session_begun_elsewhere_is_listed_too(browser: Client, person: User) -> None:
    browser.force_login(person)
    assert is_in(browser)
    assert UserSession.objects.get().method == "other"


def test_the_second_factor_goes_only_with_the_password(
    inside: Client, person: User, with_code: Callable[[], str]
) -> None:
    wrong = inside.post("/account/second-factor/", {"present": "wrong", "take-away": "1"})
    assert "not your present password" in wrong.content.decode()
    assert second_factor.has_second_factor(person)
    assert inside.post("/account/second-factor/", {"present": RIGHT, "take-away": "1"}).status_code == 302
    assert not second_factor.has_second_factor(person)


def test_who_must_have_a_factor_and_takes_it_away_sets_up_another(
    inside: Client, person: User, with_code: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(second_factor, "needs_second_factor", lambda user: True)
    inside.post("/account/second-factor/", {"present": RIGHT, "take-away": "1"})
    assert inside.get("/").headers["Location"] == "/account/second-factor/"


def test_new_recovery_codes_are_shown_once(inside: Client, person: User, with_code: Callable[[], str]) -> None:
    inside.post("/account/second-factor/", {"present": RIGHT})
    page = inside.get("/account/second-factor/").content.decode()
    assert "They are shown only now" in page
    assert "They are shown only now" not in inside.get("/account/second-factor/").content.decode()


def test_preferences_are_kept_on_the_account(inside: Client, person: User) -> None:
    assert inside.post("/account/", {"language": "zh-hans", "large_type": "on"}).status_code == 302
    person.refresh_from_db()
    assert (person.language, person.large_type) == ("zh-hans", True)


def test_nobody_ends_somebody_elses_link(inside: Client) -> None:
    other = User.objects.create_user("li", password=RIGHT)
    link = LinkedIdentity.objects.create(user=other, provider="oidc", subject="1")
    assert inside.post(reverse("account-identity-unlink", args=[link.pk])).status_code == 404
    assert LinkedIdentity.objects.exists()


def test_locks_are_seen_and_opened_by_whose_post_may(
    inside: Client, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _number in range(5):
        enter(Client(), "li", "wrong")
    lock = Lock.objects.get()
    assert inside.get("/locks/").status_code == 403
    assert inside.post(reverse("account-unlock", args=[lock.pk])).status_code == 403
    keeper = replace(ANONYMOUS, user_id=person.pk, permits={locks.UNLOCK.key: Reach.COUNTY})
    monkeypatch.setattr("citybrain.ui.access.actor_of", lambda request: keeper)
    page = inside.get("/locks/").content.decode()
    assert "A name that nobody has" in page
    assert ">Account<" in page
    assert inside.post(reverse("account-unlock", args=[lock.pk])).status_code == 302
    assert not locks.locks().exists()
    assert actions()[-1] == "unlocked"


def test_a_lock_of_another_organisation_is_not_found(
    inside: Client, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _number in range(5):
        enter(Client(), "li", "wrong")
    keeper = replace(ANONYMOUS, user_id=person.pk, permits={locks.UNLOCK.key: Reach.ORGANISATION})
    monkeypatch.setattr("citybrain.ui.access.actor_of", lambda request: keeper)
    assert inside.post(reverse("account-unlock", args=[Lock.objects.get().pk])).status_code == 404
    assert "Nobody is locked out" in inside.get("/locks/").content.decode()


def test_a_lost_phone_is_a_matter_of_the_security_administrator(
    inside: Client, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who issues passwords may not take second factors away: neither of the two can sign in as somebody else alone."""
    other = User.objects.create_user("li", password=RIGHT)
    totp = pyotp.TOTP(second_factor.secret_of(second_factor.begin_second_factor(other)))
    assert second_factor.confirm_second_factor(SYSTEM, other, totp.now())
    address = reverse("account-factor-remove", args=[other.pk])
    keeper = replace(ANONYMOUS, user_id=person.pk, permits={"person:*": Reach.COUNTY})
    monkeypatch.setattr("citybrain.ui.access.actor_of", lambda request: keeper)
    assert inside.post(address, {"reason": "lost"}).status_code == 403
    guard = replace(keeper, permits={"sign-in:*": Reach.COUNTY})
    monkeypatch.setattr("citybrain.ui.access.actor_of", lambda request: guard)
    inside.post(address, {"reason": " "})
    assert second_factor.has_second_factor(other)
    inside.post(address, {"reason": "lost on the bus"})
    assert not second_factor.has_second_factor(other)
    event = SecurityEvent.objects.get(action="second-factor-removed")
    assert (event.user_id, event.detail["reason"]) == (person.pk, "lost on the bus")


@pytest.mark.parametrize("address", ["/account/", "/account/password/", "/account/second-factor/", "/locks/"])
def test_who_is_not_signed_in_is_sent_to_the_door(browser: Client, address: str) -> None:
    assert browser.get(address).headers["Location"] == f"/login/?next={address}"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Chrome · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari · iOS"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile TaurusApp taurus/2.0", "浙政钉 · Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; UOS) Chrome/120 Safari/537", "Chrome · 麒麟/统信"),
        ("<script>alert(1)</script>", "Unknown device"),
    ],
)
def test_devices_are_called_by_names_people_know(agent: str, name: str) -> None:
    assert called(agent) == name


def test_the_account_page_asks_few_questions(
    inside: Client, person: User, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    inside.get("/account/")
    with django_assert_max_num_queries(20):  # type: ignore[attr-defined]
        inside.get("/account/")
