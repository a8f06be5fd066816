"""What `citybrain new-application --record Name` adds to a folder: a record type, its sample, its tests, its table."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from citybrain.site.settings import APPLICATIONS

MODELS = '''"""{title}: what this application keeps records of."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from citybrain.kernel.records.fields import Choice, Day, LongText, Place, Text
from citybrain.kernel.records.models import Record


class {record}(Record):
    """One {words}: say here what it is, who keeps it, and what it decides. This is the help of its pages."""

    class Kind(models.TextChoices):
        FIRST = "first", _("First kind")
        SECOND = "second", _("Second kind")

    title = Text(_("Name"), max_length=80)
    kind = Choice(_("Kind"), choices=Kind.choices, db_index=True)
    since = Day(_("Since"), null=True, blank=True, db_index=True)
    place = Place(_("Position"))
    remarks = LongText(_("Remarks"), blank=True)

    class Meta:
        verbose_name = _("{words}")
        verbose_name_plural = _("{plural}")

    def __str__(self) -> str:
        return self.title
'''


TESTS = '''"""{title} does what every register does."""

from citybrain.applications.{key}.models import {record}
from citybrain.testing.records import RecordTestCase


class {record}Test(RecordTestCase):
    """Pages, permissions, import and export, API, history, masking: inherited, tried with the rows of `sample/`."""

    model = {record}
'''

SAMPLE = """title,kind,since,organisation,remarks
示例一,first,2026-01-05,data-bureau,演示数据
示例二,second,2026-03-18,data-bureau,演示数据
"""

RECORD_FILES = {
    "models.py": MODELS,
    "migrations/__init__.py": "",
    "sample/{kebab}.csv": SAMPLE,
    "tests/test_records.py": TESTS,
}
"""Path in the folder -> content."""

RECORD = re.compile(r"[A-Z][a-z0-9]*([A-Z][a-z0-9]*)*")
"""Names of record types: words run together, each with a capital."""


def words_for(record: str) -> dict[str, str]:
    """The names a record type goes by: `OldTree`, `old tree`, `Old trees`, `old-tree`."""
    parts = [part.lower() for part in re.findall(r"[A-Z][a-z0-9]*", record)]
    words = " ".join(parts)
    plural = f"{words}s" if not words.endswith("s") else f"{words}es"
    return {"record": record, "words": words, "plural": plural[:1].upper() + plural[1:], "kebab": "-".join(parts)}


def write_table(target: Path, name: str) -> None:
    """Lets Django write the migration, when the folder is one of this installation. Raises OSError when it cannot.

    A process of its own: this one began before the folder was there.
    """
    if target.parent != APPLICATIONS:
        return
    arguments = ("makemigrations", name, "--name", "initial", "--settings", "citybrain.site.settings")
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "django", *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise OSError(f"{target} is written, but not its migration: {done.stderr.strip().splitlines()[-1]}")
