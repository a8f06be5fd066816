"""Numbers of persons in running text: none survives, nothing else is touched, twice is once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybrain.kernel.standards.check_digits import citizen_id, luhn
from citybrain.kernel.standards.redacting import Local, offices, redacted

HERE = Local(codes=("330784",), area_code="0579", offices=offices(["0579-87123456"]))
GROUPS = ((11,), (3, 8), (7, 4), (5, 6), (3, 4, 4), (3, 3, 5), (3, 4, 2, 2), (1,) * 11)
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
AROUND = st.text(
    alphabet=st.one_of(
        st.sampled_from("打电话给我，。：:;*-+ ()（）\n元号A浙GXx#0579"), st.characters(categories=("L", "P", "Z"))
    ),
    max_size=30,
).filter(lambda text: not text[-1:].isdigit() and not text[:1].isdigit())
MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("请回电13812345678。", "请回电138****5678。"),
        ("+86 138-1234-5678 王", "138****5678 王"),
        ("８６１３８１２３４５６７８找我", "138****5678找我"),
        ("WX13812345678", "WX138****5678"),
        ("幺三八一二三四五六七八是我", "138****5678是我"),
        ("13812345678、13987654321", "138****5678、139****4321"),
        ("身份证330784 19900101 0039手机13812345678", None),
        ("座机0579-87101234转3", "座机057****1234转3"),
        ("(0571) 8710 1234", "057****1234"),
        ("057987101234", "057****1234"),
        ("电话：87101234、87105678", "电话：****34、****78"),
        ("卡号6222 0212 0204 1701 419到账", "卡号****1419到账"),
        ("浙G·12345堵门，浙ＧＤ１２３４５也在", "浙G***45堵门，浙G***45也在"),
    ],
)
def test_what_is_masked(text: str, shown: str | None) -> None:
    """As people write them."""
    found = redacted(text, HERE).text
    if shown is None:
        body = "33078419900101003"
        text = text.replace("330784 19900101 0039", f"{body[:6]} {body[6:14]} {body[14:]}{citizen_id(body)}")
        found = redacted(text, HERE).text
        assert found == f"身份证3****************{citizen_id(body)}手机138****5678"
    else:
        assert found == shown


@pytest.mark.parametrize(
    "text",
    [
        "YK2026112100001并案，见XS20261121000042",
        "路灯3307840203000001不亮，路灯 3307 8402 0300 0008 也是",
        "打12345、110、119、96345没人接，客服10086、400-810-8888",
        "涉及金额13800000.50元，面积1350平，2026-11-21 09:30，20261121",
        "住13幢15单元17号1901室，20231215那天",
        "13 15 17 19 21 3号楼",
        "统一代码91330784MA2E5DXX11",
        "公交浙G路口12路，古丽路138号",
        "来电20261121-0042，电话反映8000000元没发",
        "水务局0579-87123456",
        "坐标120.0402, 28.8938",
        "",
    ],
)
def test_what_stays(text: str) -> None:
    """Numbers that are nobody's."""
    assert redacted(text, HERE) == (text, ())


@given(
    AROUND,
    MOBILES,
    AROUND,
    st.sampled_from(GROUPS),
    st.sampled_from([" ", "-", ".", "－", "　", " - ", "·"]),
    st.booleans(),
)
def test_no_mobile_survives(
    before: str, number: str, after: str, groups: tuple[int, ...], gap: str, is_wide: bool
) -> None:
    """Whatever stands around it, in whatever digits and groups."""
    parts, rest = [], number
    for size in groups:
        parts.append(rest[:size])
        rest = rest[size:]
    said = (gap[:1] if len(groups) == 11 else gap).join(parts)
    shown = redacted(before + (said.translate(WIDE) if is_wide else said) + after, HERE).text
    assert number not in "".join(
        sign for sign in shown.translate({wide: plain for plain, wide in WIDE.items()}) if sign.isdigit()
    )


@given(st.text(alphabet="0123456789138- *浙GX１３８电话:、.+6222（）", max_size=80))
def test_twice_is_once(text: str) -> None:
    """A masked text holds nothing to mask."""
    once = redacted(text, HERE)
    assert redacted(once.text, HERE) == (once.text, ())
    assert len(once.text) <= len(text)


@given(
    st.from_regex(r"330784[0-9]{10}", fullmatch=True),
    st.from_regex(r"YK2026(0[1-9]|1[0-2])[0-2][0-9][0-9]{5}", fullmatch=True),
    AROUND,
)
def test_parts_and_cases_survive(part: str, case: str, around: str) -> None:
    """16 digits that begin with the county's code, one in ten of which has a card's check digit; numbers of events."""
    text = f"{part}，{case}"
    assert redacted(text, HERE).text == text
    assert part in redacted(f"路灯{part}在{case}", HERE).text


@given(st.from_regex(r"(62|45|52)[0-9]{13,16}", fullmatch=True), st.integers(0, 30000))
def test_cards_and_citizens(card: str, day: int) -> None:
    """With their check digits they go; a wrong check digit is another number."""
    right = card + luhn(card)
    wrong = card + str((int(luhn(card)) + 1) % 10)
    assert right not in redacted(f"转到{right}。", HERE).text
    assert wrong in redacted(f"转到{wrong}。", HERE).text or citizen_id(wrong[:17]) == wrong[17:]
