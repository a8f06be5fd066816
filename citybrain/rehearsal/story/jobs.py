"""The job that plays the demo's story while the pages already answer; asked for once, by `citybrain run` alone."""

from __future__ import annotations

from datetime import datetime
from time import sleep
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop as _

from citybrain.centre.events.models import Event
from citybrain.kernel.jobs.actions import enqueue
from citybrain.kernel.jobs.definitions import job
from citybrain.kernel.jobs.models import Job
from citybrain.kernel.jobs.run import Run
from citybrain.kernel.registry.registry import parts
from citybrain.rehearsal.story.playing import EVENTS, Story

FEWEST = 24
PEOPLE_A_EVENT = 150
"""Residents of the demo county for each event of its story."""

BREATH_SECONDS = 0.1

KEY = "demo-story"


@job(key=KEY, title=_("Play the demo's story"), lane=KEY)
def demo_story(run: Run, *, count: int, seed: int, now: str) -> dict[str, Any]:
    """Play the lives of the demo's events; killed, it goes on where it was."""
    story = Story(count, seed, datetime.fromisoformat(now))
    waiting = story.waiting()
    with run.step("events", _("Events"), total=len(waiting)) as progress:
        for number in waiting:
            story.play(number)
            progress.advance(1)
            # A pass that writes without a breath holds SQLite's one lock: who signs in meanwhile gets their turn here.
            sleep(BREATH_SECONDS)
    # Applications add what is theirs: `story.py` with `play(seed, now)`.
    added = {part.__name__.split(".")[-2]: part.play(seed, story.now) for part in parts("story")}
    for event in story.left():
        story.live_on(event)
        sleep(BREATH_SECONDS)
    return {"events": Event.objects.count(), **added}


def ask_story(people: int, seed: int) -> Job | None:
    """Asks for the story of a county with so many people, unless it was asked for, or there are events already."""
    if Event.objects.exists() or Job.objects.filter(name=KEY).exists():
        return None
    count = max(FEWEST, min(EVENTS, people // PEOPLE_A_EVENT))
    return enqueue(KEY, count=count, seed=seed, now=timezone.now().isoformat())
