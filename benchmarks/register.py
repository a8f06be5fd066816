"""A register of any size in a database of its own: what the benchmarks of pages, exports and first loads run on."""

from __future__ import annotations

import datetime
import os
import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

TOWNS = ("东城", "西城", "江南", "石柱", "前仓", "舟山", "古山", "方岩", "龙山", "西溪", "象珠", "唐先", "花街", "芝英")
SERVICES = (
    "便民服务中心",
    "社保服务站",
    "税务代办点",
    "医保经办点",
    "公积金窗口",
    "出入境接待室",
    "邮政代办点",
    "水务营业厅",
)
BATCH = 5_000


KEPT = "CITYBRAIN_BENCH_HOME"
"""Environment variable: a folder in which filled registers are kept, so that the next run need not fill its own."""


@contextmanager
def opened(size: int, settings: str = "benchmarks.peer_settings") -> Iterator[Path]:
    """A migrated home whose register holds `size` rows; once in a process, before any room is imported."""
    with tempfile.TemporaryDirectory(prefix="citybrain-bench-") as folder:
        home = Path(os.environ[KEPT]) / f"register-{size}" if KEPT in os.environ else Path(folder)
        home.mkdir(parents=True, exist_ok=True)
        open_home(home, settings)
        if not (home / "filled").exists():
            fill(size)
            (home / "filled").touch()
        yield home


def open_home(home: Path, settings: str, database: str = "") -> None:
    """Django with its stores in `home`, or with its tables in `database` (`postgresql://…`)."""
    os.environ |= {
        "CITYBRAIN_HOME": str(home),
        "CITYBRAIN_DATABASE_URL": database or f"sqlite:///{home / 'citybrain.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": settings,
    }
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, skip_checks=True)


def fill(size: int) -> None:
    """Writes `size` service points of fifty bodies, with their search entries, by plain SQL; seed 7."""
    from django.db import connection, transaction

    from citybrain.applications.office.models import ServicePoint
    from citybrain.kernel.identity.models import Organisation
    from citybrain.kernel.records.search import reindex
    from citybrain.kernel.records.shape import shape_of

    bodies = [
        Organisation.objects.create(
            key=f"body-{n}", chinese=f"第{n}局", english=f"Bureau {n}", position=n, path=f"body-{n}/"
        ).pk
        for n in range(1, 51)
    ]
    columns = [field for field in ServicePoint._meta.concrete_fields if not field.primary_key]
    names = ", ".join(f'"{field.column}"' for field in columns)
    holes = ", ".join(["%s"] * len(columns))
    sql = f'INSERT INTO "{ServicePoint._meta.db_table}" ({names}) VALUES ({holes})'
    rows = points(size, bodies)
    done = 0
    while done < size:
        batch = [next(rows) for _ in range(min(BATCH, size - done))]
        values = [
            [
                field.get_db_prep_save(row.get(field.name, field.get_default()), connection=connection)
                for field in columns
            ]
            for row in batch
        ]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(sql, values)
        done += len(batch)
    reindex(shape_of(ServicePoint))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def number(row: int) -> str:
    """The number of the row with this id."""
    return f"WD-2026-{row:08d}"


def points(size: int, bodies: list[int]) -> Iterator[dict[str, Any]]:
    """The rows, as values by field name."""
    draw = random.Random(7)
    start = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    for row in range(1, size + 1):
        town, service = draw.choice(TOWNS), draw.choice(SERVICES)
        moment = start + datetime.timedelta(minutes=row)
        x, y = 119.9 + draw.random() * 0.4, 28.7 + draw.random() * 0.4
        yield {
            "number": number(row),
            "organisation": draw.choice(bodies),
            "title": f"{town}{service}{row}号",
            "kind": draw.choice(("county", "town", "village")),
            "address": f"永康市{town}街道丽州路{draw.randrange(1, 2000)}号",
            "place": {"type": "Point", "coordinates": [x, y]},
            "place_x": x,
            "place_y": y,
            "phone": f"0579-87{draw.randrange(100000, 999999)}",
            "hours": "周一至周五 8:30-17:30",
            "services": "社会保险、医疗保险、户籍、养老",
            "windows": draw.randrange(1, 20),
            "is_barrier_free": draw.random() < 0.4,
            "opened_on": datetime.date(2000, 1, 1) + datetime.timedelta(days=draw.randrange(9000)),
            "manager": "测试",
            "manager_mobile": f"138{draw.randrange(10**8):08d}",
            "created_at": moment,
            "changed_at": moment,
            "revision": 1,
        }
