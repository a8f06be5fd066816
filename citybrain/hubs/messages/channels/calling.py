"""One call to a gateway: guarded, short, and with every outcome sorted into now, later and never."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import requests
from django.conf import settings

from citybrain.hubs.messages.channels.channel import Passing, Refused
from citybrain.kernel.network.addresses import AddressRefused
from citybrain.kernel.network.http import send

SETTING = "CITYBRAIN_MESSAGES_ALLOWED_HOSTS"
PASSING = (408, 425, 429, 500, 502, 503, 504)
"""Status codes worth another try."""


def call(method: str, url: str, *, headers: Mapping[str, str] | None = None, body: bytes | None = None) -> Any:
    """The gateway's answer as JSON. Raises Passing or Refused; neither ever names the query, which may hold a key."""
    try:
        answer = send(method, url, allowed=settings.MESSAGES_ALLOWED_HOSTS, setting=SETTING, headers=headers, body=body)
    except AddressRefused as error:
        raise Refused(str(error)) from error
    except requests.RequestException as error:
        raise Passing(type(error).__name__) from error
    if answer.status in PASSING:
        raise Passing(f"HTTP {answer.status}")
    if answer.status >= 300:
        raise Refused(f"HTTP {answer.status}")
    try:
        return json.loads(answer.body or b"{}")
    except ValueError as error:
        raise Passing("The gateway's answer is no JSON.") from error


def fields(answer: Any) -> dict[str, Any]:
    """The answer as an object. Raises Passing when it is something else."""
    if not isinstance(answer, dict):
        raise Passing("The gateway's answer is no object.")
    return answer
