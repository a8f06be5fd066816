"""The live progress of a run: what the stream sends, to whom, and when it ends."""

from __future__ import annotations

import uuid

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.test import Client
from django.utils import timezone

from citybrain.kernel.jobs.models import Job, Step
from citybrain.warehouse.pages import runs


def make_job(state: str) -> Job:
    """A job with one step half done."""
    now = timezone.now()
    job = Job.objects.create(name="run", title="Gather and govern", state=state, queued_at=now, started_at=now)
    Step.objects.create(job=job, key="gather", label="Gather", done=5, total=10, started_at=now, updated_at=now)
    return job


def finish(job: Job) -> None:
    """Everything done."""
    Step.objects.filter(job=job).update(done=10, state=Step.State.DONE)
    Job.objects.filter(id=job.id).update(state=Job.State.DONE)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stream looks often and speaks soon."""
    monkeypatch.setattr(runs, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(runs, "PING_SECONDS", 0.02)


def everything(job: Job, seen: str = "") -> list[bytes]:
    """All the stream of a job sends until it ends."""

    async def collect() -> list[bytes]:
        return [part async for part in runs.progress_events(job.id, "en", seen)]

    return async_to_sync(collect)()


@pytest.mark.django_db(transaction=True)
def test_the_stream_sends_changes_and_ends_with_the_job(quick: None) -> None:
    job = make_job(Job.State.RUNNING)

    async def watch() -> list[bytes]:
        stream = runs.progress_events(job.id, "en", "")
        first, silence = await anext(stream), await anext(stream)
        await sync_to_async(finish)(job)
        return [first, silence, *[part async for part in stream if not part.startswith(b":")]]

    first, silence, *_between, ended, last = async_to_sync(watch)()
    assert first.startswith(b"id: ") and b'value="5"' in first and first.endswith(b"\n\n")
    assert silence == b": still here\n\n"
    assert b'value="10"' in ended and b"Done" in ended
    assert last == b"event: done\ndata: done\n\n"


@pytest.mark.django_db(transaction=True)
def test_who_saw_the_last_event_is_not_sent_it_again() -> None:
    job = make_job(Job.State.DONE)
    first = everything(job)
    seen = first[0].decode().split("\n")[0].removeprefix("id: ")
    assert everything(job, seen) == first[1:]


@pytest.mark.django_db(transaction=True)
def test_the_stream_needs_a_login_and_a_job(client: Client, reader: Client) -> None:
    assert client.get(f"/runs/{uuid.uuid4()}/events/").status_code == 302
    assert reader.get(f"/runs/{uuid.uuid4()}/events/").status_code == 404
    answer = reader.get(f"/runs/{make_job(Job.State.DONE).id}/events/")
    assert answer["Content-Type"] == "text/event-stream" and answer["X-Accel-Buffering"] == "no"


def test_text_of_several_lines_stays_one_event() -> None:
    assert runs.event("1", "<p>\n\n a</p>\r\n<b>") == b"id: 1\ndata: <p>\ndata:  a</p>\ndata: <b>\n\n"
