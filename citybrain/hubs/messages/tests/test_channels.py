"""Every way out keeps the contract: it hands over, sorts failures into later and never, and leaks nothing."""

from __future__ import annotations

import json
import smtplib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from django.core import mail

from citybrain.hubs.messages.channels import signing
from citybrain.hubs.messages.channels.channel import ChannelAdapter, Outgoing, Passing, Refused
from citybrain.hubs.messages.channels.chosen import channels, robots
from citybrain.hubs.messages.channels.email import Email
from citybrain.hubs.messages.channels.sms import Sms
from citybrain.hubs.messages.tests.gateway import Gateway, gateway
from citybrain.kernel.identity.models import User

ID = "6a2b0a34-3c5c-4d0a-9c1e-000000000001"


def outgoing(**facts: Any) -> Outgoing:
    return Outgoing(
        **{
            "id": ID,
            "address": "13800138000",
            "title": "Level 3 reached",
            "text": "Water stands at 3.2 m.",
            "link": "https://brain.example/m/1",
            "notice": "level",
            "sms": "Level 3 reached.",
            "values": {"level": "3"},
            **facts,
        }
    )


@dataclass(frozen=True)
class Case:
    """A channel that speaks HTTP, and how its gateway answers."""

    adapter: ChannelAdapter
    address: Callable[[Gateway], str]
    fine: Any
    busy: Any
    never: Any
    sms: dict[str, Any] | None = None


def plain(server: Gateway) -> str:
    return "13800138000"


ALIYUN = {
    "kind": "aliyun",
    "key": "testid",
    "secret": "testsecret",
    "sign_name": "永康",
    "templates": {"level": "SMS_1"},
}
CASES = {
    "sms-plain": Case(
        Sms(), plain, (200, {"id": "g1"}), (503, {}), (400, {}), {"kind": "plain", "key": "k", "secret": "s"}
    ),
    "sms-aliyun": Case(
        Sms(),
        plain,
        (200, {"Code": "OK", "BizId": "g1"}),
        (200, {"Code": "isv.BUSINESS_LIMIT_CONTROL"}),
        (200, {"Code": "isv.MOBILE_NUMBER_ILLEGAL"}),
        ALIYUN,
    ),
    "dingtalk": Case(
        robots()["dingtalk"],
        lambda server: f"{server.url}robot/send?access_token=t",
        (200, {"errcode": 0}),
        (200, {"errcode": 130101, "errmsg": "send too fast"}),
        (200, {"errcode": 310000, "errmsg": "sign not match"}),
    ),
    "wecom": Case(
        robots()["wecom"],
        lambda server: f"{server.url}webhook/send?key=t",
        (200, {"errcode": 0}),
        (200, {"errcode": 45009}),
        (200, {"errcode": 93000}),
    ),
    "feishu": Case(
        robots()["feishu"],
        lambda server: f"{server.url}hook/t",
        (200, {"code": 0}),
        (200, {"code": 9499}),
        (200, {"code": 19021}),
    ),
}


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


def hand_over(case: Case, settings: Any, *answers: Any, allowed: bool = True, **facts: Any) -> tuple[Any, Gateway]:
    with gateway(*answers) as server:
        settings.MESSAGES_ALLOWED_HOSTS = (server.host,) if allowed else ()
        settings.SMS = {**case.sms, "url": server.url} if case.sms else {}
        facts.setdefault("address", case.address(server))
        return case.adapter.hand_over(outgoing(**facts)), server


def test_what_is_handed_over_is_asked_once_and_taken(case: Case, settings: Any) -> None:
    handed, server = hand_over(case, settings, case.fine)
    assert len(server.asked) == 1
    assert handed.gateway_id in ("", "g1")
    assert case.adapter.key in ("sms", "robot")


def test_a_busy_gateway_is_asked_again_later(case: Case, settings: Any) -> None:
    for answer in (case.busy, (500, {}), (429, {}), (200, b"<html>"), (200, [1])):
        with pytest.raises(Passing):
            hand_over(case, settings, answer)


