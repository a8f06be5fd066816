"""One case through the loop, by different people; every legal way and what stands against it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from citybrain.centre.duties.models import Proposal
from citybrain.centre.events import guards, hooks, tasks
from citybrain.centre.events.actions import act
from citybrain.centre.events.checking import check
from citybrain.centre.events.drafts import ReporterDraft
from citybrain.centre.events.machine import State, Verb
from citybrain.centre.events.models import Event, Step, Task
from citybrain.centre.events.orders import Media, Order
from citybrain.centre.events.permissions import VIEW
from citybrain.centre.events.queries_ways import ways_of
from citybrain.centre.events.refusals import NotLegal, Refused, Stale
from citybrain.centre.events.situation import is_drawn
from citybrain.centre.events.tests.county import FLOOD, PIT, SECRET, WORD, County
from citybrain.hubs.evidence.models import Leaf
from citybrain.hubs.messages.models import Message
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import scoped
from citybrain.kernel.live.models import LiveEvent
from citybrain.kernel.records.attachments import attach
from citybrain.kernel.records.models import Attachment, SearchEntry

Case = Callable[..., Event]
V = Verb

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63606060000000040001"
    "f61738550000000049454e44ae426082"
)


def do(event: Event, verb: Verb, actor: Actor, **order: Any) -> Step:
    """One verb on the event as it stands."""
    at = order.pop("at", None)
    return act(event, Order(verb=verb, **order), actor, seen=event.steps, at=at)


def to_work(event: Event, county: County, kind: str = PIT.key) -> Event:
    """The event in the hands of the road office."""
    do(event, V.ACCEPT, county.desk, type=kind)
    do(event, V.DISPATCH, county.desk, organisation=county.road)
    do(event, V.SIGN, county.road_worker)
    return event


def picture(event: Event, actor: Actor) -> Attachment:
    return attach(event, SimpleUploadedFile("after.png", PNG), actor)


def test_a_whole_life(case: Case, county: County) -> None:
    event = to_work(case(), county)
    assert (event.state, event.organisation_id, event.owner_id) == (
        State.IN_PROGRESS,
        county.road.pk,
        county.road_worker.user_id,
    )
    after = Media(attachment=picture(event, county.road_worker).pk, role="after")
    do(
        event, V.REPORT_DONE, county.road_worker,
        result="fixed_with_proof", measures="补坑", cost=Decimal("120.50"), media=(after,),
    )  # fmt: skip
    do(event, V.CLOSE, county.desk, public_text="坑已补好")
    do(event, V.APPRAISE, county.desk)
    event.refresh_from_db()
    assert (event.state, event.result, event.cost) == (State.APPRAISED, "fixed_with_proof", Decimal("120.50"))
    assert event.closed_at is not None and event.due_at is None
    verbs = list(event.journal.order_by("number").values_list("verb", flat=True))
    assert verbs == ["open", "accept", "dispatch", "sign", "report_done", "close", "appraise"]
    assert check(event) == []
    lead = event.tasks.get()
    assert (lead.role, lead.state, lead.owner_id) == ("lead", "done", county.road_worker.user_id)
    leaves = Leaf.objects.filter(log="events", kind="event-step", reference__startswith=f"{event.number}/")
    assert {leaf.digest for leaf in leaves} == set(event.journal.values_list("hash", flat=True))
    assert LiveEvent.objects.filter(topic="events").count() == 7
    assert SearchEntry.objects.get(kind="event", record_id=event.pk).organisation_id == county.road.pk


def test_only_who_may_see_an_event_hears_of_its_steps(case: Case, county: County) -> None:
    """Whoever saw it before a step or sees it after hears of the step, in one row; nobody else learns its number."""
    people = [
        *(county.desk, county.agent, county.leader, county.road_worker, county.road_boss),
        *(county.water_worker, county.power_worker, county.town_worker),
    ]

    def seeing() -> set[str]:
        return {one.name for one in people if one.may(VIEW) and scoped(Event.objects.all(), one, VIEW).exists()}

    def told() -> set[str]:
        (heard,) = list(LiveEvent.objects.filter(topic="events"))
        LiveEvent.objects.all().delete()
        assert heard.payload == {"key": event.number, "version": event.steps}
        return {one.name for one in people if heard.audience.admits(one)}

    event = case(area=county.village)
    assert told() == seeing()
    bystanders = {county.power_worker.name, county.water_worker.name}
    for verb, actor, order in (
        (V.ACCEPT, county.desk, {"type": PIT.key}),
        (V.DISPATCH, county.desk, {"organisation": county.road, "assistants": (county.water,)}),
        (V.SEND_BACK, county.road_worker, {"organisation": county.power, "text": "不是市政道路"}),
    ):
        before = seeing()
        do(event, verb, actor, **order)
        heard = told()
        assert heard == before | seeing(), verb
        bystanders -= heard
    assert bystanders == {county.power_worker.name}, "the water works hear from when they assist"


def test_who_looked_before_somebody_else_acted_is_told_what_they_did(case: Case, county: County) -> None:
    event = case()
    seen = event.steps
    do(event, V.ACCEPT, county.desk, type=PIT.key)
    with pytest.raises(Stale) as told:
        act(event, Order(verb=V.REJECT, reason="no-fact", text="没有"), county.second, seen=seen)
    assert [step.verb for step in told.value.steps] == ["accept"]
    assert told.value.event.state == State.ACCEPTED


def test_the_state_decides_what_is_legal(case: Case, county: County) -> None:
    event = case()
    with pytest.raises(NotLegal):
        do(event, V.CLOSE, county.desk)
    assert {way.transition.verb for way in ways_of(event, county.desk)} >= {V.ACCEPT, V.REJECT, V.MERGE}
    assert V.DISPATCH not in {way.transition.verb for way in ways_of(event, county.desk)}


def test_only_those_near_may_act(case: Case, county: County) -> None:
    event = case()
    with pytest.raises(PermissionDenied):
        do(event, V.ACCEPT, county.road_worker, type=PIT.key)
    do(event, V.ACCEPT, county.town_worker, type=PIT.key)  # It lies in their town.
    do(event, V.DISPATCH, county.desk, organisation=county.road, assistants=(county.water,))
    with pytest.raises(PermissionDenied):
        do(event, V.SIGN, county.water_worker)  # Who assists does not lead.
    assert V.SIGN not in {way.transition.verb for way in ways_of(event, county.water_worker)}
    do(event, V.NOTE, county.water_worker, text="已到现场")
    do(event, V.SIGN, county.road_worker)
    assert check(event) == []


def test_what_is_accepted_has_a_class(case: Case, county: County) -> None:
    event = case()
    with pytest.raises(Refused) as why:
        do(event, V.ACCEPT, county.desk)
    assert why.value.guard == "type"
    way = next(way for way in ways_of(event, county.desk) if way.transition.verb is V.ACCEPT)
    assert "type" in way.required and way.blocked == ""


@pytest.mark.parametrize("result", ["fixed_with_proof"])
def test_fixed_needs_a_picture_taken_after(case: Case, county: County, result: str) -> None:
    event = to_work(case(), county)
    with pytest.raises(Refused) as why:
        do(event, V.REPORT_DONE, county.road_worker, result=result)
    assert why.value.guard == "proof" and why.value.remedy
    before = Media(attachment=picture(event, county.road_worker).pk, role="before")
    with pytest.raises(Refused):
        do(event, V.REPORT_DONE, county.road_worker, result=result, media=(before,))
    do(event, V.REPORT_DONE, county.road_worker, result="answered_only", text="说明")
    with pytest.raises(Refused):
        do(event, V.CLOSE, county.desk, result=result, public_text="好了")


def test_a_picture_of_an_earlier_round_proves_nothing(case: Case, county: County) -> None:
    event = to_work(case(), county)
    after = Media(attachment=picture(event, county.road_worker).pk, role="after")
    do(event, V.REPORT_DONE, county.road_worker, result="fixed_with_proof", media=(after,))
    do(event, V.REWORK, county.desk, text="没修好")
    with pytest.raises(Refused):
        do(event, V.REPORT_DONE, county.road_worker, result="fixed_with_proof")
    assert event.rework_count == 1 and event.tasks.get().state == Task.State.DOING


def test_another_events_file_is_no_proof(case: Case, county: County) -> None:
    one, other = to_work(case(), county), to_work(case(), county)
    strange = Media(attachment=picture(other, county.road_worker).pk, role="after")
    with pytest.raises(Refused) as why:
        do(one, V.REPORT_DONE, county.road_worker, result="fixed_with_proof", media=(strange,))
    assert why.value.guard == "media"


def test_nobody_checks_their_own_work(case: Case, county: County) -> None:
    event = case()
    do(event, V.ACCEPT, county.desk, type=WORD.key, level="yellow")
    do(event, V.DISPATCH, county.desk, organisation=county.centre)
    do(event, V.SIGN, county.desk)
    do(event, V.REPORT_DONE, county.second, result="answered_only")
    for one in (county.desk, county.second):
        with pytest.raises(Refused) as why:
            do(event, V.CLOSE, one, public_text="好了")
        assert why.value.guard == "verifier"
    do(event, V.CLOSE, county.arbiter, public_text="好了")


def test_small_matters_close_themselves_but_for_a_share(case: Case, county: County) -> None:
    kept, drawn = 0, 0
    for _number in range(30):
        event = case(type=WORD.key)
        do(event, V.ACCEPT, county.desk)
        do(event, V.DISPATCH, county.desk, organisation=county.road)
        do(event, V.SIGN, county.road_worker)
        do(event, V.REPORT_DONE, county.road_worker, result="answered_only")
        if is_drawn(event.number, 0.1):
            drawn += 1
            with pytest.raises(PermissionDenied):
                do(event, V.CLOSE, county.road_worker)
        else:
            kept += 1
            step = do(event, V.CLOSE, county.road_worker)
            assert step.facts["is_self_closed"] is True
    assert kept and kept + drawn == 30
    share = sum(is_drawn(f"YK20260101{number:05}", 0.1) for number in range(10_000)) / 10_000
    assert 0.08 < share < 0.12


def test_who_waits_for_an_answer_gets_one(case: Case, county: County) -> None:
    event = to_work(case(reporter=ReporterDraft(name="王先生", contact="13800000000")), county)
    do(event, V.REPORT_DONE, county.road_worker, result="answered_only")
    with pytest.raises(Refused) as why:
        do(event, V.CLOSE, county.desk)
    assert why.value.guard == "answer"
    do(event, V.ANSWER, county.road_worker, text="下周修")
    do(event, V.CLOSE, county.desk)


def test_the_event_waits_for_mandatory_tasks(case: Case, county: County) -> None:
    event = case()
    do(event, V.ACCEPT, county.desk, type=WORD.key)
    do(
        event, V.DISPATCH, county.desk,
        organisation=county.road, assistants=(county.water,), informed=(county.power,),
    )  # fmt: skip
    assert event.loop == "small"
    do(event, V.SIGN, county.road_worker)
    with pytest.raises(Refused) as why:
        do(event, V.REPORT_DONE, county.road_worker, result="answered_only")
    assert why.value.guard == "tasks" and str(county.water) in str(why.value)
    blocked = next(way for way in ways_of(event, county.road_worker) if way.transition.verb is V.REPORT_DONE)
    assert str(county.water) in blocked.blocked
    help_ = event.tasks.get(role="assist")
    tasks.sign_task(help_, county.water_worker)
    part = tasks.ask_task(
        event,
        Order(verb=V.ASK_TASK, organisation=county.power, text="断电"),
        county.water_worker,
        seen=help_.event.steps,
    ).task
    assert part is not None and part.parent_id == help_.pk
    with pytest.raises(Refused) as why:
        tasks.finish_task(help_, county.water_worker, "好了")
    assert why.value.guard == "tasks"
    with pytest.raises(Refused) as why:
        order = Order(verb=V.ASK_TASK, organisation=county.town, text="再帮", parent=part)
        tasks.ask_task(event, order, county.power_worker, seen=None)
    assert why.value.guard == "depth"
    with pytest.raises(PermissionDenied):
        tasks.sign_task(part, county.water_worker)
    tasks.sign_task(part, county.power_worker)
    tasks.finish_task(part, county.power_worker, "已断电")
    tasks.finish_task(help_, county.water_worker, "好了")
    event.refresh_from_db()
    do(event, V.REPORT_DONE, county.road_worker, result="answered_only")
    do(event, V.CLOSE, county.desk, public_text="好了")
    assert event.tasks.get(role="inform").state == Task.State.CANCELLED
    assert check(event) == []


def test_a_second_return_is_the_arbiters(case: Case, county: County) -> None:
    event = case()
    do(event, V.ACCEPT, county.desk, type=PIT.key)
    for body, worker in ((county.road, county.road_worker), (county.water, county.water_worker)):
        do(event, V.DISPATCH, county.desk, organisation=body)
        with pytest.raises(Refused):
            do(event, V.SEND_BACK, worker, text="不是我们的", organisation=body)
        do(event, V.SEND_BACK, worker, text="不是我们的", organisation=county.power)
        assert event.proposed_id == county.power.pk
    event.refresh_from_db()
    assert (event.state, event.return_count, event.loop) == (State.ACCEPTED, 2, "small")
    assert event.organisation_id == county.centre.pk and event.owner_id is None
    with pytest.raises(Refused) as why:
        do(event, V.DISPATCH, county.desk, organisation=county.power)
    assert why.value.guard == "arbiter"
    do(event, V.ARBITRATE, county.arbiter, organisation=county.power, text="按三定方案归供电局")
    assert event.state == State.DISPATCHED
    proposal = Proposal.objects.get()
    assert (proposal.type, proposal.organisation_id, proposal.event_number) == (PIT.key, county.power.pk, event.number)
    assert check(event) == []


def test_a_large_loop_ends_after_its_response(case: Case, county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    going = ["响应尚未结束"]
    monkeypatch.setattr(hooks, "RESPONSES", [lambda event: going[0]])
    monkeypatch.setattr(guards, "RESPONSES", hooks.RESPONSES)
    event = case(type=FLOOD.key)
    assert (event.loop, event.level) == ("large", "red")
    do(event, V.ACCEPT, county.desk)
    do(event, V.DISPATCH, county.desk, organisation=county.road)
    do(event, V.SIGN, county.road_worker)
    do(event, V.REPORT_DONE, county.road_worker, result="answered_only")
    with pytest.raises(Refused) as why:
        do(event, V.CLOSE, county.desk)
    assert why.value.guard == "response" and "响应尚未结束" in str(why.value)
    going[0] = ""
    do(event, V.CLOSE, county.desk)


def test_a_long_pause_is_granted_by_another(case: Case, county: County) -> None:
    event = to_work(case(), county)
    late = timezone.now() + timedelta(days=30)
    with pytest.raises(Refused) as why:
        do(event, V.PAUSE, county.road_worker, reason="scheduled", text="等材料", until=late)
    assert why.value.guard == "pause"
    with pytest.raises(Refused):
        do(event, V.PAUSE, county.road_worker, reason="because", text="?")
    step = do(event, V.PAUSE, county.desk, reason="scheduled", text="同意", until=late)
    assert step.facts["approved"] is True
    do(event, V.RESUME, county.road_worker)
    assert check(event) == []


def test_harm_and_numbers_raise_the_loop(case: Case, county: County) -> None:
    assert case(text="路面坑洼，无人员受伤").level == "blue"
    hurt = case(text="路面坑洼，有老人摔倒受伤")
    assert (hurt.level, hurt.loop) == ("orange", "small")
    first = case(type=PIT.key, fingerprint="pit-1")
    for number in range(2):
        again = case(type=PIT.key, fingerprint="pit-1", source_reference=f"{number}")
        assert again.pk == first.pk
    first.refresh_from_db()
    assert (first.signal_count, first.is_mass, first.loop) == (3, True, "small")
    assert check(first) == [] and check(hurt) == []


def test_only_who_ranks_as_high_lowers(case: Case, county: County) -> None:
    event = to_work(case(), county)
    do(event, V.RAISE, county.road_worker, level="yellow", text="影响较大")
    do(event, V.LOWER, county.desk, level="blue", text="不必")
    do(event, V.RAISE, county.leader, level="red", text="领导批示")
    assert (event.level, event.loop) == ("red", "large")
    with pytest.raises(Refused) as why:
        do(event, V.LOWER, county.desk, level="blue", text="不必")
    assert why.value.guard == "rank"
    do(event, V.LOWER, county.leader, level="orange", loop="small", text="可以降级")
    assert (event.level, event.loop) == ("orange", "small")
    with pytest.raises(Refused):
        do(event, V.RAISE, county.desk, level="blue", text="反了")
    assert check(event) == []


def test_urging_supervising_and_messages(case: Case, county: County) -> None:
    event = to_work(case(), county)
    assert Message.objects.filter(thing="event", thing_id=event.number, notice="event-dispatched").count() == 1
    do(event, V.URGE, county.leader, text="请尽快")
    do(event, V.SUPERVISE, county.leader, text="限两日办结")
    assert event.is_supervised and event.urge_count == 1
    sent = Message.objects.filter(thing_id=event.number).values_list("notice", flat=True)
    assert set(sent) >= {"event-urged", "event-supervised"}
    offered = {way.transition.verb for way in ways_of(event, county.leader)}
    assert V.RELEASE in offered and V.SUPERVISE not in offered
    do(event, V.RELEASE, county.leader)
    assert not event.is_supervised
    offered = {way.transition.verb for way in ways_of(event, county.leader)}
    assert V.RELEASE not in offered and V.SUPERVISE in offered and V.LOWER not in offered


def test_an_old_story_sends_no_messages(case: Case, county: County) -> None:
    event = case()
    event.refresh_from_db()
    with pytest.raises(Refused):
        do(event, V.ACCEPT, county.desk, type=PIT.key, at=timezone.now() - timedelta(days=3))
    with pytest.raises(Refused):
        do(event, V.ACCEPT, county.desk, type=PIT.key, at=timezone.now() + timedelta(days=3))
    assert Message.objects.count() == 0


def test_redo_within_its_days(case: Case, county: County) -> None:
    event = to_work(case(), county)
    do(event, V.REPORT_DONE, county.road_worker, result="answered_only")
    do(event, V.CLOSE, county.desk)
    do(event, V.REDO, county.desk, text="又坏了")
    assert (event.state, event.reopen_count, event.closed_at, event.result) == (State.DISPATCHED, 1, None, "")
    do(event, V.SIGN, county.road_boss)
    do(event, V.REPORT_DONE, county.road_boss, result="answered_only")
    do(event, V.CLOSE, county.desk)
    Event.objects.filter(pk=event.pk).update(closed_at=timezone.now() - timedelta(days=91))
    event.refresh_from_db()
    with pytest.raises(Refused) as why:
        do(event, V.REDO, county.desk, text="又坏了")
    assert why.value.guard == "redo"


def test_restricted_events_are_never_public(case: Case, county: County) -> None:
    event = case()
    assert event.sensitivity == "internal"
    do(event, V.ACCEPT, county.desk, type=PIT.key)
    assert event.sensitivity == "public"
    do(event, V.RECLASSIFY, county.desk, type=SECRET.key)
    assert event.sensitivity == "restricted"


def test_a_journal_is_never_changed(case: Case, county: County) -> None:
    event = case()
    step = event.journal.get()
    step.text = "别的"
    with pytest.raises(TypeError):
        step.save()
    with pytest.raises(TypeError):
        event.journal.all().delete()
    with pytest.raises(TypeError):
        Step.objects.filter(pk=step.pk).update(text="别的")
