"""Any number of events with journals, signals, tasks and marks, in bulk: what benchmarks of the loop run on.

    with cases.opened(1_000_000, open_share=0.1) as home: ...     a database of its own, once in a process
    cases.fill(5_000, 0.1)                                         into the database at hand

Every row adds up: the columns are what the journal's facts say, hashes chain as the journal's writer makes them, due
times follow the limits. Beyond `EXACT` events the database copies them with other ids, numbers and places: everything
holds but the hashes, which are those of the first. Nobody's words are in it.
"""

from __future__ import annotations

import datetime
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from benchmarks.register import KEPT, TOWNS, open_home

BATCH = 2_000
"""Events written at once."""

EXACT = 20_000
"""Events made one by one; further ones are copies of these."""

LINKS: dict[str, dict[str, str]] = {
    "Reporter": {},
    "Event": {},
    "Signal": {"event_id": "Event", "reporter_id": "Reporter"},
    "Task": {"event_id": "Event"},
    "Step": {"event_id": "Event", "task_id": "Task"},
    "Mark": {"event_id": "Event"},
}
"""Table -> columns that name rows of the others; in the order in which rows may be written."""

NOW = datetime.datetime(2026, 11, 21, 1, 0, tzinfo=datetime.UTC)
"""The moment the filled county stands at, unless the caller says otherwise."""

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


@contextmanager
def opened(
    count: int, open_share: float = 0.1, *, settings: str = "benchmarks.peer_settings", search: bool = False
) -> Iterator[Path]:
    """A migrated home that holds `count` events; once in a process, before any room is imported."""
    with tempfile.TemporaryDirectory(prefix="citybrain-bench-") as folder:
        kept = f"cases-{count}-{open_share:g}{'-search' if search else ''}"
        home = Path(os.environ[KEPT]) / kept if KEPT in os.environ else Path(folder)
        home.mkdir(parents=True, exist_ok=True)
        open_home(home, settings)
        if not (home / "filled").exists():
            fill(count, open_share, search=search)
            (home / "filled").touch()
        yield home


def fill(
    count: int, open_share: float = 0.1, seed: int = 7, *, now: datetime.datetime = NOW, search: bool = False
) -> float:
    """Writes `count` events of which `open_share` are open, and returns the seconds it took.

    Bodies, towns and people of the database are used; an empty one gets fifty bodies, sixteen towns and their people.
    """
    from django.db import connection, transaction

    begin = time.perf_counter()
    world = world_of(seed)
    columns = {name: columns_of(name) for name in ("Reporter", "Signal", "Event", "Task", "Step", "Mark")}
    ids = {name: first_free(name) for name in columns}
    dropped = drop_indexes() if count > 20_000 else []
    exact, done = min(count, EXACT), 0
    lives = Lives(world, dict(ids), exact, open_share, seed, now)
    while done < exact:
        rows: dict[str, list[list[Any]]] = {name: [] for name in columns}
        for _ in range(min(BATCH, exact - done)):
            for name, row in lives.next():
                rows[name].append(row)
        with transaction.atomic():
            for name in LINKS:
                write(name, columns[name], rows[name])
        done += min(BATCH, exact - done)
    sizes = {name: lives.ids[name] - ids[name] for name in LINKS}
    for block in range(1, -(-count // exact)):
        with transaction.atomic():
            copy_block(block, min(exact, count - block * exact), ids, sizes)
    with connection.cursor() as cursor:
        for statement in dropped:
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            for name in columns:
                table = model(name)._meta.db_table
                cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT MAX(id) FROM {table}))")
    if search:
        from citybrain.kernel.records.search import reindex
        from citybrain.kernel.records.shape import shape_of

        reindex(shape_of(model("Event")))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return time.perf_counter() - begin


def model(name: str) -> Any:
    """A model of the events."""
    from django.apps import apps

    return apps.get_model("events", name)


def columns_of(name: str) -> list[Any]:
    """Concrete columns of a model, the id first."""
    return list(model(name)._meta.concrete_fields)


def first_free(name: str) -> int:
    """The first id nobody has."""
    last = model(name).objects.order_by("-pk").values_list("pk", flat=True).first()
    return (last or 0) + 1


def drop_indexes() -> list[str]:
    """Drops the plain indexes of the large tables and returns how to make them again: filling is much faster."""
    from django.db import connection

    tables = [model(name)._meta.db_table for name in ("Event", "Signal", "Task", "Step", "Mark", "Reporter")]
    holes = ", ".join(["%s"] * len(tables))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # `sql` is empty for those that a constraint made.
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE 'CREATE INDEX%%'"
                f" AND tbl_name IN ({holes})",
                tables,
            )
        else:
            cursor.execute(
                "SELECT indexname, indexdef FROM pg_indexes WHERE indexdef NOT LIKE '%%UNIQUE%%'"
                f" AND tablename IN ({holes})",
                tables,
            )
        found = cursor.fetchall()
        for name, _sql in found:
            cursor.execute(f'DROP INDEX "{name}"')
    return [sql for _name, sql in found]


