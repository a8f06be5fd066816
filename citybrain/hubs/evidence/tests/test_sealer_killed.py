"""Several sealers at once, killed at any moment: one history, every acknowledged record in it once."""

from __future__ import annotations

import contextlib
import multiprocessing
import random
import time
from itertools import pairwise
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from django.db import connections

from citybrain.hubs.evidence.checking import check
from citybrain.hubs.evidence.keys import verifiers
from citybrain.hubs.evidence.models import Checkpoint, Leaf, Log
from citybrain.hubs.evidence.notes import opened_checkpoint
from citybrain.hubs.evidence.queries import consistency, waiting
from citybrain.hubs.evidence.sealing import copy_path, seal
from citybrain.hubs.evidence.tests.conftest import LOG, Things
from citybrain.hubs.evidence.tree import verify_consistency

pytestmark = pytest.mark.fault

processes = multiprocessing.get_context("fork")

KILLS = 10
PATIENCE = 60.0


def seal_for_ever() -> None:
    """A sealer that looks all the time, in small bites, so that a kill often meets it at work."""
    while True:
        if seal(LOG, 40) is None:
            time.sleep(0.002)


def start() -> BaseProcess:
    """A sealer of its own, with connections of its own."""
    connections.close_all()
    process = processes.Process(target=seal_for_ever, daemon=True)
    process.start()
    return process


def test_killed_sealers_lose_nothing_and_never_fork(own_database: str, things: Things) -> None:
    moments = random.Random(20)
    seen: list[str] = []
    sealers = [start(), start(), start()]
    try:
        for _kill in range(KILLS):
            until = time.monotonic() + moments.uniform(0.05, 0.25)
            while time.monotonic() < until:
                things.add(moments.randrange(1, 60))
                with contextlib.suppress(FileNotFoundError):
                    seen.append(copy_path(LOG).read_text())
            victim = sealers.pop(0)
            victim.kill()
            victim.join()
            sealers.append(start())
        deadline = time.monotonic() + PATIENCE
        while waiting(LOG) and time.monotonic() < deadline:
            time.sleep(0.02)
    finally:
        for sealer in sealers:
            sealer.kill()
            sealer.join()

    assert waiting(LOG) == 0
    assert Leaf.objects.count() == len(things.rows) == Log.objects.get().size
    assert set(Leaf.objects.values_list("reference", flat=True)) == set(things.rows)
    report = check(LOG, list(dict.fromkeys(seen)))
    assert (report.fault, report.leaves) == (None, len(things.rows))
    every_checkpoint_continues_the_one_before()


def every_checkpoint_continues_the_one_before() -> None:
    keys = verifiers(Log.objects.get().origin)
    stored = list(Checkpoint.objects.order_by("size"))
    assert len(stored) > KILLS
    for old, new in pairwise(stored):
        first, second = opened_checkpoint(old.note, keys), opened_checkpoint(new.note, keys)
        verify_consistency(first.size, second.size, first.root, second.root, consistency(old, new).path)


def test_processes_that_need_a_key_at_once_get_one(own_home: Path) -> None:
    answers = processes.SimpleQueue()
    asking = [processes.Process(target=tell_key, args=(answers,)) for _process in range(6)]
    for process in asking:
        process.start()
    told = {answers.get() for _process in asking}
    for process in asking:
        process.join()
    assert len(told) == 1
    assert [found.name for found in (own_home / "evidence").iterdir()] == ["ed25519.pem"]


def tell_key(answers: multiprocessing.SimpleQueue[str]) -> None:
    answers.put(verifiers("yk.example/evidence/things")[0].key_id.hex())
