"""Full text search over records of every type, and over what other rooms put in (全文检索).

    search("古山 网点", request.actor)            hits of all kinds the person may see, the best first
    rows.filter(pk__in=search_ids(shape, "gsz"))  the search box of a list

SQLite answers by FTS5, PostgreSQL by a `tsvector` with a GIN index; both hold the tokens of `tokens`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from citybrain.declare.role import Reach
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import within
from citybrain.kernel.records.models import Record, SearchEntry
from citybrain.kernel.records.shape import Shape, record_types
from citybrain.kernel.records.spelling import normal, words_of
from citybrain.kernel.records.tokens import query_tokens, tokens
from citybrain.kernel.records.wording import title_of

BATCH = 500
LOOKED_AT = 200
"""Entries that are put in order for one search; of more, the latest."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """One thing found."""

    kind: str
    record_id: int
    title: str
    note: str
    """Second line: the number."""
    score: float
    """0-1: 1 is the very title."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A thing of another room to be found; whoever may `<kind>:view` within reach of its owner finds it."""

    kind: str
    record_id: int
    title: str
    note: str = ""
    texts: tuple[str, ...] = ()
    organisation_id: int | None = None
    area_id: int | None = None
    person_id: int | None = None


def index(shape: Shape, records: Sequence[Record]) -> None:
    """Puts records into the index, or puts them in anew; part of every verb's transaction."""
    put([_entry_of(shape, record) for record in records])


def _entry_of(shape: Shape, record: Record) -> Entry:
    title = title_of(record)
    texts = [str(getattr(record, field.name) or "") for field in shape.fields if field.is_searched]
    return Entry(
        kind=shape.key,
        record_id=record.pk,
        title=title,
        note=record.number,
        texts=tuple(filter(None, texts)),
        organisation_id=record.organisation_id,
        area_id=record.area_id,
        person_id=record.created_by_id,
    )


def put(entries: Iterable[Entry]) -> None:
    """Puts things into the index, or puts them in anew."""
    rows = [
        SearchEntry(
            kind=entry.kind,
            record_id=entry.record_id,
            title=entry.title[:200],
            note=entry.note[:200],
            organisation_id=entry.organisation_id,
            area_id=entry.area_id,
            person_id=entry.person_id,
            words=" ".join(tokens((entry.title, entry.note), entry.texts)),
        )
        for entry in entries
    ]
    SearchEntry.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["kind", "record_id"],
        update_fields=["title", "note", "organisation", "area", "person", "words"],
    )


def forget(kind: str, record_ids: Iterable[int]) -> None:
    """Takes things out of the index."""
    SearchEntry.objects.filter(kind=kind, record_id__in=list(record_ids)).delete()


def reindex(shape: Shape) -> int:
    """Builds the index of one type anew, as after a field became searchable; returns how many records it holds."""
    SearchEntry.objects.filter(kind=shape.key).delete()
    count = 0
    waiting: list[Record] = []
    for record in shape.model._default_manager.filter(removed_at=None).iterator(chunk_size=BATCH):
        waiting.append(record)
        if len(waiting) == BATCH:
            index(shape, waiting)
            count, waiting = count + BATCH, []
    index(shape, waiting)
    return count + len(waiting)


def matches(text: str) -> QuerySet[SearchEntry]:
    """Entries that hold everything `text` asks for, whoever they belong to; none when it asks for nothing."""
    asked = query_tokens(text)
    if not asked:
        return SearchEntry.objects.none()
    if connection.vendor == "postgresql":
        # Lexemes are quoted, quotes and backslashes doubled: no letter of a token is an operator.
        terms = " & ".join(f"'{_quoted(token)}'" + (":*" if is_start else "") for token, is_start in asked)
        sql = "SELECT id FROM records_searchentry WHERE records_lexemes(words) @@ %s::tsquery"
    else:
        terms = " ".join(f'"{token}"' + ("*" if is_start else "") for token, is_start in asked)
        sql = "SELECT rowid FROM records_searchwords WHERE records_searchwords MATCH %s"
    return SearchEntry.objects.filter(pk__in=RawSQL(sql, [terms]))  # noqa: S611 - the text is a parameter


def _quoted(token: str) -> str:
    return token.replace("\\", "\\\\").replace("'", "''")


def search_ids(shape: Shape, text: str) -> QuerySet[SearchEntry, Any]:
    """Ids of the type's records that `text` names, as a subquery: `rows.filter(pk__in=search_ids(shape, text))`."""
    return matches(text).filter(kind=shape.key).order_by().values("record_id")


def search(text: str, actor: Actor, *, kinds: Sequence[str] | None = None, limit: int = 20) -> list[Found]:
    """What `text` names among all the person may see, of `kinds` or of every record type, the best first."""
    asked = tuple(kinds) if kinds is not None else tuple(shape.key for shape in record_types())
    sight = _sight(asked, actor)
    if sight is None or not query_tokens(text):
        return []
    rows = matches(text).filter(sight).order_by("-pk")
    found = [
        Found(kind=row.kind, record_id=row.record_id, title=row.title, note=row.note, score=_score(text, row))
        for row in rows.only("kind", "record_id", "title", "note")[:LOOKED_AT]
    ]
    return sorted(found, key=lambda one: (-one.score, len(one.title)))[:limit]


def _sight(kinds: Sequence[str], actor: Actor) -> Q | None:
    """The condition that an entry of `kinds` is within the person's reach; None when they may see none of them."""
    by_reach: dict[Reach, list[str]] = {}
    for kind in kinds:
        reach = actor.reach(f"{kind}:view")
        if reach is not None:
            by_reach.setdefault(reach, []).append(kind)
    condition: Q | None = None
    for reach, some in by_reach.items():
        one = Q(kind__in=some)
        if reach is not Reach.COUNTY:
            one &= within(SearchEntry.scope, actor, reach)
        condition = one if condition is None else condition | one
    return condition


def _score(text: str, entry: SearchEntry) -> float:
    """1 for the very title or number, less for its start, less for a part of it, least for words elsewhere."""
    asked = " ".join(words_of(text))
    best = 0.3
    for name in (normal(entry.title), normal(entry.note)):
        if name == asked:
            return 1.0
        if name.startswith(asked):
            best = max(best, 0.8)
        elif asked in name:
            best = max(best, 0.6)
    return best
