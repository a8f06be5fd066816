"""The live progress of a run: the panel that is fetched again when the job tells of itself."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.utils import timezone

from citybrain.kernel.jobs.models import Job, Step
from citybrain.kernel.jobs.telling import topic_of

pytestmark = pytest.mark.django_db


def make_job(state: str, **options: object) -> Job:
    """A job with one step half done."""
    now = timezone.now()
    job = Job.objects.create(
        name="run", title="Gather and govern", state=state, queued_at=now, started_at=now, **options
    )
    Step.objects.create(job=job, key="gather", label="Gather", done=5, total=10, started_at=now, updated_at=now)
    return job


def panel(client: Client, job: Job, key: str) -> str:
    """One panel of a run's page, as the browser asks for it when a topic was told."""
    return client.get(f"/runs/{job.id}/", headers={"x-panel": key}).content.decode()


def test_the_progress_is_asked_for_alone_and_moves(reader: Client) -> None:
    job = make_job(Job.State.RUNNING)
    page = reader.get(f"/runs/{job.id}/").content.decode()
    assert f'data-topic="{topic_of(job.id)}"' in page
    first = panel(reader, job, "progress")
    assert 'value="5' in first and "<html" not in first and "Running" in first
    Step.objects.filter(job=job).update(done=10, state=Step.State.DONE)
    Job.objects.filter(id=job.id).update(state=Job.State.DONE)
    last = panel(reader, job, "progress")
    assert "Done" in last and 'value="10' in last


def test_what_a_job_did_is_fetched_again_when_it_ends(reader: Client) -> None:
    job = make_job(Job.State.RUNNING)
    page = reader.get(f"/runs/{job.id}/").content.decode()
    for key in ("gathered", "governed", "loads", "passes"):
        assert f'id="{key}" data-topic="jobs"' in page, key
        assert f'id="{key}"' in panel(reader, job, key)


def test_a_fault_and_a_call_off_are_told(reader: Client) -> None:
    failed = make_job(Job.State.FAILED, error="The disk is <full>.", attempts=3)
    told = panel(reader, failed, "progress")
    assert "The disk is &lt;full&gt;." in told and "attempt 3" in told
    assert "Called off" in panel(reader, make_job(Job.State.RUNNING, cancel_requested=True), "progress")


def test_a_run_needs_a_login_and_a_job(client: Client, reader: Client) -> None:
    assert client.get(f"/runs/{uuid.uuid4()}/").status_code == 302
    assert reader.get(f"/runs/{uuid.uuid4()}/").status_code == 404
