"""Governance: 12 columns, 15 rules, problem table and profile, against copies without any rule and peers.

Contestants take turns, each time in a process of its own on two threads, and are measured after a warm-up on 1 000
rows: CPU seconds (user and system) and wall seconds of the work alone, peak memory of the process. Some of them alone,
for a quick look: `python -m benchmarks.governance 1000000 ours copy limit`.

- `ours`: raw Parquet in the lake -> standard, held and problem tables, profile, all published.
- `copy`: DuckDB `COPY` Parquet -> Parquet (zstd), no rule.
- `limit`: pyarrow read and write (zstd), no rule: what reading and writing cost at least.
- `pointblank`: Pointblank on Polars, the same 15 rules, good and bad rows written.
- `great_expectations`: GX on pandas, the same 15 rules with the failing rows' numbers, up to `GX_ROWS` rows.
"""

from __future__ import annotations

import json
import math
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

THREADS = 2
TODAY = date(2026, 11, 21)
GX_ROWS = 1_000_000
CHUNK = 1_000_000
CONTESTANTS = ("ours", "copy", "limit", "pointblank", "great_expectations")
COMPRESSION = "zstd"


# ---- the table -------------------------------------------------------------------------------------------------------


def make_table(path: Path, rows: int, *, seed: int = 7) -> None:
    """Write the 12-column table, about 2 % of its rows wrong and 3 % in need of standardising, chunk by chunk."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    random = np.random.default_rng(seed)
    writer = None
    for start in range(0, rows, CHUNK):
        table = _chunk(random, start, min(CHUNK, rows - start), pa, np)
        writer = writer or pq.ParquetWriter(path, table.schema, compression=COMPRESSION)
        writer.write_table(table, row_group_size=131_072)
    assert writer is not None
    writer.close()


def _chunk(random: Any, start: int, n: int, pa: Any, np: Any) -> Any:
    divisions = np.array(["330702", "330703", "330723", "330726", "330727", "330781", "330782", "330783", "330784"])
    towns = np.array(["东城街道", "西城街道", "江南街道", "石柱镇", "古山镇", "芝英镇", "方岩镇", "象珠镇", "花街镇"])
    surnames = np.array(list("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"))
    given = np.array(list("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰飞红"))
    days = random.integers(0, 25_000, n)
    birth = (np.datetime64("1950-01-01") + days).astype("datetime64[D]")
    compact = np.char.replace(birth.astype(str), "-", "")
    sequence = np.char.zfill((start + np.arange(n)).astype(str), 9)[:]
    order = random.integers(1, 1000, n)
    body = np.char.add(np.char.add(random.choice(divisions, n), compact), np.char.zfill(order.astype(str), 3))
    digits = (body.astype("S17").view(np.uint8).reshape(n, 17) - 48).astype(np.int64)
    weights = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
    citizen = np.char.add(body, np.array(list("10X98765432"))[(digits @ weights) % 11])
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    value = {character: number for number, character in enumerate(alphabet)}
    stem = np.char.add("91330784MA", np.char.zfill(random.integers(0, 10**7, n).astype(str), 7))
    table = np.zeros(128, np.int64)
    for character, number in value.items():
        table[ord(character)] = number
    codes = table[stem.astype("S17").view(np.uint8).reshape(n, 17)]
    credit = np.char.add(stem, np.array(list(alphabet))[-(codes @ np.array([3**i % 31 for i in range(17)])) % 31])
    sex = np.where(order % 2 == 1, "1", "2")
    mobile = np.char.add("13", np.char.zfill(random.integers(0, 10**9, n).astype(str), 9))
    name = np.char.add(np.char.add(random.choice(surnames, n), random.choice(given, n)), random.choice(given, n))
    house = random.integers(1, 400, n).astype(str)
    address = np.char.add(np.char.add("浙江省金华市永康市", random.choice(towns, n)), np.char.add("胡库下村", house))
    address = np.char.add(address, "号")
    born = birth.astype(str)
    amount = np.round(random.gamma(2.0, 40_000.0, n), 2)
    registered = (np.datetime64("1995-01-01") + random.integers(0, 11_000, n)).astype("datetime64[D]").astype(str)
    status = random.choice(np.array(["1", "2", "3", "9"]), n, p=[0.8, 0.1, 0.07, 0.03])
    email = np.char.add(np.char.add("u", sequence), "@yongkang.example")

    def some(share: float) -> Any:
        return np.flatnonzero(random.random(n) < share)

    def changed(values: Any, at: Any, new: Any) -> Any:
        values = values.astype(object)
        values[at] = new
        return values

    citizen = citizen.astype(object)
    for at in some(0.010):
        citizen[at] = citizen[at].lower()
    for at in some(0.005):
        citizen[at] = " " + citizen[at][:6] + " " + citizen[at][6:]
    for at in some(0.003):
        citizen[at] = (
            citizen[at][:16] + str((int(citizen[at][16]) + 2) % 10) + citizen[at][17:]
            if (len(citizen[at]) == 18)
            else citizen[at]
        )
    at = some(0.0004)
    citizen[at] = citizen[random.integers(0, n, len(at))]
    citizen[some(0.001)] = None
    sex = changed(changed(sex, some(0.004), "男"), some(0.001), "7")
    born = born.astype(object)
    for at in some(0.01):
        born[at] = born[at].replace("-", "")
    born[some(0.001)] = "1999-02-30"
    mobile = changed(changed(mobile, some(0.003), "12345"), some(0.01), "+86 13800138000")
    credit = changed(credit, some(0.003), "91330784MA0000000A")
    name = changed(changed(name, some(0.001), None), some(0.005), "张 三")
    return pa.table(
        {
            "citizen_id": pa.array(citizen, pa.string()),
            "name": pa.array(name, pa.string()),
            "sex": pa.array(sex, pa.string()),
            "birth": pa.array(born, pa.string()),
            "mobile": pa.array(mobile, pa.string()),
            "address": pa.array(address, pa.string()),
            "credit_code": pa.array(credit, pa.string()),
            "division": pa.array(changed(random.choice(divisions, n), some(0.001), "999999"), pa.string()),
            "amount": pa.array(changed(amount, some(0.001), -1.0).astype(float)),
            "registered": pa.array(changed(registered, some(0.001), "2031-01-01"), pa.string()),
            "status": pa.array(changed(status, some(0.001), "?"), pa.string()),
            "email": pa.array(email, pa.string()),
        }
    )


# ---- ours ------------------------------------------------------------------------------------------------------------


def declarations() -> tuple[dict[str, Any], tuple[Any, ...]]:
    """The 12 columns' elements and the two rules across columns: with the unique key, 15 rules."""
    from citybrain.declare.codelist import Code, CodeList
    from citybrain.declare.element import DataType, Element
    from citybrain.declare.rule import (
        Algorithm,
        Between,
        BirthMatches,
        CheckDigit,
        DateBetween,
        EmbeddedDate,
        InList,
        Pattern,
        Required,
        Rule,
        SexMatches,
        Step,
    )
    from citybrain.declare.words import Grade, Masking

    clean = (Step.HALF_WIDTH, Step.TRIM, Step.NULL_WORDS)

    def codes(key: str, *values: str, **words: str) -> CodeList:
        listed = tuple(Code(value=value, title=words.get(f"_{value}", value)) for value in values)
        return CodeList(key=key, title=key, chinese=key, standard="", codes=listed)

    def element(key: str, **options: Any) -> Element:
        options = {"type": DataType.TEXT, "format": "an..60", **options}
        return Element(key=key, title=key, chinese=key, definition=key, **options)

    sex = codes("sex", "0", "1", "2", "9", _1="男", _2="女")
    divisions = codes("division", *(f"3307{number:02d}" for number in (2, 3, 23, 26, 27, 81, 82, 83, 84)))
    citizen_id = element(
        "citizen-id",
        steps=(*clean, Step.SEPARATORS, Step.UPPER, Step.CITIZEN_ID_18),
        checks=(Required(), CheckDigit(algorithm=Algorithm.CITIZEN_ID), EmbeddedDate(start=6)),
        grade=Grade.L3,
        masking=Masking.IDENTIFIER,
    )
    sex_element = element("sex", steps=(*clean, Step.CODE), checks=(InList(codes=sex),), codes=sex)
    day = {"type": DataType.DATE, "format": "d8", "steps": (*clean, Step.DATE), "checks": (DateBetween(),)}
    birth = element("birth", grade=Grade.L3, masking=Masking.DATE, **day)
    elements = {
        "citizen_id": citizen_id,
        "name": element("name", steps=(*clean, Step.NAME), checks=(Required(),), grade=Grade.L3, masking=Masking.NAME),
        "sex": sex_element,
        "birth": birth,
        "mobile": element(
            "mobile",
            steps=(*clean, Step.PHONE),
            checks=(Pattern(regex=r"1[3-9]\d{9}"),),
            grade=Grade.L3,
            masking=Masking.PHONE,
        ),
        "address": element("address", steps=clean, grade=Grade.L3, masking=Masking.ADDRESS),
        "credit_code": element(
            "credit-code",
            steps=(*clean, Step.SEPARATORS, Step.UPPER),
            checks=(CheckDigit(algorithm=Algorithm.CREDIT_CODE),),
        ),
        "division": element("division", steps=(*clean, Step.CODE), checks=(InList(codes=divisions),), codes=divisions),
        "amount": element("amount", type=DataType.DECIMAL, format="n..18,2", checks=(Between(minimum=0),)),
        "registered": element("registered", **day),
        "status": element("status", steps=clean, checks=(InList(codes=codes("status", "1", "2", "3", "9")),)),
        "email": element("email", steps=(*clean, Step.LOWER)),
    }
    rules = (
        Rule(key="birth-matches", title="", check=BirthMatches(identifier=citizen_id, birth=birth)),
        Rule(key="sex-matches", title="", check=SexMatches(identifier=citizen_id, sex=sex_element)),
    )
    return elements, rules


