"""Real business registrations of Zhejiang taken through the real path: what was understood, and what wrongly.

`size` is the number of rows, 22 912 at most. The file lies beside the project, is licensed for tests and benchmarks
only (CC BY-NC-SA), and is never copied into it: counts are printed, rows are not. The truth is a second reading in
plain Python below, which knows nothing of elements; it is also the peer.
"""

from __future__ import annotations

import csv
import gzip
import re
import resource
import time
import unicodedata
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

from benchmarks.installation import ROOT, Installation, installation

FILE = ROOT.parent / "shared" / "data" / "enterprises_zhejiang_2010_2015.csv.gz"
DATASET = "market-regulation.zhejiang-registration"
SOURCE = """\
key = "zhejiang-register"
title = "浙江企业登记"
english = "Business registrations of Zhejiang"
department = "market-regulation"
kind = "csv"
path = "deliveries/*.csv"

[[tables]]
name = "registrations.csv"
key = "zhejiang-registration"
title = "浙江企业登记"
english = "Business registrations of Zhejiang"
mode = "full"
cycle = "yearly"
share = "conditional"
open = "none"
"""
NAME, CODE, FOUNDED, KIND, CAPITAL, SCOPE, PROVINCE, CITY, ADDRESS = (
    *("企业名称", "统一社会信用代码", "注册日期", "企业类型", "注册资金", "经营范围", "所在省份", "地区", "注册地址"),
)
EXPECTED = {
    NAME: "organisation-name",
    CODE: "credit-code",
    FOUNDED: "founding-date",
    KIND: "firm-kind",
    CAPITAL: "registered-capital",
    SCOPE: "business-scope",
    PROVINCE: "province",
    ADDRESS: "business-address",
}
"""What each column is, to a reader; the city's name has no element of its own."""

CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CURRENCIES = ("美元", "欧元", "日元", "香港元", "澳大利亚元")

CITIES = "杭州|宁波|温州|嘉兴|湖州|绍兴|金华|衢州|舟山|台州|丽水"
BEGINNING = re.compile(rf"^(?:浙江省?)?(?:(?:{CITIES})市?)?")

Row = dict[str, str]


def run(size: int = 22_912) -> dict[str, Any]:
    """Gather and govern `size` registrations, read them a second time, and compare value by value."""
    if not FILE.exists():
        raise SystemExit(f"The registrations are not beside the project ({FILE}): this benchmark needs them.")
    with gzip.open(FILE, "rt", encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))[:size]
    started, used = time.perf_counter(), _cpu()
    truth = [read(row) for row in rows]
    plain = {"cpu": round(_cpu() - used, 2), "wall": round(time.perf_counter() - started, 2)}
    with installation() as place:
        deliver(place, rows)
        place.citybrain("gather")
        place.citybrain("govern")
        place.open()
        ours, matched, found = collect()
        costs = place.cost_of("gather", "govern").rounded()
    understood = compare(rows, truth, ours)
    right = sum(matched.get(column) == element for column, element in EXPECTED.items())
    values = sum(counts["given"] for counts in understood.values())
    return {
        "size": len(rows),
        "ours": costs,
        "limit": None,
        "peers": {"plain_python": plain},
        "ratios": {
            "understood": round(sum(counts["right"] for counts in understood.values()) / values, 5),
            "understood_wrongly": round(sum(counts["wrong"] for counts in understood.values()) / values, 5),
            "columns_right": round(right / len(EXPECTED), 3),
        },
        "columns": matched,
        "understood": understood,
        "findings": found,
    }


