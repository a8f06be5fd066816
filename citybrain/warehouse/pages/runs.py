"""Pages of the work under way and done: the list, one run with its live progress, and the buttons that start work."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from citybrain.declare.role import Reach
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import Vouched, vouched
from citybrain.kernel.jobs.models import Job
from citybrain.kernel.jobs.telling import JOBS, topic_of
from citybrain.ui import formats
from citybrain.ui.access import back, requires
from citybrain.ui.paging import paging
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import Notice
from citybrain.ui.panels.panel import Action, Link, Panel, Tab, Tag
from citybrain.ui.panels.processes import Stage, Stages, Sum
from citybrain.ui.panels.tables import Column, Table
from citybrain.ui.templatetags.shown import bar, tone
from citybrain.warehouse import queries
from citybrain.warehouse.actions import STARTS, may_touch, repeat_job, start_job, stop_job
from citybrain.warehouse.catalogue.models import Dataset
from citybrain.warehouse.gathering.models import Source
from citybrain.warehouse.pages import parts
from citybrain.warehouse.permissions import START, VIEW

GATHERS, GOVERNS = ("run", "gather"), ("run", "govern")
"""Jobs whose page tells of loads, and of governance passes."""


@requires(VIEW)
def runs(request: HttpRequest) -> HttpResponse:
    """Every job asked for, newest first; parts of a larger one are shown inside it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    asked = Job.objects.filter(parent=None)
    tab = request.GET.get("tab", "")
    tab = tab if tab in Job.State.values else "all"
    shown = asked if tab == "all" else asked.filter(state=tab)
    place = paging(request.GET.get("page"), shown.count(), 30)
    main, *others = [
        action
        for name, title in (
            ("run", _("Gather and govern everything")),
            ("gather", _("Gather")),
            ("govern", _("Govern")),
        )
        for action in parts.start_action(actor, name, title, is_main=name == "run")
    ] or [None]
    return parts.page(
        _("Runs"),
        actions=tuple(action for action in (*others, main) if action),
        tabs=(
            Tab("all", _("All"), asked.count()),
            *(
                Tab(
                    value,
                    label,
                    asked.filter(state=value).count(),
                    tone="bad" if value == Job.State.FAILED else "quiet",
                )
                for value, label in Job.State.choices
            ),
        ),
        tab=tab,
        body=(
            jobs_table(
                queries.with_progress(shown[place.offset : place.offset + place.size], actor),
                key="jobs",
                refresh=JOBS,
                paging=place,
                empty=_("No run yet. Start one with the button above, or wait for a schedule to strike."),
            ),
        ),
        fills=True,
    ).respond(request)


def jobs_table(lines: Vouched[queries.JobLine], **options: object) -> Table:
    """Jobs with how far they got, who asked for them, and how long they took."""

    def progress(line: queries.JobLine) -> SafeString:
        if line.share is None:
            return cells.text(None)
        colour = {"failed": "bad", "done": "good"}.get(line.job.state, "data")
        return cells.joined(" ", (bar(line.share, 1, colour), cells.percent(line.share, 0)))

    return Table(
        rows=lines,
        columns=(
            Column(
                _("Work"),
                lambda line: _(line.job.title) if line.job.title else line.job.name,
                link=parts.to("run", lambda line: line.job.id),
                tags=lambda line: named(line.job),
            ),
            Column(_("State"), lambda line: parts.state_of("state")(line.job), cells.state),
            Column(_("Progress"), progress, weight=2),
            Column(_("Asked for"), "job.queued_at", cells.age),
            Column(_("Took"), "seconds", cells.duration, weight=2),
            Column(
                _("By"),
                lambda line: line.job.requested_by or (_("schedule") if line.job.schedule else _("system")),
                weight=2,
            ),
        ),
        empty_icon="hourglass",
        **options,  # type: ignore[arg-type]
    )


def named(job: Job) -> tuple[Tag, ...]:
    """What a job was asked to work on."""
    return tuple(Tag(key) for key in queries.worked_on(job))