def ours(source: Path, folder: Path) -> dict[str, Any]:
    """The whole pass with problem table and profile, published as a lake's tables."""
    import pyarrow.parquet as pq

    from citybrain.kernel.lake.tables import Lake, TableName
    from citybrain.warehouse.governance.governing import Pass
    from citybrain.warehouse.governance.intake import RawRows
    from citybrain.warehouse.governance.plan import plan_table

    lake = Lake(catalogue_url=f"sqlite:///{folder}/lake.sqlite3", location=str(folder / "lake"))
    name = source.stem.replace("-", "_")
    raw = TableName(namespace="raw", name=name)
    landed = Path(lake.new_file(raw))
    landed.unlink(missing_ok=True)
    os.link(source, landed)
    lake.publish(raw, [str(landed)], schema=pq.read_schema(source), load="raw")
    elements, rules = declarations()

    def work() -> Any:
        rows = RawRows(lake, raw, None)
        plan = plan_table(rows.schema.names, elements=elements, rules=rules, key=["citizen_id"])
        outcome = Pass(plan, rows, lake=lake, table=name, today=TODAY).run()
        for namespace, files, schema in (
            ("standard", outcome.standard_files, outcome.standard_schema),
            ("held", outcome.held_files, outcome.held_schema),
            ("problem", outcome.problem_files, pq.read_schema(outcome.problem_files[0])),
        ):
            lake.publish(TableName(namespace=namespace, name=name), files, schema=schema, load="governed", replace=True)
        return outcome

    measured, outcome = measure(work)
    measured["rows"] = {
        "in": outcome.rows_in,
        "standard": outcome.rows_standard,
        "held": outcome.rows_held,
        "duplicate": outcome.rows_duplicate,
    }
    measured["findings"] = sum(outcome.findings.values())
    return measured


