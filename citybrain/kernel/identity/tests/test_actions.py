"""Organisations come from the county's data; the first login is made once."""

from pathlib import Path

import pytest

from citybrain.kernel.identity.actions import first_login, load_organisations, reset_login
from citybrain.kernel.identity.models import Organisation, User

pytestmark = pytest.mark.django_db

POLICE = """
[[departments]]
key = "police"
kind = "government"
name = "公安局"
english = "Public Security"
"""


def test_loading_twice_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "organisations.toml").write_text(POLICE)
    assert load_organisations(tmp_path) == load_organisations(tmp_path) == 1
    assert Organisation.objects.get().chinese == "公安局"


@pytest.mark.parametrize(
    ("change", "message"), [("colour = 1", "unknown option"), ("", "missing"), ("kind", "unknown kind")]
)
def test_a_wrong_entry_is_named(tmp_path: Path, change: str, message: str) -> None:
    text = {
        "": POLICE.replace('english = "Public Security"\n', ""),
        "kind": POLICE.replace("government", "goverment"),
    }.get(change, POLICE + change)
    (tmp_path / "organisations.toml").write_text(text)
    with pytest.raises(ValueError, match=rf"organisations.toml, entry 1: .*{message}"):
        load_organisations(tmp_path)
    assert not Organisation.objects.exists()


def test_the_first_login_is_made_once_and_can_be_renewed() -> None:
    login = first_login()
    assert login is not None
    assert User.objects.get().check_password(login.password)
    assert first_login() is None
    assert User.objects.get().check_password(login.password)
    renewed = reset_login(login.username)
    assert User.objects.get().check_password(renewed.password)
