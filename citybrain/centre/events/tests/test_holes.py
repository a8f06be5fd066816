"""Ways somebody tried to get a case done, ended or moved that are not theirs; each was open once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from citybrain.centre.events import tasks
from citybrain.centre.events.checking import check
from citybrain.centre.events.drafts import ReporterDraft
from citybrain.centre.events.machine import State, Verb
from citybrain.centre.events.models import Event
from citybrain.centre.events.orders import Media
from citybrain.centre.events.refusals import Refused
from citybrain.centre.events.tests.county import FLOOD, PIT, County
from citybrain.centre.events.tests.test_loop import PNG, do, picture, to_work
from citybrain.kernel.identity.models import User
from citybrain.kernel.records.attachments import detach
from citybrain.kernel.records.models import Attachment

Case = Callable[..., Event]
V = Verb


def test_nothing_is_merged_into_what_one_cannot_see(case: Case, county: County) -> None:
    own, far = case(type=PIT.key), case(type=PIT.key, area=None)
    do(far, V.ACCEPT, county.desk)
    with pytest.raises(PermissionDenied):
        do(own, V.MERGE, county.town_worker, into=far)
    near = case(type=PIT.key)
    do(own, V.MERGE, county.town_worker, into=near)
    assert own.state == State.MERGED and check(near) == []


def test_the_picture_of_the_damage_does_not_show_that_it_is_gone(case: Case, county: County) -> None:
    event = to_work(case(photos=(SimpleUploadedFile("pit.png", PNG),)), county)
    before = Attachment.objects.get(record_kind="signal")
    for file in (before, picture(event, county.road_worker)):
        shown = (Media(attachment=file.pk, role="after"),)
        with pytest.raises(Refused) as refused:
            do(event, V.REPORT_DONE, county.road_worker, result="fixed_with_proof", media=shown)
        assert refused.value.guard == "picture"


def test_the_picture_of_an_earlier_round_proves_nothing(case: Case, county: County) -> None:
    event = to_work(case(), county)
    shown = (Media(attachment=picture(event, county.road_worker).pk, role="after"),)
    do(event, V.REPORT_DONE, county.road_worker, result="fixed_with_proof", media=shown)
    do(event, V.REWORK, county.desk, text="没有补好")
    with pytest.raises(Refused) as refused:
        do(event, V.REPORT_DONE, county.road_worker, result="fixed_with_proof", media=shown)
    assert refused.value.guard == "proof"


def test_a_new_class_lowers_nothing_that_a_leader_raised(case: Case, county: County) -> None:
    event = case(type=FLOOD.key)
    do(event, V.ACCEPT, county.desk)
    do(event, V.LOWER, county.desk, level="yellow", text="雨停")
    do(event, V.RAISE, county.leader, level="red", text="又下雨")
    for order in ({"type": PIT.key}, {"type": FLOOD.key, "level": "blue"}):
        with pytest.raises(Refused) as refused:
            do(event, V.RECLASSIFY, county.town_worker, **order)
        assert refused.value.guard == "rank"
    do(event, V.RECLASSIFY, county.town_worker, type=PIT.key, level="red")
    assert event.level == "red"


def test_who_takes_it_over_takes_it_themselves(case: Case, county: County) -> None:
    event = to_work(case(), county)
    other = User.objects.get(pk=county.water_worker.user_id)
    do(event, V.TAKE, county.road_boss, organisation=county.water, person=other)
    assert (event.owner_id, event.organisation_id) == (county.road_boss.user_id, county.road.pk)


def test_who_handled_it_does_not_cancel_it(case: Case, county: County) -> None:
    event = case(type=PIT.key)
    do(event, V.ACCEPT, county.desk)
    do(event, V.DISPATCH, county.desk, organisation=county.town)
    do(event, V.SIGN, county.town_worker)
    do(event, V.PAUSE, county.town_worker, reason="scheduled", text="明天去")
    with pytest.raises(Refused) as refused:
        do(event, V.CANCEL, county.town_worker, text="不办了")
    assert refused.value.guard == "verifier"
    do(event, V.CANCEL, county.desk, text="重复")
    assert event.state == State.CANCELLED


def test_what_was_opened_again_is_answered_again(case: Case, county: County) -> None:
    event = to_work(case(reporter=ReporterDraft(contact="13800000000")), county)
    do(event, V.REPORT_DONE, county.road_worker, result="answered_only", public_text="已答复")
    do(event, V.CLOSE, county.desk)
    do(event, V.REDO, county.desk, text="没解决")
    do(event, V.SIGN, county.road_worker)
    do(event, V.REPORT_DONE, county.road_worker, result="answered_only")
    with pytest.raises(Refused) as refused:
        do(event, V.CLOSE, county.desk)
    assert refused.value.guard == "answer"
    do(event, V.CLOSE, county.desk, public_text="已再次答复")
    assert check(event) == []


def test_whose_part_is_over_makes_nobody_wait(case: Case, county: County) -> None:
    event = to_work(case(), county)
    do(event, V.ASK_TASK, county.road_worker, organisation=county.water, text="关水")
    task = event.tasks.get(role="assist")
    tasks.return_task(task, county.water_worker, "不是我们的管")
    event.refresh_from_db()
    with pytest.raises(Refused):
        do(event, V.ASK_TASK, county.water_worker, organisation=county.power, text="断电")


def test_what_the_journal_names_stays_attached(case: Case, county: County) -> None:
    event = to_work(case(), county)
    file = picture(event, county.road_worker)
    do(event, V.NOTE, county.road_worker, text="现场", media=(Media(attachment=file.pk),))
    with pytest.raises(PermissionDenied):
        detach(file, county.road_worker)
    assert Attachment.objects.get(pk=file.pk).removed_at is None
