"""One-time codes: right ones once, sealed at rest; recovery codes once each; who must have a second factor."""

from __future__ import annotations

import time
from datetime import date

import pyotp
import pytest
from django.conf import LazySettings
from hypothesis import given
from hypothesis import strategies as st

from citybrain.declare.role import Permit, Role
from citybrain.kernel.identity import second_factor
from citybrain.kernel.identity.actor import SYSTEM
from citybrain.kernel.identity.credentials import RecoveryCode, SecondFactor
from citybrain.kernel.identity.models import Appointment, Organisation, Post, SecurityEvent, User
from citybrain.kernel.identity.sealing import Unsealable, digests, seal, unseal

AT = 1_800_000_000


@pytest.fixture
def person(db: None) -> User:
    return User.objects.create_user("wang", password="Correct-Horse-7")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    moment = [float(AT)]
    monkeypatch.setattr(time, "time", lambda: moment[0])
    return moment


def set_up(user: User, at: float = AT) -> tuple[pyotp.TOTP, list[str]]:
    totp = pyotp.TOTP(second_factor.secret_of(second_factor.begin_second_factor(user)))
    codes = second_factor.confirm_second_factor(SYSTEM, user, totp.at(int(at)))
    assert codes is not None
    return totp, codes


def test_it_is_in_use_only_after_a_first_right_code(person: User, clock: list[float]) -> None:
    second_factor.begin_second_factor(person)
    assert not second_factor.has_second_factor(person)
    assert second_factor.confirm_second_factor(SYSTEM, person, "000000") is None
    assert not second_factor.has_second_factor(person)
    set_up(person)
    assert second_factor.has_second_factor(person)
    assert second_factor.confirm_second_factor(SYSTEM, person, "000000") is None


def test_a_code_opens_once_and_never_again(person: User, clock: list[float]) -> None:
    totp, _codes = set_up(person)
    assert not second_factor.check_code(person, totp.at(AT)), "the code of the set-up was used up"
    clock[0] += 30
    code = totp.at(int(clock[0]))
    assert second_factor.check_code(person, code)
    assert not second_factor.check_code(person, code)
    assert not second_factor.check_code(person, totp.at(AT)), "earlier codes are refused after a later one"


@pytest.mark.parametrize(("off", "opens"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_clocks_may_differ_by_one_step(person: User, clock: list[float], off: int, opens: bool) -> None:
    totp, _codes = set_up(person)
    clock[0] += 600
    assert second_factor.check_code(person, totp.at(int(clock[0]) + off)) is opens


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "12345６", "-12345", "000000'--"])
def test_what_is_no_code_is_refused(person: User, clock: list[float], code: str) -> None:
    set_up(person)
    clock[0] += 90
    assert not second_factor.check_code(person, code)


def test_blanks_in_a_code_do_not_matter(person: User, clock: list[float]) -> None:
    totp, _codes = set_up(person)
    clock[0] += 90
    code = totp.at(int(clock[0]))
    assert second_factor.check_code(person, f" {code[:3]} {code[3:]} ")


def test_recovery_codes_open_once_each_and_belong_to_one_person(person: User, clock: list[float]) -> None:
    _totp, codes = set_up(person)
    other = User.objects.create_user("li", password="Correct-Horse-7")
    assert len(set(codes)) == 10
    assert not second_factor.use_recovery_code(SYSTEM, other, codes[0])
    assert second_factor.use_recovery_code(SYSTEM, person, codes[0].upper().replace("-", " "))
    assert not second_factor.use_recovery_code(SYSTEM, person, codes[0])
    assert second_factor.recovery_codes_left(person) == 9
    second_factor.make_recovery_codes(SYSTEM, person)
    assert not second_factor.use_recovery_code(SYSTEM, person, codes[1])


def test_neither_secret_nor_recovery_codes_lie_readable_in_the_database(person: User, clock: list[float]) -> None:
    totp, codes = set_up(person)
    kept = [
        *SecondFactor.objects.values_list("sealed", flat=True),
        *RecoveryCode.objects.values_list("digest", flat=True),
    ]
    assert not any(totp.secret in text for text in kept)
    assert not any(code.replace("-", "") in text for code in codes for text in kept)


def test_taking_it_away_takes_the_recovery_codes_too_and_is_logged(person: User, clock: list[float]) -> None:
    _totp, codes = set_up(person)
    assert second_factor.remove_second_factor(SYSTEM, person)
    assert not second_factor.has_second_factor(person)
    assert not second_factor.use_recovery_code(SYSTEM, person, codes[0])
    assert not second_factor.remove_second_factor(SYSTEM, person)
    assert SecurityEvent.objects.filter(action="second-factor-removed").count() == 1


def test_an_exchanged_secret_of_the_site_opens_with_the_former_one_alone(settings: LazySettings) -> None:
    sealed, made = seal("JBSWY3DP", "second-factor"), digests("a", "b")[0]
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    assert unseal(sealed, "second-factor") == "JBSWY3DP"
    assert made in digests("a", "b")
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(Unsealable, match="CITYBRAIN_SECRET_KEY_FALLBACKS"):
        unseal(sealed, "second-factor")


@given(st.text(max_size=60))
def test_what_is_sealed_comes_back_for_its_purpose_alone(text: str) -> None:
    sealed = seal(text, "one")
    assert unseal(sealed, "one") == text
    with pytest.raises(Unsealable):
        unseal(sealed, "another")


@pytest.mark.parametrize(
    ("setting", "demands", "ended", "needed"),
    [
        ("required", True, None, True),
        ("required", False, None, False),
        ("required", True, date(2020, 1, 1), False),
        ("optional", True, None, False),
    ],
)
def test_whose_role_demands_it_must_have_one(
    person: User,
    settings: LazySettings,
    monkeypatch: pytest.MonkeyPatch,
    setting: str,
    demands: bool,
    ended: date | None,
    needed: bool,
) -> None:
    settings.SECOND_FACTOR = setting
    role = Role(key="test-auditor", title="Auditor", permits=(Permit("audit:view"),), second_factor=demands)

    class Known:
        def of(self, kind: type) -> list[Role]:
            return [role]

    monkeypatch.setattr(second_factor, "registry", Known)
    body = Organisation.objects.create(key="office", chinese="办公室", english="Office", path="office/")
    post = Post.objects.create(organisation=body, key="auditor", chinese="审计员", roles=["test-auditor"])
    Appointment.objects.create(user=person, post=post, since=date(2019, 1, 1), until=ended)
    assert second_factor.needs_second_factor(person) is needed


def test_the_picture_is_an_svg_that_the_page_may_show(person: User) -> None:
    url = second_factor.enrolment_url(second_factor.begin_second_factor(person), "City Brain")
    assert url.startswith("otpauth://totp/City%20Brain:wang?secret=")
    assert second_factor.picture(url).startswith("data:image/svg+xml")