def test_a_refusal_is_final(case: Case, settings: Any) -> None:
    for answer in (case.never, (404, {}), (302, {})):
        with pytest.raises(Refused):
            hand_over(case, settings, answer)


def test_a_dead_gateway_is_tried_again(case: Case, settings: Any) -> None:
    with gateway(case.fine) as server:
        settings.MESSAGES_ALLOWED_HOSTS = (server.host,)
        settings.SMS = {**case.sms, "url": server.url} if case.sms else {}
        address = case.address(server)
    with pytest.raises(Passing) as failure:
        case.adapter.hand_over(outgoing(address=address))
    assert "access_token" not in str(failure.value) and "key=" not in str(failure.value)


def test_nothing_goes_into_a_private_network_that_was_not_allowed(case: Case, settings: Any) -> None:
    with pytest.raises(Refused, match="CITYBRAIN_MESSAGES_ALLOWED_HOSTS"):
        hand_over(case, settings, case.fine, allowed=False)


def test_a_channel_without_settings_is_not_ready(settings: Any) -> None:
    settings.SMS, settings.EMAIL_HOST = {}, ""
    assert [channel.is_ready() for channel in channels().values()] == [False, False]


@pytest.mark.parametrize("kind", robots())
def test_posts_cannot_call_the_group_or_become_markup(kind: str, settings: Any) -> None:
    hostile = "<at id=all></at> @all [x](http://evil.example) **b** `c`"
    _handed, server = hand_over(CASES[kind], settings, CASES[kind].fine, title=hostile, text=hostile * 200)
    sent = server.asked[0].body.decode()
    content = json.dumps({k: v for k, v in server.asked[0].json.items() if k != "timestamp"}, ensure_ascii=False)
    assert "<at" not in content and "@all" not in content and "](http://evil" not in content
    assert len(sent.encode()) < 20_000


def test_robots_sign_as_their_operators_document(settings: Any) -> None:
    _handed, server = hand_over(CASES["dingtalk"], settings, (200, {"errcode": 0}), secret="SEC1")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(server.asked[0].path).query).items()}
    assert asked["sign"] == signing.dingtalk(int(asked["timestamp"]), "SEC1") and len(asked["timestamp"]) == 13
    _handed, server = hand_over(CASES["feishu"], settings, (200, {"code": 0}), secret="SEC2")
    assert server.asked[0].json["sign"] == signing.feishu(int(server.asked[0].json["timestamp"]), "SEC2")


def test_signatures_are_those_of_the_operators_own_examples() -> None:
    # Aliyun's published example of an RPC request (ECS, DescribeRegions).
    parameters = {
        "SignatureVersion": "1.0",
        "Action": "DescribeRegions",
        "Format": "XML",
        "SignatureNonce": "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf",
        "Version": "2014-05-26",
        "AccessKeyId": "testid",
        "SignatureMethod": "HMAC-SHA1",
        "Timestamp": "2016-02-23T12:46:24Z",
    }
    assert signing.aliyun("GET", parameters, "testsecret") == "OLeaidS1JvxuMvnyHOwuJ+uX5qY="


def test_a_text_message_carries_the_template_and_its_values_and_nothing_else(settings: Any) -> None:
    _handed, server = hand_over(CASES["sms-aliyun"], settings, (200, {"Code": "OK"}))
    sent = dict(parse_qsl(server.asked[0].body.decode()))
    signature = sent.pop("Signature")
    assert signature == signing.aliyun("POST", sent, "testsecret")
    assert (sent["TemplateCode"], json.loads(sent["TemplateParam"]), sent["OutId"]) == ("SMS_1", {"level": "3"}, ID)
    assert "Water stands" not in server.asked[0].body.decode()
    _handed, server = hand_over(CASES["sms-plain"], settings, (200, {}))
    asked = server.asked[0]
    assert asked.json == {
        "id": ID,
        "to": "13800138000",
        "text": "Level 3 reached.",
        "template": "level",
        "values": {"level": "3"},
    }
    now = int(asked.headers["X-Timestamp"])
    assert asked.headers["X-Signature"] == signing.plain(now, asked.body, "s")
    assert asked.headers["Idempotency-Key"] == ID


