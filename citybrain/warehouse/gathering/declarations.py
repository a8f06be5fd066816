"""Source files (`counties/<name>/sources/*.toml`): read strictly, every mistake named with file, key and remedy."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from croniter import croniter
from django.utils.translation import gettext as _

from citybrain.declare.words import OpenType, ShareType, UpdateCycle
from citybrain.warehouse.gathering.errors import DeclarationError
from citybrain.warehouse.gathering.kinds import kind_of
from citybrain.warehouse.gathering.models import SourceTable

KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SOURCE_KEYS = [
    "key",
    "title",
    "english",
    "department",
    "kind",
    "url",
    "path",
    "schedule",
    "options",
    "tables",
    "real",
    "attribution",
    "enabled",
]
TABLE_KEYS = [
    "name",
    "key",
    "title",
    "english",
    "summary",
    "primary_key",
    "mode",
    "watermark",
    "cycle",
    "share",
    "open",
    "references",
    "real",
    "attribution",
]


@dataclass(frozen=True, kw_only=True)
class TableDeclaration:
    """One `[[tables]]` entry."""

    name: str
    key: str
    """Dataset key without the department."""
    title: str
    english: str = ""
    summary: str = ""
    primary_key: tuple[str, ...] = ()
    mode: str = SourceTable.Mode.FULL.value
    watermark: str = ""
    cycle: UpdateCycle = UpdateCycle.ON_DEMAND
    share: ShareType = ShareType.CONDITIONAL
    open: OpenType = OpenType.NONE
    references: tuple[dict[str, str], ...] = ()
    is_real: bool = False
    attribution: str = ""


@dataclass(frozen=True, kw_only=True)
class SourceDeclaration:
    """One source file."""

    key: str
    title: str
    department: str
    kind: str
    address: str
    """`url` or `path`, with `${NAME}` unfilled."""
    english: str = ""
    schedule: str = ""
    is_enabled: bool = True
    options: dict[str, Any] = field(default_factory=dict)
    tables: tuple[TableDeclaration, ...] = ()


def read_folder(folder: Path) -> list[SourceDeclaration]:
    """Every source of a folder, in the order of their keys. Raises DeclarationError with all mistakes of all files."""
    sources: dict[str, SourceDeclaration] = {}
    mistakes: list[str] = []
    files = sorted(folder.glob("*.toml"))
    if not folder.is_dir():
        raise DeclarationError(
            _("There is no folder %(folder)s: build the county or name its sources folder.") % {"folder": folder}
        )
    for path in files:
        try:
            source = read_file(path)
        except DeclarationError as error:
            mistakes.append(str(error))
            continue
        if source.key in sources:
            mistakes.append(
                _("%(file)s: key %(key)s is used by another file too: give each source its own.")
                % {"file": path.name, "key": repr(source.key)}
            )
        sources[source.key] = source
    if mistakes:
        raise DeclarationError("\n".join(mistakes))
    return [sources[key] for key in sorted(sources)]


def read_file(path: Path) -> SourceDeclaration:
    """One source file. Raises DeclarationError."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DeclarationError(
            _("%(file)s is not TOML in UTF-8: %(error)s.") % {"file": path.name, "error": error}
        ) from error
    entry = _Entry(path.name, "", data, SOURCE_KEYS)
    kind = entry.text("kind")
    try:
        kind_of(kind)
    except DeclarationError as error:
        raise entry.wrong("kind", str(error)) from error
    if ("url" in data) == ("path" in data):
        raise entry.wrong("url", _("a source has either `url` or `path`."))
    schedule = entry.text("schedule", "")
    if schedule and not croniter.is_valid(schedule):
        raise entry.wrong("schedule", _("%(cron)s is no cron expression of five fields.") % {"cron": repr(schedule)})
    options = data.get("options", {})
    if not isinstance(options, dict):
        raise entry.wrong("options", _("it must be a table: [options]."))
    tables = data.get("tables", [])
    if not isinstance(tables, list):
        raise entry.wrong("tables", _("it must be a list of tables: [[tables]]."))
    found = tuple(_table(path.name, number, table, data) for number, table in enumerate(tables, 1))
    for name in {table.key for table in found if [other.key for other in found].count(table.key) > 1}:
        raise entry.wrong("tables", _("two tables have the key %(key)s.") % {"key": repr(name)})
    return SourceDeclaration(
        key=entry.key("key"),
        title=entry.text("title"),
        english=entry.text("english", ""),
        department=entry.key("department"),
        kind=kind,
        address=entry.text("url" if "url" in data else "path"),
        schedule=schedule,
        is_enabled=entry.flag("enabled", True),
        options=options,
        tables=found,
    )


