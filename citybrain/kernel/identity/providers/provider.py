"""What a provider of identities (统一身份认证) must be able to do: take a person away, and say who came back.

Implementations: `oidc` (any OpenID Connect provider), `zhezhengding` (浙政钉, officials), `zheliban` (浙里办,
citizens).
Each passes the same contract test, `tests/test_providers.py`.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import requests
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

SECONDS = 10.0
"""How long a provider may take to answer."""


class ProviderError(Exception):
    """A provider did not vouch for anybody. The text is for the server's log; visitors read one general sentence."""


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Whom a provider vouches for."""

    provider: str
    subject: str
    """The provider's lasting id of the person; the only thing accounts are linked by."""
    name: str = ""
    kind: Literal["official", "citizen"] = "official"
    organisations: tuple[str, ...] = ()
    """What the provider calls their organisations: hints for administrators, never a right."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Further hints: employee code, tenant. Never a number of an identity card, never a phone number."""


@dataclass(frozen=True, kw_only=True)
class Departure:
    """The address a person is sent to, and what must be kept in their session until they are back."""

    url: str
    kept: Mapping[str, str]


class IdentityProvider(Protocol):
    """A provider of identities."""

    @property
    def key(self) -> str:
        """Kebab-case, kept with linked identities."""
        ...

    @property
    def kind(self) -> Literal["official", "citizen"]:
        """Whom it vouches for."""
        ...

    @property
    def opens_accounts(self) -> bool:
        """Whether somebody unknown gets an account of the kind, without any right; otherwise they must link one."""
        ...

    @property
    def title(self) -> str:
        """What the button on the sign-in page says, in the reader's language."""
        ...

    def begin(self, return_url: str) -> Departure:
        """Where to send a person who wants to sign in. Raises ProviderError when the provider cannot be reached."""
        ...

    def complete(self, kept: Mapping[str, str], answer: Mapping[str, str], return_url: str) -> Identity:
        """Who came back with `answer`, the parameters of the address. Raises ProviderError when anything is wrong."""
        ...


def new_state() -> str:
    """A random text (256 bits) that ties an answer to the browser that asked."""
    return secrets.token_urlsafe(32)


def check_state(kept: Mapping[str, str], answer: Mapping[str, str], parameter: str = "state") -> None:
    """Raises ProviderError unless the answer carries the state this browser left with."""
    state = kept.get("state", "")
    if not state or not constant_time_compare(state, answer.get(parameter, "")):
        raise ProviderError(f"The answer's {parameter} is not the one this browser left with.")


def answer_of(response: requests.Response) -> dict[str, Any]:
    """The JSON object of a provider's answer. Raises ProviderError with status and address, never with the body."""
    where = f"{response.request.method} {response.url.partition('?')[0]}"
    if response.status_code != 200:
        raise ProviderError(f"{where} answered {response.status_code}.")
    try:
        found = response.json()
    except ValueError as error:
        raise ProviderError(f"{where} answered something that is not JSON.") from error
    if not isinstance(found, dict):
        raise ProviderError(f"{where} answered a {type(found).__name__} in place of an object.")
    return found


def unavailable() -> str:
    """What a visitor reads when a provider did not vouch for them."""
    return _("Signing in there did not work. Try again, or use your name and password.")
