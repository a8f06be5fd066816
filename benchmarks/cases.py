"""Any number of events with journals, signals, tasks and marks, in bulk: what benchmarks of the loop run on.

    with cases.opened(1_000_000, open_share=0.1) as home: ...     a database of its own, once in a process
    cases.fill(5_000, 0.1)                                         into the database at hand

Every row adds up: the columns are what the journal's facts say, hashes chain as the journal's writer makes them, due
times follow the limits. Beyond `EXACT` events the database copies them with other ids, numbers and places: everything
holds but the hashes, which are those of the first. Nobody's words are in it.
"""

from __future__ import annotations

import datetime
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from benchmarks.case_lives import Lives, columns_of, model
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


@contextmanager
def opened(
    count: int,
    open_share: float = 0.1,
    *,
    settings: str = "benchmarks.peer_settings",
    search: bool = False,
    database: str = "",
) -> Iterator[Path]:
    """A migrated home that holds `count` events; once in a process, before any room is imported.

    `database`: address of a PostgreSQL database that holds them instead, or is empty.
    """
    with tempfile.TemporaryDirectory(prefix="citybrain-bench-") as folder:
        kept = f"cases-{count}-{open_share:g}{'-search' if search else ''}{'-postgresql' if database else ''}"
        home = Path(os.environ[KEPT]) / kept if KEPT in os.environ else Path(folder)
        home.mkdir(parents=True, exist_ok=True)
        open_home(home, settings, database)
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
        index(ids["Event"], exact, count)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return time.perf_counter() - begin


def index(first: int, exact: int, count: int) -> None:
    """Puts the events into the full text search: the copies by the words of what they copy, with their own number."""
    from django.db import connection

    from citybrain.kernel.records import search
    from citybrain.kernel.records.shape import shape_of

    events = model("Event")
    search.index(shape_of(events), list(events.objects.filter(pk__gte=first, pk__lt=first + exact).order_by("pk")))
    names = "kind, record_id, title, note, organisation_id, area_id, person_id, words"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO records_searchentry ({names}) SELECT 'event', e.id, s.title, e.number, s.organisation_id,"
            " s.area_id, s.person_id, replace(s.words, lower(s.note), lower(e.number)) FROM events_event e"
            f" JOIN records_searchentry s ON s.kind = 'event' AND s.record_id = {first} + (e.id - {first}) % {exact}"
            f" WHERE e.id >= {first + exact} AND e.id < {first + count}"
        )


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


if __name__ == "__main__":
    COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with opened(COUNT) as HOME:
        print(HOME)