def deliver(place: Installation, rows: list[Row]) -> None:
    """Put the rows where a department would, with the declaration of their source."""
    folder = place.home / "county"
    for name in ("deliveries", "sources"):
        (folder / name).mkdir(parents=True)
    (folder / "sources" / "zhejiang-register.toml").write_text(SOURCE, encoding="utf-8")
    with (folder / "deliveries" / "registrations.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def collect() -> tuple[dict[str, list[Any]], dict[str, str], dict[str, int]]:
    """Standard values by column in the order of delivery, the element of each column, findings by rule.

    Rows held back are left as None in every column: the comparison asks why.
    """
    from citybrain.kernel.lake.tables import TableName, lake
    from citybrain.warehouse.catalogue.models import Dataset
    from citybrain.warehouse.governance.models import GovernRun

    dataset = Dataset.objects.get(key=DATASET)
    run_ = GovernRun.objects.get(dataset=dataset)
    matched = {field.name: field.element_key for field in dataset.fields.filter(match="taken")}
    found = {one["rule"]: one["rows"] for one in run_.problems if one["rows"]}
    standard = lake().dataset(TableName(namespace="standard", name=dataset.table)).to_table()
    held_table = TableName(namespace="held", name=dataset.table)
    held: set[int] = set()
    if lake().exists(held_table):
        held = set(lake().dataset(held_table).to_table(columns=["_row"])["_row"].to_pylist())
    columns: dict[str, list[Any]] = {}
    for name in standard.column_names:
        good = iter(standard[name].to_pylist())
        columns[name] = [None if row in held else next(good) for row in range(run_.rows_in)]
    return columns, matched, found


def read(row: Row) -> dict[str, Any]:
    """The second reading of one row: plain Python, from the standards' texts."""
    return {
        CODE: row[CODE].upper() if is_credit_code(row[CODE].upper()) else None,
        FOUNDED: date.fromisoformat(row[FOUNDED]),
        CAPITAL: read_capital(row[CAPITAL]),
        ADDRESS: None if row[ADDRESS] == "N/A" else row[ADDRESS],
    }


def is_credit_code(code: str) -> bool:
    """GB 32100-2015: 31 characters, weighed by powers of 3; the sum with the check character is 0 modulo 31."""
    if len(code) != 18 or any(character not in CHARACTERS for character in code):
        return False
    total = sum(CHARACTERS.index(character) * pow(3, place, 31) for place, character in enumerate(code[:17]))
    return (total + CHARACTERS.index(code[17])) % 31 == 0


def read_capital(text: str) -> float | None:
    """The figures before 万, times ten thousand; every capital of the file is in units of ten thousand."""
    found = re.match(r"\s*([0-9][0-9,]*(?:\.[0-9]+)?)\s*[(（]?\s*万", text)
    return float(found[1].replace(",", "")) * 10_000 if found else None


def compare(rows: list[Row], truth: list[dict[str, Any]], ours: dict[str, list[Any]]) -> dict[str, dict[str, int]]:
    """By kind of value: how many there are, understood rightly, wrongly, not at all."""
    result = {
        "codes": _counts(rows, truth, ours, CODE, lambda mine, theirs, _row: mine == theirs),
        "dates": _counts(rows, truth, ours, FOUNDED, lambda mine, theirs, _row: mine == theirs),
        "capitals": _counts(rows, truth, ours, CAPITAL, lambda mine, theirs, _row: abs(mine - theirs) < 0.005),
        "addresses": _counts(rows, truth, ours, ADDRESS, _same_address),
    }
    result["capitals"]["other_currency"] = sum(any(word in row[CAPITAL] for word in CURRENCIES) for row in rows)
    completed = [
        mine
        for row, mine in zip(rows, ours[ADDRESS], strict=True)
        if mine is not None and mine.startswith("浙江省") and not row[ADDRESS].startswith("浙江")
    ]
    result["addresses"]["completed"] = len(completed)
    result["addresses"]["without_city"] = sum(
        mine is not None and not mine.startswith("浙江省") for mine in ours[ADDRESS]
    )
    result["addresses"]["other_city"] = sum(map(_names_other_city, ours[ADDRESS], rows))
    cut = [place for place, row in enumerate(rows) if row[SCOPE].endswith("...")]
    result["truncated_scopes"] = {
        "given": len(cut),
        "right": sum(ours[SCOPE][place] == rows[place][SCOPE] for place in cut),
        "wrong": sum(ours[SCOPE][place] not in (None, rows[place][SCOPE]) for place in cut),
        "not_understood": sum(ours[SCOPE][place] is None for place in cut),
    }
    return result


def _counts(
    rows: list[Row],
    truth: list[dict[str, Any]],
    ours: dict[str, list[Any]],
    column: str,
    same: Callable[[Any, Any, Row], bool],
) -> dict[str, int]:
    counts: Counter[str] = Counter({"given": 0, "right": 0, "wrong": 0, "not_understood": 0, "empty": 0})
    for row, expected, mine in zip(rows, truth, ours[column], strict=True):
        theirs = expected[column]
        if theirs is None:
            # Nothing to understand: a value here would be one made up.
            counts["empty"] += 1
            counts["wrong"] += mine is not None
            continue
        counts["given"] += 1
        counts["not_understood" if mine is None else "right" if same(mine, theirs, row) else "wrong"] += 1
    return dict(counts)


def _same_address(mine: str, theirs: str, row: Row) -> bool:
    """The address as delivered but for width and spaces, with province and city put before it or written out."""
    kept, said = ("".join(unicodedata.normalize("NFKC", text).split()) for text in (mine, theirs))
    return kept.endswith(said) or BEGINNING.sub("", kept, count=1) == BEGINNING.sub("", said, count=1)


def _names_other_city(mine: str | None, row: Row) -> bool:
    """Whether a city was put before an address that is not the register's: rightly so where the firm moved."""
    found = mine and re.match(rf"浙江省({CITIES})市", mine)
    return bool(found) and found[1] != row[CITY] and found[1] not in row[ADDRESS]


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
