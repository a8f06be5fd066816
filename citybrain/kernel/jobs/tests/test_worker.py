"""The worker in this process: order, lanes, cancelling, trying again, mending, and being found."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from citybrain.kernel.jobs import engine, worker
from citybrain.kernel.jobs.actions import cancel, enqueue, retry
from citybrain.kernel.jobs.lock import FileLock, worker_is_alive
from citybrain.kernel.jobs.models import Job
from citybrain.kernel.jobs.queries import follow_async
from citybrain.kernel.jobs.tests.conftest import Installation, until
from citybrain.kernel.jobs.tests.sample_jobs import STEPS, ledger
from citybrain.kernel.jobs.worker import Worker, run_to_end

embedded = pytest.mark.parametrize("own_database", ["sqlite"], indirect=True)


@embedded
def test_the_command_works_when_nobody_else_does(installation: Installation) -> None:
    seen: list[dict[str, Any]] = []
    assert not worker_is_alive()
    final = run_to_end(enqueue("steps", name="a", seconds=0.1).id, seen.append)
    assert final == seen[-1]
    assert final["result"] == {"sum": 6}
    assert {snapshot["state"] for snapshot in seen} >= {"running", "done"}
    assert not worker_is_alive()


def test_the_command_follows_another_worker_and_takes_over_when_it_dies(installation: Installation) -> None:
    other = installation.start_worker()
    until(worker_is_alive, "the worker")
    job = enqueue("wait", name="w")

    def die_then_release() -> None:
        until(ledger, "the job to begin")
        installation.kill(other)
        until(lambda: len(ledger()) == 2, "the job to begin again, here")
        (installation.home / "w").touch()

    accident = threading.Thread(target=die_then_release)
    accident.start()
    assert run_to_end(job.id)["state"] == "done"
    accident.join()
    assert Job.objects.get().attempts == 2


@embedded
def test_one_lane_is_worked_in_order_beside_others(installation: Installation) -> None:
    for name in ("a", "a", "b"):
        enqueue("wait", name=name)
    with Worker(slots=3):
        until(lambda: len(ledger()) == 2, "one job in each lane")
        time.sleep(3 * worker.TURN_SECONDS)
        assert sorted(ledger()) == ["begin a", "begin b"]
        (installation.home / "a").touch()
        (installation.home / "b").touch()
        installation.until_all_ended()
    assert [line for line in ledger() if line.endswith("a")] == ["begin a", "end a", "begin a", "end a"]


@embedded
def test_a_running_job_is_called_off_and_shows_its_progress(installation: Installation) -> None:
    with Worker():
        job = enqueue("wait", name="w")
        until(lambda: job.steps.filter(done__gt=3).exists(), "progress")
        cancel(job.id)
        installation.until_all_ended()
    job.refresh_from_db()
    assert (job.state, job.steps.get().state, ledger()) == ("cancelled", "stopped", ["begin w"])


@embedded
def test_finished_steps_are_kept_when_a_job_is_tried_again(installation: Installation) -> None:
    failing, shaky = enqueue("broken", name="b"), enqueue("shaky", name="s", faults=2)
    with Worker():
        installation.until_all_ended()
        failing.refresh_from_db()
        assert failing.state == Job.State.FAILED
        (installation.home / "b").touch()
        retry(failing.id)
        installation.until_all_ended()
    assert set(Job.objects.values_list("name", "state")) == {("broken", "done"), ("shaky", "done")}
    shaky.refresh_from_db()
    assert shaky.result == {"tries": 3}
    assert sorted(line for line in ledger() if line.startswith("begin")) == ["begin b 0", "begin s 0"]


@embedded
def test_jobs_whose_workflow_is_gone_are_queued_anew(installation: Installation) -> None:
    lost = enqueue("tick", name="lost")
    Job.objects.update(state=Job.State.RUNNING, attempts=1)
    with Worker():
        installation.until_all_ended()
    lost.refresh_from_db()
    assert (lost.state, lost.generation, len(ledger())) == ("done", 1, 1)


@embedded
def test_handing_over_twice_is_once(installation: Installation) -> None:
    job = enqueue("wait", name="w")
    with Worker():
        until(ledger, "the job to begin")
        for _ in range(3):
            engine.hand_over(job.id, 0)
        (installation.home / "w").touch()
        installation.until_all_ended()
        engine.hand_over(job.id, 0)
    assert ledger() == ["begin w", "end w"]


@embedded
def test_a_turn_that_fails_is_taken_again(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = engine.hand_over
    failed: list[Any] = []

    def fail_once(job_id: Any, generation: int) -> None:
        if not failed:
            failed.append(job_id)
            raise ConnectionError("the database is away")
        usual(job_id, generation)

    monkeypatch.setattr(engine, "hand_over", fail_once)
    enqueue("tick", name="t")
    with Worker():
        installation.until_all_ended()
    assert failed
    assert len(ledger()) == 1


@embedded
def test_a_worker_that_lost_its_lock_stops(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    enqueue("wait", name="w")
    doer = Worker()
    doer.start()
    until(ledger, "the job to begin")
    monkeypatch.setattr(FileLock, "is_held", lambda self: False)
    doer.wait()
    assert doer.stop()
    assert Job.objects.get().state == Job.State.QUEUED


@embedded
def test_stopping_says_when_a_job_does_not_heed(installation: Installation) -> None:
    enqueue("steps", name="slow", seconds=0.5)
    doer = Worker()
    doer.start()
    until(ledger, "the job to begin")
    assert not doer.stop(timeout=0.1)
    assert worker_is_alive(), "the lock is kept while its work goes on"
    assert doer.stop()
    assert Job.objects.get().state == Job.State.QUEUED
    assert run_to_end(Job.objects.get().id)["state"] == "done"
    assert [line for line in ledger() if line.startswith("begin")] == [f"begin slow {n}" for n in range(STEPS)]


@embedded
def test_what_the_engine_keeps_is_json(installation: Installation) -> None:
    assert run_to_end(enqueue("steps", name="a").id)["state"] == "done"
    kept = engine.JsonSerializer()
    assert kept.deserialize(kept.serialize({"名": [1, None]})) == {"名": [1, None]}
    assert isinstance(kept.deserialize(kept.serialize(ValueError("no"))), RuntimeError)
    with pytest.raises(TypeError):
        kept.serialize(object())


def test_old_records_are_forgotten_and_open_ones_kept(installation: Installation) -> None:
    old, waiting = enqueue("steps", name="a"), enqueue("wait", name="w")
    with Worker():
        until(lambda: Job.objects.filter(id=old.id, state=Job.State.DONE).exists(), "the first job to end")
        until(lambda: not engine.is_open(old.id, 0), "its workflow to end")
        assert engine.forget(timezone.now() - timedelta(minutes=1)) == 0
        assert engine.forget(timezone.now() + timedelta(minutes=1)) == 1
        assert engine.forget(timezone.now() + timedelta(minutes=1)) == 0
        assert engine.is_open(waiting.id, 0)
        (installation.home / "w").touch()
        installation.until_all_ended()
    assert ledger()[-1] == "end w"


@embedded
def test_following_from_the_event_loop(installation: Installation) -> None:
    job = enqueue("steps", name="a", seconds=0.1)

    async def states() -> list[str]:
        return [snapshot["state"] async for snapshot in follow_async(job.id, interval=0.02)]

    def in_thread() -> list[str]:
        with closing(connections["default"]):
            return asyncio.run(states())

    with Worker(), ThreadPoolExecutor(1) as pool:
        seen = pool.submit(in_thread).result()
    assert seen[-1] == "done"
    assert set(seen) <= {"queued", "running", "done"}
