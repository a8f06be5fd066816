"""The evidence ledger at `size` leaves: appending with a commit, sealing, proofs, a whole check; pymerkle beside it.

The limit is a bare SQLite insert of the same columns with the same commit. The peer keeps entries and hashes in SQLite
too, and reads all of them for a proof. One process; a call: median and 99th percentile of wall, median of CPU.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.register import open_home

SINGLE = 500
"""Appends one by one, each with its commit."""
BULK = 5_000
"""Leaves of one transaction when the log is filled."""
PROOFS = 300
LOG = "bench"


def run(size: int = 1_000_000) -> dict[str, Any]:
    """Everything once, on an empty log and then at `size`."""
    with tempfile.TemporaryDirectory(prefix="citybrain-evidence-") as folder:
        open_home(Path(folder), "citybrain.site.settings")
        ours = measured(size)
        limit = bare(Path(folder) / "bare.sqlite3")
        peer = pymerkle(Path(folder) / "peer.sqlite3", size)
    return {
        "size": size,
        "ours": ours,
        "limit": {"bare insert": limit},
        "peers": {"pymerkle": peer},
        "ratios": {
            "append_one_vs_limit": round(ours["append_one_per_s"] / limit["append_one_per_s"], 2),
            "append_one_vs_peer": round(ours["append_one_per_s"] / peer["append_one_per_s"], 2),
            "proof_vs_peer": round(peer["proof_ms"]["cpu"] / ours["proof_ms"]["cpu"]),
        },
    }


def digest(number: int) -> str:
    return hashlib.sha256(b"%d" % number).hexdigest()


def measured(size: int) -> dict[str, Any]:
    """Our log."""
    from django.db import transaction

    from citybrain.hubs.evidence.actions import Leaf, append
    from citybrain.hubs.evidence.checking import check
    from citybrain.hubs.evidence.models import Checkpoint
    from citybrain.hubs.evidence.models import Leaf as Row
    from citybrain.hubs.evidence.queries import checkpoint_at, consistency, inclusion
    from citybrain.hubs.evidence.sealing import seal

    def add(start: int, end: int) -> None:
        with transaction.atomic():
            append(LOG, [Leaf("thing", f"YK{number:013d}/1", digest(number)) for number in range(start, end)])

    began = time.perf_counter()
    for number in range(SINGLE):
        add(number, number + 1)
    one_by_one = SINGLE / (time.perf_counter() - began)

    began, filled = time.perf_counter(), SINGLE
    while filled < size:
        add(filled, min(size, filled + BULK))
        filled = min(size, filled + BULK)
    bulk = (size - SINGLE) / (time.perf_counter() - began)

    began, batches = time.perf_counter(), 0
    while seal(LOG):
        batches += 1
    sealed = time.perf_counter() - began

    def seal_one() -> None:
        seal(LOG)

    at_size = []
    for number in range(50):
        add(size + number, size + number + 1)
        at_size.append(milliseconds(seal_one))
    total = size + 50
    last = checkpoint_at(LOG, total)
    sizes = list(Checkpoint.objects.filter(log=LOG).order_by("size").values_list("size", flat=True))
    places = [number * 7_919 % total for number in range(PROOFS)]
    leaves = {leaf.index: leaf for leaf in Row.objects.filter(log=LOG, index__in=places)}
    proofs = [milliseconds(lambda place=place: inclusion(leaves[place], last)) for place in places]
    olds = [checkpoint_at(LOG, sizes[number * 13 % len(sizes)]) for number in range(100)]
    between = [milliseconds(lambda old=old: consistency(old, last)) for old in olds]
    began = time.perf_counter()
    report = check(LOG)
    assert report.fault is None and report.leaves == total
    checked = time.perf_counter() - began
    return {
        "append_one_per_s": round(one_by_one),
        "append_bulk_per_s": round(bulk),
        "seal_all_s": round(sealed, 2),
        "seal_leaves_per_s": round(size / sealed),
        "seal_one_ms": spread(at_size),
        "proof_ms": spread(proofs),
        "consistency_ms": spread(between),
        "check_s": round(checked, 1),
        "check_leaves_per_s": round(total / checked),
        "bytes_a_leaf": round(size_of_database() / total),
        "batches": batches,
    }


def size_of_database() -> int:
    return Path(os.environ["CITYBRAIN_HOME"], "citybrain.sqlite3").stat().st_size


def bare(path: Path) -> dict[str, Any]:
    """The same columns into a table with the same commits and nothing else."""
    with sqlite3.connect(path, isolation_level=None) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("CREATE TABLE leaf (id INTEGER PRIMARY KEY, log TEXT, kind TEXT, reference TEXT, digest TEXT)")
        statement = "INSERT INTO leaf (log, kind, reference, digest) VALUES (?, ?, ?, ?)"
        began = time.perf_counter()
        for number in range(SINGLE):
            database.execute("BEGIN IMMEDIATE")
            database.execute(statement, (LOG, "thing", f"YK{number:013d}/1", digest(number)))
            database.execute("COMMIT")
        return {"append_one_per_s": round(SINGLE / (time.perf_counter() - began))}


def pymerkle(path: Path, size: int) -> dict[str, Any]:
    """pymerkle 7 with its SQLite storage."""
    from pymerkle import SqliteTree

    with SqliteTree(str(path), algorithm="sha256") as tree:
        began = time.perf_counter()
        for number in range(SINGLE):
            tree.append_entry(f"thing YK{number:013d}/1 {digest(number)}\n".encode())
        one_by_one = SINGLE / (time.perf_counter() - began)
        began = time.perf_counter()
        rest = [f"thing YK{number:013d}/1 {digest(number)}\n".encode() for number in range(SINGLE, size)]
        tree.append_entries(rest, chunksize=BULK)
        bulk = (size - SINGLE) / (time.perf_counter() - began)
        proofs = [milliseconds(lambda n=n: tree.prove_inclusion(n * 7_919 % size + 1, size)) for n in range(5)]
        between = [milliseconds(lambda n=n: tree.prove_consistency(size // (n + 2), size)) for n in range(3)]
        root = milliseconds(lambda: tree.get_state(size))
    return {
        "append_one_per_s": round(one_by_one),
        "append_bulk_per_s": round(bulk),
        "proof_ms": spread(proofs),
        "consistency_ms": spread(between),
        "root_ms": spread([root]),
    }


def milliseconds(call: Callable[[], object]) -> tuple[float, float]:
    """Wall and processor time of a call."""
    began, worked = time.perf_counter(), time.process_time()
    call()
    return (time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000


def spread(values: list[tuple[float, float]]) -> dict[str, float]:
    """Median and 99th percentile of the wall, median of the processor time."""
    ordered = sorted(wall for wall, _cpu in values)
    at = min(len(ordered) - 1, int(len(ordered) * 0.99))
    found = {"p50": statistics.median(ordered), "p99": ordered[at], "cpu": statistics.median(cpu for _w, cpu in values)}
    return {name: round(value, 2) for name, value in found.items()}
