"""Work orders of the city's hotline (市级平台派单): CSV, XLSX or JSON, each row a signal, once, whoever sends it again.

Heads are found by their usual names, as offices write them; a county's own names come first (`heads`). What cannot be
taken is kept row by row, with why, and taken again when it is mended.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from citybrain.centre.events.drafts import ReporterDraft, SignalDraft
from citybrain.centre.events.models import Channel, Signal
from citybrain.centre.events.receiving import receive
from citybrain.centre.events.types import event_types
from citybrain.centre.intake.api.taking import words_of
from citybrain.centre.intake.hotline.calls import desk_of
from citybrain.centre.intake.quarantine import Refusal, Taking, put_aside
from citybrain.centre.understanding.reading import understand
from citybrain.declare.event import Level
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Area, Organisation
from citybrain.kernel.records.sheets import is_blank, is_remark, rows_of

DOOR = "hotline-file"
LARGEST = 20 << 20
MOST = 500
"""Rows of one file: somebody waits for it. Programs bring more by the API."""
SUFFIXES = (".csv", ".txt", ".xlsx", ".xls", ".ods")

HEADS: Mapping[str, tuple[str, ...]] = {
    "reference": ("工单编号", "工单号", "受理编号", "编号", "order", "reference", "number"),
    "text": ("诉求内容", "反映内容", "问题描述", "工单内容", "内容", "text", "description"),
    "title": ("诉求标题", "工单标题", "标题", "title"),
    "name": ("来电人", "诉求人", "反映人", "联系人", "姓名", "name"),
    "contact": ("来电号码", "联系电话", "联系方式", "电话", "手机", "phone", "contact"),
    "address": ("诉求地址", "事发地点", "事发地址", "问题地点", "地址", "address"),
    "area": ("所属镇街", "所属乡镇", "镇街", "乡镇", "属地", "area"),
    "at": ("来电时间", "受理时间", "诉求时间", "登记时间", "时间", "at", "observed_at"),
    "type": ("诉求分类", "诉求类型", "问题分类", "分类", "类别", "type"),
    "level": ("紧急程度", "等级", "level"),
    "wants_answer": ("是否回复", "是否回访", "需回复", "wants_answer"),
    "until": ("办理时限", "截止时间", "要求办结时间", "until"),
}
"""What is taken -> names of its column; the first that a file has counts."""

LEVELS = {
    "一般": Level.BLUE,
    "普通": Level.BLUE,
    "较急": Level.YELLOW,
    "加急": Level.YELLOW,
    "紧急": Level.ORANGE,
    "特急": Level.RED,
    "突发": Level.RED,
}
NO = ("否", "不需要", "无需", "no", "false", "0", "n")


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What became of a file."""

    batch: str
    """SHA-256 of the file: what its refused rows are found by."""
    name: str
    read: int
    new: int
    known: int
    refused: int
    heads: Mapping[str, str]
    """What is taken -> the column it was found in."""


def bring_in(upload: UploadedFile[Any], actor: Actor, *, heads: Mapping[str, str] | None = None) -> Brought:
    """Takes a file of work orders. Raises ValidationError for a file that is none, or lacks what every order has."""
    if (upload.size or 0) > LARGEST:
        raise ValidationError(_("The file is larger than %d MB: split it.") % (LARGEST >> 20))
    content = upload.read()
    batch = hashlib.sha256(content).hexdigest()
    name = Path(upload.name or "file").name[:120]
    found, rows = read_file(content, name, heads or {})
    counts = {"new": 0, "known": 0, "refused": 0}
    total = 0
    for total, (number, row) in enumerate(rows, start=1):
        if total > MOST:
            raise ValidationError(_("The file has more than %d rows: split it.") % MOST)
        counts[_one(row, number, name, batch, actor)] += 1
    return Brought(batch=batch, name=name, read=total, heads=found, **counts)


def _one(row: dict[str, Any], number: int, name: str, batch: str, actor: Actor) -> str:
    try:
        is_known = (
            reference_of(row) != ""
            and Signal.objects.filter(channel=Channel.HOTLINE, source_reference=reference_of(row)).exists()
        )
        taken(row, actor)
    except Refusal as refusal:
        sender = _("%(file)s, row %(row)d") % {"file": name, "row": number}
        put_aside(
            DOOR,
            json.dumps(row, ensure_ascii=False, sort_keys=True, default=str).encode(),
            refusal,
            channel=Channel.HOTLINE,
            sender=sender,
            batch=batch,
            media_type="application/json",
            organisation=desk_of(actor) or Organisation.objects.filter(pk=actor.organisation_id).first(),
        )
        return "refused"
    return "known" if is_known else "new"


def read_file(
    content: bytes, name: str, own: Mapping[str, str]
) -> tuple[dict[str, str], Iterator[tuple[int, dict[str, Any]]]]:
    """The columns that were found, and every row with its number in the file.

    Raises ValidationError when the file cannot be read, or no column holds the words.
    """
    if content.lstrip()[:1] in (b"[", b"{"):
        objects = json_rows(content)
        names = list(dict.fromkeys(key for one in objects for key in one))
        found = found_heads(names, own)
        return found, chosen(objects, found)
    suffix = Path(name).suffix.lower()
    with tempfile.NamedTemporaryFile(suffix=suffix if suffix in SUFFIXES else "") as file:
        file.write(content)
        file.flush()
        lines = list(rows_of(Path(file.name), name))
    at, found = headed(lines, own)
    places = {ours: [str(cell or "").strip() for cell in lines[at]].index(theirs) for ours, theirs in found.items()}

    def rows() -> Iterator[tuple[int, dict[str, Any]]]:
        for number, cells in enumerate(lines[at + 1 :], start=at + 2):
            if not is_blank(cells) and not is_remark(cells):
                yield number, {ours: cells[place] if place < len(cells) else None for ours, place in places.items()}

    return found, rows()


