"""Random histories, legal and illegal: whatever people try, the journal adds up, nothing illegal is taken.

The machine keeps its own picture of every event, written from the table of design section 2.3 and not from the code.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from citybrain.centre.events import backstop, tasks
from citybrain.centre.events.actions import act
from citybrain.centre.events.checking import check
from citybrain.centre.events.drafts import SignalDraft
from citybrain.centre.events.machine import BY_VERB, Verb
from citybrain.centre.events.models import Event, Signal, Step, Task
from citybrain.centre.events.orders import Order
from citybrain.centre.events.queries_ways import task_ways, ways_of
from citybrain.centre.events.rating import rate
from citybrain.centre.events.receiving import receive
from citybrain.centre.events.refusals import NotLegal, Refused, Stale
from citybrain.centre.events.situation import signals_of
from citybrain.centre.events.taking import take_over
from citybrain.centre.events.tests.county import FLOOD, PIT, WORD, County, settle
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Organisation, User

TABLE = {
    "new": {"accept": "accepted", "reject": "rejected", "merge": "merged"},
    "accepted": {
        "dispatch": "dispatched", "arbitrate": "dispatched", "merge": "merged", "cancel": "cancelled",
        "hand_out": "handed_out",
    },
    "dispatched": {"sign": "in_progress", "send_back": "accepted", "hand_out": "handed_out"},
    "in_progress": {
        "pause": "paused", "report_done": "reported_done", "reassign": "accepted", "hand_out": "handed_out",
    },
    "paused": {"resume": "in_progress", "cancel": "cancelled"},
    "handed_out": {"report_done": "reported_done", "take_back": "accepted"},
    "reported_done": {"close": "closed", "rework": "in_progress"},
    "closed": {"appraise": "appraised", "redo": "dispatched"},
    "appraised": {"redo": "dispatched"},
    "rejected": {"review": "accepted"},
    "cancelled": {},
    "merged": {"unmerge": ("new", "accepted")},
}  # fmt: skip
"""State -> verb -> state, from the design."""

OPEN = ("new", "accepted", "dispatched", "in_progress", "paused", "handed_out", "reported_done")
STAYING = ("reclassify", "raise", "lower", "urge", "supervise", "release", "take", "note", "answer")
ASSIGNED = ("dispatched", "in_progress", "paused")
"""States in which a body gives an event to one of its people."""
VERBS = [
    verb.value
    for verb in Verb
    if verb.value in {"assign", *STAYING, *(verb for ways in TABLE.values() for verb in ways)}
]
PEOPLE = ("desk", "second", "agent", "arbiter", "leader", "road_worker", "road_boss", "water_worker", "town_worker")
BODIES = ("road", "water", "power", "town", "centre")
MOST = 6


class Loop(RuleBasedStateMachine):
    """People at work on a few events."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.county: County = settle()
        self.events: list[int] = []
        self.states: dict[int, str] = {}
        self.steps: dict[int, int] = {}
        self.touched: set[int] = set()
        self.handlers: dict[int, set[int]] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        self.told("channel-1", WORD.key, "")

    @rule(
        number=st.integers(1, 12),
        kind=st.sampled_from(["", PIT.key, WORD.key, FLOOD.key]),
        print_=st.sampled_from(["", "a", "b"]),
    )
    def told(self, number: int | str, kind: str, print_: str) -> None:
        """A signal comes in; the same one may come again."""
        reference = f"{number}"
        before = Signal.objects.filter(channel="hotline", source_reference=reference).first()
        if before is None and len(self.events) >= MOST:
            return
        draft = SignalDraft(
            channel="hotline", source_reference=reference, text="有个坑", type=kind, fingerprint=print_,
            area=self.county.village,
        )  # fmt: skip
        signal = receive(draft, self.county.agent)
        event = signal.event
        assert event is not None
        if before is not None:
            assert signal.pk == before.pk and self.steps[event.pk] == Event.objects.get(pk=event.pk).steps
            return
        if event.pk not in self.states:
            self.events.append(event.pk)
            self.states[event.pk] = "new"
        else:
            assert self.states[event.pk] in OPEN and print_
        self.look(event.pk)

    @rule(data=st.data())
    def attempt(self, data: st.DataObject) -> None:
        """Somebody tries something, sensible or not, perhaps with an old picture before their eyes."""
        event = self.pick(data)
        is_sensible = data.draw(st.integers(0, 3), "sensible") > 0
        legal = [*TABLE[event.state], *(STAYING if event.state in OPEN else ("note",))]
        legal += ["assign"] * 2 if event.state in ASSIGNED else []
        verb = data.draw(st.sampled_from(legal if is_sensible and legal else VERBS), "verb")
        who = ("arbiter", "second") if is_sensible else PEOPLE
        actor = getattr(self.county, data.draw(st.sampled_from(who), "who"))
        if is_sensible and verb in ("sign", "send_back", "pause", "resume", "report_done", "assign"):
            actor = self.of_body(event) or actor
        seen = event.steps - (1 if event.steps > 1 and data.draw(st.integers(0, 9), "old") == 0 else 0)
        before = row(event)
        reasons = BY_VERB[Verb(verb)].reasons if is_sensible else ("nonsense",)
        order = Order(
            verb=Verb(verb),
            text="说明" if is_sensible else data.draw(st.sampled_from(["", "说明"]), "text"),
            reason=data.draw(st.sampled_from(reasons or ("",)), "reason"),
            organisation=getattr(self.county, data.draw(st.sampled_from(BODIES), "body")),
            assistants=(self.county.water,) if data.draw(st.integers(0, 3), "help") == 0 else (),
            type=data.draw(st.sampled_from([PIT.key, WORD.key] if is_sensible else [""]), "type"),
            level=data.draw(st.sampled_from(["", "blue", "orange"]), "level"),
            loop=data.draw(st.sampled_from(["", "micro", "large"]), "loop"),
            into=Event.objects.get(pk=data.draw(st.sampled_from(self.events), "into")),
            result="answered_only" if is_sensible else "fixed_with_proof",
            outside="高速交警",
            public_text="答复",
            person=self.somebody(data, event if is_sensible else None) if verb == "assign" else None,
        )
        try:
            step = act(event, order, actor, seen=seen)
        except Stale as stale:
            assert seen < before["steps"] and [one.number for one in stale.steps] == [before["steps"]]
        except (PermissionDenied, NotLegal, Refused):
            assert row(Event.objects.get(pk=event.pk)) == before, "what is refused changes nothing"
            return
        else:
            assert seen == before["steps"]
            if verb == "assign":
                assert event.owner_id != before["owner_id"] and (order.text or before["owner_id"] is None)
                unmoved = ("state", "state_since", "organisation_id", "due_at", "due_clock", "whole_due_at")
                assert {name: row(event)[name] for name in unmoved} == {name: before[name] for name in unmoved}
            self.made(event, step, order)

    @rule(data=st.data())
    def go_on(self, data: st.DataObject) -> None:
        """Somebody takes a way that is offered to them unblocked, with all its form asks for: it must be taken."""
        event = self.pick(data)
        who = data.draw(st.permutations(PEOPLE), "who")
        for name in who:
            actor = getattr(self.county, name)
            ways = [way for way in ways_of(event, actor) if way.transition.is_main and not way.blocked]
            if ways and ways[0].transition.verb is not Verb.RESUME:
                verb = ways[0].transition.verb
                order = Order(
                    verb=verb, type="" if event.type else PIT.key, organisation=self.county.road,
                    result="answered_only", text="好了", public_text="已答复",
                )  # fmt: skip
                step = act(event, order, actor, seen=event.steps)
                assert step.target != step.source
                self.made(event, step, order)
                return

    @rule(data=st.data())
    def work_on_tasks(self, data: st.DataObject) -> None:
        """Bodies ask each other, sign, finish, send back, call off."""
        event = self.pick(data)
        actor = getattr(self.county, data.draw(st.sampled_from(PEOPLE), "who"))
        todo = list(Task.objects.filter(event=event).order_by("pk"))
        before = row(event)
        try:
            if not todo or data.draw(st.booleans(), "ask"):
                body = getattr(self.county, data.draw(st.sampled_from(BODIES), "body"))
                order = Order(
                    verb=Verb.ASK_TASK, organisation=body, text="请协助", is_mandatory=data.draw(st.booleans())
                )
                tasks.ask_task(event, order, actor, seen=event.steps)
            else:
                task = data.draw(st.sampled_from(todo), "task")
                offered = task_ways(task, actor)
                do = data.draw(st.sampled_from(["sign", "finish", "return", "cancel", "assign"]), "do")
                match do:
                    case "sign":
                        tasks.sign_task(task, actor)
                    case "finish":
                        tasks.finish_task(task, actor, "完成")
                    case "return":
                        tasks.return_task(task, actor, "不归我们")
                    case "cancel":
                        tasks.cancel_task(task, actor, "不需要了")
                    case "assign":
                        tasks.assign_task(task, self.somebody(data), actor, "请接着办")
                        assert self.is_of(task.owner_id, task.organisation_id)
                assert f"{do}_task" in offered, "what was done was offered"
        except (PermissionDenied, NotLegal, Refused):
            assert row(Event.objects.get(pk=event.pk)) == before
        self.look(event.pk)

    @rule(data=st.data(), is_solved=st.booleans(), stars=st.integers(1, 5))
    def word_of_reporter(self, data: st.DataObject, is_solved: bool, stars: int) -> None:
        """Whoever reported says how it went."""
        signal = data.draw(st.sampled_from(list(Signal.objects.order_by("pk"))), "signal")
        assert signal.event is not None
        head = Event.objects.get(pk=self.head(signal.event_id or 0))
        was, reopened = self.states[head.pk], head.ratings.filter(reopened=True).exists()
        try:
            said = rate(signal.event, signal, is_solved, stars)
        except (NotLegal, Refused):
            return
        assert was in ("closed", "appraised")
        assert said.reopened == (not is_solved and not reopened)
        if said.reopened:
            self.states[head.pk] = "dispatched"
        self.look(head.pk)

    @rule(data=st.data())
    def nobody_took_it(self, data: st.DataObject) -> None:
        """The backstop's time is over for one event."""
        event = self.pick(data)
        mark = backstop.Mark.objects.filter(event=event, clock=backstop.CLOCK, fired_at=None).first()
        if mark is None:
            assert not backstop.waiting(Event.objects.filter(pk=event.pk)).exists()
            return
        now = max(mark.at, event.changed_at)
        backstop.Mark.objects.filter(pk=mark.pk).update(fired_at=now)
        take_over(event, mark, event.changed_at)
        fresh = Event.objects.get(pk=event.pk)
        assert fresh.owner_id is not None
        self.look(event.pk)

    # ----------------------------------------------------------------------- what it knows

    def pick(self, data: st.DataObject) -> Event:
        return Event.objects.get(pk=data.draw(st.sampled_from(self.events), "event"))

    def of_body(self, event: Event) -> Actor | None:
        """Somebody of the body on whose desk an event lies."""
        workers = [getattr(self.county, name) for name in PEOPLE]
        return next((one for one in workers if one.organisation_id == event.organisation_id), None)

    def somebody(self, data: st.DataObject, event: Event | None = None) -> User:
        """Somebody of the body that has an event, where there is one; else of any body."""
        people = [getattr(self.county, name) for name in PEOPLE]
        near = [one for one in people if event is not None and one.organisation_id == event.organisation_id]
        return User.objects.get(pk=data.draw(st.sampled_from([one.user_id for one in near or people]), "person"))

    def is_of(self, user: int | None, body: int) -> bool:
        """Whether somebody has a post in a body or below it, and handles events."""
        people = [getattr(self.county, name) for name in PEOPLE]
        able = [one for one in people if one.user_id == user and one.may("event:handle")]
        path = Organisation.objects.get(pk=body).path
        return any(Organisation.objects.get(pk=one.organisation_id).path.startswith(path) for one in able)

    def head(self, pk: int) -> int:
        event = Event.objects.get(pk=pk)
        return self.head(event.merged_into_id) if event.merged_into_id else pk

    def made(self, event: Event, step: Step, order: Order) -> None:
        """A step was taken: the design's table must have it, and its guards must hold."""
        was, verb = self.states[event.pk], step.verb
        if verb == "assign":
            assert was in ASSIGNED and step.target == was
            assert order.person is not None and event.owner_id == order.person.pk
            assert self.is_of(event.owner_id, event.organisation_id)
            if was != "dispatched":
                self.handlers.setdefault(event.pk, set()).add(order.person.pk)
        elif verb in STAYING:
            assert step.target == was
            assert verb in ("note", "answer") or was in OPEN or verb in ("supervise", "release")
        else:
            target = TABLE[was][verb]
            assert step.target == target or step.target in target, f"{was} --{verb}--> {step.target}"
            self.states[event.pk] = step.target
        if verb == "report_done":
            open_ = event.tasks.filter(role="assist", is_mandatory=True, state__in=Task.OPEN, parent=None)
            assert not open_.exists() and order.result != "fixed_with_proof"
        if verb in ("report_done", "sign", "pause", "resume"):
            self.handlers.setdefault(event.pk, set()).add(step.user_id or 0)
        if verb == "close" and not step.facts.get("is_self_closed"):
            assert step.user_id not in self.handlers.get(event.pk, set())
        if verb == "close" and step.facts.get("is_self_closed"):
            assert (event.level, event.loop, event.reopen_count) == ("blue", "micro", 0)
        if verb == "dispatch":
            assert event.return_count < 2 or event.journal.filter(verb="arbitrate").exists()
        if verb == "merge":
            assert order.into is not None and event.pk != order.into.pk
            self.look(order.into.pk)
        if verb == "unmerge":
            for pk in self.events:
                self.look(pk)
        self.look(event.pk)

    def look(self, pk: int) -> None:
        self.touched.add(pk)
        self.steps[pk] = Event.objects.get(pk=pk).steps

    @invariant()
    def everything_adds_up(self) -> None:
        for pk in self.touched:
            event = Event.objects.get(pk=pk)
            assert check(event) == []
            assert event.state == self.states[pk]
            assert event.organisation_id is not None
            if event.state in OPEN:
                assert event.signal_count == len(signals_of(event))
                assert event.due_at is not None or event.state in ("paused", "handed_out")
            else:
                assert event.due_at is None
                assert not event.tasks.filter(state__in=Task.OPEN).exists()
        if self.touched:
            assert backstop.proof().lost == 0
        self.touched.clear()


def row(event: Event) -> dict[str, Any]:
    return {column.attname: getattr(event, column.attname) for column in Event._meta.concrete_fields}


@pytest.mark.django_db
def test_random_histories() -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Loop,
        settings=settings(
            max_examples=12,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
            # A failing history is long in shrinking; it is printed as it was found.
            phases=(Phase.explicit, Phase.generate),
        ),
    )
