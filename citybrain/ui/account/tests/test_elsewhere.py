"""Signing in at another provider, with real ones on 127.0.0.1: linking by subject, no right by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.conf import LazySettings
from django.test import Client

from citybrain.kernel.identity import locks
from citybrain.kernel.identity.acting import actor_for
from citybrain.kernel.identity.actor import SYSTEM
from citybrain.kernel.identity.credentials import LinkedIdentity, UserSession
from citybrain.kernel.identity.linking import link_identity, unlink_identity
from citybrain.kernel.identity.models import User
from citybrain.kernel.identity.providers.provider import Identity
from citybrain.kernel.identity.sign_in import Refused
from citybrain.kernel.identity.tests.worlds import OidcWorld, ZheLiBanWorld, running
from citybrain.ui.account.tests.conftest import RIGHT, actions, enter, is_in


@pytest.fixture
def oidc(settings: LazySettings) -> Iterator[OidcWorld]:
    with running(OidcWorld) as world:
        options = {"issuer": world.address, "client_id": "citybrain", "client_secret": "a-secret", "name": "统一认证"}
        settings.IDENTITY_PROVIDERS = {"oidc": options}
        yield world


def away_and_back(browser: Client, world: OidcWorld, start: str = "/login/with/oidc/", **change: str) -> object:
    """Goes to the provider, signs in there, and comes back."""
    departure = browser.get(start)
    assert departure.status_code == 302
    return browser.get("/login/from/oidc/", world.visit(departure.headers["Location"]) | change)


def link(person: User) -> LinkedIdentity:
    return link_identity(SYSTEM, person, Identity(provider="oidc", subject="248289", name="王小明"))


def test_the_door_offers_the_provider(browser: Client, oidc: OidcWorld) -> None:
    page = browser.get("/login/?next=/inside/").content.decode()
    assert "Sign in with 统一认证" in page
    assert "/login/with/oidc/?next=%2Finside%2F" in page


def test_a_linked_person_comes_in_and_where_they_wanted_to(browser: Client, person: User, oidc: OidcWorld) -> None:
    link(person)
    response = away_and_back(browser, oidc, "/login/with/oidc/?next=/inside/")
    assert response.headers["Location"] == "/inside/"  # type: ignore[attr-defined]
    assert is_in(browser)
    assert UserSession.objects.get().method == "oidc"


def test_an_identity_that_nobody_linked_comes_not_in_whatever_its_e_mail(
    browser: Client, person: User, oidc: OidcWorld
) -> None:
    User.objects.update(email="wang@example.org")
    response = away_and_back(browser, oidc)
    assert response.status_code == 403  # type: ignore[attr-defined]
    assert not is_in(browser)
    assert not LinkedIdentity.objects.exists()
    assert User.objects.count() == 1


def test_no_way_leads_to_another_site(browser: Client, person: User, oidc: OidcWorld) -> None:
    link(person)
    response = away_and_back(browser, oidc, "/login/with/oidc/?next=https://evil.example/")
    assert response.headers["Location"] == "/"  # type: ignore[attr-defined]


def test_the_second_factor_is_asked_here_too(
    browser: Client, person: User, oidc: OidcWorld, with_code: Callable[[], str]
) -> None:
    link(person)
    response = away_and_back(browser, oidc)
    assert response.headers["Location"] == "/login/code/"  # type: ignore[attr-defined]
    assert not is_in(browser)
    browser.post("/login/code/", {"code": with_code()})
    assert is_in(browser)
    assert UserSession.objects.get().method == "oidc+code"


def test_a_closed_or_locked_account_comes_in_by_no_way(browser: Client, person: User, oidc: OidcWorld) -> None:
    link(person)
    for _number in range(5):
        enter(Client(), password="wrong")
    assert away_and_back(browser, oidc).status_code == 403  # type: ignore[attr-defined]
    locks.release_account(SYSTEM, person)
    User.objects.update(is_active=False)
    assert away_and_back(browser, oidc).status_code == 403  # type: ignore[attr-defined]
    assert not is_in(browser)


def test_an_answer_in_a_browser_that_never_left_is_refused(browser: Client, person: User, oidc: OidcWorld) -> None:
    """Login CSRF: a link with somebody else's code signs nobody in."""
    link(person)
    answer = oidc.visit(Client().get("/login/with/oidc/").headers["Location"])
    assert browser.get("/login/from/oidc/", answer).status_code == 403
    assert not is_in(browser)


