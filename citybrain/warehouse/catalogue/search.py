"""Search over the catalogue in Chinese, pinyin and English (目录检索): one scan on SQLite and PostgreSQL alike.

    word of the query ──> title (whole, start, part) > field (whole, start, part) > summary, provider, source
    several words     ──> all of them, anywhere in the entry; their ranks add up

The texts it scans are made by `spelling.lines`, so that a word is looked for as it is: no character is special.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain
from operator import add, or_

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Abs, Length, StrIndex
from django.db.models.lookups import GreaterThan

from citybrain.declare.element import Element
from citybrain.declare.words import Grade, OpenType, ShareType, UpdateCycle
from citybrain.kernel.records.spelling import MAX_QUERY, likeliest_pinyin, lines, normal, spellings, words_of
from citybrain.kernel.registry.registry import registry
from citybrain.warehouse.catalogue.models import Dataset, Field
from citybrain.warehouse.catalogue.naming import field_names

PAGE_SIZE = 20
MAX_PAGE_SIZE = 200
FEW = 2_000
"""So many entries found are sorted here after one scan; more are counted and sorted by the database in two."""

RANKS = (("search_title", (100, 80, 60)), ("search_fields", (40, 30, 20)), ("search_text", (10, 8, 5)))
"""What a word found in a text is worth: as a whole name, as the start of one, as a part of one."""

WHOLE_QUERY = 200
"""What is added when the query as typed, spaces and all, is a name of the entry."""

SUGGESTIONS = 5
PARTS = 12
CANDIDATES = 40
"""How many parts of a query are looked for, and how many of the titles that hold most of them are compared."""

LIKENESS = 0.6
"""Least similarity (0-1, difflib) of a suggestion to the query."""


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What entries must be besides matching the query; None asks nothing."""

    department: str | None = None
    """Key of the providing organisation."""
    source: str | None = None
    """Key of the gathering source."""
    grade: Grade | None = None
    share: ShareType | None = None
    open: OpenType | None = None
    cycle: UpdateCycle | None = None
    state: str | None = None
    """A `Dataset.State` value."""
    quality_below: float | None = None
    """Only entries whose last score lies below, 0-100; entries without a score are left out."""
    real: bool | None = None
    """True for published real data only, False for rehearsal data only."""

    def condition(self) -> Q:
        """The filters as one condition on `Dataset`."""
        wanted = {
            "provider__key": self.department,
            "source_key": self.source,
            "grade": self.grade and self.grade.value,
            "share": self.share and self.share.name,
            "open": self.open and self.open.name,
            "cycle": self.cycle and self.cycle.value,
            "state": self.state,
            "score__lt": self.quality_below,
            "is_real": self.real,
        }
        return Q(**{lookup: value for lookup, value in wanted.items() if value is not None})


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One entry found, its provider loaded."""

    dataset: Dataset
    rank: int
    """Sum of the words' ranks; 0 without a query."""
    fields: tuple[Field, ...]
    """Its fields that hold a word of the query, at most three, to show why it was found."""


@dataclass(frozen=True, kw_only=True)
class Results:
    """One page of what was found."""

    query: str
    words: tuple[str, ...]
    total: int
    page: int
    """From 1; a number past the end becomes the last page."""
    pages: int
    size: int
    hits: tuple[Hit, ...]
    suggestions: tuple[str, ...] = ()
    """Titles near the query, when nothing was found for it."""


