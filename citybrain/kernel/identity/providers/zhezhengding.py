"""The officials' app 浙政钉 (a DingTalk of the government): sign-in by scanning a code, or from inside the app.

Written after public descriptions of the exchange, not after the closed handbook, and never tried against the real
service: docs/security.md says what that means. What is sent and expected is held in the tests.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal
from urllib.parse import urlencode

import requests
from django.utils import timezone
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

TOKEN = "/gettoken.json"  # noqa: S105 - an address
PERSON = "/rpc/oauth2/getuserinfo_bycode.json"


@dataclass(frozen=True, kw_only=True)
class ZheZhengDing:
    """The app's sign-in service and its open platform."""

    key: ClassVar[str] = "zhezhengding"
    kind: ClassVar[Literal["official", "citizen"]] = "official"
    opens_accounts: ClassVar[bool] = False

    login: str
    """Address of the sign-in pages: `https://login-pro.ding.zj.gov.cn`."""
    platform: str
    """Address of the open platform: `https://openplatform-pro.ding.zj.gov.cn`."""
    client_id: str
    """Name of the scan-to-sign-in application (应用标识)."""
    app_key: str
    app_secret: str
    address: str = "127.0.0.1"
    """This server's own address, which the platform wants named in each request, with that of its network card."""

    @property
    def title(self) -> str:
        """The app's name."""
        return _("Zhezhengding")

    def begin(self, return_url: str) -> Departure:
        """The page with the code to scan."""
        state = new_state()
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": return_url,
            "scope": "get_user_info",
            "authType": "QRCODE",
            "state": state,
        }
        return Departure(url=f"{self.login.rstrip('/')}/oauth2/auth.htm?{urlencode(asked)}", kept={"state": state})

    def complete(self, kept: Mapping[str, str], answer: Mapping[str, str], return_url: str) -> Identity:
        """Exchanges the code for the person, with a token of the application."""
        check_state(kept, answer)
        if not answer.get("code"):
            raise ProviderError("The answer carries no code.")
        token = self.ask(TOKEN, {"appkey": self.app_key, "appsecret": self.app_secret}).get("accessToken")
        person = self.ask(PERSON, {"access_token": str(token or ""), "code": answer["code"]})
        if not person.get("accountId"):
            raise ProviderError("The platform named nobody.")
        return Identity(
            provider=self.key,
            subject=str(person["accountId"])[:255],
            name=str(person.get("lastName") or person.get("nickNameCn") or "")[:128],
            kind=self.kind,
            organisations=tuple(str(person[name]) for name in ("tenantName", "realmName") if person.get(name)),
            facts={name: str(person[name]) for name in ("employeeCode", "tenantId", "realmId") if person.get(name)},
        )

    def ask(self, path: str, asked: Mapping[str, str]) -> dict[str, Any]:
        """One signed question to the open platform; returns `content.data`."""
        headers = self.signature("POST", path, asked, timezone.localtime(), uuid.uuid4().hex)
        try:
            response = requests.post(
                self.platform.rstrip("/") + path, data=asked, headers=headers, timeout=SECONDS, allow_redirects=False
            )
        except requests.RequestException as error:
            raise ProviderError(f"{path} cannot be reached: {type(error).__name__}.") from error
        found = answer_of(response)
        content = found.get("content")
        if not found.get("success") or not isinstance(content, dict) or not content.get("success"):
            raise ProviderError(f"{path} refused.")
        data = content.get("data")
        if not isinstance(data, dict):
            raise ProviderError(f"{path} answered without data.")
        return data

    def signature(self, method: str, path: str, asked: Mapping[str, str], at: datetime, nonce: str) -> dict[str, str]:
        """Headers of a request: HMAC-SHA256 over method, time, nonce, path and the sorted parameters, a line each."""
        moment = at.isoformat(timespec="milliseconds")
        words = "&".join(f"{name}={asked[name]}" for name in sorted(asked))
        signed = "\n".join([method, moment, nonce, path, *([words] if words else [])])
        made = hmac.new(self.app_secret.encode(), signed.encode(), hashlib.sha256).digest()
        return {
            "X-Hmac-Auth-Timestamp": moment,
            "X-Hmac-Auth-Version": "1.0",
            "X-Hmac-Auth-Nonce": nonce,
            "apiKey": self.app_key,
            "X-Hmac-Auth-Signature": base64.b64encode(made).decode(),
            "X-Hmac-Auth-IP": self.address,
            "X-Hmac-Auth-MAC": "-".join(f"{part:02X}" for part in uuid.getnode().to_bytes(6, "big")),
        }
