"""Text messages by an HTTP gateway: Aliyun's short message service, or a plain signed one of the county's own.

What leaves the house is the declared text message of a notice: its template and the values that it names. Numbers,
names and free words never do. See docs/messages.md for the settings.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from citybrain.declare.notice import Channel
from citybrain.hubs.messages.channels import signing
from citybrain.hubs.messages.channels.calling import call, fields
from citybrain.hubs.messages.channels.channel import Handed, Outgoing, Passing, Receipt, Refused
from citybrain.kernel.identity.models import User

NUMBER = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")
"""A mainland mobile number."""

PASSING_CODES = {"isv.BUSINESS_LIMIT_CONTROL", "isp.SYSTEM_ERROR", "Throttling.User", "ServiceUnavailable"}
"""Aliyun's codes that mean: not now."""


class Sms:
    """One text message a delivery."""

    key = Channel.SMS

    @property
    def is_idempotent(self) -> bool:
        """The plain gateway is told to take an id once; Aliyun's takes it as often as it comes."""
        return bool(settings.SMS) and settings.SMS["kind"] == "plain"

    def is_ready(self) -> bool:
        """Whether a gateway is set."""
        return bool(settings.SMS)

    def address_of(self, user: User) -> str:
        """The person's mobile number, in eleven digits; empty for what is none."""
        match = NUMBER.fullmatch(re.sub(r"[\s-]", "", user.phone))
        return match[1] if match else ""

    def hand_over(self, outgoing: Outgoing) -> Handed:
        """Give it to the gateway."""
        if not NUMBER.fullmatch(outgoing.address):
            raise Refused("This is no mobile number.")
        return self._aliyun(outgoing) if settings.SMS["kind"] == "aliyun" else self._plain(outgoing)

    def receipts(self, body: bytes) -> Iterable[Receipt]:
        """A list with `out_id`, `success`, `err_code`: Aliyun's SmsReport pushed by HTTP, and the plain one's."""
        reports = json.loads(body)
        if not isinstance(reports, list):
            raise ValueError("A report is a list.")
        for report in reports:
            if not isinstance(report, dict) or not isinstance(report.get("out_id"), str):
                raise ValueError("Every report names its out_id.")
            error = "" if report.get("success") is True else str(report.get("err_code") or "failed")[:200]
            yield Receipt(id=report["out_id"], is_delivered=report.get("success") is True, error=error)

    def _plain(self, outgoing: Outgoing) -> Handed:
        content = {
            "id": outgoing.id,
            "to": outgoing.address,
            "text": outgoing.sms,
            "template": outgoing.notice,
            "values": dict(outgoing.values),
        }
        body = json.dumps(content, ensure_ascii=False).encode()
        now = int(time.time())
        headers = {
            "Content-Type": "application/json",
            "X-Key": settings.SMS["key"],
            "X-Timestamp": str(now),
            "X-Signature": signing.plain(now, body, settings.SMS["secret"]),
            "Idempotency-Key": outgoing.id,
        }
        answer = fields(call("POST", settings.SMS["url"], headers=headers, body=body))
        return Handed(gateway_id=str(answer.get("id", ""))[:128])

    def _aliyun(self, outgoing: Outgoing) -> Handed:
        templates = settings.SMS["templates"]
        template = templates.get(outgoing.notice) or templates.get("")
        if not template:
            raise Refused("No template of the gateway is set for this notice.")
        parameters = {
            "AccessKeyId": settings.SMS["key"],
            "Action": "SendSms",
            "Format": "JSON",
            "OutId": outgoing.id,
            "PhoneNumbers": outgoing.address,
            "RegionId": settings.SMS.get("region", "cn-hangzhou"),
            "SignName": settings.SMS["sign_name"],
            "SignatureMethod": "HMAC-SHA1",
            "SignatureNonce": outgoing.id,
            "SignatureVersion": "1.0",
            "TemplateCode": template,
            "TemplateParam": json.dumps(dict(outgoing.values), ensure_ascii=False),
            "Timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "Version": "2017-05-25",
        }
        parameters["Signature"] = signing.aliyun("POST", parameters, settings.SMS["secret"])
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode(parameters).encode()
        return _judged(fields(call("POST", settings.SMS["url"], headers=headers, body=body)))


def _judged(answer: dict[str, Any]) -> Handed:
    """Aliyun's answer: `Code` is OK, or says why not."""
    code = str(answer.get("Code", ""))
    if code == "OK":
        return Handed(gateway_id=str(answer.get("BizId", ""))[:128])
    if code in PASSING_CODES:
        raise Passing(code)
    raise Refused(code or "The gateway said nothing.")
