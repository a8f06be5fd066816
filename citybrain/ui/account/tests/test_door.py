"""The whole way through the door, and everything that must not get through."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client

from citybrain.kernel.identity import passwords, second_factor
from citybrain.kernel.identity.actor import SYSTEM
from citybrain.kernel.identity.credentials import UserSession
from citybrain.kernel.identity.models import SecurityEvent, User
from citybrain.ui.account.tests.conftest import RIGHT, actions, enter, is_in


def test_name_and_password_open_and_sign_out_closes(browser: Client, person: User) -> None:
    assert enter(browser, next="/inside/") == 302
    assert is_in(browser)
    assert '"cache"' in browser.post("/logout/").headers["Clear-Site-Data"]
    assert not is_in(browser)
    assert actions() == ["sign-in", "sign-out"]
    session = UserSession.objects.get()
    assert (session.method, session.ended) == ("password", "signed-out")


def test_signing_out_takes_a_post(browser: Client, person: User) -> None:
    enter(browser)
    assert browser.get("/logout/").status_code == 405
    assert is_in(browser)


def test_a_wrong_password_says_nothing_about_who_exists(browser: Client, person: User) -> None:
    """User enumeration: the same status, the same page, the same headers for a name that nobody has."""
    known = browser.post("/login/", {"username": "wang", "password": "wrong"})
    unknown = browser.post("/login/", {"username": "nobody", "password": "wrong"})
    assert known.status_code == unknown.status_code == 403
    pages = [re.sub(r'value="\w{64}"|value="(wang|nobody)"', "", one.content.decode()) for one in (known, unknown)]
    assert pages[0] == pages[1]
    assert known.headers.keys() == unknown.headers.keys()


def test_a_closed_account_is_refused_like_a_wrong_password(browser: Client, person: User) -> None:
    User.objects.update(is_active=False)
    response = browser.post("/login/", {"username": "wang", "password": RIGHT})
    assert response.status_code == 403
    assert "do not match" in response.content.decode()


def test_an_unknown_name_costs_a_hash_too(browser: Client, person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Constant time: argon2 runs once whether the name, or the password of the account, exists or not."""
    runs: list[str] = []
    hasher = passwords.check_password.__globals__["get_hasher"]("default")
    encode = type(hasher).encode

    def counted(self: object, password: str, salt: str) -> str:
        runs.append("encode")
        return str(encode(self, password, salt))

    verify = type(hasher).verify

    def verified(self: object, password: str, encoded: str) -> bool:
        runs.append("verify")
        return bool(verify(self, password, encoded))

    monkeypatch.setattr(type(hasher), "encode", counted)
    monkeypatch.setattr(type(hasher), "verify", verified)
    User.objects.create_user("no-password")
    for name in ("wang", "nobody", "no-password"):
        runs.clear()
        enter(browser, name, "wrong")
        assert len(runs) == 1, name


def test_the_code_is_asked_after_the_password(browser: Client, person: User, with_code: Callable[[], str]) -> None:
    assert browser.post("/login/", {"username": "wang", "password": RIGHT}).headers["Location"] == "/login/code/"
    assert not is_in(browser)
    assert browser.post("/login/code/", {"code": "000000"}).status_code == 403
    assert not is_in(browser)
    code = with_code()
    assert browser.post("/login/code/", {"code": code}).headers["Location"] == "/"
    assert is_in(browser)
    assert UserSession.objects.get().method == "password+code"
    other = Client()
    enter(other)
    assert other.post("/login/code/", {"code": code}).status_code == 403, "a code opens once"


def test_a_recovery_code_opens_once(browser: Client, person: User, with_code: Callable[[], str]) -> None:
    code = second_factor.make_recovery_codes(SYSTEM, person)[3]
    enter(browser)
    assert browser.post("/login/code/", {"code": code}).status_code == 302
    assert is_in(browser)
    other = Client()
    enter(other)
    assert other.post("/login/code/", {"code": code}).status_code == 403
    assert "recovery-code-used" in actions()


def test_codes_are_counted_and_locked_like_passwords(
    browser: Client, person: User, with_code: Callable[[], str]
) -> None:
    """Who knows the password cannot try codes for ever, and a right password does not start the count anew."""
    for number in range(5):
        enter(browser)
        answer = browser.post("/login/code/", {"code": f"00000{number}"})
    assert "Try again in 15 minutes" in answer.content.decode()
    assert browser.post("/login/code/", {"code": with_code()}).status_code == 403
    assert enter(Client()) == 403
    assert "locked" in actions()


def test_the_code_page_needs_a_fresh_right_password(
    browser: Client, person: User, with_code: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert browser.get("/login/code/").headers["Location"] == "/login/"
    enter(browser)
    User.objects.get().set_password("x")
    real = time.time()
    monkeypatch.setattr("citybrain.ui.account.door.time.time", lambda: real + 301)
    assert browser.post("/login/code/", {"code": with_code()}).headers["Location"] == "/login/"


def test_a_password_changed_meanwhile_ends_the_way_to_the_code(
    browser: Client, person: User, with_code: Callable[[], str]
) -> None:
    enter(browser)
    passwords.change_password(SYSTEM, person, "Other-Horse-8")
    assert browser.post("/login/code/", {"code": with_code()}).headers["Location"] == "/login/"
    assert not is_in(browser)


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", r"\\evil.example", "javascript:alert(1)", "http:///evil.example", ""],
)
def test_no_way_leads_to_another_site(browser: Client, person: User, target: str) -> None:
    """Open redirect: neither from the form nor from the address, before nor after the second factor."""
    response = browser.post(f"/login/?next={target}", {"username": "wang", "password": RIGHT, "next": target})
    assert response.headers["Location"] == "/"
    assert browser.get("/login/", {"next": target}).headers["Location"] == "/"