def _table(file: str, number: int, data: object, source: dict[str, Any]) -> TableDeclaration:
    where = f"tables[{number}]"
    if not isinstance(data, dict):
        raise DeclarationError(f"{file}: {where}: " + _("it must be a table: [[tables]]."))
    entry = _Entry(file, where, data, TABLE_KEYS)
    mode = entry.word("mode", [value for value, _label in SourceTable.Mode.choices], "full")
    watermark = entry.text("watermark", "")
    if watermark and mode != "incremental":
        raise entry.wrong("watermark", _('it is used with mode = "incremental" only.'))
    references = data.get("references", [])
    if not isinstance(references, list) or not all(
        isinstance(item, dict) and set(item) == {"column", "dataset", "field"} for item in references
    ):
        raise entry.wrong("references", _("each is {column = ..., dataset = ..., field = ...}."))
    primary_key = data.get("primary_key", [])
    if not isinstance(primary_key, list) or not all(isinstance(item, str) for item in primary_key):
        raise entry.wrong("primary_key", _("it must be a list of column names."))
    return TableDeclaration(
        name=entry.text("name"),
        key=entry.key("key"),
        title=entry.text("title"),
        english=entry.text("english", ""),
        summary=entry.text("summary", ""),
        primary_key=tuple(primary_key),
        mode=mode,
        watermark=watermark,
        cycle=UpdateCycle(entry.word("cycle", [item.value for item in UpdateCycle], "on-demand")),
        share=ShareType[entry.word("share", [item.name.lower() for item in ShareType], "conditional").upper()],
        open=OpenType[entry.word("open", [item.name.lower() for item in OpenType], "none").upper()],
        references=tuple(references),
        is_real=entry.flag("real", bool(source.get("real", False))),
        attribution=entry.text("attribution", str(source.get("attribution", ""))),
    )


@dataclass(frozen=True)
class _Entry:
    """One table of a TOML file, and how to complain about its keys."""

    file: str
    where: str
    data: dict[str, Any]
    known: list[str]

    def __post_init__(self) -> None:
        for name in self.data:
            if name not in self.known:
                near = get_close_matches(name, self.known, n=1)
                hint = " " + _("Did you mean %(near)s?") % {"near": repr(near[0])} if near else ""
                raise self.wrong(name, _("no such key.") + hint)

    def wrong(self, name: str, text: str) -> DeclarationError:
        place = f"{self.where}.{name}" if self.where else name
        return DeclarationError(f"{self.file}: {place}: {text}")

    def text(self, name: str, default: str | None = None) -> str:
        value = self.data.get(name, default)
        if value is None:
            raise self.wrong(name, _('it is missing: add %(name)s = "...".') % {"name": name})
        if not isinstance(value, str):
            raise self.wrong(name, _("it must be text in quotes."))
        return value

    def key(self, name: str) -> str:
        value = self.text(name)
        if not KEY.fullmatch(value):
            raise self.wrong(name, _("%(key)s is not kebab-case (a-z, 0-9, hyphens).") % {"key": repr(value)})
        return value

    def word(self, name: str, words: list[str], default: str) -> str:
        value = self.text(name, default)
        if value not in words:
            near = get_close_matches(value, words, n=1)
            hint = " " + _("Did you mean %(near)s?") % {"near": repr(near[0])} if near else ""
            raise self.wrong(
                name, _("%(value)s is none of %(words)s.") % {"value": repr(value), "words": ", ".join(words)} + hint
            )
        return value

    def flag(self, name: str, default: bool) -> bool:
        value = self.data.get(name, default)
        if not isinstance(value, bool):
            raise self.wrong(name, _("it must be true or false."))
        return value