# ---- copies without any rule -----------------------------------------------------------------------------------------


def copy(source: Path, folder: Path) -> dict[str, Any]:
    """DuckDB COPY Parquet -> Parquet."""
    import duckdb

    connection = duckdb.connect(config={"threads": THREADS, "memory_limit": "8GB"})
    target = folder / f"copy-{source.stem}.parquet"
    statement = f"COPY (SELECT * FROM read_parquet('{source}')) TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
    return measure(lambda: connection.execute(statement))[0]


def limit(source: Path, folder: Path) -> dict[str, Any]:
    """pyarrow read and write."""
    import pyarrow.parquet as pq

    def work() -> None:
        pq.write_table(pq.read_table(source), folder / f"limit-{source.stem}.parquet", compression=COMPRESSION)

    return measure(work)[0]


# ---- peers -----------------------------------------------------------------------------------------------------------


def pointblank(source: Path, folder: Path) -> dict[str, Any]:
    """Pointblank on Polars: interrogate, split into good and bad, write both."""
    import pointblank as pb
    import polars as pl

    def digit_sum(column: str, alphabet: str, weights: list[int]) -> Any:
        values = {character: number for number, character in enumerate(alphabet)}
        parts = [
            pl.col(column).str.slice(i, 1).replace_strict(values, default=None, return_dtype=pl.Int64) * weight
            for i, weight in enumerate(weights)
        ]
        return pl.sum_horizontal(parts)

    citizen_weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    citizen_ok = pl.col("citizen_id").str.contains(r"^\d{17}[\dX]$") & (
        pl.col("citizen_id").str.slice(17, 1)
        == (digit_sum("citizen_id", "0123456789", citizen_weights) % 11).replace_strict(
            dict(enumerate("10X98765432")), default=None, return_dtype=pl.String
        )
    )
    credit_ok = pl.col("credit_code").str.contains(rf"^[{alphabet}]{{18}}$") & (
        pl.col("credit_code").str.slice(17, 1)
        == ((31 - digit_sum("credit_code", alphabet, [3**i % 31 for i in range(17)]) % 31) % 31).replace_strict(
            dict(enumerate(alphabet)), default=None, return_dtype=pl.String
        )
    )
    inner = pl.col("citizen_id").str.slice(6, 8).str.to_date("%Y%m%d", strict=False)
    born = pl.col("birth").str.to_date("%Y-%m-%d", strict=False)
    registered = pl.col("registered").str.to_date("%Y-%m-%d", strict=False)
    first, last = date(1900, 1, 1), TODAY
    odd = (pl.col("citizen_id").str.slice(16, 1).cast(pl.Int64, strict=False) % 2) == 1

    def work() -> None:
        table = pl.read_parquet(source)
        found = (
            pb.Validate(table)
            .col_vals_not_null("citizen_id")
            .col_vals_expr(citizen_ok)
            .col_vals_expr(inner.is_not_null() & (inner <= last))
            .rows_distinct(columns_subset=["citizen_id"])
            .col_vals_not_null("name")
            .col_vals_in_set("sex", ["0", "1", "2", "9"])
            .col_vals_expr(born.is_between(first, last))
            .col_vals_regex("mobile", r"^1[3-9]\d{9}$")
            .col_vals_expr(credit_ok)
            .col_vals_in_set(
                "division",
                ["330702", "330703", "330723", "330726", "330727", "330781", "330782", "330783", "330784"],
            )
            .col_vals_ge("amount", 0)
            .col_vals_expr(registered.is_between(first, last))
            .col_vals_in_set("status", ["1", "2", "3", "9"])
            .col_vals_expr(inner == born)
            .col_vals_expr(odd == (pl.col("sex") == "1"))
            .interrogate()
        )
        found.get_sundered_data(type="pass").write_parquet(folder / f"good-{source.stem}.parquet", compression="zstd")
        found.get_sundered_data(type="fail").write_parquet(folder / f"bad-{source.stem}.parquet", compression="zstd")

    return measure(work)[0]