def write(name: str, columns: Sequence[Any], rows: list[list[Any]]) -> None:
    """Writes rows of one table."""
    from django.db import connection

    if not rows:
        return
    table, names = model(name)._meta.db_table, ", ".join(f'"{column.column}"' for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            holes = ", ".join(["?"] * len(columns))
            connection.connection.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({holes})', rows)


def copy_block(block: int, most: int, ids: dict[str, int], sizes: dict[str, int]) -> None:
    """Copies the first events once more under other ids, numbers and places; at most `most` of them."""
    from django.db import connection

    shift = {name: block * size for name, size in sizes.items()}
    east, north = (((block * ratio) % 1 - 0.5) * 0.2 for ratio in (0.618034, 0.754878))
    point = f"(place_x + {east:.6f}) || ', ' || (place_y + {north:.6f})"
    place = f'\'{{"type": "Point", "coordinates": [\' || {point} || \']}}\''
    changed = {
        ("Event", "number"): f"'{chr(67 + block // 26)}{chr(65 + block % 26)}' || substr(number, 3)",
        ("Signal", "number"): f"'XS-BM-' || (id + {shift['Signal']})",
        ("Signal", "source_reference"): f"'bench-' || (id + {shift['Signal']})",
        ("Reporter", "pseudonym"): f"'bench-' || (id + {shift['Reporter']})",
    }
    for name in ("Event", "Signal"):
        cast = "" if connection.vendor == "sqlite" else "::jsonb"
        changed |= {(name, "place_x"): f"place_x + {east:.6f}", (name, "place_y"): f"place_y + {north:.6f}"}
        changed[name, "place"] = f"({place}){cast}"
    last = ids["Event"] + most
    for name, links in LINKS.items():
        table, names, found = model(name)._meta.db_table, [], []
        for column in columns_of(name):
            names.append(f'"{column.column}"')
            by_id = {"id": name, **links}.get(column.column)
            kept = f'"{column.column}"' if by_id is None else f'"{column.column}" + {shift[by_id]}'
            found.append(changed.get((name, column.column), kept))
        first = ids[name]
        which = f"id >= {first} AND id < {first + sizes[name]}"
        if name == "Event":
            which += f" AND id < {last}"
        elif name == "Reporter":
            told = f"SELECT reporter_id FROM events_signal WHERE event_id >= {ids['Event']} AND event_id < {last}"
            which += f" AND id IN ({told})"
        else:
            which += f" AND event_id < {last}"
        with connection.cursor() as cursor:
            cursor.execute(
                f'INSERT INTO "{table}" ({", ".join(names)}) SELECT {", ".join(found)} FROM "{table}" WHERE {which}'
            )


def world_of(seed: int) -> SimpleNamespace:
    """Bodies, towns with villages, people and classes to choose from."""
    from citybrain.centre.events.types import event_types
    from citybrain.kernel.identity.models import Area, Organisation, User

    bodies = list(Organisation.objects.filter(is_active=True).exclude(kind__in=Organisation.INNER)[:80])
    if len(bodies) < 10:
        bodies = [
            Organisation.objects.create(
                key=f"body-{n}", chinese=f"第{n}局", english=f"Bureau {n}", position=n, path=f"body-{n}/"
            )
            for n in range(1, 51)
        ]
    areas = list(Area.objects.filter(kind__in=(Area.Kind.TOWN, Area.Kind.VILLAGE)))
    if not areas:
        for n, town in enumerate(TOWNS):
            row = Area.objects.create(
                key=f"3307840{n:02d}000", kind="town", chinese=f"{town}街道", path=f"c/{n}/", position=n
            )
            villages = [
                Area.objects.create(
                    key=f"3307840{n:02d}{v:03d}", kind="village", chinese=f"{town}{v}村", path=f"c/{n}/{v}/", parent=row
                )
                for v in range(1, 21)
            ]
            areas += [row, *villages]
    people = {
        body.pk: User.objects.get_or_create(username=f"bench-{body.key}"[:150], defaults={"chinese": f"经办{body.pk}"})[
            0
        ].pk
        for body in bodies
    }
    desk = User.objects.get_or_create(username="bench-desk", defaults={"chinese": "调度员"})[0].pk
    return SimpleNamespace(
        bodies=[body.pk for body in bodies],
        schedules={body.pk: body.schedule for body in bodies},
        areas=[(area.pk, area.chinese) for area in areas],
        people=people,
        desk=desk,
        centre=bodies[0].pk,
        types=[(one.key, one.chinese, one.kind.value) for one in event_types().values()] or [("", "事项", "event")],
    )


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


if __name__ == "__main__":
    COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with opened(COUNT) as HOME:
        print(HOME)