@requires(VIEW)
def run(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """One job: live progress while it runs, then its sums, loads, passes and parts.

    Everybody sees how the work goes on; of what it did each department sees its own.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    job = get_object_or_404(Job.objects.select_related("parent"), id=job_id)
    above = Link(_(job.parent.title), reverse("run", args=[job.parent_id])) if job.parent else None
    asked_at = cells.joined(" · ", filter(None, (cells.moment(job.queued_at), job.requested_by)))
    return parts.page(
        _(job.title) if job.title else job.name,
        *filter(None, (Link(_("Runs"), reverse("runs")), above)),
        tags=named(job),
        note=asked_at,
        body=(progress_panel(job, actor, request.user.get_username()), *outcome(request, job, actor)),
    ).respond(request)


def job_actions(job: Job, actor: Actor, username: str) -> tuple[Action, ...]:
    """What the person may do about a job."""
    if not may_touch(job, actor, username) or job.state == Job.State.DONE:
        return ()
    if job.is_final:
        url = reverse("again", args=[job.id])
        return (Action(_("Try again"), url, "refresh", post=True, is_main=True),)
    return (Action(_("Call off"), reverse("stop", args=[job.id]), "ban", post=True),)


def progress_panel(job: Job, actor: Actor, username: str) -> Stages:
    """The moving part of a run's page: it is fetched again whenever the job tells of itself."""
    state = cells.state((job.get_state_display(), tone(job.state)))
    begun = cells.joined(" ", (_("begun"), cells.age(job.started_at)))
    told = [state, begun if job.started_at else _("waits for a free worker")]
    if job.attempts > 1:
        told.append(ngettext("attempt %(number)s", "attempt %(number)s", job.attempts) % {"number": job.attempts})
    called_off = _("Called off: it stops at its next safe point.")
    stages = [
        Stage(
            title=_(step.label) if step.label else step.key,
            state=step.state if step.state in ("running", "done") else "failed",  # type: ignore[arg-type]
            done=step.done,
            total=step.total,
            unit=_(step.unit) if step.unit else "",
            at=step.updated_at,
        )
        for step in job.steps.all()
    ]
    return Stages(
        title=_("Progress"),
        key="progress",
        refresh=topic_of(job.id),
        note=cells.joined(" · ", told),
        stages=vouched(stages, actor, VIEW),
        empty=_("No step has begun yet"),
        text=job.error or (called_off if job.cancel_requested and not job.is_final else ""),
        tone="bad" if job.error else "fair",
        actions=job_actions(job, actor, username),
    )


def outcome(request: HttpRequest, job: Job, actor: Actor) -> Iterator[Panel]:
    """What a job did, as far as the person may see it; fetched again when some job has begun or ended."""
    if actor.reach(VIEW) is Reach.COUNTY:
        results = (part for part in (job.result or {}).values() if isinstance(part, dict))
        for error in (error for part in results for error in part.get("errors", ())):
            yield Notice(tone="bad", text=error[:300])
    loads, passes = queries.gather_loads(job, actor), queries.govern_passes(job, actor)
    if job.name in GATHERS:
        number = loads.count()
        note = ngettext("%(number)s table", "%(number)s tables", number) % {"number": formats.number(number)}
        yield sum_panel("gathered", _("Gathered"), note, queries.gather_sum(loads), _("read"))
    if job.name in GOVERNS:
        number = passes.count()
        note = ngettext("%(number)s dataset", "%(number)s datasets", number) % {"number": formats.number(number)}
        yield sum_panel("governed", _("Governed"), note, queries.govern_sum(passes), _("in"))
    if job.children.exists():
        children = queries.with_progress(job.children.order_by("queued_at"), actor)
        yield jobs_table(children, title=_("Parts"), key="parts", refresh=JOBS)
    if job.name in GATHERS:
        yield parts.gather_table(loads, request, title=_("Loads"), key="loads", refresh=JOBS)
    if job.name in GOVERNS:
        yield parts.govern_table(passes, request, title=_("Governance passes"), key="passes", refresh=JOBS)


def sum_panel(key: str, title: str, note: str, found: queries.Sum, whole: str) -> Sum:
    """A sum that must add up."""
    words = {
        "loaded": _("loaded"),
        "quarantined": _("quarantined"),
        "skipped": _("skipped"),
        "standard": _("standard"),
        "held": _("held back"),
        "duplicate": _("duplicate"),
    }
    rows = tuple((number, words[name]) for name, number in found.parts.items())
    return Sum(title=title, note=note, key=key, refresh=JOBS, whole=(found.whole, whole), parts=rows)


@requires(START, writes=True)
def start(request: HttpRequest) -> HttpResponse:
    """Asks for one of the jobs the pages may start; a second click opens the one already under way."""
    name = request.POST.get("job", "")
    if name not in STARTS:
        raise Http404(f"job {name}")
    arguments = {key: value for key in STARTS[name] if (value := request.POST.get(key, ""))}
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        job, is_new = start_job(name, arguments, actor=actor, username=request.user.get_username())
    except (Source.DoesNotExist, Dataset.DoesNotExist):
        raise Http404(f"{name} {arguments}") from None
    if is_new:
        messages.success(request, _("Started. The worker takes it up within a second."))
    else:
        messages.info(request, _("This was already under way: here it is."))
    return redirect("run", job_id=job.id)


def own_job(request: HttpRequest, job_id: uuid.UUID) -> Job:
    """The job with this id, if the person may call it off. Raises Http404 for any other."""
    job = get_object_or_404(Job, id=job_id)
    if not may_touch(job, request.actor, request.user.get_username()):  # type: ignore[attr-defined]
        raise Http404(f"job {job_id}")
    return job


@requires(START, scoped=True, writes=True)
def stop(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Calls a job off."""
    job = own_job(request, job_id)
    stop_job(job, actor=request.actor, username=request.user.get_username())  # type: ignore[attr-defined]
    messages.info(request, _("Called off: it stops at its next safe point, and what was published stays."))
    return redirect("run", job_id=job.id)


@requires(START, scoped=True, writes=True)
def again(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Asks again for a job that failed or was called off."""
    job = own_job(request, job_id)
    try:
        repeat_job(job, actor=request.actor, username=request.user.get_username())  # type: ignore[attr-defined]
    except ValueError as error:
        messages.warning(request, str(error))
    return back(request, f"/runs/{job_id}/")
