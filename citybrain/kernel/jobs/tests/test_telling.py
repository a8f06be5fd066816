"""Open pages are told how a job goes on: at its turns always, in between not too often."""

from __future__ import annotations

import pytest
from django.db.models import Count

from citybrain.kernel.jobs import telling
from citybrain.kernel.jobs.actions import enqueue
from citybrain.kernel.jobs.models import Job
from citybrain.kernel.jobs.perform import perform
from citybrain.kernel.jobs.run import MemoryJournal, Run
from citybrain.kernel.jobs.telling import JOBS, Teller, topic_of
from citybrain.kernel.live.models import LiveEvent

pytestmark = pytest.mark.django_db


def told() -> dict[str, int]:
    """How often each topic was announced."""
    return dict(LiveEvent.objects.order_by().values_list("topic").annotate(Count("pk")))


@pytest.fixture(autouse=True)
def own_ledger(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEDGER", f"{tmp_path}/ledger")


def test_a_job_tells_when_it_begins_and_ends() -> None:
    parent = enqueue("steps", name="parent")
    child = enqueue("steps", parent=parent, name="child")
    assert told() == {}, "asking alone shows on no page that was not told by who asked"
    perform(child.id, 0, MemoryJournal())
    found = told()
    assert found[JOBS] == 2
    assert found[topic_of(child.id)] == found[topic_of(parent.id)] >= 2


def test_progress_is_told_seldom_and_the_last_word_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    job = Job.objects.get(pk=enqueue("steps", name="a").pk)
    teller = Teller(job)
    for _time in range(50):
        teller.moved()
    assert told() == {topic_of(job.id): 1}
    now[0] += 0.5
    teller.speak()
    assert told() == {topic_of(job.id): 1}
    now[0] += 0.6
    teller.speak()
    teller.speak()
    assert told() == {topic_of(job.id): 2}


def test_a_step_that_ends_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "TELL_SECONDS", 0.0)
    run = Run(Job.objects.get(pk=enqueue("steps", name="a").pk), MemoryJournal())
    with run.step("one", "One"):
        begun = sum(told().values())
    assert begun == 1 and sum(told().values()) == 2
