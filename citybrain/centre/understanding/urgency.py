"""How urgent a text is, by rules a person can read: injuries, fire, gas, electricity, water, children, many people."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from citybrain.declare.event import Level

NOT = re.compile(
    r"(?:上次|以前|之前|曾经|去年|没有?|无|未|不会|暂无|幸好|幸亏|还好|好在|所幸|万一|要是|如果|怕|担心|容易|以免|避免|防止|会不会|险些|差点)[^，。,;；！!？?]{0,8}$"
)
"""Words before a sign that take it back: nobody was hurt, or it is only feared."""
AFTER_NOT = re.compile(r"^[^，。,;；！!？?]{0,3}(?:怎么办|谁负责|的风险|隐患)")


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign of urgency."""

    words: re.Pattern[str]
    level: Level
    reason: str | Promise
    is_feared_too: bool = False
    """Whether it counts when it is only feared."""


def _sign(words: str, level: Level, reason: str | Promise, *, feared: bool = False) -> Sign:
    return Sign(re.compile(words), level, reason, feared)


SIGNS = (
    _sign(
        r"死人|死亡|身亡|丧命|没命|溺水|落水|有人掉(?:进|下|到)|被困|困人|困住|困在|关在(?:里面|电梯)|被压住|被埋|窒息|昏迷|没有呼吸|跳楼|"
        r"轻生|自杀|跳河",
        Level.RED,
        _("somebody's life is in danger"),
    ),
    _sign(r"起火|着火|火灾|火势|爆炸|冒火|燃起来|烧起来", Level.RED, _("fire or explosion")),
    _sign(
        r"(?:煤气|燃气|天然气|液化气|瓦斯).{0,6}(?:味|泄|漏|断|破|冒)|(?:漏|挖断|挖破).{0,4}(?:煤气|燃气|天然气|气管)|臭鸡蛋味",
        Level.RED,
        _("gas"),
    ),
    _sign(r"触电|电死|漏电|裸露.{0,6}(?:电|铜)|露出铜|冒火花|电线.{0,6}(?:断|掉|垂)", Level.ORANGE, _("electricity")),
    _sign(
        r"受伤|摔伤|撞伤|砸伤|烫伤|烧伤|划伤|割伤|割破|划破|骨折|骨头断|流.{0,4}血|满脸血|晕倒|缝了?\d*针|送医|送医院|住院了|救护车|"
        r"摔倒(?!的)|跌倒|崴了?脚|压断|断了?(?:手指|腿|胳膊)|砸到(?:人|头|车)|咬(?:伤|到)|(?:被|把).{0,10}咬|中毒|上吐下泻",
        Level.ORANGE,
        _("somebody was hurt"),
    ),
    _sign(r"塌陷|塌方|坍塌|塌了|地陷|垮塌|天坑|下沉.{0,4}米", Level.ORANGE, _("something collapsed")),
    _sign(r"打架|持刀|砍人|威胁要|报复|聚众|聚集|堵门|围堵|拉横幅讨", Level.ORANGE, _("danger to public order")),
    _sign(r"水(?:都)?(?:到|漫过|没过|淹到).{0,3}(?:膝|腰|车轮|车门|胸)|决口|管涌|溃", Level.ORANGE, _("flood")),
    _sign(r"危险化学|危化|有毒|剧毒|化学品泄", Level.ORANGE, _("dangerous goods")),
    _sign(
        r"(?:小孩|孩子|儿童|学生|幼儿|老人|孕妇|残疾人).{0,10}(?:掉|摔|绊|危险|触|爬|伤)",
        Level.YELLOW,
        _("children or old people are at risk"),
        feared=True,
    ),
    _sign(
        r"掉(?:进|下)去|砸(?:下来|到)|要掉|快掉|摇摇欲坠|随时会|要倒|快倒",
        Level.YELLOW,
        _("something may fall"),
        feared=True,
    ),
    _sign(
        r"(?:整|全)(?:个)?(?:小区|村|栋|条街|片)|几百(?:人|户)|上百(?:人|户)|很多(?:人|户)都",
        Level.YELLOW,
        _("many are concerned"),
    ),
)
"""The gravest first."""


def urgency(text: str) -> tuple[Level | None, tuple[str, ...]]:
    """The gravest level the signs of a text speak for, and why; None when there is no sign."""
    level: Level | None = None
    reasons: list[str] = []
    for sign in SIGNS:
        for found in sign.words.finditer(text):
            before, after = text[max(0, found.start() - 14) : found.start()], text[found.end() : found.end() + 10]
            if not sign.is_feared_too and (NOT.search(before) or AFTER_NOT.search(after)):
                continue
            reasons.append(f"{sign.reason}: “{found.group()[:10]}”")
            if level is None or sign.level.height > level.height:
                level = sign.level
            break
    return level, tuple(reasons)
