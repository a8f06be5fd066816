"""The standards' own samples, and the property a check character exists for: one wrong character is noticed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybrain.rehearsal.codes import (
    CREDIT_CHARACTERS,
    citizen_check,
    citizen_numbers,
    credit_check,
    credit_codes,
    is_citizen_number,
    is_credit_code,
    organisation_bodies,
    organisation_check,
)


@pytest.mark.parametrize(
    "number",
    ["11010519491231002X", "440524188001010014", "330784201601010013", "330784200002291234", "33242219830307001X"],
)
def test_valid_citizen_numbers(number: str) -> None:
    assert is_citizen_number(number)


@pytest.mark.parametrize("number", ["110105194912310021", "11010519491231002x", "1101051949123100", ""])
def test_wrong_citizen_numbers(number: str) -> None:
    assert not is_citizen_number(number)


@pytest.mark.parametrize(
    "code",
    ["113307843077566033", "11330700MB10327095", "91110000600037341L", "914403001922038216", "N2330784MF1234567J"],
)
def test_valid_credit_codes(code: str) -> None:
    assert is_credit_code(code)


@pytest.mark.parametrize("code", ["91330784MA2E5DXX11", "91330000142911425X", "91330784IA2E5DX148"])
def test_wrong_credit_codes(code: str) -> None:
    assert not is_credit_code(code)


@pytest.mark.parametrize("code", ["D2143569X", "123456788", "307756603"])
def test_organisation_codes(code: str) -> None:
    assert organisation_check(code[:8]) == code[8]


@given(st.text("0123456789", min_size=17, max_size=17), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_of_a_citizen_number_is_noticed(body: str, place: int, shift: int) -> None:
    other = body[:place] + str((int(body[place]) + shift) % 10) + body[place + 1 :]
    assert not is_citizen_number(other + citizen_check(body))


@given(st.text(CREDIT_CHARACTERS, min_size=17, max_size=17), st.integers(0, 16), st.integers(1, 30))
def test_one_wrong_character_of_a_credit_code_is_noticed(body: str, place: int, shift: int) -> None:
    other = CREDIT_CHARACTERS[(CREDIT_CHARACTERS.index(body[place]) + shift) % 31]
    assert not is_credit_code(body[:place] + other + body[place + 1 :] + credit_check(body))


@given(st.lists(st.tuples(st.integers(110000, 990000), st.dates(), st.integers(1, 999)), min_size=1, max_size=50))
def test_columns_of_citizen_numbers_equal_single_ones(rows: list[tuple[int, object, int]]) -> None:
    area, born, sequence = (np.array(column) for column in zip(*rows, strict=True))
    numbers = citizen_numbers(area, born.astype("datetime64[D]"), sequence).to_pylist()
    for number, (code, day, order) in zip(numbers, rows, strict=True):
        body = f"{code:06d}{str(day).replace('-', '')}{order:03d}"
        assert number == body + citizen_check(body)


def test_columns_of_credit_codes_have_both_check_characters() -> None:
    bodies = np.vstack([organisation_bodies("MA2", np.arange(900)), organisation_bodies("7", np.arange(900))])
    prefix = np.tile(np.frombuffer(b"91", dtype=np.uint8), (1800, 1))
    codes = credit_codes(prefix, "330784", bodies).to_pylist()
    assert all(is_credit_code(code) and organisation_check(code[8:16]) == code[16] for code in codes)
    assert len(set(codes)) == 1800
