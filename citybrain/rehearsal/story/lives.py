"""One event's life as chance draws it: verbs in their order, each at its moment, until now."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from citybrain.centre.duties.answering import Answer
from citybrain.centre.duties.queries import responsible
from citybrain.centre.events import tasks
from citybrain.centre.events.actions import act
from citybrain.centre.events.limits import limit_of
from citybrain.centre.events.machine import State, Verb
from citybrain.centre.events.models import Event, Task
from citybrain.centre.events.orders import Media, Order
from citybrain.centre.events.policy import centre
from citybrain.centre.events.rating import rate
from citybrain.declare.event import Clock, Counting, EventType, Kind, Level, Loop, Proof
from citybrain.declare.role import Reach
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.calendar import calendar
from citybrain.kernel.identity.models import Organisation
from citybrain.kernel.records.attachments import attach
from citybrain.rehearsal.story.cast import Cast
from citybrain.rehearsal.story.pictures import picture

PLOTS = {
    "plain": 62,
    "late": 11,
    "returned": 5,
    "disputed": 2,
    "paused": 4,
    "reworked": 4,
    "rejected": 4,
    "outside": 1,
    "noted": 3,
    "stuck": 4,
}
"""What happens to an event -> how often."""

SPOKEN = ("已解决，谢谢。", "处理很快，满意。", "现场看过，恢复正常了。", "速度可以，希望保持。", "")
GRUMBLED = ("还是老样子，没有彻底解决。", "只处理了一半。", "过了两天又这样了。")


class NotYet(Exception):
    """What comes next lies in the future."""


@dataclass
class Stage:
    """What every life needs."""

    rng: random.Random
    now: datetime
    cast: Cast
    measures: Mapping[str, tuple[str, str]]
    answers: dict[tuple[str, int | None, str], Answer] = field(default_factory=dict)

    def responsible(self, event: Event) -> Answer:
        """What the responsibility map says, asked once for like events."""
        key = (event.type, event.area_id, event.asset_number)
        if key not in self.answers:
            self.answers[key] = responsible(event.type, event.area, asset=(event.asset_kind, event.asset_number))
        return self.answers[key]

    def shown(self, event: Event, family: str, handler: Actor) -> int:
        """Attaches a picture of how it looks after; returns the attachment's id."""
        # Every event, and every round of its work, has a picture of its own: one proves one repair.
        file = picture(family, is_after=True, draw=event.pk, of=f"{event.number}/{event.steps}")
        return attach(event, file, handler.permitted("event:edit", Reach.COUNTY)).pk


