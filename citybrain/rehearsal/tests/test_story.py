"""The story is legal, lies in the past, is played once however often it is begun, and says that it is made up."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from citybrain.centre.events.checking import check
from citybrain.centre.events.machine import State, Verb
from citybrain.centre.events.models import Event, Rating, Reporter, Signal, Step
from citybrain.kernel.identity.actions import first_login
from citybrain.kernel.identity.actions_loading import load_organisations
from citybrain.kernel.jobs.models import Job
from citybrain.rehearsal.officials import make_officials
from citybrain.rehearsal.story.jobs import FEWEST, KEY, ask_story
from citybrain.rehearsal.story.lives import PLOTS
from citybrain.rehearsal.story.pictures import SCENES, picture
from citybrain.rehearsal.story.playing import DAYS, REFERENCE, USUAL, Story

pytestmark = pytest.mark.django_db

COUNT = 12

EXPECTED = {
    "plain": {Verb.CLOSE},
    "late": {Verb.URGE},
    "returned": {Verb.SEND_BACK},
    "disputed": {Verb.SEND_BACK, Verb.ARBITRATE},
    "paused": {Verb.PAUSE, Verb.RESUME},
    "reworked": {Verb.REWORK},
    "rejected": {Verb.REJECT},
    "outside": {Verb.HAND_OUT},
    "noted": {Verb.NOTE},
    "stuck": {Verb.URGE},
}
"""Plot -> verbs it cannot do without."""


@pytest.fixture
def ready(settings: Any) -> datetime:

    load_organisations(settings.COUNTY)
    first_login()
    make_officials()
    return timezone.now()


def played(story: Story) -> None:
    for number in story.waiting():
        story.play(number)


def test_every_life_is_legal_and_lies_in_the_past(ready: datetime) -> None:
    played(Story(COUNT, 7, ready))
    events = list(Event.objects.all())
    assert COUNT <= len(events) <= COUNT + 4, "an event each, and some that were merged"
    assert [(event.number, found) for event in events if (found := check(event))] == []
    begin = ready - timedelta(days=DAYS + 2)
    assert all(begin < step.at < ready for step in Step.objects.all())
    assert Event.objects.filter(state__in=(State.CLOSED, State.APPRAISED)).exists()
    assert not Event.objects.filter(is_exercise=True).exists()
    # And it names nobody real.
    assert Reporter.objects.exists()
    assert all(rating.stars in range(1, 6) for rating in Rating.objects.all())
    doers = set(Step.objects.exclude(user=None).values_list("user__chinese", flat=True))
    assert doers and all("演示" in name for name in doers)


def test_cut_off_it_goes_on_and_plays_nothing_twice(ready: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    story = Story(6, 7, ready)
    for number in story.waiting()[:3]:
        story.play(number)
    monkeypatch.setattr("citybrain.rehearsal.story.lives.Life.live", killed)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        story.play(3)
    monkeypatch.undo()
    assert Story(6, 7, ready).waiting() == [3, 4, 5], "half a life is no life"
    played(Story(6, 7, ready))
    assert Story(6, 7, ready).waiting() == []
    opened = Signal.objects.filter(source_reference__regex=rf"^{REFERENCE}\d+$")
    assert opened.count() == 6


def killed(*_ignored: object) -> None:
    raise KeyboardInterrupt


def test_the_same_seed_tells_the_same(ready: datetime) -> None:
    first, second, other = Story(20, 7, ready), Story(20, 7, ready), Story(20, 8, ready)
    assert (first.told, first.moments) == (second.told, second.moments)
    assert first.told != other.told
    assert {report.type for report in first.told} <= set(USUAL)


def test_every_plot_can_be_lived(ready: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    story = Story(len(EXPECTED), 11, ready)
    assert set(EXPECTED) == set(PLOTS)
    begin = ready - timedelta(days=29)
    monkeypatch.setattr(story, "moments", [begin + timedelta(hours=number) for number in range(len(EXPECTED))])
    for number, (plot, verbs) in enumerate(EXPECTED.items()):
        monkeypatch.setattr("citybrain.rehearsal.story.lives.PLOTS", {plot: 1})
        story.play(number)
        event = Signal.objects.get(source_reference=f"{REFERENCE}{number:05d}").event
        assert event is not None
        made = set(event.journal.values_list("verb", flat=True))
        assert {verb.value for verb in verbs} <= made, plot
        assert check(event) == [], plot


def test_pictures_say_that_they_are_drawn() -> None:
    made = {picture(family, is_after=after, draw=0).read() for family in SCENES for after in (False, True)}
    assert len(made) >= 2 * len(set(SCENES.values()))
    assert all(content[:3] == b"\xff\xd8\xff" for content in made)


def test_it_is_asked_for_once(ready: datetime) -> None:
    job = ask_story(600, 7)
    assert job is not None and Job.objects.get(pk=job.pk).arguments["count"] == FEWEST
    assert ask_story(600, 7) is None
    assert Job.objects.filter(name=KEY).count() == 1
