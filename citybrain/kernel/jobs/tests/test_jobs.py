"""Verbs, questions and the run itself, without an engine."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone, translation

from citybrain.kernel.jobs.actions import cancel, enqueue, retry
from citybrain.kernel.jobs.definitions import UnknownJob, job, job_type
from citybrain.kernel.jobs.models import Job, Step
from citybrain.kernel.jobs.perform import BEGINNINGS, perform
from citybrain.kernel.jobs.queries import follow, job_snapshot, recent, unfinished
from citybrain.kernel.jobs.run import Cancelled, MemoryJournal, Run, Stopped
from citybrain.kernel.jobs.tests.sample_jobs import ledger

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGER", str(tmp_path / "ledger"))


def run_of(**fields: Any) -> Run:
    return Run(Job.objects.create(name="steps", title="Steps", queued_at=timezone.now(), **fields), MemoryJournal())


def test_a_job_from_asking_to_its_result() -> None:
    asked = enqueue("steps", requested_by="li", name="a")
    assert (asked.state, asked.title, asked.arguments) == ("queued", "Steps", {"name": "a"})
    assert unfinished("steps", name="a") == asked
    perform(asked.id, 0, MemoryJournal())
    snapshot = job_snapshot(asked.id)
    assert (snapshot["state"], snapshot["result"], snapshot["requested_by"]) == ("done", {"sum": 6}, "li")
    assert snapshot["steps"][0] | {"started_at": "", "updated_at": "", "finished_at": ""} == {
        "key": "all",
        "label": "All",
        "done": 4,
        "total": 4,
        "unit": "steps",
        "percent": 100,
        "state": "done",
        "started_at": "",
        "updated_at": "",
        "finished_at": "",
    }
    assert json.loads(json.dumps(snapshot)) == snapshot
    assert unfinished("steps", name="a") is None
    assert [row["id"] for row in recent()] == [str(asked.id)]
    assert recent(name="tick") == []
    assert list(follow(asked.id)) == [snapshot]


def test_asking_goes_with_the_callers_transaction() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        enqueue("tick", name="never")
        raise RuntimeError
    assert not Job.objects.exists()


def test_asking_wrongly_says_what_is_wrong() -> None:
    with pytest.raises(UnknownJob, match=r"stepz.*steps"):
        enqueue("stepz", name="a")
    with pytest.raises(TypeError, match=r"steps.*nmae"):
        enqueue("steps", name="a", nmae="a")
    with pytest.raises(TypeError, match="JSON"):
        enqueue("tick", name=object())
    assert not Job.objects.exists()


def test_a_job_nobody_declares_any_more_fails_with_a_reason() -> None:
    old = Job.objects.create(name="gone", title="Gone", queued_at=timezone.now())
    perform(old.id, 0, MemoryJournal())
    old.refresh_from_db()
    assert old.state == Job.State.FAILED
    with translation.override("en"):
        assert "gone" in old.error


def test_declaring_twice_or_with_a_reserved_word_is_refused() -> None:
    def other(run: Run) -> None: ...

    def reserved(run: Run, *, parent: str) -> None: ...

    with pytest.raises(ValueError, match="declared twice"):
        job(key="steps", title="Other")(other)
    with pytest.raises(ValueError, match="parent"):
        job(key="reserved", title="Reserved")(reserved)


def test_a_failure_keeps_its_reason_and_can_be_asked_for_again(tmp_path: Path) -> None:
    asked = enqueue("broken", name="b")
    journal = MemoryJournal()
    perform(asked.id, 0, journal)
    asked.refresh_from_db()
    assert asked.state == Job.State.FAILED
    assert asked.error.startswith("ValueError: row 7 is not a row (broken, sample_jobs.py:")
    assert Step.objects.get().state == Step.State.STOPPED
    (tmp_path / "b").touch()
    again = retry(asked.id)
    assert (again.state, again.generation, again.error) == ("queued", 1, "")
    perform(asked.id, 0, journal)
    assert Job.objects.get().state == Job.State.QUEUED, "the old generation must not run again"
    perform(asked.id, 1, journal)
    assert Job.objects.get().state == Job.State.DONE
    assert ledger() == ["begin b 0", "end b 0"], "the finished step was not repeated"
    with pytest.raises(ValueError, match=str(asked.id)):
        retry(asked.id)


def test_passing_faults_are_tried_again_later_but_not_for_ever() -> None:
    asked = enqueue("shaky", name="s", faults=99)
    journal = MemoryJournal()
    for generation in range(job_type("shaky").tries):
        asked.refresh_from_db()
        assert (asked.state, asked.generation) == ("queued", generation)
        assert (asked.not_before is None) == (generation == 0)
        perform(asked.id, generation, journal)
    asked.refresh_from_db()
    assert asked.state == Job.State.FAILED
    assert asked.error.startswith("ConnectionError: the other end hung up")


def test_a_job_that_kills_every_worker_is_given_up() -> None:
    asked = enqueue("tick", name="heavy")
    Job.objects.update(state=Job.State.RUNNING, attempts=BEGINNINGS)
    perform(asked.id, 0, MemoryJournal())
    assert Job.objects.get().state == Job.State.FAILED
    assert ledger() == []


def test_a_result_must_be_json() -> None:
    with pytest.raises(TypeError, match="step “k”"):
        run_of().once("k", object)
    with pytest.raises(TypeError, match="step “k”"):
        run_of().once("k", float, "nan")


def test_a_step_gives_the_same_the_first_time_and_later() -> None:
    journal = MemoryJournal()
    asked = enqueue("tick", name="x")
    results = [Run(asked, journal).once("pair", lambda: (1, "二")) for _ in range(2)]
    assert results == [[1, "二"], [1, "二"]]


def test_a_key_used_twice_is_a_mistake() -> None:
    run = run_of()
    run.once("k", int)
    with pytest.raises(ValueError, match="“k” twice"):
        run.once("k", int)


def test_load_ids_are_stable_and_their_own() -> None:
    run, other = run_of(), run_of()
    again = Run(Job.objects.get(id=run.job_id), MemoryJournal())
    assert run.load_id("a") == again.load_id("a")
    assert len({run.load_id("a"), run.load_id("b"), other.load_id("a")}) == 3


def test_threads_share_a_run_and_its_progress() -> None:
    run = run_of()
    with run.step("s", "S", total=400) as progress:

        def work(number: int) -> int:
            progress.advance(4)
            return int(run.once(f"k{number}", int, number))

        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(work, range(100))) == list(range(100))
        progress.expect(800)
    assert list(Step.objects.values_list("done", "total", "state")) == [(400, 800, "done")]


def test_open_progress_is_written_when_flushed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("citybrain.kernel.jobs.run.FLUSH_SECONDS", 0.0)
    run = run_of()
    with run.step("s", "S", unit="rows") as progress:
        progress.advance(3)
        assert Step.objects.get().done == 0
        run.flush()
        assert Step.objects.get().done == 3
        assert job_snapshot(run.job_id)["steps"][0]["percent"] is None


def test_a_part_entered_again_starts_from_nothing() -> None:
    run = run_of()
    for amount in (5, 2):
        with run.step("s", "S") as progress:
            progress.advance(amount)
    assert Step.objects.get().done == 2


def test_calling_off_what_waits_and_what_is_over() -> None:
    asked = enqueue("tick", name="x")
    assert cancel(asked.id).state == Job.State.CANCELLED
    perform(asked.id, 0, MemoryJournal())
    assert ledger() == []
    assert retry(asked.id).cancel_requested is False
    perform(asked.id, 1, MemoryJournal())
    assert cancel(asked.id).state == Job.State.DONE


@pytest.mark.parametrize(("order", "state"), [(Cancelled, "cancelled"), (Stopped, "queued")])
def test_an_order_ends_the_work_even_where_errors_are_passed_over(order: type[Cancelled], state: str) -> None:
    def stubborn(run: Run) -> None:
        with run.step("s", "S") as progress:
            for _ in range(3):
                try:
                    run.interrupt(order)
                    progress.advance()
                except Exception:
                    continue
        raise AssertionError("not reached")

    job(key="stubborn", title="Stubborn")(stubborn)
    asked = enqueue("stubborn")
    perform(asked.id, 0, MemoryJournal())
    asked.refresh_from_db()
    assert (asked.state, Step.objects.get().state) == (state, "stopped")


def test_a_cancellation_outranks_a_stop() -> None:
    run = run_of()
    run.interrupt(Cancelled)
    run.interrupt(Stopped)
    with pytest.raises(Cancelled):
        run.check()


@pytest.mark.parametrize("leave", [SystemExit, MemoryError])
def test_whatever_a_job_throws_it_ends(leave: Callable[[], BaseException]) -> None:
    def thrower(run: Run) -> None:
        raise leave()

    job(key="thrower", title="Thrower")(thrower)
    asked = enqueue("thrower")
    perform(asked.id, 0, MemoryJournal())
    assert Job.objects.get().state == Job.State.FAILED


def test_titles_are_in_the_readers_language() -> None:
    asked = enqueue("tick", name="x")
    with translation.override("en"):
        assert job_snapshot(asked.id)["state_title"] == "Queued"
