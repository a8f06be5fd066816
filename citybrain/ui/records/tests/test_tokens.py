"""Access tokens: what they open, what they never open, and when they stop."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from citybrain.declare.role import Reach
from citybrain.kernel.identity.models import Appointment, SecurityEvent, User
from citybrain.kernel.records.shape import record_types
from citybrain.ui.records.models import ApiToken
from citybrain.ui.records.tokens import digest_of, issue, revoke

pytestmark = pytest.mark.django_db

SHAPE = next(shape for shape in record_types() if not shape.face.by_verbs)
"""Any record type will do."""

ADDRESS = f"/api/v1/{SHAPE.key}/"


@pytest.fixture
def holder(official: Callable[..., User], allowed: Callable[..., object]) -> User:
    return official("holder", roles=[allowed(f"{SHAPE.key}:*", reach=Reach.COUNTY)])


def called(text: str, address: str = ADDRESS, kind: str = "Bearer") -> int:
    return Client(headers={"Authorization": f"{kind} {text}"}).get(address).status_code


def test_a_token_opens_what_it_names_and_nothing_else(holder: User, acting_as: Callable[..., object]) -> None:
    token, text = issue(acting_as(holder), title="nightly", scopes=[f"{SHAPE.key}:view"], days=30)
    assert called(text) == 200
    client = Client(headers={"Authorization": f"Bearer {text}"})
    assert client.post(ADDRESS, "{}", content_type="application/json").status_code in (403, 422)
    assert client.get("/account/tokens/").status_code == 302, "a token is no session"
    token.refresh_from_db()
    assert token.used_at is not None


def test_the_text_is_nowhere(holder: User, acting_as: Callable[..., object]) -> None:
    token, text = issue(acting_as(holder), title="nightly", scopes=[f"{SHAPE.key}:view"], days=30)
    kept = ApiToken.objects.values().get(pk=token.pk)
    assert text not in str(kept)
    assert kept["digest"] == digest_of(text) != text
    assert text not in str(list(SecurityEvent.objects.values()))


@pytest.mark.parametrize("text", ["", "cb_", "cb_wrong", "xx", "cb_" + "a" * 5000, "cb_\u0661"])
def test_an_unknown_token_is_refused(text: str) -> None:
    answer = Client(headers={"Authorization": f"Bearer {text}".encode().decode("latin-1")}).get(ADDRESS)
    assert answer.status_code == 401


def test_a_wrong_token_is_not_helped_by_a_session(holder: User, signed_in_client: Callable[..., Client]) -> None:
    client = signed_in_client(holder)
    assert client.get(ADDRESS).status_code == 200
    assert client.get(ADDRESS, headers={"Authorization": "Bearer cb_wrong"}).status_code == 401


def test_expired_revoked_and_abandoned_tokens_are_refused(holder: User, acting_as: Callable[..., object]) -> None:
    def fresh() -> tuple[ApiToken, str]:
        return issue(acting_as(holder), title="nightly", scopes=[f"{SHAPE.key}:view"], days=30)

    token, text = fresh()
    ApiToken.objects.filter(pk=token.pk).update(
        made_at=timezone.now() - datetime.timedelta(days=2), expires_at=timezone.now() - datetime.timedelta(seconds=1)
    )
    assert called(text) == 401
    token, text = fresh()
    revoke(token, acting_as(holder))
    assert called(text) == 401
    token, text = fresh()
    Appointment.objects.filter(user=holder).update(until=timezone.localdate() - datetime.timedelta(days=1))
    assert called(text) == 401, "the post is no longer theirs"
    Appointment.objects.filter(user=holder).update(until=None)
    assert called(text) == 200
    User.objects.filter(pk=holder.pk).update(is_active=False)
    assert called(text) == 401


def test_a_token_never_goes_beyond_its_holder(
    holder: User, acting_as: Callable[..., object], official: Callable[..., User], allowed: Callable[..., object]
) -> None:
    reader = official("reader", roles=[allowed(f"{SHAPE.key}:view")])
    with pytest.raises(PermissionDenied):
        issue(acting_as(reader), title="more", scopes=[f"{SHAPE.key}:remove"], days=30)
    token, text = issue(acting_as(holder), title="nightly", scopes=[f"{SHAPE.key}:view"], days=30)
    post = Appointment.objects.get(pk=token.appointment_id).post
    post.roles = []
    post.save(update_fields=["roles"])
    assert called(text) == 403, "what the person lost, the token lost"


@pytest.mark.parametrize(
    ("title", "scopes", "days"),
    [("", ["*"], 30), ("a", [], 30), ("a", [f"{SHAPE.key}:view"], 0), ("a", [f"{SHAPE.key}:view"], 9999)],
)
def test_a_token_says_what_it_is_for(
    holder: User, acting_as: Callable[..., object], title: str, scopes: list[str], days: int
) -> None:
    with pytest.raises(ValidationError):
        issue(acting_as(holder), title=title, scopes=scopes, days=days)


def test_the_page_makes_shows_and_ends_one(holder: User, signed_in_client: Callable[..., Client]) -> None:
    client = signed_in_client(holder)
    page = client.get("/account/tokens/")
    assert page.status_code == 200
    form = {"title": "nightly", "days": "30", "scopes": [f"{SHAPE.key}:view"]}
    answer = client.post("/account/tokens/", form)
    text = answer.content.decode().split('class="mono token">')[1].split("<")[0]
    assert called(text) == 200
    assert answer["Cache-Control"] == "no-store"
    assert text not in client.get("/account/tokens/").content.decode(), "shown once"
    token = ApiToken.objects.get()
    assert client.post(f"/account/tokens/{token.pk}/revoke/").status_code == 302
    assert called(text) == 401


def test_nobody_ends_the_token_of_somebody_else(
    holder: User,
    acting_as: Callable[..., object],
    official: Callable[..., User],
    signed_in_client: Callable[..., Client],
) -> None:
    token, _text = issue(acting_as(holder), title="nightly", scopes=[f"{SHAPE.key}:view"], days=30)
    other = official("other", roles=[])
    assert signed_in_client(other).post(f"/account/tokens/{token.pk}/revoke/").status_code == 404


def test_a_session_needs_the_csrf_token_and_a_program_does_not(holder: User, acting_as: Callable[..., object]) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(holder)
    assert browser.post(ADDRESS, "{}", content_type="application/json").status_code == 403
    _token, text = issue(acting_as(holder), title="nightly", scopes=[f"{SHAPE.key}:*"], days=30)
    program = Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {text}"})
    assert program.post(ADDRESS, "{}", content_type="application/json").status_code == 422
