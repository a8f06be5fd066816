"""Spelling, what is private, what a text is about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybrain.centre.understanding.reading import TypeCandidate, title_of
from citybrain.centre.understanding.spoken import (
    clauses,
    first_and_further,
    grams,
    plain,
    subject,
    units,
    without_private,
)

SAID = st.text(alphabet="路灯不亮，。 水管爆了13812345678跟没关系另外A-x李先生", max_size=80)


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("请回电13812345678。", "13812345678"),
        ("手机号+86 138 1234 5678", "1234"),
        ("座机0579-87101234打给我", "87101234"),
        ("身份证330722198001011234", "330722198001011234"),
        ("车牌浙G12345堵门", "浙G12345"),
        ("邮箱 li.lei@example.com", "example"),
        ("微信号abc_12345", "abc_12345"),
        ("来电人王建国反映路灯不亮", "王建国"),
        ("【诉求内容】郑婉致电，称", "郑婉"),
        ("李女士来电", "李"),
        ("我姓胡，住三楼", "胡"),
    ],
)
def test_private_words_are_crossed_out(text: str, gone: str) -> None:
    crossed = without_private(text)
    assert gone not in crossed
    assert "〔" in crossed


@pytest.mark.parametrize("text", ["路灯不亮好几天了", "高压线铁塔倾斜", "李一村水管爆了", "方岩景区厕所很脏"])
def test_what_happened_stays(text: str) -> None:
    assert without_private(text) == text


@given(SAID)
def test_a_subject_has_the_text_s_length(text: str) -> None:
    assert len(subject(text)) == len(text.lower())


@given(SAID)
def test_grams_stand_where_they_say(text: str) -> None:
    assert all(text[place : place + len(gram)] == gram for gram, place in grams(text))


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    read = plain(text)
    assert "\x00" not in read
    units(read)
    clauses(read)


def test_settled_and_denied_matters_are_not_read() -> None:
    assert "路灯" not in subject("上次反映的路灯修好了，今天下水道又堵了")
    assert "停电" not in subject("不是停电，是外面路灯不亮")
    assert "下水道" in subject("上次反映的路灯修好了，今天下水道又堵了")


def test_a_second_matter_is_told_apart() -> None:
    first, further = first_and_further("古山镇路灯不亮好几天了，另外垃圾桶也满了")
    assert first == "古山镇路灯不亮好几天了"
    assert further == "垃圾桶也满了"
    assert first_and_further("另外一条路也坏了")[1] == ""


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("古山镇路灯不亮，我的电话是18987693773", "古山镇路灯不亮"),
        ("13655201604随时联系，你好，水管爆了", "水管爆了"),
        ("网民留言：本人住在胡库村，垃圾没人清", "垃圾没人清"),
        ("来电人王建国反映：桥栏杆断了。要求保密个人信息。", "桥栏杆断了"),
        ("我的电话是18987693773", "Untitled"),
    ],
)
def test_a_title_names_the_matter_and_nobody(text: str, title: str) -> None:
    words = ("路灯不亮", "水管爆", "垃圾", "栏杆")
    assert title_of(plain(text), (TypeCandidate(key="any", probability=1.0, reasons=words),)) == title
