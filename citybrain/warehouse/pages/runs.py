"""Pages of the work under way and done: the list, one run with its live progress, and the buttons that start work."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
import uuid
from collections.abc import AsyncIterator

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from citybrain.kernel.jobs.actions import cancel, enqueue, retry
from citybrain.kernel.jobs.models import Job
from citybrain.kernel.jobs.queries import Snapshot, job_snapshot, unfinished
from citybrain.ui.access import back, requires
from citybrain.ui.paging import paging
from citybrain.warehouse import queries
from citybrain.warehouse.permissions import START, VIEW
from citybrain.warehouse.starting import startable

LOOK_SECONDS = 0.5
"""How often the stream looks whether a job moved on."""

PING_SECONDS = 15.0
"""After how much silence a comment is sent, so that proxies keep the line open."""


@requires(VIEW)
def runs(request: HttpRequest) -> HttpResponse:
    """Every job asked for, newest first; parts of a larger one are shown inside it."""
    asked = Job.objects.filter(parent=None)
    state = request.GET.get("state", "")
    shown = asked.filter(state=state) if state in Job.State.values else asked
    place = paging(request.GET.get("page"), shown.count(), 30)
    context = {
        "jobs": queries.with_progress(shown[place.offset : place.offset + place.size]),
        "paging": place,
        "states": [(value, label, asked.filter(state=value).count()) for value, label in Job.State.choices],
        "total": asked.count(),
        "starts": startable(),
    }
    return render(request, "warehouse/runs.html", context)


@requires(VIEW)
def run(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """One job: live progress while it runs, then its sums, loads, passes and parts."""
    job = get_object_or_404(Job, id=job_id)
    context = {
        "job": job,
        "snapshot": job_snapshot(job_id),
        "children": queries.with_progress(job.children.order_by("queued_at")),
        "loads": (loads := queries.gather_loads(job)),
        "passes": (passes := queries.govern_passes(job)),
        "errors": errors_of(job),
        "gathered": queries.gather_sum(loads),
        "governed": queries.govern_sum(passes),
    }
    return render(request, "warehouse/run.html", context)


def errors_of(job: Job) -> list[str]:
    """What went wrong in single tables of a job that went on without them."""
    parts = (job.result or {}).values()
    return [error for part in parts if isinstance(part, dict) for error in part.get("errors", ())]


@requires(VIEW)
async def run_events(request: HttpRequest, job_id: uuid.UUID) -> StreamingHttpResponse:
    """The progress of one job as server-sent events: rendered HTML at every change, then `done`."""
    if not await Job.objects.filter(id=job_id).aexists():
        raise Http404(f"job {job_id}")
    stream = progress_events(job_id, get_language() or "", request.headers.get("Last-Event-ID", ""))
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    return StreamingHttpResponse(stream, content_type="text/event-stream", headers=headers)


async def progress_events(job_id: uuid.UUID, language: str, seen: str) -> AsyncIterator[bytes]:
    """Events until the job ends. An event's id is a digest of what it shows: who has seen it is not sent it again."""
    spoke = time.monotonic()
    while True:
        snapshot = await sync_to_async(look)(job_id, language)
        digest = hashlib.sha256(json.dumps([snapshot, language], sort_keys=True).encode()).hexdigest()[:16]
        if digest != seen:
            seen, spoke = digest, time.monotonic()
            yield event(digest, await sync_to_async(live)(snapshot, language))
        if snapshot["is_final"]:
            yield b"event: done\ndata: done\n\n"
            return
        if time.monotonic() - spoke > PING_SECONDS:
            spoke = time.monotonic()
            yield b": still here\n\n"
        await asyncio.sleep(LOOK_SECONDS)


def look(job_id: uuid.UUID, language: str) -> Snapshot:
    """The job as it stands, its words in the reader's language: a stream outlives the request that set it."""
    with override(language):
        return job_snapshot(job_id)


def live(snapshot: Snapshot, language: str) -> str:
    """The moving part of a run's page as HTML."""
    with override(language):
        return render_to_string("warehouse/parts/run_live.html", {"snapshot": snapshot})


def event(identity: str, html: str) -> bytes:
    """One server-sent event; every line of its text carries the field's name."""
    lines = "".join(f"data: {line}\n" for line in html.splitlines() if line.strip())
    return f"id: {identity}\n{lines}\n".encode()


@requires(START, writes=True)
def start(request: HttpRequest) -> HttpResponse:
    """Asks for one of the jobs the pages may start; a second click opens the one already under way."""
    name = request.POST.get("job", "")
    kind = next((kind for kind in startable() if kind.key == name), None)
    if kind is None:
        raise Http404(f"job {name}")
    arguments = {key: value for key in kind.takes if (value := request.POST.get(key, ""))}
    job = unfinished(name, **arguments)
    if job is None:
        job = enqueue(name, requested_by=request.user.get_username(), **arguments)
        messages.success(request, _("Started. The worker takes it up within a second."))
    else:
        messages.info(request, _("This was already under way: here it is."))
    return redirect("run", job_id=job.id)


@requires(START, writes=True)
def stop(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Calls a job off."""
    cancel(get_object_or_404(Job, id=job_id).id)
    messages.info(request, _("Called off: it stops at its next safe point, and what was published stays."))
    return redirect("run", job_id=job_id)


@requires(START, writes=True)
def again(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Asks again for a job that failed or was called off."""
    try:
        retry(get_object_or_404(Job, id=job_id).id)
    except ValueError as error:
        messages.warning(request, str(error))
    return back(request, f"/runs/{job_id}/")
