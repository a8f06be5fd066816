"""Workers are killed at any moment: every queued job ends, finished steps are not repeated, ticks run once."""

from __future__ import annotations

import random
import signal
import threading
from collections import Counter
from functools import partial

import pytest
from django.db import connections

from citybrain.kernel.jobs.actions import enqueue
from citybrain.kernel.jobs.definitions import job
from citybrain.kernel.jobs.models import Job, ScheduleMark
from citybrain.kernel.jobs.queries import job_snapshot
from citybrain.kernel.jobs.run import Run
from citybrain.kernel.jobs.tests.conftest import Installation, until
from citybrain.kernel.jobs.tests.sample_jobs import STEPS, ledger, one_step
from citybrain.kernel.jobs.worker import Worker, WorkerBusy

pytestmark = pytest.mark.fault


def test_killed_in_the_middle_of_a_step(installation: Installation) -> None:
    job = enqueue("steps", name="a", seconds=0.3)
    worker = installation.start_worker()
    until(lambda: "begin a 2" in ledger(), "step 2 to begin")
    installation.kill(worker)
    installation.start_worker()
    installation.until_all_ended()

    snapshot = job_snapshot(job.id)
    assert (snapshot["state"], snapshot["result"], snapshot["attempts"]) == ("done", {"sum": 6}, 2)
    assert [(line["done"], line["state"]) for line in snapshot["steps"]] == [(STEPS, "done")]
    begun = Counter(line for line in ledger() if line.startswith("begin"))
    assert begun == {"begin a 0": 1, "begin a 1": 1, "begin a 2": 2, "begin a 3": 1}


def test_killed_between_two_steps(installation: Installation) -> None:
    enqueue("deaf", name="d")
    worker = installation.start_worker()
    worker.join(60)
    assert worker.exitcode == -signal.SIGKILL
    installation.start_worker()
    installation.until_all_ended()
    assert [line for line in ledger() if line.startswith("begin")] == ["begin d 0", "begin d 1"]
    assert Job.objects.get().state == Job.State.DONE


def reached(lines: int) -> bool:
    return len(ledger()) >= lines


def test_killed_again_and_again(installation: Installation) -> None:
    moments = random.Random(7)
    jobs = [enqueue("steps", name=f"j{number}", seconds=0.05) for number in range(12)]
    kills = 4
    for _ in range(kills):
        worker = installation.start_worker()
        until(partial(reached, len(ledger()) + moments.randint(3, 12)), "some work")
        installation.kill(worker)
    installation.start_worker()
    installation.until_all_ended()

    assert [(job.state, job.result) for job in Job.objects.all()] == [("done", {"sum": 6})] * len(jobs)
    ended = Counter(line for line in ledger() if line.startswith("end"))
    assert len(ended) == len(jobs) * STEPS
    # A step may be cut off between its work and its keeping: at most once per kill and slot.
    assert sum(ended.values()) - len(ended) <= kills * 2


def declare_changed_steps() -> None:
    """Other steps, in another order: what kept its name is still not repeated."""

    def steps(run: Run, *, name: str, seconds: float) -> dict[str, int]:
        added: int = run.once("new first step", one_step, name, 9, 0.0)
        return {"sum": added + sum(run.once(f"step {number}", one_step, name, number, 0.0) for number in (1, 0))}

    steps.__qualname__ = "steps"
    job(key="steps", title="Steps, changed")(steps)


def test_changed_code_resumes_what_older_code_began(installation: Installation) -> None:
    enqueue("steps", name="a", seconds=0.3)
    worker = installation.start_worker()
    until(lambda: "begin a 1" in ledger(), "step 1 to begin")
    installation.kill(worker)
    installation.start_worker(prepare=declare_changed_steps)
    installation.until_all_ended()
    assert Job.objects.get().result == {"sum": 10}
    begun = Counter(line for line in ledger() if line.startswith("begin"))
    assert begun == {"begin a 0": 1, "begin a 1": 2, "begin a 9": 1}


def test_a_stopped_worker_gives_its_jobs_back(installation: Installation) -> None:
    job = enqueue("wait", name="w")
    worker = installation.start_worker()
    until(lambda: ledger() == ["begin w"], "the job to begin")
    worker.terminate()
    worker.join(30)
    assert worker.exitcode == 0
    snapshot = job_snapshot(job.id)
    assert (snapshot["state"], snapshot["steps"][0]["state"]) == ("queued", "stopped")
    (installation.home / "w").touch()
    installation.start_worker()
    installation.until_all_ended()
    assert ledger() == ["begin w", "begin w", "end w"]


def test_one_worker_at_a_time(installation: Installation) -> None:
    enqueue("wait", name="w")
    worker = installation.start_worker()
    until(ledger, "the job to begin")
    with pytest.raises(WorkerBusy):
        Worker().start()
    second = installation.start_worker()
    second.join(60)
    assert second.exitcode == 1
    installation.kill(worker)
    with Worker():
        (installation.home / "w").touch()
        installation.until_all_ended()


def test_each_tick_once_whoever_dies(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TICKING", "1")
    worker = installation.start_worker()
    until(lambda: ScheduleMark.objects.exists(), "the clock to be seen")
    installation.kill(worker)
    assert not Job.objects.exists(), "a clock seen for the first time owes nothing"

    # The clock was seen three minutes ago: several ticks were missed, the last is owed.
    mark = ScheduleMark.objects.get()
    ScheduleMark.objects.update(since=mark.since.replace(year=mark.since.year - 1))
    for _ in range(2):
        worker = installation.start_worker()
        until(lambda: Job.objects.exists(), "the tick")
        installation.kill(worker)
    installation.start_worker()
    installation.until_all_ended()
    ticks = [line for line in ledger() if line.startswith("tick")]
    jobs = Job.objects.filter(schedule="test:minute", state="done")
    assert jobs.count() == len(set(jobs.values_list("tick", flat=True))) <= 2  # a minute may pass during the test
    assert {line.split()[-1] for line in ticks} == {str(job.id) for job in jobs}


def test_fifty_at_once(installation: Installation) -> None:
    def ask(number: int) -> None:
        enqueue("tick", name=f"n{number}")
        connections["default"].close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(50)]
    with Worker(slots=4):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        installation.until_all_ended()
    assert Counter(line.split()[1] for line in ledger()) == {f"n{number}": 1 for number in range(50)}
    assert set(Job.objects.values_list("state", "attempts")) == {("done", 1)}
