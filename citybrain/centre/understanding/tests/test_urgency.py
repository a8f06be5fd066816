"""Signs of urgency, and what takes them back."""

from __future__ import annotations

import pytest

from citybrain.centre.understanding.urgency import urgency
from citybrain.declare.event import Level


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("我婆婆被困在电梯里十分钟了", Level.RED),
        ("楼道里好大一股煤气味", Level.RED),
        ("仓库着火了", Level.RED),
        ("老人摔倒受伤了", Level.ORANGE),
        ("电线断了掉在路上", Level.ORANGE),
        ("路面塌陷了一个大洞", Level.ORANGE),
        ("招牌快掉下来了", Level.YELLOW),
        ("整个小区都没水", Level.YELLOW),
        ("路灯不亮", None),
        ("幸好没有人受伤", None),
        ("万一有人摔伤谁负责", None),
        ("上次着火消防车进不来", None),
        ("怕漏电", None),
    ],
)
def test_the_gravest_sign_decides(text: str, level: Level | None) -> None:
    found, reasons = urgency(text)
    assert found is level
    assert bool(reasons) is (level is not None)


def test_a_reason_quotes_the_text() -> None:
    _level, reasons = urgency("巷口漏煤气，有人晕倒了")
    assert any("煤气" in reason for reason in reasons)
    assert any("晕倒" in reason for reason in reasons)
