"""Real business registrations of Zhejiang: how much is understood, and nothing of it wrongly.

The file may be read beside the project but not shipped with it (CC BY-NC-SA); without it these tests are skipped.
"""

from __future__ import annotations

import csv
import datetime
import gzip
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from citybrain.applications.standards.elements_contact import BUSINESS_ADDRESS
from citybrain.applications.standards.elements_legal import CREDIT_CODE, ORGANISATION_NAME
from citybrain.applications.standards.elements_money import REGISTERED_CAPITAL
from citybrain.applications.standards.elements_time import FOUNDING_DATE
from citybrain.declare.element import Element
from citybrain.declare.rule import Step
from citybrain.testing.reference import failures, standardise

TODAY = datetime.date(2026, 11, 21)
FILE = Path(__file__).parents[5] / "shared" / "data" / "enterprises_zhejiang_2010_2015.csv.gz"
EVERY = 4
"""One row in so many is read by the reference, which is slow; the benchmark reads them all by the engine."""

pytestmark = pytest.mark.skipif(not FILE.exists(), reason=f"the registrations are not beside the project: {FILE}")


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with gzip.open(FILE, "rt", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))[::EVERY]


def findings(rows: list[dict[str, str]], column: str, element: Element) -> Counter[str]:
    return Counter(name for row in rows for name in failures(element, row[column], TODAY))


def test_credit_codes_of_real_firms_raise_no_alarm(rows: list[dict[str, str]]) -> None:
    """Letter-led codes and registers of development zones among them."""
    eighteen = [row for row in rows if len(row["统一社会信用代码"]) == 18]
    assert len(eighteen) > 0.99 * len(rows)
    assert findings(eighteen, "统一社会信用代码", CREDIT_CODE) == {}


def test_an_old_registration_number_is_no_credit_code() -> None:
    assert "check-digit" in failures(CREDIT_CODE, "330212000181702", TODAY)


def test_names_and_days_are_understood(rows: list[dict[str, str]]) -> None:
    assert findings(rows, "企业名称", ORGANISATION_NAME) == {}
    assert findings(rows, "注册日期", FOUNDING_DATE) == {}


def test_every_capital_in_free_text_is_understood(rows: list[dict[str, str]]) -> None:
    assert findings(rows, "注册资金", REGISTERED_CAPITAL) == {}
    written = [row["注册资金"] for row in rows if row["注册资金"] != "N/A"]
    assert len(written) > 0.6 * len(rows)
    # All of them are in units of ten thousand, so the truth is the figures before 万, however the rest is written.
    truth = {text: Decimal(text.split("万")[0].rstrip("(（").replace(",", "")) * 10_000 for text in written}
    assert {text: standardise(REGISTERED_CAPITAL, text).value for text in truth} == truth


def test_addresses_get_the_city_the_register_names(rows: list[dict[str, str]]) -> None:
    """Province and city put before an address are those of the register, but for firms that moved."""
    whole = right = added = 0
    for row in rows:
        found = standardise(BUSINESS_ADDRESS, row["注册地址"])
        if not isinstance(found.value, str):
            continue
        whole += found.value.startswith("浙江省")
        if Step.ADDRESS in found.kinds and not row["注册地址"].startswith("浙江") and found.value.startswith("浙江省"):
            added += 1
            right += found.value.startswith(f"浙江省{row['地区']}市")
    assert whole > 0.9 * len(rows)
    assert added > 0.3 * len(rows)
    assert right > 0.99 * added
