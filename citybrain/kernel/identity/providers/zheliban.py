"""The citizens' app 浙里办: a ticket is exchanged for a token, and that for the person.

Written after public descriptions of the exchange (IRS single sign-on component), not after the closed handbook, and
never tried against the real service: docs/security.md says what that means.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, ClassVar, Literal
from urllib.parse import urlencode, urlsplit

import requests
from django.utils.translation import gettext as _

from citybrain.kernel.identity.providers.provider import (
    SECONDS,
    Departure,
    Identity,
    ProviderError,
    answer_of,
    check_state,
    new_state,
)

TOKEN = "/IC33000020220329000007/uc/sso/access_token"  # noqa: S105 - an address
PERSON = "/IC33000020220329000008/uc/sso/getUserInfo"


@dataclass(frozen=True, kw_only=True)
class ZheLiBan:
    """The app's sign-in page and the gateway its component is reached by."""

    key: ClassVar[str] = "zheliban"
    kind: ClassVar[Literal["official", "citizen"]] = "citizen"
    opens_accounts: ClassVar[bool] = True

    login: str
    """Address of the sign-in page: `https://portal.zjzwfw.gov.cn/uc/sso/login`."""
    gateway: str
    """Address of the gateway: `https://ibcdsg.zj.gov.cn:8443/restapi/prod`."""
    app_id: str
    access_key: str
    secret_key: str

    @property
    def title(self) -> str:
        """The app's name."""
        return _("Zheliban")

    def begin(self, return_url: str) -> Departure:
        """The app's sign-in page. The way back is registered with the app; our state travels in `sp`."""
        state = new_state()
        url = f"{self.login}?{urlencode({'appId': self.app_id, 'sp': state})}"
        return Departure(url=url, kept={"state": state})

    def complete(self, kept: Mapping[str, str], answer: Mapping[str, str], return_url: str) -> Identity:
        """Exchanges the ticket for the person. Number of the identity card and phone are not kept."""
        # The service hands `sp` back as `redirectUrl`; older containers keep its name.
        check_state(kept, answer, "redirectUrl" if "redirectUrl" in answer else "sp")
        if not answer.get("ticketId"):
            raise ProviderError("The answer carries no ticket.")
        token = self.ask(TOKEN, {"appId": self.app_id, "ticketId": answer["ticketId"]}).get("accessToken")
        found = self.ask(PERSON, {"token": str(token or "")})
        person = found.get("personInfo")
        if not isinstance(person, dict) or not person.get("userId"):
            raise ProviderError("The gateway named no person; firms cannot sign in here.")
        return Identity(
            provider=self.key,
            subject=str(person["userId"])[:255],
            name=str(person.get("userName") or "")[:128],
            kind=self.kind,
        )

    def ask(self, path: str, asked: Mapping[str, str]) -> dict[str, Any]:
        """One signed question to the gateway; returns `data`."""
        url = self.gateway.rstrip("/") + path
        headers = self.signature("POST", urlsplit(url).path, datetime.now(UTC))
        try:
            response = requests.post(url, json=asked, headers=headers, timeout=SECONDS, allow_redirects=False)
        except requests.RequestException as error:
            raise ProviderError(f"{path} cannot be reached: {type(error).__name__}.") from error
        found = answer_of(response)
        data = found.get("data")
        if not found.get("success") or not isinstance(data, dict):
            raise ProviderError(f"{path} refused.")
        return data

    def signature(self, method: str, path: str, at: datetime) -> dict[str, str]:
        """Headers of a request: HMAC-SHA256 over method, path, (empty) query, access key and time, a line each."""
        moment = format_datetime(at, usegmt=True)
        signed = f"{method}\n{path}\n\n{self.access_key}\n{moment}\n"
        made = hmac.new(self.secret_key.encode(), signed.encode(), hashlib.sha256).digest()
        return {
            "X-BG-HMAC-SIGNATURE": base64.b64encode(made).decode(),
            "X-BG-HMAC-ALGORITHM": "hmac-sha256",
            "X-BG-HMAC-ACCESS-KEY": self.access_key,
            "X-BG-DATE-TIME": moment,
        }
