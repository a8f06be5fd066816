"""The table the contestants of governance work on: 12 columns, some rows wrong, some in need of standardising."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

CHUNK = 1_000_000
COMPRESSION = "zstd"
TODAY = date(2026, 11, 21)


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
