"""Turns the clock's ticks into queued jobs: each tick once, and of those missed while the worker was down, the last."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache

from croniter import CroniterError, croniter
from django.db import transaction
from django.utils import timezone

from citybrain.kernel.jobs.actions import new_job
from citybrain.kernel.jobs.definitions import Schedule, schedule_sources
from citybrain.kernel.jobs.models import Job, ScheduleMark

log = logging.getLogger(__name__)


@lru_cache(1024)
def is_cron(text: str) -> bool:
    """True when `text` is a clock of five fields that strikes at some time."""
    if len(text.split()) != 5 or not croniter.is_valid(text):
        return False
    try:
        last_tick(text, timezone.now())
    except CroniterError:
        return False
    return True


def last_tick(cron: str, now: datetime) -> datetime:
    """The last time the clock `cron` struck at or before `now`, in the county's time."""
    return _last_tick(cron, now.replace(second=0, microsecond=0))


@lru_cache(1024)
def _last_tick(cron: str, minute: datetime) -> datetime:
    # get_prev looks strictly before its start, and a strike in this very minute counts.
    start = timezone.localtime(minute) + timedelta(microseconds=1)
    tick: datetime = croniter(cron, start).get_prev(datetime)
    return tick


def known_schedules() -> list[Schedule]:
    """Every schedule that holds now. A source that fails is logged and passed over: the others still strike."""
    found: list[Schedule] = []
    for source in schedule_sources():
        try:
            found.extend(source())
        except Exception:
            log.exception("Schedules of %s cannot be read", source)
    return found


def strike(schedules: Iterable[Schedule], now: datetime) -> list[Job]:
    """Queue a job for every schedule that struck since it was last served; returns the new jobs.

    A schedule seen for the first time, or with a new clock, owes nothing yet. A clock set back repeats nothing.
    """
    marks = {mark.key: mark for mark in ScheduleMark.objects.all()}
    queued = []
    for schedule in schedules:
        if not is_cron(schedule.cron):
            log.error("Schedule %s: %r is no clock; write minute hour day month weekday", schedule.key, schedule.cron)
            continue
        mark = marks.get(schedule.key)
        if mark is None or mark.cron != schedule.cron:
            ScheduleMark.objects.update_or_create(
                key=schedule.key, defaults={"cron": schedule.cron, "since": now, "tick": None}
            )
            continue
        tick = last_tick(schedule.cron, now)
        if tick > (mark.tick or mark.since):
            try:
                if job := _serve(schedule, mark, tick):
                    queued.append(job)
            except Exception:
                log.exception("Schedule %s cannot be served", schedule.key)
    return queued


def _serve(schedule: Schedule, mark: ScheduleMark, tick: datetime) -> Job | None:
    """The job of this tick, queued together with the mark, unless it already exists."""
    job = new_job(schedule.job, dict(schedule.arguments), schedule=schedule.key, tick=tick)
    with transaction.atomic():
        existed = Job.objects.filter(schedule=schedule.key, tick=tick).exists()
        if not existed:
            job.save(force_insert=True)
        mark.tick = tick
        mark.save(update_fields=["tick"])
    return None if existed else job
