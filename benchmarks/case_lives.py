"""One event after the other with everything that belongs to it, as rows of column values: what `cases` writes."""

from __future__ import annotations

import datetime
import json
import random
from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

ROADS = ("金胜路", "九铃西路", "望春路", "丽州路", "紫微路", "华丰路", "城西路", "下园路", "溪心路", "东永路")
PATHS: dict[str, tuple[str, ...]] = {
    "new": ("open",),
    "accepted": ("open", "accept"),
    "dispatched": ("open", "accept", "dispatch"),
    "in_progress": ("open", "accept", "dispatch", "sign"),
    "paused": ("open", "accept", "dispatch", "sign", "pause"),
    "handed_out": ("open", "accept", "hand_out"),
    "reported_done": ("open", "accept", "dispatch", "sign", "report_done"),
    "closed": ("open", "accept", "dispatch", "sign", "report_done", "close"),
    "appraised": ("open", "accept", "dispatch", "sign", "report_done", "close", "appraise"),
    "rejected": ("open", "reject"),
    "cancelled": ("open", "accept", "cancel"),
}
"""State -> verbs that lead there."""

TARGETS = {
    "open": "new",
    "accept": "accepted",
    "dispatch": "dispatched",
    "sign": "in_progress",
    "pause": "paused",
    "hand_out": "handed_out",
    "report_done": "reported_done",
    "close": "closed",
    "appraise": "appraised",
    "reject": "rejected",
    "cancel": "cancelled",
}
OPEN_STATES = (
    ("new", 14),
    ("accepted", 10),
    ("dispatched", 16),
    ("in_progress", 45),
    ("paused", 4),
    ("handed_out", 3),
    ("reported_done", 8),
)
DONE_STATES = (("closed", 84), ("appraised", 7), ("rejected", 6), ("cancelled", 3))
CHANNELS = (
    ("hotline", 42),
    ("citizen", 16),
    ("patrol", 26),
    ("device", 7),
    ("data_check", 4),
    ("staff", 3),
    ("upper_level", 2),
)
LEVELS = (("blue", 70), ("yellow", 21), ("orange", 8), ("red", 1))


