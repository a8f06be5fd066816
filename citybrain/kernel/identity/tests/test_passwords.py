"""What a good password is, which may not come back, and when one must be changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from citybrain.kernel.identity import passwords
from citybrain.kernel.identity.actor import SYSTEM
from citybrain.kernel.identity.credentials import PasswordState, PastPassword
from citybrain.kernel.identity.models import SecurityEvent, User
from citybrain.kernel.identity.passwords import ThreeOfFourClasses, random_password

GOOD = "Correct-Horse-7"


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("Abc-12", "password_too_short"),
        ("abcdefghijkl", "too_few_classes"),
        ("abcdefgh1234", "too_few_classes"),
        ("ABCDEFGH1234", "too_few_classes"),
        ("永康城市大脑永康城市大脑", "too_few_classes"),
        ("Password123", "password_too_common"),
    ],
)
def test_weak_passwords_are_refused_with_the_reason(password: str, code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        validate_password(password)
    assert code in {error.code for error in caught.value.error_list}


@pytest.mark.parametrize("password", [GOOD, "永康Kang1234567", "abc-DEF-ghi-j"])
def test_good_passwords_pass(password: str) -> None:
    validate_password(password)


@given(st.text(min_size=0, max_size=30))
def test_the_rule_of_classes_is_the_count_of_classes(password: str) -> None:
    ascii_signs = [sign for sign in password if sign.isascii()]
    classes = sum(
        (
            any(sign.islower() for sign in ascii_signs),
            any(sign.isupper() for sign in ascii_signs),
            any(sign.isdigit() for sign in ascii_signs),
            any(not (sign.isascii() and sign.isalnum()) for sign in password),
        )
    )
    try:
        ThreeOfFourClasses().validate(password)
    except ValidationError:
        assert classes < 3
    else:
        assert classes >= 3


def test_random_passwords_keep_the_policy_and_differ() -> None:
    made = {random_password() for _number in range(50)}
    assert len(made) == 50
    for password in made:
        validate_password(password)


@pytest.mark.django_db
def test_the_last_five_do_not_come_back_and_the_sixth_may() -> None:
    user = User.objects.create_user("wang", password=GOOD)
    chosen = [f"Correct-Horse-{number}" for number in range(10, 15)]
    for password in chosen:
        passwords.change_password(SYSTEM, user, password)
    for password in chosen:  # the last of them is the present one
        with pytest.raises(ValidationError, match="used this password before"):
            passwords.change_password(SYSTEM, user, password)
    passwords.change_password(SYSTEM, user, GOOD)
    assert PastPassword.objects.filter(user=user).count() == 5
    assert SecurityEvent.objects.filter(action="password-changed").count() == 6


@pytest.mark.django_db
def test_a_password_somebody_else_set_must_be_changed() -> None:
    user = User.objects.create_user("wang", password=GOOD)
    assert not passwords.must_change(user)
    issued = passwords.issue_password(SYSTEM, user)
    assert user.check_password(issued)
    assert "Somebody else" in passwords.must_change(user)
    passwords.change_password(SYSTEM, user, "Other-Horse-8")
    assert not passwords.must_change(user)
    assert list(SecurityEvent.objects.values_list("action", flat=True)) == ["password-changed", "password-issued"]


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "age", "must"), [(90, 91, True), (90, 89, False), (0, 900, False)])
def test_a_password_expires(settings: LazySettings, days: int, age: int, must: bool) -> None:
    settings.PASSWORD_DAYS = days
    joined = timezone.now() - timedelta(days=age)
    user = User.objects.create_user("wang", password=GOOD, date_joined=joined)
    assert bool(passwords.must_change(user)) is must
    passwords.change_password(SYSTEM, user, "Other-Horse-8")
    assert not passwords.must_change(user)
    PasswordState.objects.filter(user=user).update(changed_at=joined)
    assert bool(passwords.must_change(user)) is must


@pytest.mark.django_db
def test_passwords_are_kept_as_argon2_hashes_alone() -> None:
    user = User.objects.create_user("wang", password=GOOD)
    passwords.change_password(SYSTEM, user, "Other-Horse-8")
    kept = [user.password, *PastPassword.objects.values_list("encoded", flat=True)]
    assert all(text.startswith("argon2$argon2id$") for text in kept)
