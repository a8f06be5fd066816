"""External providers of identities, as the environment says."""

from __future__ import annotations

import pytest

from citybrain.site.sign_in import identity_providers


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"CITYBRAIN_OIDC_ISSUER": "https://a.example"}, "CITYBRAIN_OIDC_CLIENT_ID missing"),
        ({"CITYBRAIN_OIDC_ISSUER": "http://a.example", "CITYBRAIN_OIDC_CLIENT_ID": "x"}, "must begin with https"),
        ({"CITYBRAIN_ZHELIBAN_APP_ID": "1"}, "CITYBRAIN_ZHELIBAN_ACCESS_KEY, CITYBRAIN_ZHELIBAN_SECRET_KEY missing"),
    ],
)
def test_a_provider_that_is_half_set_up_stops_the_start(environment: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        identity_providers(environment)


def test_no_provider_is_switched_on_by_itself() -> None:
    assert identity_providers({}) == {}


def test_what_is_not_said_has_its_default() -> None:
    given = {"CITYBRAIN_OIDC_ISSUER": "https://a.example", "CITYBRAIN_OIDC_CLIENT_ID": "x"}
    expected = {"issuer": "https://a.example", "client_id": "x", "client_secret": "", "name": "OpenID Connect"}
    assert identity_providers(given) == {"oidc": expected}