def test_an_answer_serves_once(browser: Client, person: User, oidc: OidcWorld) -> None:
    link(person)
    answer = oidc.visit(browser.get("/login/with/oidc/").headers["Location"])
    assert browser.get("/login/from/oidc/", answer).status_code == 302
    browser.post("/logout/")
    assert browser.get("/login/from/oidc/", answer).status_code == 403


def test_a_bad_token_signs_nobody_in_and_is_logged(browser: Client, person: User, oidc: OidcWorld) -> None:
    link(person)
    oidc.claims = {"nonce": "another"}
    assert away_and_back(browser, oidc).status_code == 403  # type: ignore[attr-defined]
    assert not is_in(browser)
    assert actions()[-1] == "sign-in-refused"


def test_a_provider_that_is_down_leaves_the_door_open(browser: Client, person: User, oidc: OidcWorld) -> None:
    oidc.broken = (500, {})
    response = browser.get("/login/with/oidc/")
    assert response.status_code == 502
    assert "use your name and password" in response.content.decode()


def test_a_provider_that_is_not_switched_on_is_nowhere(browser: Client, db: None) -> None:
    assert browser.get("/login/with/oidc/").status_code == 404
    assert browser.get("/login/from/oidc/").status_code == 404


def test_linking_takes_the_password_and_then_opens(browser: Client, person: User, oidc: OidcWorld) -> None:
    enter(browser)
    response = away_and_back(browser, oidc, "/account/identities/link/oidc/")
    assert response.headers["Location"] == "/account/identities/confirm/"  # type: ignore[attr-defined]
    assert "王小明" in browser.get("/account/identities/confirm/").content.decode()
    browser.post("/account/identities/confirm/", {"present": "wrong"})
    assert not LinkedIdentity.objects.exists()
    browser.post("/account/identities/confirm/", {"present": RIGHT})
    assert LinkedIdentity.objects.get().subject == "248289"
    other = Client()
    away_and_back(other, oidc)
    assert is_in(other)


def test_an_identity_shown_by_one_person_is_not_linked_by_another(
    browser: Client, person: User, oidc: OidcWorld
) -> None:
    """Who is signed out, or signs in as somebody else meanwhile, finds nothing to confirm."""
    enter(browser)
    away = oidc.visit(browser.get("/account/identities/link/oidc/").headers["Location"])
    User.objects.create_user("li", password=RIGHT)
    browser.post("/logout/")
    enter(browser, "li")
    assert browser.get("/login/from/oidc/", away).status_code == 403
    assert browser.get("/account/identities/confirm/").headers["Location"] == "/account/"


def test_a_subject_belongs_to_one_account(person: User) -> None:
    link(person)
    other = User.objects.create_user("li", password=RIGHT)
    with pytest.raises(Refused, match="linked to an account already"):
        link(other)


def test_the_only_way_in_is_not_taken_away(person: User) -> None:
    made = link(person)
    person.set_unusable_password()
    person.save()
    with pytest.raises(Refused, match="only way"):
        unlink_identity(SYSTEM, LinkedIdentity.objects.get())
    person.set_password(RIGHT)
    person.save()
    unlink_identity(SYSTEM, LinkedIdentity.objects.get())
    assert not LinkedIdentity.objects.filter(pk=made.pk).exists()


def test_a_link_gives_no_right(person: User) -> None:
    before = actor_for(person)
    link_identity(
        SYSTEM, person, Identity(provider="oidc", subject="1", organisations=("police",), facts={"role": "admin"})
    )
    assert actor_for(person) == before


def test_a_citizen_nobody_knows_gets_an_account_without_any_right(
    browser: Client, db: None, settings: LazySettings
) -> None:
    with running(ZheLiBanWorld) as world:
        settings.IDENTITY_PROVIDERS = {
            "zheliban": {
                "login": f"{world.address}/uc/sso/login",
                "gateway": world.address,
                "app_id": "20020",
                "access_key": "ak",
                "secret_key": "sk",
            }
        }
        for _number in range(2):
            answer = world.visit(browser.get("/login/with/zheliban/").headers["Location"])
            assert browser.get("/login/from/zheliban/", answer).status_code == 302
            assert is_in(browser)
            browser.post("/logout/")
    citizen = User.objects.get()
    assert (citizen.kind, citizen.has_usable_password(), citizen.is_staff) == ("citizen", False, False)
    assert "330784" not in str(LinkedIdentity.objects.values())
    assert not any("edit" in pattern for pattern in actor_for(citizen).permits)
