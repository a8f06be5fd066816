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
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.governance_peers import great_expectations, pointblank
from benchmarks.governance_table import COMPRESSION, TODAY, make_table
from benchmarks.work import measure

THREADS = 2
GX_ROWS = 1_000_000
CONTESTANTS = ("ours", "copy", "limit", "pointblank", "great_expectations")


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


# ---- measuring -------------------------------------------------------------------------------------------------------


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