class Life:
    """One event from its first signal on."""

    def __init__(self, stage: Stage, event: Event, kind: EventType, at: datetime) -> None:
        self.stage, self.event, self.kind, self.at = stage, event, kind, at
        self.rng, self.cast = stage.rng, stage.cast
        self.is_urgent = Level(event.level).height >= Level.ORANGE.height
        event.refresh_from_db()

    def live(self) -> None:
        """Lives until it is over, or until now."""
        plot = self.rng.choices(list(PLOTS), list(PLOTS.values()))[0]
        try:
            if plot == "rejected" and self.kind.kind is not Kind.EMERGENCY:
                self._reject()
                return
            self._accept()
            if plot == "outside":
                self._hand_out()
                return
            body = self._dispatch()
            if plot in ("returned", "disputed"):
                body = self._return(body, twice=plot == "disputed")
            self._handle(body, plot)
            self._close()
            self._judged(body)
        except NotYet:
            return

    def merge_into(self, head: Event) -> None:
        """The desk sees that it is told of already."""
        try:
            self._wait(4, 40)
            self._do(
                Order(verb=Verb.MERGE, into=head, text="与已受理事件为同一地点同一问题，合并办理。"), self.cast.desk
            )
        except NotYet:
            return

    # Moments

    def _wait(self, least: float, most: float) -> None:
        """Minutes pass, day and night."""
        self._to(self.at + timedelta(minutes=self.rng.uniform(least, most)))

    def _work(self, body: Organisation, least: float, most: float) -> None:
        """Minutes of a body's working time pass; urgent matters take them day and night."""
        minutes = self.rng.uniform(least, most)
        if self.is_urgent:
            self._to(self.at + timedelta(minutes=minutes / 3))
        else:
            self._to(calendar().add_working_seconds(self.at, minutes * 60, body.schedule))

    def _take(self, share: float, body: Organisation) -> None:
        """A share of the handling limit passes."""
        limit = limit_of(Clock.HANDLE, self.event.type, Level(self.event.level), Loop(self.event.loop))
        match limit.counting:
            case Counting.CLOCK:
                self._to(self.at + timedelta(hours=limit.amount * share))
            case Counting.WORKING_HOURS:
                self._to(calendar().add_working_seconds(self.at, limit.amount * 3600 * share, body.schedule))
            case Counting.WORKING_DAYS:
                self._to(calendar().add_working_seconds(self.at, limit.amount * 7 * 3600 * share, body.schedule))
            case Counting.CALENDAR_DAYS:
                later = self.at + timedelta(days=limit.amount * share)
                self._to(calendar().add_working_seconds(later, self.rng.uniform(60, 7200), body.schedule))

    def _to(self, moment: datetime) -> None:
        if moment >= self.stage.now:
            raise NotYet
        self.at = moment

    def _do(self, order: Order, actor: Actor, *, client: str = "desk") -> None:
        self.at = max(self.at, self.event.changed_at) if self.event.changed_at < self.stage.now else self.at
        act(self.event, order, actor, seen=self.event.steps, client=client, at=self.at)

    # Verbs

    def _accept(self) -> None:
        self._wait(3, 25 if self.is_urgent else 90)
        title = "" if self.event.title else self.kind.chinese
        self._do(Order(verb=Verb.ACCEPT, type=self.kind.key, title=title), self.cast.desk)

    def _reject(self) -> None:
        self._wait(5, 120)
        reason, text = self.rng.choice(
            (
                ("no-fact", "现场核实未发现所反映情况。"),
                ("not-government", "属于邻里民事纠纷，建议通过调解或司法途径解决。"),
                ("insufficient", "位置不清且无法联系反映人。"),
                ("repeated", "与此前已结案事项重复。"),
            )
        )
        order = Order(verb=Verb.REJECT, reason=reason, text=text, public_text=text)
        self._do(order, self.cast.desk)

    def _hand_out(self) -> None:
        self._wait(20, 90)
        text = "属上级管养范围，转市外系统办理。"
        self._do(Order(verb=Verb.HAND_OUT, outside="金华市级热线（演示）", text=text), self.cast.desk)

    def _dispatch(self) -> Organisation:
        self._wait(2, 12 if self.is_urgent else 45)
        said = self.stage.responsible(self.event)
        lead = said.lead or centre()
        assistants = tuple(said.assistants[:2]) if self.event.loop != Loop.MICRO else ()
        self._do(Order(verb=Verb.DISPATCH, organisation=lead, assistants=assistants), self.cast.desk)
        return lead

    def _return(self, body: Organisation, *, twice: bool) -> Organisation:
        """The body says that it is not theirs, and whose it is."""
        others = [key for key in ("urban-management", "housing-construction", "transport") if key != body.key]
        other = Organisation.objects.get(key=self.rng.choice(others))
        self._work(body, 10, 150)
        text = f"经核实不属于本单位职责，建议派{other.short or other.chinese}办理。"
        self._do(Order(verb=Verb.SEND_BACK, organisation=other, text=text), self.cast.handler(body))
        self._wait(10, 60)
        if not twice:
            self._do(Order(verb=Verb.DISPATCH, organisation=other, text="按退单建议改派。"), self.cast.desk)
            return other
        self._do(Order(verb=Verb.DISPATCH, organisation=other), self.cast.desk)
        self._work(other, 10, 120)
        text = "养护责任未移交，仍应由原单位办理。"
        self._do(Order(verb=Verb.SEND_BACK, organisation=body, text=text), self.cast.handler(other))
        self._wait(30, 240)
        text = "按责任清单和现场权属，由该单位牵头办理。"
        self._do(Order(verb=Verb.ARBITRATE, organisation=body, text=text), self.cast.arbiter)
        return body

    def _handle(self, body: Organisation, plot: str) -> None:
        handler = self.cast.handler(body)
        self._work(body, 5, 60 if self.is_urgent else 150)
        self._do(Order(verb=Verb.SIGN), handler, client="phone")
        if plot == "noted":
            self._work(body, 20, 60)
            self._do(Order(verb=Verb.NOTE, text="已到现场查看，正在联系施工队伍。"), handler, client="phone")
        if plot == "paused":
            self._pause(body, handler)
        if plot == "stuck":
            self._late(body)
            raise NotYet
        self._assisted()
        share = math.exp(self.rng.gauss(-0.9, 0.5))
        if plot == "late":
            self._late(body)
            share = self.rng.uniform(0.2, 1.4)
        self._take(min(share, 0.97) if plot != "late" else share, body)
        self._done(handler)
        if plot == "reworked":
            self._work(self.cast_body(), 30, 240)
            text = "照片显示仍有残留，请继续处理。"
            self._do(Order(verb=Verb.REWORK, text=text), self.cast.checker)
            self._take(0.3, body)
            self._done(handler)

    def cast_body(self) -> Organisation:
        """The body that checks."""
        return centre()

    def _pause(self, body: Organisation, handler: Actor) -> None:
        self._work(body, 30, 200)
        reason, text = self.rng.choice(
            (
                ("waiting-material", "所需配件已订购，预计三天内到货。"),
                ("force-majeure", "连日降雨，暂不具备施工条件。"),
                ("waiting-reporter", "需反映人补充具体位置，已电话联系。"),
            )
        )
        until = self.at + timedelta(days=3)
        self._do(Order(verb=Verb.PAUSE, reason=reason, text=text, until=until), handler)
        self._work(body, 700, 4000)
        self._do(Order(verb=Verb.RESUME, text="条件具备，恢复办理。"), handler)

    def _late(self, body: Organisation) -> None:
        """Time runs out, somebody urges, now and then a leader takes it up."""
        self._take(self.rng.uniform(0.9, 1.1), body)
        self._wait(20, 200)
        self._do(Order(verb=Verb.URGE, text="已临近或超过时限，请尽快办理并反馈。"), self.cast.desk)
        if self.rng.random() < 0.4:
            self._take(0.4, body)
            text = "群众反映较多，请挂牌督办，限期办结。"
            self._do(Order(verb=Verb.SUPERVISE, text=text), self.cast.leader)

    def _assisted(self) -> None:
        """Bodies that help do their part."""
        open_ones = self.event.tasks.filter(role=Task.Role.ASSIST, state__in=Task.OPEN).select_related("organisation")
        for task in open_ones:
            helper = self.cast.handler(task.organisation)
            for verb in (Verb.SIGN_TASK, Verb.FINISH_TASK):
                self._work(task.organisation, 15, 180)
                self.at = max(self.at, self.event.changed_at)
                if verb is Verb.SIGN_TASK:
                    tasks.sign_task(task, helper, at=self.at)
                else:
                    tasks.finish_task(task, helper, "已到场配合，完成本单位工作。", at=self.at)
                self.event.refresh_from_db()

    def _done(self, handler: Actor) -> None:
        cause, text = self.stage.measures.get(self.kind.group, ("", "已核实并处理，向反映人说明情况。"))
        fixed = self.kind.proof is not Proof.NONE
        media: tuple[Media, ...] = ()
        if fixed:
            media = (Media(attachment=self.stage.shown(self.event, self.kind.group, handler), role="after"),)
        order = Order(
            verb=Verb.REPORT_DONE,
            result=Event.Result.FIXED.value if fixed else Event.Result.ANSWERED.value,
            cause=cause,
            measures=text,
            text=text,
            media=media,
        )
        self._do(order, handler, client="phone")

    def _close(self) -> None:
        self._work(self.cast_body(), 20, 60 if self.is_urgent else 360)
        told = self.stage.measures.get(self.kind.group, ("", "您反映的问题已办理，感谢您的支持。"))[1]
        order = Order(verb=Verb.CLOSE, result=self.event.result, public_text=told, text="现场核查属实，同意结案。")
        self._do(order, self.cast.checker)

    def _judged(self, body: Organisation) -> None:
        """Reporters say what they think; what was not solved begins anew, once; in the end it is appraised."""
        signal = self.event.signals.exclude(reporter=None).order_by("pk").first()
        if signal is not None and self.rng.random() < 0.5:
            self._wait(60, 2000)
            unsolved = self.rng.random() < 0.09
            stars = self.rng.choices((1, 2), (1, 2))[0] if unsolved else self.rng.choices((3, 4, 5), (1, 3, 6))[0]
            words = self.rng.choice(GRUMBLED if unsolved else SPOKEN)
            rate(self.event, signal, not unsolved, stars, words, at=max(self.at, self.event.changed_at))
            self.event.refresh_from_db()
            if unsolved and self.event.state == State.DISPATCHED:
                self._handle(body, "plain")
                self._close()
        self._wait(1500, 6000)
        if self.rng.random() < 0.8:
            self._do(Order(verb=Verb.APPRAISE, text="按期办结，评价归档。"), self.cast.desk)
