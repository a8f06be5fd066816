"""Signatures that gateways ask for, each as its operator documents it publicly.

Aliyun RPC, signature version 1.0: HMAC-SHA1 over `METHOD&%2F&<encoded sorted query>`, key `<secret>&`, Base64.
DingTalk custom robot: HMAC-SHA256 over `<milliseconds>\\n<secret>` with the secret as key, Base64, in the query.
Feishu custom robot: HMAC-SHA256 over nothing with `<seconds>\\n<secret>` as key, Base64, in the body.
Plain: HMAC-SHA256 over `<seconds>\\n<body>`, hexadecimal, in the header `X-Signature`: a gateway of the county's own.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import quote


def percent(text: str) -> str:
    """RFC 3986: everything but letters, digits, `-`, `_`, `.` and `~` is encoded."""
    return quote(text, safe="~")


def aliyun(method: str, parameters: Mapping[str, str], secret: str) -> str:
    """The value of `Signature`."""
    query = "&".join(f"{percent(name)}={percent(value)}" for name, value in sorted(parameters.items()))
    words = f"{method}&{percent('/')}&{percent(query)}"
    return _base64(f"{secret}&".encode(), words.encode(), "sha1")


def dingtalk(milliseconds: int, secret: str) -> str:
    """The value of `sign`, not yet encoded for the query."""
    return _base64(secret.encode(), f"{milliseconds}\n{secret}".encode(), "sha256")


def feishu(seconds: int, secret: str) -> str:
    """The value of `sign`."""
    return _base64(f"{seconds}\n{secret}".encode(), b"", "sha256")


def plain(seconds: int, body: bytes, secret: str) -> str:
    """The value of `X-Signature`."""
    return hmac.new(secret.encode(), f"{seconds}\n".encode() + body, hashlib.sha256).hexdigest()


def _base64(key: bytes, words: bytes, algorithm: str) -> str:
    return base64.b64encode(hmac.new(key, words, algorithm).digest()).decode()
