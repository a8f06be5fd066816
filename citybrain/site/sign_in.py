"""External providers of identities, read from the environment."""

from __future__ import annotations

from collections.abc import Mapping

OPTIONS: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "oidc": (("issuer", "client_id"), {"client_secret": "", "name": "OpenID Connect"}),
    "zhezhengding": (
        ("client_id", "app_key", "app_secret"),
        {
            "login": "https://login-pro.ding.zj.gov.cn",
            "platform": "https://openplatform-pro.ding.zj.gov.cn",
            "address": "127.0.0.1",
        },
    ),
    "zheliban": (
        ("app_id", "access_key", "secret_key"),
        {
            "login": "https://portal.zjzwfw.gov.cn/uc/sso/login",
            "gateway": "https://ibcdsg.zj.gov.cn:8443/restapi/prod",
        },
    ),
}
"""Kind of provider -> options it needs, and options with their defaults. `CITYBRAIN_OIDC_ISSUER` gives the first."""


def identity_providers(environment: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The providers that are switched on, with their options: one is on as soon as one of its settings is given.

    Raises ValueError that names the missing settings of one that is half given, and an issuer without https.
    """
    found = {}
    for kind, (needed, defaults) in OPTIONS.items():
        prefix = f"CITYBRAIN_{kind.upper()}_"
        given = {name: environment.get(prefix + name.upper(), "") for name in (*needed, *defaults)}
        if not any(given.values()):
            continue
        if missing := [prefix + name.upper() for name in needed if not given[name]]:
            raise ValueError(f"Sign-in by {kind} is half set up: {', '.join(missing)} missing.")
        found[kind] = {name: given[name] or defaults.get(name, "") for name in given}
        for name in ("issuer", "login", "platform", "gateway"):
            url = found[kind].get(name, "https://")
            if not url.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
                raise ValueError(f"{prefix}{name.upper()} must begin with https://, not {url!r}.")
    return found