def search(query: str = "", *, filters: Filters | None = None, page: int = 1, size: int = PAGE_SIZE) -> Results:
    """One page of the entries that hold every word of `query` and pass `filters`, best first, then by key.

    Any text is a valid query; an empty one lists everything. At most five database queries, however much is found.
    """
    size = max(1, min(size, MAX_PAGE_SIZE))
    words = words_of(query)
    ranked = matching(query, filters).annotate(
        rank=_rank(normal(query[:MAX_QUERY]), words) if words else Value(0, output_field=IntegerField()),
        length=Length("chinese") if words else Value(0, output_field=IntegerField()),
    )
    few = list(ranked.order_by().values_list("pk", "rank", "length", "key")[: FEW + 1])
    # Counting and sorting apart means scanning twice, which only a query that finds much has to pay.
    total = len(few) if len(few) <= FEW else ranked.count()
    pages = max(1, -(-total // size))
    page = max(1, min(page, pages))
    here = slice((page - 1) * size, page * size)
    if total <= FEW:
        best = sorted(few, key=lambda entry: (-entry[1], *entry[2:]))[here]
    else:
        best = list(ranked.order_by("-rank", "length", "key").values_list("pk", "rank", "length", "key")[here])
    ranks = {pk: rank for pk, rank, _length, _key in best}
    rows = Dataset.objects.select_related("provider").defer("search_title", "search_fields", "search_text")
    datasets = rows.in_bulk(list(ranks))
    fields = _fields_with(words, list(ranks))
    return Results(
        query=query,
        words=words,
        total=total,
        page=page,
        pages=pages,
        size=size,
        hits=tuple(
            Hit(dataset=datasets[pk], rank=rank, fields=fields.get(pk, ()))
            for pk, rank in ranks.items()
            if pk in datasets
        ),
        suggestions=() if total or not words else suggest(query),
    )


def matching(query: str = "", filters: Filters | None = None) -> QuerySet[Dataset]:
    """Every entry that holds all words of `query` and passes `filters`, unranked."""
    found = Dataset.objects.filter((filters or Filters()).condition())
    for word in words_of(query):
        found = found.filter(reduce(or_, (_holds(text, word) for text, _ranks in RANKS)))
    return found


def suggest(query: str, *, most: int = SUGGESTIONS) -> tuple[str, ...]:
    """Names of datasets and of elements in use, spelt much like `query` or sounding the same, nearest first."""
    typed, spoken = normal(query[:MAX_QUERY]), likeliest_pinyin(query[:MAX_QUERY])
    if len(typed) < 2:
        return ()
    # Letter pairs find what is spelt nearly the same, the pinyin of the whole what only sounds the same (帐户, 账户).
    parts = dict.fromkeys([*filter(None, [spoken]), *(typed[start : start + 2] for start in range(len(typed) - 1))])
    shared = reduce(add, (Case(When(_holds("search_title", part), then=1), default=0) for part in list(parts)[:PARTS]))
    gap = Abs(Length("chinese") - len(typed))
    candidates = Dataset.objects.annotate(shared=shared, gap=gap).filter(shared__gt=0)
    titles = candidates.order_by("-shared", "gap", "key").values_list("chinese", "english")[:CANDIDATES]
    near = _nearest(typed, spoken, chain.from_iterable(titles))
    elements = {name: element.key for element in registry().of(Element) for name in (element.chinese, element.title)}
    alike = _nearest(typed, spoken, elements)
    used = set(
        Field.objects.filter(element_key__in={elements[name] for name in alike}, is_gone=False)
        .order_by()
        .values_list("element_key", flat=True)
        .distinct()
    )
    near |= {name: ratio for name, ratio in alike.items() if elements[name] in used}
    return tuple(sorted(near, key=lambda name: (-near[name], name))[:most])


def _nearest(typed: str, spoken: str, names: Iterable[str]) -> dict[str, float]:
    """Those of `names` that are like `typed`, or like its pinyin if they are Chinese, with how much (LIKENESS-1)."""
    found = {}
    for name in dict.fromkeys(names):
        ways = spellings(name)
        likeness = max(_likeness(typed, ways), _likeness(spoken, ways) if spoken and likeliest_pinyin(name) else 0.0)
        if likeness >= LIKENESS:
            found[name] = likeness
    return found


def _likeness(query: str, ways: Iterable[str]) -> float:
    """Similarity 0-1 of `query` to the nearest of `ways`; 0 where it is below LIKENESS, which is found out cheaply."""
    matcher = difflib.SequenceMatcher(autojunk=False)
    matcher.set_seq2(query)
    best = 0.0
    for way in ways:
        matcher.set_seq1(way)
        least = max(best, LIKENESS)
        if matcher.real_quick_ratio() >= least and matcher.quick_ratio() >= least:
            best = max(best, matcher.ratio())
    return best


def _holds(text: str, part: str) -> Q:
    """`text` (a column) holds `part`, compared letter by letter: no character is special, as it would be in LIKE."""
    return Q(GreaterThan(StrIndex(F(text), Value(part)), 0))


def _rank(query: str, words: Sequence[str]) -> Combinable:
    """The rank of a row that holds every one of `words`; the checks run from the best place to the worst."""
    ranks = [_word_rank(word) for word in words]
    if len(words) > 1:
        whole = Case(When(_holds("search_title", f"\n{query}\n"), then=WHOLE_QUERY), default=0)
        ranks.append(whole)
    return reduce(add, ranks)


def _word_rank(word: str) -> Case:
    """Where `word` stands decides first, how it stands there second: few looks at each text for most rows."""
    return Case(
        *(
            When(
                _holds(text, word),
                then=Case(
                    When(_holds(text, f"\n{word}\n"), then=whole),
                    When(_holds(text, f"\n{word}"), then=start),
                    default=part,
                ),
            )
            for text, (whole, start, part) in RANKS
        ),
        default=0,
        output_field=IntegerField(),
    )


def _fields_with(words: Sequence[str], datasets: Sequence[int]) -> dict[int, tuple[Field, ...]]:
    """At most three fields of each of `datasets` with a spelling that holds one of `words`."""
    found: dict[int, tuple[Field, ...]] = {}
    if not words:
        return found
    named = Field.objects.filter(dataset__in=datasets, is_gone=False).only("dataset", "name", "chinese", "element_key")
    for field in named.order_by("dataset", "position"):
        known = found.get(field.dataset_id, ())
        if len(known) < 3 and _field_holds(field, words):
            found[field.dataset_id] = (*known, field)
    return found


def _field_holds(field: Field, words: Sequence[str]) -> bool:
    names = lines(field_names(field))
    return any(word in names for word in words)
