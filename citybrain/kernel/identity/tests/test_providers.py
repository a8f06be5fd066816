"""What every provider of identities must do (the contract), and what OpenID Connect must refuse besides."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from citybrain.kernel.identity.providers.chosen import KINDS
from citybrain.kernel.identity.providers.provider import Identity, ProviderError
from citybrain.kernel.identity.tests.worlds import WORLDS, OidcWorld, World, running

BACK = "https://brain.example/login/from/x/"


@pytest.fixture(params=sorted(WORLDS))
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with running(WORLDS[request.param]) as one:
        yield one


@pytest.fixture
def oidc() -> Iterator[OidcWorld]:
    with running(OidcWorld) as one:
        yield one


def through(world: World, **change: str) -> Identity:
    """The whole way: away, signed in there, back, with some parameters of the answer changed."""
    departure = world.provider.begin(BACK)
    return world.provider.complete(departure.kept, world.visit(departure.url) | change, BACK)


def test_every_provider_is_held_to_the_contract() -> None:
    assert set(WORLDS) == set(KINDS)


def test_a_person_comes_back_as_the_same_subject(world: World) -> None:
    identity = through(world)
    assert identity == through(world)
    assert identity.subject
    assert identity.name == "王小明"
    assert (identity.provider, identity.kind) == (world.provider.key, world.provider.kind)


def test_every_departure_has_a_state_of_its_own(world: World) -> None:
    states = {world.provider.begin(BACK).kept["state"] for _number in range(5)}
    assert len(states) == 5
    assert all(len(state) >= 32 for state in states)


def test_an_answer_of_another_browser_is_refused(world: World) -> None:
    """Login CSRF: the answer of one departure does not fit what another browser kept, nor one that kept nothing."""
    answer = world.visit(world.provider.begin(BACK).url)
    with pytest.raises(ProviderError, match="left with"):
        world.provider.complete(world.provider.begin(BACK).kept, answer, BACK)
    with pytest.raises(ProviderError):
        world.provider.complete({}, answer, BACK)


def test_an_answer_serves_once(world: World) -> None:
    departure = world.provider.begin(BACK)
    answer = world.visit(departure.url)
    world.provider.complete(departure.kept, answer, BACK)
    with pytest.raises(ProviderError):
        world.provider.complete(departure.kept, answer, BACK)


@pytest.mark.parametrize("missing", ["code", "ticketId", "state", "redirectUrl"])
def test_an_answer_without_its_parts_is_refused(world: World, missing: str) -> None:
    departure = world.provider.begin(BACK)
    answer = world.visit(departure.url)
    if missing not in answer:
        answer = {}
    answer.pop(missing, None)
    with pytest.raises(ProviderError):
        world.provider.complete(departure.kept, answer, BACK)


@pytest.mark.parametrize("broken", [(500, {}), (200, "<html>"), (200, []), (302, {}), (200, {"success": True})])
def test_a_provider_out_of_order_vouches_for_nobody(world: World, broken: tuple[int, Any]) -> None:
    departure = world.provider.begin(BACK)
    answer = world.visit(departure.url)
    world.broken = broken
    cache.clear()
    with pytest.raises(ProviderError):
        world.provider.complete(departure.kept, answer, BACK)


def test_numbers_of_identity_cards_and_phones_are_not_kept(world: World) -> None:
    kept = json.dumps({**through(world).facts, "organisations": through(world).organisations})
    assert "330784" not in kept
    assert "138" not in kept


def test_a_provider_that_cannot_be_reached_is_no_crash() -> None:
    with running(OidcWorld) as gone:
        pass
    with pytest.raises(ProviderError, match="cannot be reached"):
        gone.provider.begin(BACK)


NOW = int(time.time())


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"nonce": "another"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"aud": "another-client"}, "not valid"),
        ({"aud": ["citybrain", "another-client"]}, "several parties"),
        ({"azp": "another-client"}, "several parties"),
        ({"aud": None}, "not valid"),
        ({"iss": "https://evil.example"}, "not valid"),
        ({"iss": None}, "not valid"),
        ({"exp": NOW - 120}, "not valid"),
        ({"exp": None}, "not valid"),
        ({"iat": NOW - 3600}, "too long ago"),
        ({"iat": NOW + 3600}, "not valid"),
        ({"sub": None}, "not valid"),
        ({"sub": ""}, "not valid|names nobody"),
    ],
)
def test_a_token_with_a_wrong_claim_is_refused(oidc: OidcWorld, claims: dict[str, Any], why: str) -> None:
    oidc.claims = claims
    with pytest.raises(ProviderError, match=why):
        through(oidc)


def test_several_audiences_pass_when_the_token_was_given_to_us(oidc: OidcWorld) -> None:
    oidc.claims = {"aud": ["citybrain", "another-client"], "azp": "citybrain"}
    assert through(oidc).subject == "248289"


def unsigned(claims: dict[str, Any]) -> str:
    """`alg: none`."""
    parts = [json.dumps({"alg": "none"}).encode(), json.dumps(claims).encode()]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."


def by_a_stranger(claims: dict[str, Any]) -> str:
    """A signature by a key that the provider never published, under the name of its own."""
    stranger = RSAKey.generate_key(2048, parameters={"kid": "one"})
    return jwt.encode({"alg": "RS256", "kid": "one"}, claims, stranger)


def by_the_client_secret(claims: dict[str, Any]) -> str:
    """HS256 under the secret of the client, which others may hold."""
    key = OctKey.import_key(b"a-secret-that-is-long-enough-for-hs256")
    return jwt.encode({"alg": "HS256"}, claims, key)


@pytest.mark.parametrize("sign", [unsigned, by_a_stranger, by_the_client_secret, lambda claims: "no.token.at-all"])
def test_a_token_that_the_provider_did_not_sign_is_refused(oidc: OidcWorld, sign: Any) -> None:
    oidc.sign = sign
    with pytest.raises(ProviderError, match="not valid"):
        through(oidc)


def test_a_changed_token_is_refused(oidc: OidcWorld) -> None:
    def changed(claims: dict[str, Any]) -> str:
        head, _body, signature = oidc.signed(claims).split(".")
        body = base64.urlsafe_b64encode(json.dumps(claims | {"sub": "admin"}).encode()).rstrip(b"=").decode()
        return f"{head}.{body}.{signature}"

    oidc.sign = changed
    with pytest.raises(ProviderError, match="not valid"):
        through(oidc)


def test_a_provider_may_change_its_keys(oidc: OidcWorld) -> None:
    through(oidc)
    oidc.key = RSAKey.generate_key(2048, parameters={"kid": "two"})
    assert through(oidc).subject == "248289"


def test_a_code_without_the_verifier_of_its_browser_is_worth_nothing(oidc: OidcWorld) -> None:
    """PKCE: a stolen code cannot be exchanged."""
    departure = oidc.provider.begin(BACK)
    answer = oidc.visit(departure.url)
    with pytest.raises(ProviderError, match="not exchanged"):
        oidc.provider.complete({**departure.kept, "verifier": "x" * 64}, answer, BACK)


def test_an_answer_in_the_name_of_another_issuer_is_refused(oidc: OidcWorld) -> None:
    with pytest.raises(ProviderError, match="another issuer"):
        through(oidc, iss="https://evil.example")


def test_a_provider_must_call_itself_what_the_setting_says(oidc: OidcWorld) -> None:
    oidc.issuer = "https://evil.example"
    with pytest.raises(ProviderError, match="calls itself"):
        oidc.provider.begin(BACK)


def test_a_refusal_of_the_provider_is_none_of_ours(oidc: OidcWorld) -> None:
    departure = oidc.provider.begin(BACK)
    answer = {"error": "access_denied", "state": departure.kept["state"]}
    with pytest.raises(ProviderError, match="access_denied"):
        oidc.provider.complete(departure.kept, answer, BACK)