def great_expectations(source: Path, folder: Path) -> dict[str, Any]:
    """GX on pandas with the failing rows' numbers; what GX has no rule for is prepared as columns with numpy before."""
    import great_expectations as gx
    import great_expectations.expectations as gxe
    import numpy as np
    import pandas as pd

    context = gx.get_context(mode="ephemeral")
    batch_definition = (
        context.data_sources.add_pandas("p").add_dataframe_asset("a").add_batch_definition_whole_dataframe("b")
    )
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

    def checksum(values: Any, pattern: str, letters: str, weights: list[int], modulus: int, checks: str) -> Any:
        fits = values.str.fullmatch(pattern).fillna(False).to_numpy(bool)
        out = np.zeros(len(values), bool)
        table = np.zeros(128, np.int64)
        for number, character in enumerate(letters):
            table[ord(character)] = number
        texts = np.array(values[fits].tolist(), "S18").view(np.uint8).reshape(-1, 18)
        sums = table[texts[:, :17]] @ np.array(weights) % modulus
        out[fits] = np.frombuffer(checks.encode(), np.uint8)[sums] == texts[:, 17]
        return out

    def work() -> None:
        frame = pd.read_parquet(source)
        frame["citizen_ok"] = checksum(
            frame["citizen_id"],
            r"\d{17}[\dX]",
            "0123456789",
            [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2],
            11,
            "10X98765432",
        )
        credit_checks = "".join(alphabet[(31 - number) % 31] for number in range(31))
        frame["credit_ok"] = checksum(
            frame["credit_code"], rf"[{alphabet}]{{18}}", alphabet, [3**i % 31 for i in range(17)], 31, credit_checks
        )
        inner = pd.to_datetime(frame["citizen_id"].str.slice(6, 14), format="%Y%m%d", errors="coerce")
        born = pd.to_datetime(frame["birth"], format="%Y-%m-%d", errors="coerce")
        registered = pd.to_datetime(frame["registered"], format="%Y-%m-%d", errors="coerce")
        last = pd.Timestamp(TODAY)
        frame["inner_ok"] = inner.notna() & (inner <= last)
        frame["birth_ok"] = born.between("1900-01-01", last)
        frame["registered_ok"] = registered.between("1900-01-01", last)
        frame["birth_matches"] = inner == born
        odd = pd.to_numeric(frame["citizen_id"].str.slice(16, 17), errors="coerce") % 2 == 1
        frame["sex_matches"] = odd == (frame["sex"] == "1")
        divisions = ["330702", "330703", "330723", "330726", "330727", "330781", "330782", "330783", "330784"]
        suite = gx.ExpectationSuite(
            name=f"s{time.monotonic_ns()}",
            expectations=[
                gxe.ExpectColumnValuesToNotBeNull(column="citizen_id"),
                gxe.ExpectColumnValuesToBeUnique(column="citizen_id"),
                gxe.ExpectColumnValuesToNotBeNull(column="name"),
                gxe.ExpectColumnValuesToBeInSet(column="sex", value_set=["0", "1", "2", "9"]),
                gxe.ExpectColumnValuesToMatchRegex(column="mobile", regex=r"^1[3-9]\d{9}$"),
                gxe.ExpectColumnValuesToBeInSet(column="division", value_set=divisions),
                gxe.ExpectColumnValuesToBeBetween(column="amount", min_value=0),
                gxe.ExpectColumnValuesToBeInSet(column="status", value_set=["1", "2", "3", "9"]),
                *(
                    gxe.ExpectColumnValuesToBeInSet(column=column, value_set=[True])
                    for column in (
                        "citizen_ok", "inner_ok", "birth_ok", "credit_ok", "registered_ok", "birth_matches",
                        "sex_matches",
                    )
                ),
            ],
        )  # fmt: skip
        batch = batch_definition.get_batch(batch_parameters={"dataframe": frame})
        batch.validate(suite, result_format={"result_format": "COMPLETE"})
        frame.to_parquet(folder / f"gx-{source.stem}.parquet", compression="zstd")

    return measure(work)[0]