def chosen(objects: list[dict[str, Any]], found: Mapping[str, str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """What is taken of every object, with its place, from 1."""
    for place, one in enumerate(objects, start=1):
        yield place, {ours: one.get(theirs) for ours, theirs in found.items()}


def json_rows(content: bytes) -> list[dict[str, Any]]:
    """The objects of a JSON file: a list, or an object with one. Raises ValidationError."""
    try:
        read = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ValidationError(_("This is no JSON: %s.") % error) from error
    if isinstance(read, dict):
        read = next((value for value in read.values() if isinstance(value, list)), None)
    if not isinstance(read, list) or not read or not all(isinstance(one, dict) for one in read):
        raise ValidationError(_("This JSON is no list of work orders."))
    return read


def headed(lines: list[list[Any]], own: Mapping[str, str]) -> tuple[int, dict[str, str]]:
    """The row with the heads (offices write a title above it), and what was found there."""
    for place, cells in enumerate(lines[:10]):
        found = found_heads([str(cell or "").strip() for cell in cells], own, is_strict=False)
        if "text" in found:
            return place, found
    raise ValidationError(
        _("No column holds what people said. Name one of: %s.") % "、".join(HEADS["text"][:4]),
    )


def found_heads(names: list[str], own: Mapping[str, str], *, is_strict: bool = True) -> dict[str, str]:
    """What is taken -> its column among `names`; the county's own names first."""
    known = {name: name for name in names}
    found = {}
    for ours, usual in HEADS.items():
        wanted = (own[ours],) if ours in own else usual
        match = next((known[name] for name in wanted if name in known), None)
        if match is not None:
            found[ours] = match
    if is_strict and "text" not in found:
        raise ValidationError(
            _("No column holds what people said. Name one of: %s.") % "、".join(HEADS["text"][:4]),
        )
    return found


def taken(row: Mapping[str, Any], actor: Actor, raw: bytes = b"") -> Signal:
    """The signal of one row. Raises Refusal that names the column."""
    try:
        return receive(drafted(row, actor, raw), actor)
    except PermissionDenied as error:
        raise Refusal(str(error)) from error
    except ValidationError as error:
        raise Refusal(words_of(error), _("Correct the row and bring it in again.")) from error


def take(taking: Taking, actor: Actor) -> Signal:
    """Takes a row of the quarantine again."""
    return taken(json.loads(taking.body), actor, taking.body)


def drafted(row: Mapping[str, Any], actor: Actor, raw: bytes) -> SignalDraft:
    """The row as the events take it."""
    words = {ours: text_of(row.get(ours)) for ours in HEADS}
    if not words["text"]:
        raise Refusal(_("The words are missing."), _("Fill in what the caller said."))
    if not words["reference"]:
        raise Refusal(_("The number of the work order is missing."), _("By it a second delivery is told."))
    proposed = understand(words["text"]).as_json()
    if words["until"]:
        proposed["ordered_until"] = moment(row["until"], "until").isoformat()
    name, contact = words["name"], words["contact"]
    return SignalDraft(
        channel=Channel.HOTLINE,
        text=words["text"],
        title=words["title"],
        source_reference=reference_of(row),
        observed_at=moment(row["at"], "at") if words["at"] else None,
        reporter=ReporterDraft(name=name, contact=contact) if name or contact else None,
        wants_answer=None if not words["wants_answer"] else words["wants_answer"].lower() not in NO,
        address=words["address"],
        area=area_of(words["area"]),
        type=type_of(words["type"]),
        level=level_of(words["level"]),
        proposed=proposed,
        organisation=desk_of(actor),
        raw=raw,
    )


def text_of(cell: Any) -> str:
    """A cell as text; a number without its fraction when it has none (XLSX keeps every number so)."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip().removeprefix("'")


def reference_of(row: Mapping[str, Any]) -> str:
    """The number of a row's work order, marked as the city's."""
    text = text_of(row.get("reference"))
    return f"12345:{text}"[:128] if text else ""


def moment(cell: Any, column: str) -> datetime:
    """A time of a cell. Raises Refusal for one that cannot be read."""
    if isinstance(cell, datetime):
        found: datetime | None = cell
    elif isinstance(cell, date):
        found = datetime.combine(cell, datetime.min.time())
    else:
        text = text_of(cell).replace("/", "-").replace("年", "-").replace("月", "-").replace("日", "")
        try:
            found = parse_datetime(text.replace("T", " ")) or parse_datetime(f"{text} 00:00")
        except ValueError:
            found = None
    if found is None:
        raise Refusal(
            _("%(column)s: %(text)s is no time.") % {"column": column, "text": text_of(cell)[:40]},
            _("Write it as 2026-11-21 09:30."),
        )
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def area_of(text: str) -> Area | None:
    """The town or village a cell names; None for none, and for one nobody knows."""
    if not text:
        return None
    rows = Area.objects.exclude(kind=Area.Kind.GRID)
    return rows.filter(key=text).first() or rows.filter(chinese=text).order_by("path").first()


def type_of(text: str) -> str:
    """The class a cell names by key, code or Chinese name; the last part of `市容/道路/路面破损` counts."""
    known = event_types()
    for part in reversed([piece.strip() for piece in text.replace("-", "/").replace(">", "/").split("/")]):
        if part in known:
            return part
        found = next((key for key, kind in known.items() if part and part == kind.chinese), "")
        if found:
            return found
    return text if text in known else ""


def level_of(text: str) -> str:
    """The level a cell names; empty for none."""
    if text in tuple(Level):
        return text
    found = LEVELS.get(text)
    return found.value if found is not None and found is not Level.BLUE else ""