def test_the_session_id_is_new_after_signing_in(browser: Client, person: User, with_code: Callable[[], str]) -> None:
    """Session fixation: an id planted before is worth nothing, at either step."""
    browser.get("/login/")
    session = browser.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    enter(browser)
    half_way = browser.session.session_key
    browser.post("/login/code/", {"code": with_code()})
    assert len({planted, half_way, browser.session.session_key}) == 3
    assert is_in(browser)


def test_a_form_without_its_token_is_refused(person: User) -> None:
    """CSRF, on the door as everywhere: a page of another site cannot sign a browser in."""
    strict = Client(enforce_csrf_checks=True)
    for address in ("/login/", "/login/code/", "/logout/", "/account/password/", "/account/sessions/end/"):
        assert strict.post(address, {"username": "wang", "password": RIGHT}).status_code == 403, address


def test_a_forged_host_is_refused(browser: Client, person: User) -> None:
    """Host header: an address that is not ours is answered by nothing."""
    assert browser.get("/login/", headers={"host": "evil.example"}).status_code == 400


def test_passwords_stand_in_no_answer_and_no_log(
    browser: Client, person: User, caplog: pytest.LogCaptureFixture
) -> None:
    typed = "Typed-Into-The-Form-9"
    response = browser.post("/login/", {"username": "wang", "password": typed})
    assert typed not in response.content.decode()
    assert typed not in caplog.text
    assert not any(typed in str(event.detail) for event in SecurityEvent.objects.all())


def test_an_issued_password_must_be_changed_before_anything_else(browser: Client, person: User) -> None:
    issued = passwords.issue_password(SYSTEM, person)
    enter(browser, password=issued, next="/inside/")
    assert browser.get("/").headers["Location"] == "/account/password/"
    assert browser.get("/account/").headers["Location"] == "/account/password/"
    assert browser.get("/", headers={"accept": "application/json"}).status_code == 403
    wrong = {"present": issued, "password": "short", "again": "short"}
    assert "At least 10 signs" in browser.post("/account/password/", wrong).content.decode()
    right = {"present": issued, "password": "Other-Horse-8", "again": "Other-Horse-8"}
    assert browser.post("/account/password/", right).headers["Location"] == "/inside/"
    assert is_in(browser)


def test_an_expired_password_must_be_changed(browser: Client, person: User) -> None:
    User.objects.update(date_joined=person.date_joined - timedelta(days=91))
    enter(browser)
    assert browser.get("/").headers["Location"] == "/account/password/"


def test_who_must_have_a_second_factor_sets_it_up_first(
    browser: Client, person: User, monkeypatch: pytest.MonkeyPatch, clock: list[float]
) -> None:
    monkeypatch.setattr("citybrain.kernel.identity.sign_in.needs_second_factor", lambda user: True)
    enter(browser, next="/inside/")
    assert browser.get("/").headers["Location"] == "/account/second-factor/"
    page = browser.get("/account/second-factor/").content.decode()
    assert "data:image/svg+xml" in page
    assert "code is wrong" in browser.post("/account/second-factor/", {"code": "000000"}).content.decode()
    code = second_factor.pyotp.TOTP(second_factor.secret_of(person.second_factor)).at(int(clock[0]))
    assert browser.post("/account/second-factor/", {"code": code}).status_code == 302
    sheet = browser.get("/account/second-factor/").content.decode()
    assert sheet.count("<li>") >= 10
    assert is_in(browser)
    assert sheet != browser.get("/account/second-factor/").content.decode(), "recovery codes are shown once"


def test_duties_come_one_after_the_other(browser: Client, person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("citybrain.kernel.identity.sign_in.needs_second_factor", lambda user: True)
    issued = passwords.issue_password(SYSTEM, person)
    enter(browser, password=issued)
    right = {"present": issued, "password": "Other-Horse-8", "again": "Other-Horse-8"}
    assert browser.post("/account/password/", right).headers["Location"] == "/account/second-factor/"
    assert browser.get("/").headers["Location"] == "/account/second-factor/"


def test_signing_out_and_the_language_stay_open_to_who_has_a_duty(browser: Client, person: User) -> None:
    issued = passwords.issue_password(SYSTEM, person)
    enter(browser, password=issued)
    assert browser.post("/language/", {"language": "en", "next": "/account/password/"}).status_code == 302
    assert browser.post("/logout/").status_code == 302


def test_lockout_needs_no_memory_of_the_process(browser: Client, person: User, settings: LazySettings) -> None:
    """Durable: attempts and locks are rows, so a restart or another process knows them."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    for _number in range(5):
        enter(Client(), password="wrong")
    assert enter(Client()) == 403
