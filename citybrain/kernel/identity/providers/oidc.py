"""OpenID Connect: code flow with PKCE, state and nonce; ID tokens are verified as OpenID Connect Core 3.1.3.7 says."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from django.core.cache import cache
from django.utils.crypto import constant_time_compare
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import Token

from citybrain.kernel.identity.providers.provider import (
    SECONDS,
    Departure,
    Identity,
    ProviderError,
    answer_of,
    check_state,
    new_state,
)

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
"""Signatures by a key that the provider alone has; `none` and shared secrets (HS…) are never taken."""

LEEWAY = 60
"""Seconds that clocks may differ."""
KNOWN_FOR = 3600
"""Seconds the provider's addresses and keys are kept."""


@dataclass(frozen=True, kw_only=True)
class OpenIDConnect:
    """One provider, found by its issuer."""

    kind: ClassVar[Literal["official", "citizen"]] = "official"
    opens_accounts: ClassVar[bool] = False

    issuer: str
    client_id: str
    client_secret: str
    name: str
    """What people call the provider."""
    key: str = "oidc"

    @property
    def title(self) -> str:
        """The provider's own name."""
        return self.name

    def begin(self, return_url: str) -> Departure:
        """The provider's authorisation page, with state, nonce and the challenge of PKCE (RFC 7636)."""
        nonce, verifier = new_state(), generate_token(64)
        session = self.session(return_url)
        url, state = session.create_authorization_url(
            self.metadata()["authorization_endpoint"], state=new_state(), nonce=nonce, code_verifier=verifier
        )
        return Departure(url=url, kept={"state": state, "nonce": nonce, "verifier": verifier})

    def complete(self, kept: Mapping[str, str], answer: Mapping[str, str], return_url: str) -> Identity:
        """Exchanges the code and verifies the ID token."""
        check_state(kept, answer)
        if refusal := answer.get("error"):
            raise ProviderError(f"The provider answered {refusal[:100]!r}.")
        metadata = self.metadata()
        # RFC 9207: an answer that names its issuer must name ours (mix-up attack).
        if "iss" in answer and answer["iss"] != self.issuer:
            raise ProviderError("The answer comes from another issuer.")
        try:
            token = self.session(return_url).fetch_token(
                metadata["token_endpoint"],
                grant_type="authorization_code",
                code=answer.get("code", ""),
                code_verifier=kept.get("verifier", ""),
                timeout=SECONDS,
            )
        except (AuthlibBaseError, requests.RequestException, ValueError) as error:
            raise ProviderError(f"The code was not exchanged: {type(error).__name__}.") from error
        claims = self.verified(str(token.get("id_token", "")), kept.get("nonce", ""))
        name = claims.get("name") or claims.get("preferred_username") or ""
        hints = claims.get("organization") or claims.get("groups") or ()
        return Identity(
            provider=self.key,
            subject=str(claims["sub"])[:255],
            name=str(name)[:128],
            kind=self.kind,
            organisations=tuple(str(hint) for hint in ([hints] if isinstance(hints, str) else hints))[:20],
        )

    def session(self, return_url: str) -> OAuth2Session:
        """Authlib's client of this provider."""
        return OAuth2Session(
            self.client_id,
            self.client_secret or None,
            scope="openid profile",
            redirect_uri=return_url,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic" if self.client_secret else "none",
        )

    def metadata(self) -> dict[str, Any]:
        """The provider's own description (OpenID Connect Discovery), kept for an hour."""
        name = f"identity.oidc.{self.key}.{self.issuer}"
        known: dict[str, Any] | None = cache.get(name)
        if known is None:
            known = self.ask(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
            if known.get("issuer") != self.issuer:
                raise ProviderError(f"The provider calls itself {known.get('issuer')!r}, not {self.issuer!r}.")
            if missing := {"authorization_endpoint", "token_endpoint", "jwks_uri"} - known.keys():
                raise ProviderError(f"The provider's description lacks {sorted(missing)}.")
            cache.set(name, known, KNOWN_FOR)
        return known

    def keys(self, *, fresh: bool = False) -> KeySet:
        """The keys the provider signs with, kept for an hour; `fresh` asks again after it has changed them."""
        name = f"identity.oidc.{self.key}.{self.issuer}.keys"
        known = None if fresh else cache.get(name)
        if known is None:
            known = self.ask(self.metadata()["jwks_uri"])
            cache.set(name, known, KNOWN_FOR)
        try:
            return KeySet.import_key_set(known)  # type: ignore[arg-type]
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise ProviderError(f"The provider's keys cannot be read: {type(error).__name__}.") from error

    def ask(self, url: str) -> dict[str, Any]:
        """A JSON object from the provider; redirections are not followed."""
        try:
            return answer_of(requests.get(url, timeout=SECONDS, allow_redirects=False))
        except requests.RequestException as error:
            raise ProviderError(f"{url} cannot be reached: {type(error).__name__}.") from error

    def verified(self, id_token: str, nonce: str) -> dict[str, Any]:
        """The claims of an ID token. Raises ProviderError for a wrong signature, issuer, audience, time or nonce."""
        try:
            claims = self.decoded(id_token).claims
            jwt.JWTClaimsRegistry(
                leeway=LEEWAY,
                iss={"essential": True, "value": self.issuer},
                sub={"essential": True},
                aud={"essential": True, "value": self.client_id},
                exp={"essential": True},
                iat={"essential": True},
            ).validate(claims)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise ProviderError(f"The ID token is not valid: {type(error).__name__} {error}.") from error
        audiences = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        if (len(audiences) > 1 or "azp" in claims) and claims.get("azp") != self.client_id:
            raise ProviderError("The ID token is for several parties and was not given to us.")
        if not nonce or not constant_time_compare(str(claims.get("nonce", "")), nonce):
            raise ProviderError("The ID token's nonce is not the one this browser left with.")
        if not isinstance(claims["sub"], str) or not claims["sub"]:
            raise ProviderError("The ID token names nobody.")
        if int(claims["iat"]) < time.time() - 600 - LEEWAY:
            raise ProviderError("The ID token was made too long ago.")
        return claims

    def decoded(self, id_token: str) -> Token:
        """The token with its signature checked; keys are asked for again when none fits."""
        try:
            return jwt.decode(id_token, self.keys(), algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            return jwt.decode(id_token, self.keys(fresh=True), algorithms=ALGORITHMS)