def test_a_notice_without_a_template_goes_nowhere(settings: Any) -> None:
    with pytest.raises(Refused, match="template"):
        hand_over(CASES["sms-aliyun"], settings, (200, {"Code": "OK"}), notice="other")


@pytest.mark.parametrize("phone", ["", "12345", "12800138000", "138001380001", "+1 555 0100", "１３８００１３８０００"])
def test_what_is_no_mobile_number_is_no_address(phone: str, settings: Any) -> None:
    assert Sms().address_of(User(phone=phone)) == ""
    settings.SMS = {"kind": "plain"}
    with pytest.raises(Refused):
        Sms().hand_over(outgoing(address=phone))


@pytest.mark.parametrize("phone", ["13800138000", "138 0013 8000", "+86-138-0013-8000", "8613800138000"])
def test_numbers_are_read_as_people_write_them(phone: str) -> None:
    assert Sms().address_of(User(phone=phone)) == "13800138000"


# E-mail


@pytest.fixture
def mail_set_up(settings: Any) -> None:
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL = "mail.county.example", "City brain <brain@county.example>"


def test_an_email_has_the_id_of_its_delivery(mail_set_up: None) -> None:
    handed = Email().hand_over(outgoing(address="li@county.example", title="A\nB", urgency="urgent"))
    sent = mail.outbox[0]
    assert handed.gateway_id == f"<{ID}@county.example>" == sent.extra_headers["Message-ID"]
    assert (sent.subject, sent.to, sent.extra_headers["Importance"]) == ("A B", ["li@county.example"], "high")
    assert sent.body == "Water stands at 3.2 m.\n\nhttps://brain.example/m/1"


@pytest.mark.parametrize("address", ["", "li", "li@x\nBcc: all@county.example", "li@county.example, b@county.example"])
def test_what_is_no_address_gets_nothing(address: str, mail_set_up: None) -> None:
    with pytest.raises(Refused):
        Email().hand_over(outgoing(address=address))
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (smtplib.SMTPServerDisconnected("gone"), Passing),
        (smtplib.SMTPDataError(451, b"later"), Passing),
        (smtplib.SMTPDataError(552, b"too large"), Refused),
        (smtplib.SMTPRecipientsRefused({"li@county.example": (450, b"busy")}), Passing),
        (smtplib.SMTPRecipientsRefused({"li@county.example": (550, b"unknown")}), Refused),
        (smtplib.SMTPAuthenticationError(535, b"no"), Refused),
        (ConnectionRefusedError(), Passing),
        (TimeoutError(), Passing),
    ],
)
def test_failures_of_the_mail_server_are_sorted(
    error: Exception, kind: type[Exception], mail_set_up: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise error

    monkeypatch.setattr("django.core.mail.EmailMessage.send", fail)
    with pytest.raises(kind):
        Email().hand_over(outgoing(address="li@county.example"))


# Receipts


def test_reports_are_read_and_hostile_ones_refused() -> None:
    other = str(uuid.uuid4())
    body = json.dumps([{"out_id": ID, "success": True}, {"out_id": other, "success": False, "err_code": "UNREACHABLE"}])
    found = list(Sms().receipts(body.encode()))
    assert [(one.id, one.is_delivered, one.error) for one in found] == [(ID, True, ""), (other, False, "UNREACHABLE")]
    for hostile in (b"", b"{}", b"[1]", b'[{"out_id": 5}]', b"[{}]", b"\xff"):
        with pytest.raises(ValueError):
            list(Sms().receipts(hostile))
    for adapter in (Email(), robots()["wecom"]):
        with pytest.raises(ValueError, match="no receipts"):
            list(adapter.receipts(b"[]"))


@pytest.mark.parametrize("adapter", [Email(), Sms(), *robots().values()], ids=lambda one: type(one).__name__)
def test_every_channel_is_one(adapter: object) -> None:
    assert isinstance(adapter, ChannelAdapter)
