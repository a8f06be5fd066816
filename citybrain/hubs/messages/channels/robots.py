"""Robots in group chats: DingTalk, WeCom and Feishu, each with the payload and signature its operator documents."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

from citybrain.declare.notice import Channel
from citybrain.hubs.messages.channels import signing
from citybrain.hubs.messages.channels.calling import call, fields
from citybrain.hubs.messages.channels.channel import Handed, Outgoing, Passing, Receipt, Refused
from citybrain.hubs.messages.models import Robot
from citybrain.kernel.identity.models import User

LONGEST = 3500
"""Characters of one post: WeCom takes 4096 bytes of Markdown, the others more."""

BUSY = {"dingtalk": {130101, 410100}, "wecom": {45009, -1}, "feishu": {9499, 11232}}
"""Codes that mean: too many at once, try again."""

JSON = {"Content-Type": "application/json; charset=utf-8"}

Said = tuple[str, dict[str, Any]]
"""Address to post to, and what."""


class GroupRobot:
    """One post in a group a delivery. No operator knows idempotence: a post given twice is seen twice."""

    key = Channel.ROBOT
    is_idempotent = False

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def is_ready(self) -> bool:
        """Every robot brings its own address."""
        return True

    def address_of(self, user: User) -> str:
        """Robots reach groups, not people."""
        return ""

    def hand_over(self, outgoing: Outgoing) -> Handed:
        """Post it."""
        url, content = POSTS[self.kind](outgoing)
        body = json.dumps(content, ensure_ascii=False).encode()
        answer = fields(call("POST", url, headers=JSON, body=body))
        code = answer.get("errcode", answer.get("code", answer.get("StatusCode")))
        if code == 0:
            return Handed(is_delivered=True)
        words = str(answer.get("errmsg") or answer.get("msg") or answer.get("StatusMessage") or "")[:200]
        raise (Passing if code in BUSY[self.kind] else Refused)(f"{self.kind} {code}: {words}")

    def receipts(self, body: bytes) -> Iterable[Receipt]:
        """Robots call nobody back."""
        raise ValueError("Robots have no receipts.")


def markdown(outgoing: Outgoing) -> str:
    """The post; what a person typed cannot become markup, nor call the whole group."""
    lines = [
        f"**{tame(outgoing.title)}**",
        tame(outgoing.text),
        outgoing.link and f"[{outgoing.link}]({outgoing.link})",
    ]
    return clipped("\n\n".join(line for line in lines if line))


def clipped(text: str) -> str:
    """At most `LONGEST` bytes."""
    return text if len(text.encode()) <= LONGEST else text.encode()[:LONGEST].decode(errors="ignore") + "…"


def tame(text: str) -> str:
    """Words without Markdown, HTML and mentions."""
    for sign, stand_in in (("<", "‹"), (">", "›"), ("@", "＠"), ("[", "［"), ("]", "］"), ("*", "＊"), ("`", "'")):
        text = text.replace(sign, stand_in)
    return text


def to_dingtalk(outgoing: Outgoing) -> Said:
    """钉钉自定义机器人: Markdown, `timestamp` and `sign` in the query."""
    url = outgoing.address
    if outgoing.secret:
        now = int(time.time() * 1000)
        url += (
            f"{'&' if '?' in url else '?'}timestamp={now}&sign={quote(signing.dingtalk(now, outgoing.secret), safe='')}"
        )
    return url, {"msgtype": "markdown", "markdown": {"title": tame(outgoing.title), "text": markdown(outgoing)}}


def to_wecom(outgoing: Outgoing) -> Said:
    """企业微信群机器人: Markdown; the key in its address is the whole proof."""
    return outgoing.address, {"msgtype": "markdown", "markdown": {"content": markdown(outgoing)}}


def to_feishu(outgoing: Outgoing) -> Said:
    """飞书自定义机器人: plain text, `timestamp` and `sign` in the body."""
    parts = [tame(outgoing.title), tame(outgoing.text), outgoing.link]
    content: dict[str, Any] = {
        "msg_type": "text",
        "content": {"text": clipped("\n".join(part for part in parts if part))},
    }
    if outgoing.secret:
        now = int(time.time())
        content |= {"timestamp": str(now), "sign": signing.feishu(now, outgoing.secret)}
    return outgoing.address, content


POSTS: dict[str, Callable[[Outgoing], Said]] = {
    Robot.Kind.DINGTALK: to_dingtalk,
    Robot.Kind.WECOM: to_wecom,
    Robot.Kind.FEISHU: to_feishu,
}