class Lives:
    """Makes one event after the other, with everything that belongs to it, as rows of column values."""

    def __init__(
        self,
        world: SimpleNamespace,
        ids: dict[str, int],
        count: int,
        open_share: float,
        seed: int,
        now: datetime.datetime,
    ) -> None:
        from django.db import connection

        from citybrain.centre.events import folding

        self.world, self.ids, self.now, self.draw = world, ids, now, random.Random(seed)
        self.count, self.open_share = count, open_share
        self.is_sqlite = connection.vendor == "sqlite"
        self.columns = {name: [column.attname for column in columns_of(name)] for name in ids}
        self.blank = {name: blank_of(name) for name in ids}
        self.foldable, self.defaults = folding.COLUMNS, dict(folding.DEFAULTS)
        self.serials: dict[str, int] = {}
        self.prefix = "BM"
        self.due: dict[tuple[str, str, str, str, int], tuple[int, int]] = {}

    def moment(self, at: datetime.datetime | None) -> Any:
        """A moment as the database takes it."""
        return at.replace(tzinfo=None).isoformat(" ") if at is not None and self.is_sqlite else at

    def row(self, name: str, values: dict[str, Any]) -> list[Any]:
        """A row in the order of the columns."""
        whole = self.blank[name] | values
        return [whole[column] for column in self.columns[name]]

    def take(self, name: str) -> int:
        """The next id of a table."""
        found = self.ids[name]
        self.ids[name] = found + 1
        return found

    def pick(self, weighted: Sequence[tuple[str, int]]) -> str:
        """A word by its weight."""
        return self.draw.choices([word for word, _weight in weighted], [weight for _word, weight in weighted])[0]

    def number(self, at: datetime.datetime) -> str:
        """The next number of a day."""
        day = f"{at:%Y%m%d}"
        self.serials[day] = self.serials.get(day, 0) + 1
        return f"{self.prefix}{day}{self.serials[day]:05d}"

    def next(self) -> Iterator[tuple[str, list[Any]]]:
        """The rows of one event."""
        draw, world = self.draw, self.world
        is_open = draw.random() < self.open_share
        state = self.pick(OPEN_STATES if is_open else DONE_STATES)
        days = draw.random() ** 2 * 20 if is_open else 3 + draw.random() * 1092
        opened = self.now - datetime.timedelta(minutes=int(days * 1440) + 5)
        level, channel = self.pick(LEVELS), self.pick(CHANNELS)
        type_key, type_name, kind = draw.choice(world.types)
        area, town = draw.choice(world.areas)
        body = draw.choice(world.bodies)
        x, y = round(119.98 + draw.random() * 0.2, 6), round(28.8 + draw.random() * 0.2, 6)
        address = f"{town}{draw.choice(ROADS)}{draw.randrange(1, 900)}号"
        number, event_id = self.number(opened), self.take("Event")
        yield from self.told(event_id, number, channel, opened, address, area, (x, y), f"{address}{type_name}")
        facts = {
            "organisation": world.centre, "area": area, "title": f"{address}{type_name}", "type": type_key,
            "kind": kind, "level": level, "loop": "micro", "place": {"type": "Point", "coordinates": [x, y]},
            "address": address, "channel": channel, "opened_at": utc(opened),
        }  # fmt: skip
        yield from self.journal(event_id, number, state, opened, facts, body, is_open)

    def told(
        self,
        event: int,
        number: str,
        channel: str,
        at: datetime.datetime,
        address: str,
        area: int,
        point: Any,
        text: str,
    ) -> Iterator[tuple[str, list[Any]]]:
        """The signal that opened it, of a reporter of their own where a person told it."""
        reporter = None
        if channel in ("hotline", "citizen"):
            reporter = self.take("Reporter")
            yield (
                "Reporter",
                self.row("Reporter", {"id": reporter, "pseudonym": f"bench-{reporter}", "made_at": self.moment(at)}),
            )
        signal = self.take("Signal")
        yield "Signal", self.row("Signal", {
            "id": signal, "number": f"XS-BM-{signal:09d}", "organisation_id": self.world.centre, "area_id": area,
            "created_at": self.moment(at), "changed_at": self.moment(at), "channel": channel,
            "source_reference": f"bench-{signal}", "observed_at": self.moment(at), "received_at": self.moment(at),
            "text": text, "place": self.json({"type": "Point", "coordinates": list(point)}), "place_x": point[0],
            "place_y": point[1], "address": address, "reporter_id": reporter, "event_id": event,
        })  # fmt: skip

    def json(self, value: Any) -> str:
        """JSON as both databases take it."""
        return json.dumps(value, ensure_ascii=False)

    def journal(
        self,
        event: int,
        number: str,
        state: str,
        opened: datetime.datetime,
        facts: dict[str, Any],
        body: int,
        is_open: bool,
    ) -> Iterator[tuple[str, list[Any]]]:
        """Its steps one after the other, the row they add up to, its task, its marks."""
        from citybrain.centre.events.journal import digest_of

        draw, world = self.draw, self.world
        verbs = PATHS[state]
        row: dict[str, Any] = dict(self.defaults)
        at, source, head, task, since = opened, "", "", None, opened
        span = (self.now - opened).total_seconds() if is_open else min((self.now - opened).total_seconds(), 12 * 86400)
        steps: list[Any] = []
        for place, verb in enumerate(verbs):
            if place:
                at = at + datetime.timedelta(seconds=int(span / (len(verbs) + 1) * (0.2 + draw.random() * 0.6)) + 1)
                facts = self.facts_of(verb, at, body, draw)
            if verb == "dispatch":
                task = self.take("Task")
                facts["tasks"] = {str(task): self.asked(body, at)}
            if verb == "sign":
                facts["tasks"] = {str(task): {"state": "doing", "signed_at": utc(at), "owner": world.people[body]}}
            if verb == "report_done":
                facts["tasks"] = {str(task): {"state": "done", "ended_at": utc(at)}}
            is_desk = verb in ("accept", "dispatch", "close", "reject", "cancel", "hand_out", "appraise")
            step = SimpleNamespace(
                number=place + 1, at=at, verb=verb, source=source, target=TARGETS[verb],
                user_id=None if verb == "open" else world.desk if is_desk else world.people[body], post_id=None,
                organisation_id=world.centre if is_desk or verb == "open" else body, on_behalf_of="",
                client="house" if verb == "open" else "desk",
                reason={"pause": "waiting-material", "reject": "no-fact"}.get(verb, ""),
                text={"report_done": "已处理完毕", "cancel": "重复登记"}.get(verb, ""), facts=facts,
                task_id=task if verb == "sign" else None, media=[], previous=head,
            )  # fmt: skip
            step.hash = head = digest_of(step, number)
            row |= {name: facts[name] for name in self.foldable if name in facts}
            source, since = TARGETS[verb], at
            steps.append(step)
        yield from self.events_row(event, number, row, state, since, steps, is_open)
        for step in steps:
            yield "Step", self.row("Step", {
                "id": self.take("Step"), "event_id": event, "number": step.number, "at": self.moment(step.at),
                "verb": step.verb, "source": step.source, "target": step.target, "user_id": step.user_id,
                "organisation_id": step.organisation_id, "client": step.client, "reason": step.reason,
                "text": step.text, "facts": self.json(step.facts), "task_id": step.task_id, "media": "[]",
                "previous": step.previous, "hash": step.hash,
            })  # fmt: skip
        if task is not None:
            yield "Task", self.task_row(task, event, steps)

    def asked(self, body: int, at: datetime.datetime) -> dict[str, Any]:
        """The lead's task as it is asked."""
        return {
            "parent": None, "role": "lead", "organisation": body, "post": None, "owner": None, "is_mandatory": True,
            "state": "waiting", "asked": "", "result": "", "asked_by": self.world.desk, "asked_at": utc(at),
            "signed_at": None, "ended_at": None, "due_at": None,
        }  # fmt: skip

    def task_row(self, task: int, event: int, steps: Sequence[Any]) -> list[Any]:
        """The task as the steps leave it."""
        whole: dict[str, Any] = {}
        for step in steps:
            whole |= step.facts.get("tasks", {}).get(str(task), {})
        links = ("parent", "organisation", "post", "owner", "asked_by")
        moments = ("asked_at", "signed_at", "ended_at", "due_at")
        values = {
            f"{name}_id" if name in links else name: value for name, value in whole.items() if name not in moments
        }
        values |= {name: self.moment(read_utc(whole[name])) for name in moments}
        return self.row("Task", {"id": task, "event_id": event, **values})

    def facts_of(self, verb: str, at: datetime.datetime, body: int, draw: random.Random) -> dict[str, Any]:
        """What a step sets."""
        if verb == "dispatch":
            return {"organisation": body, "owner": None, "post": None}
        if verb == "sign":
            return {"owner": self.world.people[body]}
        if verb == "report_done":
            return {"result": "answered_only", "measures": "已处理"}
        if verb == "close":
            return {"closed_at": utc(at)}
        if verb == "accept" and draw.random() < 0.03:
            return {"is_supervised": True}
        if verb == "appraise":
            return {"rating": draw.randrange(2, 6), "is_solved": True}
        return {}

    def events_row(
        self,
        event: int,
        number: str,
        row: dict[str, Any],
        state: str,
        since: datetime.datetime,
        steps: Sequence[Any],
        is_open: bool,
    ) -> Iterator[tuple[str, list[Any]]]:
        """The event's row and the next marks of its clocks."""
        last = steps[-1]
        values: dict[str, Any] = {}
        for name, value in row.items():
            if name in ("organisation", "area", "post", "owner", "merged_into", "split_from", "proposed"):
                values[f"{name}_id"] = value
            elif name in ("opened_at", "closed_at"):
                values[name] = self.moment(read_utc(value))
            else:
                values[name] = self.json(value) if name == "place" and value is not None else value
        x, y = row["place"]["coordinates"]
        values |= {
            "id": event, "number": number, "created_at": self.moment(steps[0].at), "changed_at": self.moment(last.at),
            "revision": last.number, "place_x": x, "place_y": y, "state": state, "state_since": self.moment(since),
            "steps": last.number, "head": last.hash,
        }  # fmt: skip
        marks: list[tuple[str, list[Any]]] = []
        if is_open and state != "paused":
            clock, due, allowed, limit, schedule = self.deadline(row, state, since)
            values |= {"due_at": self.moment(due), "due_clock": clock}
            _clock, whole, *_rest = self.deadline(row, "whole", steps[0].at)
            values["whole_due_at"] = self.moment(whole)
            mark = {
                "id": self.take("Mark"), "event_id": event, "clock": clock, "percent": 100, "at": self.moment(due),
                "allowed": allowed, "counting": limit.counting.value, "schedule": schedule,
            }  # fmt: skip
            marks.append(
                (
                    "Mark",
                    self.row(
                        "Mark",
                        {name: value for name, value in mark.items() if name in self.blank["Mark"] or name in ("id",)},
                    ),
                )
            )
        yield "Event", self.row("Event", values)
        yield from marks

    def deadline(
        self, row: dict[str, Any], state: str, since: datetime.datetime
    ) -> tuple[str, datetime.datetime, int, Any, str]:
        """Clock, due moment, allowed microseconds, limit and working hours of the clock that began at `since`."""
        from citybrain.centre.events.axes import SECOND, axis, instant, moment_of
        from citybrain.centre.events.deadlines import PHASES
        from citybrain.centre.events.limits import limit_of
        from citybrain.declare.event import Clock, Counting, Level, Loop

        clock = Clock.WHOLE if state == "whole" else PHASES[state]
        limit = limit_of(clock, row["type"], Level(row["level"]), Loop(row["loop"]))
        schedule = self.world.schedules.get(row["organisation"], "office")
        unit = 86400 if limit.counting in (Counting.WORKING_DAYS, Counting.CALENDAR_DAYS) else 3600
        allowed = round(limit.amount * unit * SECOND)
        line = axis(limit.counting, schedule)
        return clock.value, moment_of(line.after(line.first(instant(since)), allowed)), allowed, limit, schedule


def model(name: str) -> Any:
    """A model of the events."""
    from django.apps import apps

    return apps.get_model("events", name)


def columns_of(name: str) -> list[Any]:
    """Concrete columns of a model, the id first."""
    return list(model(name)._meta.concrete_fields)


def blank_of(name: str) -> dict[str, Any]:
    """Every column of a model with what it holds when nobody says otherwise."""
    found: dict[str, Any] = {}
    for column in columns_of(name):
        value = column.get_default() if column.has_default() else None
        if value is None and not column.null and column.get_internal_type() in ("CharField", "TextField"):
            value = ""
        found[column.attname] = None if callable(value) or isinstance(value, list | dict | datetime.datetime) else value
    return found


def utc(at: datetime.datetime) -> str:
    """A moment as a journal's facts spell it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def read_utc(text: str | None) -> datetime.datetime | None:
    """The moment of such a text."""
    return None if text is None else datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
