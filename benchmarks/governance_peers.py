"""The peers of governance: Pointblank on Polars and Great Expectations on pandas, with the same fifteen rules."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.governance_table import TODAY
from benchmarks.work import measure


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
