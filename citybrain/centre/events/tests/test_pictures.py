"""One picture proves one repair: by its bytes, by how it looks; a reason lets it serve twice."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image, ImageDraw

from citybrain.centre.events import pictures
from citybrain.centre.events.checking import check
from citybrain.centre.events.machine import State, Verb
from citybrain.centre.events.models import Event, Task
from citybrain.centre.events.orders import Media
from citybrain.centre.events.pages.steps import about_pictures
from citybrain.centre.events.pictures import taken_at
from citybrain.centre.events.refusals import Refused
from citybrain.centre.events.shown import LookPart, Shown
from citybrain.centre.events.tasks import finish_task, sign_task
from citybrain.centre.events.tests.county import County
from citybrain.centre.events.tests.test_loop import do, to_work
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.records.attachments import attach

Case = Callable[..., Event]

pytestmark = pytest.mark.django_db


def scene(seed: int, *, mended: bool = False, quality: int = 90, scale: float = 1.0) -> SimpleUploadedFile:
    """A picture as a camera makes it: soft shapes that follow from a seed; mended, something in it is gone."""
    soft = Image.frombytes("RGB", (12, 9), random.Random(seed).randbytes(12 * 9 * 3))
    image = soft.resize((640, 480), Image.Resampling.BICUBIC)
    if not mended:
        ImageDraw.Draw(image).ellipse((300, 220, 420, 300), fill="black")
    image = image.resize((round(640 * scale), round(480 * scale)))
    held = io.BytesIO()
    image.save(held, "JPEG", quality=quality)
    return SimpleUploadedFile(f"scene-{seed}.jpg", held.getvalue(), "image/jpeg")


def after(event: Event, upload: SimpleUploadedFile, actor: Actor, **more: object) -> tuple[Media, ...]:
    """A picture attached to an event, as its order names it."""
    return (Media(attachment=attach(event, upload, actor).pk, role="after", **more),)  # type: ignore[arg-type]


def fixed(event: Event, county: County, upload: SimpleUploadedFile, **more: object) -> Event:
    """Reports the event done with a picture."""
    media = after(event, upload, county.road_worker)
    do(event, Verb.REPORT_DONE, county.road_worker, result="fixed_with_proof", media=media, **more)
    return event


@pytest.mark.parametrize(
    "again", [scene(1, mended=True), scene(1, mended=True, quality=40), scene(1, mended=True, scale=0.5)]
)
def test_a_picture_of_another_event(case: Case, county: County, again: SimpleUploadedFile) -> None:
    """The same file, or saved anew: refused with the event it served for, unless somebody says why."""
    first = fixed(to_work(case(), county), county, scene(1, mended=True))
    second = to_work(case(text="另一处"), county)
    steps = second.steps
    with pytest.raises(Refused) as refused:
        fixed(second, county, again)
    assert refused.value.guard == "picture" and first.number in refused.value.text and refused.value.remedy
    second.refresh_from_db()
    assert (second.state, second.steps) == (State.IN_PROGRESS, steps)
    again.seek(0)
    fixed(second, county, again, again="同一次补坑，两个案卷")
    step = second.journal.get(number=second.steps)
    assert step.facts["again_of"] == [first.number] and "同一次补坑" in "".join(about_pictures(step))
    do(second, Verb.CLOSE, county.desk, public_text="好了")
    assert not list(check(second))


def test_a_picture_of_before(case: Case, county: County) -> None:
    """What shows the pit does not show it mended; a photo from the same spot afterwards does."""
    event = to_work(case(photos=(scene(2),)), county)
    with pytest.raises(Refused) as refused:
        fixed(event, county, scene(2, quality=50))
    assert refused.value.guard == "picture" and event.number in refused.value.text
    assert fixed(event, county, scene(2, mended=True)).state == State.REPORTED_DONE


def test_what_belongs_together_shares(case: Case, county: County) -> None:
    """An event merged into another, and the one it was split off from again."""
    first = fixed(to_work(case(), county), county, scene(3))
    do(first, Verb.REWORK, county.desk, text="再看看")
    second = case(text="同一个坑")
    do(second, Verb.MERGE, county.desk, into=first, text="同一处")
    assert pictures.family(first) == pictures.family(second) == {first.pk, second.pk}
    third = to_work(case(text="别处"), county)
    media = after(third, scene(3), county.road_worker)
    assert [one.event.pk for one in pictures.clashes(third, media)] == [first.pk]
    assert pictures.clashes(second, media) == []


def test_a_task_too(case: Case, county: County) -> None:
    """Who only helps proves with a picture of their own."""
    fixed(to_work(case(), county), county, scene(4))
    second = to_work(case(text="别处"), county)
    do(second, Verb.ASK_TASK, county.road_worker, organisation=county.water, text="关水")
    task = Task.objects.get(event=second, role=Task.Role.ASSIST)
    sign_task(task, county.water_worker)
    media = after(second, scene(4), county.road_worker)
    with pytest.raises(Refused):
        finish_task(task, county.water_worker, "关了", media=media)
    step = finish_task(task, county.water_worker, "关了", media=media, again="一起拍的")
    assert step.facts["again"] == "一起拍的"


def test_taken_long_before(case: Case, county: County) -> None:
    """The camera's own time, days before the dispatch, is told to whoever checks; nobody is refused for it."""
    held = io.BytesIO()
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2020:05:01 08:30:00"
    Image.open(scene(5)).save(held, "JPEG", exif=exif)
    at = taken_at(SimpleUploadedFile("old.jpg", held.getvalue()))
    assert at is not None and timezone.localtime(at).strftime("%Y-%m-%d %H:%M") == "2020-05-01 08:30"
    assert taken_at(SimpleUploadedFile("x.pdf", b"%PDF-1.4")) is None
    event = to_work(case(), county)
    media = after(event, SimpleUploadedFile("old.jpg", held.getvalue()), county.road_worker, taken_at=at)
    step = do(event, Verb.REPORT_DONE, county.road_worker, result="fixed_with_proof", media=media)
    assert "2020-05-01 08:30" in "".join(about_pictures(step)) and step.media[0]["taken_at"]
    other = to_work(case(text="别处"), county)
    media = after(other, scene(6), county.road_worker, taken_at=timezone.now() - timedelta(minutes=5))
    step = do(other, Verb.REPORT_DONE, county.road_worker, result="fixed_with_proof", media=media)
    assert "early" not in step.facts


def test_one_look_is_asked_of_the_index(case: Case, county: County) -> None:
    """However many pictures there are: by bytes and by eighths of the look, through indexes."""
    event = fixed(to_work(case(), county), county, scene(7))
    assert Shown.objects.filter(event=event, role="after").count() == 1
    assert LookPart.objects.filter(shown__event=event).count() == pictures.PARTS
    other = case(text="别处")
    media = after(other, scene(8), county.desk)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert pictures.clashes(other, media) == []
    assert len(asked) <= 4
    if connection.vendor == "sqlite":
        plans = [LookPart.objects.filter(value__in=[1, 2]).explain(), Shown.objects.filter(digest="0").explain()]
        assert all("USING" in plan and "INDEX" in plan for plan in plans)


def test_a_flat_picture_is_like_no_other() -> None:
    """One colour is recognised by its bytes alone."""
    assert pictures.parts_of("") == []