# ---- measuring -------------------------------------------------------------------------------------------------------


def measure(work: Any) -> tuple[dict[str, Any], Any]:
    """CPU, wall and peak memory of `work`, with what it returned."""
    before, started = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    result = work()
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"cpu": round(cpu, 3), "wall": round(wall, 3), "peak_mb": peak_mb()}, result


def peak_mb() -> int:
    """Peak memory of this process since it runs this program; `ru_maxrss` counts what its parent held before, too."""
    status = Path("/proc/self/status")
    for line in status.read_text().splitlines() if status.exists() else ():
        if line.startswith("VmHWM:"):
            return round(int(line.split()[1]) / 1024)
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def contest(contestant: str, source: Path, warm: Path, folder: Path) -> dict[str, Any]:
    """Run one contestant in this process: first on the warm-up table, then on the real one."""
    os.environ.setdefault("OMP_NUM_THREADS", str(THREADS))
    os.environ.setdefault("POLARS_MAX_THREADS", str(THREADS))
    import pyarrow as pa

    pa.set_cpu_count(THREADS)
    function = {
        "ours": ours, "copy": copy, "limit": limit, "pointblank": pointblank, "great_expectations": great_expectations,
    }[contestant]  # fmt: skip
    warmed = function(warm, folder)
    return {**function(source, folder), "warm_up_cpu": warmed["cpu"]}


