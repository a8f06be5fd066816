"""The providers of identities this site has switched on, from its settings."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings

from citybrain.kernel.identity.providers.oidc import OpenIDConnect
from citybrain.kernel.identity.providers.provider import IdentityProvider
from citybrain.kernel.identity.providers.zheliban import ZheLiBan
from citybrain.kernel.identity.providers.zhezhengding import ZheZhengDing

KINDS: dict[str, Callable[..., IdentityProvider]] = {
    "oidc": OpenIDConnect,
    "zhezhengding": ZheZhengDing,
    "zheliban": ZheLiBan,
}
"""Setting of `IDENTITY_PROVIDERS` -> its adapter; another provider is one class more."""


def providers() -> list[IdentityProvider]:
    """Every provider that is switched on, in the order of the sign-in page."""
    return [KINDS[key](**options) for key, options in settings.IDENTITY_PROVIDERS.items()]


def provider(key: str) -> IdentityProvider | None:
    """The provider with `key`, if it is switched on."""
    return next((one for one in providers() if one.key == key), None)
