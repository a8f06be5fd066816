"""Settings of messages, read from the environment: the mail server, the text message gateway."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

KINDS = ("plain", "aliyun")


def mail_settings(url: str) -> dict[str, Any]:
    """Django's e-mail settings for `smtp://user:password@host:587?tls=1` or `smtps://…:465`; none for an empty text.

    Raises ValueError for another scheme.
    """
    if not url:
        return {"EMAIL_HOST": "", "EMAIL_TIMEOUT": 15}
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps"):
        raise ValueError(f"CITYBRAIN_SMTP_URL: the scheme {parts.scheme!r} is not smtp or smtps.")
    options = dict(parse_qsl(parts.query))
    return {
        "EMAIL_HOST": parts.hostname or "",
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": options.get("tls") == "1",
        "EMAIL_TIMEOUT": 15,
    }


def sms_settings(environment: Mapping[str, str]) -> dict[str, Any]:
    """The gateway of `CITYBRAIN_SMS_*`; empty when none is named. Raises ValueError that names what is missing.

    `TEMPLATES` is JSON: key of a notice -> code of the gateway's template, "" for all others.
    """
    url = environment.get("CITYBRAIN_SMS_URL", "")
    if not url:
        return {}
    kind = environment.get("CITYBRAIN_SMS_KIND", "plain")
    if kind not in KINDS:
        raise ValueError(f"CITYBRAIN_SMS_KIND is {kind!r}: write one of {', '.join(KINDS)}.")
    needed = ["KEY", "SECRET", *(["SIGN_NAME"] if kind == "aliyun" else [])]
    if missing := [f"CITYBRAIN_SMS_{name}" for name in needed if not environment.get(f"CITYBRAIN_SMS_{name}")]:
        raise ValueError(f"CITYBRAIN_SMS_URL is set, so {', '.join(missing)} must be set too.")
    try:
        templates = json.loads(environment.get("CITYBRAIN_SMS_TEMPLATES", "{}"))
    except ValueError as error:
        raise ValueError(f"CITYBRAIN_SMS_TEMPLATES is no JSON: {error}.") from error
    return {
        "kind": kind,
        "url": url,
        "key": environment["CITYBRAIN_SMS_KEY"],
        "secret": environment["CITYBRAIN_SMS_SECRET"],
        "sign_name": environment.get("CITYBRAIN_SMS_SIGN_NAME", ""),
        "region": environment.get("CITYBRAIN_SMS_REGION", "cn-hangzhou"),
        "templates": templates,
    }
