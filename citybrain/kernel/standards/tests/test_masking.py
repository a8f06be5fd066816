"""What each kind of masking shows, and that nothing short or misplaced leaks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybrain.declare.words import Masking
from citybrain.kernel.standards.masking import HIDDEN, mask

SHOWN = [
    (Masking.NONE, "永康市五金城有限公司", "永康市五金城有限公司"),
    (Masking.NAME, "王小明", "王**"),
    (Masking.NAME, "王明", "王**"),
    (Masking.NAME, "买买提·吐尔逊", "买**"),
    (Masking.NAME, "王", HIDDEN),
    (Masking.NAME, "  王 ", HIDDEN),
    (Masking.IDENTIFIER, "330784199001010013", "3****************3"),
    (Masking.IDENTIFIER, "330784900101001", "3*************1"),
    (Masking.IDENTIFIER, "12345", HIDDEN),
    (Masking.PHONE, "13812348000", "138****8000"),
    (Masking.PHONE, "138 1234 8000", "138****8000"),
    (Masking.PHONE, "0579-87123456", "057****3456"),
    (Masking.PHONE, "87123456", "****56"),
    (Masking.PHONE, "110", HIDDEN),
    (Masking.PHONE, "王小明13812348000", HIDDEN),
    (Masking.PHONE, "330784199001010013", HIDDEN),
    (Masking.ADDRESS, "浙江省永康市古山镇胡库下村12号", "浙江省永康市古山镇胡库下村****"),
    (Masking.ADDRESS, "永康市东城街道望春社区金都路8弄3幢2单元501室", "永康市东城街道望春社区****"),
    (Masking.ADDRESS, "永康市东城街道解放路12号", "永康市东城街道****"),
    (Masking.ADDRESS, "永康市解放路12号新村", "永康市****"),
    (Masking.ADDRESS, "永康市东城街道三号楼新村", "永康市东城街道****"),
    (Masking.ADDRESS, "永康市古山镇胡库下村", "永康市古山镇胡库下村"),
    (Masking.ADDRESS, "某处12号", HIDDEN),
    (Masking.PLATE, "浙G12345", "浙G***45"),
    (Masking.PLATE, "浙G·12345", "浙G***45"),
    (Masking.PLATE, "浙GD12345", "浙G***45"),
    (Masking.PLATE, "浙G12", HIDDEN),
    (Masking.TAIL, "6222020000001234", "****1234"),
    (Masking.TAIL, "1234", HIDDEN),
    (Masking.TAIL, "12345678901", HIDDEN),
    (Masking.DATE, "1990-01-02", "1990"),
    (Masking.DATE, "19900102", "1990"),
    (Masking.DATE, "1990年1月2日", "1990"),
    (Masking.DATE, "1990", HIDDEN),
    (Masking.DATE, "13812348000", HIDDEN),
    (Masking.DATE, "199001020013", HIDDEN),
    (Masking.ALL, "任何", HIDDEN),
]


@pytest.mark.parametrize(("masking", "value", "shown"), SHOWN)
def test_shown(masking: Masking, value: str, shown: str) -> None:
    assert mask(value, masking) == shown


@pytest.mark.parametrize("masking", Masking)
def test_every_kind_is_known_and_nothing_shows_nothing(masking: Masking) -> None:
    assert mask(None, masking) == ""
    assert mask("", masking) == ""
    assert {kind for kind, _value, _shown in SHOWN} == set(Masking)


MOST = {
    Masking.NAME: 1,
    Masking.IDENTIFIER: 2,
    Masking.PHONE: 7,
    Masking.PLATE: 4,
    Masking.TAIL: 4,
    Masking.DATE: 4,
    Masking.ALL: 0,
}


@given(value=st.text(max_size=40).filter(lambda text: "*" not in text), masking=st.sampled_from(sorted(MOST)))
def test_no_value_shows_more_than_its_kind_allows(value: str, masking: Masking) -> None:
    shown = mask(value, masking).replace("*", "")
    assert len(shown) <= MOST[masking]
    assert len(shown) <= len(value) / 2 or not shown, "never most of a short value"


@given(house=st.integers(1, 9999), rest=st.text(max_size=20))
def test_an_address_never_shows_the_house(house: int, rest: str) -> None:
    assert str(house) not in mask(f"浙江省永康市古山镇胡库下村{house}号{rest}", Masking.ADDRESS)


@given(value=st.text(alphabet="省市县区镇乡村社区街道号弄室幢0123 王路", max_size=30))
def test_no_shown_part_of_an_address_holds_a_digit_or_a_house_word(value: str) -> None:
    shown = mask(value, Masking.ADDRESS)
    assert not any(letter.isdigit() or letter in "号弄室幢" for letter in shown)
