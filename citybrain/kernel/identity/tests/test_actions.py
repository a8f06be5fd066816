"""The first login is made once."""

import pytest

from citybrain.kernel.identity.actions import first_login, reset_login
from citybrain.kernel.identity.models import User

pytestmark = pytest.mark.django_db


def test_the_first_login_is_made_once_and_can_be_renewed() -> None:
    login = first_login()
    assert login is not None
    assert User.objects.get().check_password(login.password)
    assert first_login() is None
    assert User.objects.get().check_password(login.password)
    renewed = reset_login(login.username)
    assert User.objects.get().check_password(renewed.password)