def run(size: int = 1_000_000, *, contestants: tuple[str, ...] = CONTESTANTS, repeats: int = 0) -> dict[str, Any]:
    """Measure all contestants on `size` rows: medians of three runs up to a million rows, one run above."""
    repeats = repeats or (3 if size <= 1_000_000 else 1)
    with tempfile.TemporaryDirectory(prefix="citybrain-bench-") as name:
        folder = Path(name)
        sources = {rows: folder / f"rows-{rows}.parquet" for rows in {1_000, size, max(1_000, size // 10)}}
        for rows, path in sources.items():
            make_table(path, rows)
        runs: dict[str, list[dict[str, Any]]] = {}
        for _ in range(repeats):
            for contestant in contestants:
                if contestant != "great_expectations" or size <= GX_ROWS:
                    runs.setdefault(contestant, []).append(_process(contestant, sources[size], sources[1_000]))
        results = {contestant: _median(found) for contestant, found in runs.items()}
        if "ours" in results and size >= 10_000:
            tenth = _median([_process("ours", sources[size // 10], sources[1_000]) for _ in range(repeats)])
            results["ours"]["exponent"] = round(math.log10(results["ours"]["cpu"] / tenth["cpu"]), 3)
    return report(size, results)


def _process(contestant: str, source: Path, warm: Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="citybrain-bench-", dir=source.parent) as folder:
        arguments = [sys.executable, __file__, "contest", contestant, str(source), str(warm), folder]
        root = Path(__file__).resolve().parent.parent
        environment = {
            **os.environ,
            "PYTHONPATH": str(root),
            "DJANGO_SETTINGS_MODULE": "citybrain.site.settings",
            "CITYBRAIN_HOME": folder,
            "POLARS_MAX_THREADS": str(THREADS),
        }
        done = subprocess.run(arguments, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        raise RuntimeError(f"{contestant} failed:\n{done.stderr[-3000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def _median(runs: list[dict[str, Any]]) -> dict[str, Any]:
    out = dict(runs[-1])
    for key in ("cpu", "wall", "peak_mb", "warm_up_cpu"):
        out[key] = round(statistics.median(run[key] for run in runs), 3)
    out["cpu_runs"] = [run["cpu"] for run in runs]
    return out


def report(size: int, results: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The benchmark's JSON object."""
    mine = results.get("ours", {}).get("cpu")
    named = {"limit": "cpu_vs_limit", "copy": "cpu_vs_copy"}
    ratios = {
        named.get(other, f"cpu_vs_{other}"): round(mine / found["cpu"], 3)
        for other, found in results.items()
        if other != "ours" and mine
    }
    return {
        "name": "governance",
        "size": size,
        "ours": results.get("ours", {}),
        "limit": results.get("limit", {}),
        "peers": {other: found for other, found in results.items() if other not in ("ours", "limit")},
        "ratios": ratios,
        "machine": f"{platform.machine()}, {os.cpu_count()} CPUs, Python {platform.python_version()}",
        "date": datetime.now(UTC).date().isoformat(),
    }


if __name__ == "__main__":
    if sys.argv[1:2] == ["contest"]:
        _, _, who, rows, warm_up, scratch = sys.argv
        print(json.dumps(contest(who, Path(rows), Path(warm_up), Path(scratch))))
    else:
        chosen = tuple(sys.argv[2:]) or CONTESTANTS
        print(json.dumps(run(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000, contestants=chosen)))
