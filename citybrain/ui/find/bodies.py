"""Organisations, areas and people as things the palette finds, by name, pinyin, initials or key."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from threading import Lock

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from citybrain.declare.role import Permission
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Area, Organisation, User
from citybrain.kernel.identity.permissions import VIEW_AREAS, VIEW_ORGANISATIONS, VIEW_PEOPLE
from citybrain.kernel.identity.scope import scoped
from citybrain.kernel.records.spelling import spellings, words_of
from citybrain.ui.finding import Hit, address_of, ranked, worth
from citybrain.ui.formats import is_chinese

FRESH = 60.0
"""Seconds the names in memory may be old: a new body is found a minute later, everything else is asked anew."""

SIFTED = 60
"""So many of the best names are asked for with the person's scope; what lies outside it falls out there."""

Name = tuple[int, tuple[str, ...]]
"""Id of a row and the ways its names may be typed."""


class Names:
    """The names of a table in memory, each in all its spellings: tens of thousands are looked through in milliseconds.

    Only names and ids are kept; what is shown comes from the database, with the person's scope.
    """

    def __init__(self, ask: Callable[[], Iterable[tuple[int, Sequence[str]]]]) -> None:
        self._ask = ask
        self._lock = Lock()
        self._names: list[Name] = []
        self._until = 0.0

    def best(self, text: str) -> dict[int, float]:
        """Ids of the names that hold every word of `text`, the `SIFTED` best, with what the match is worth."""
        words = words_of(text)
        if not words:
            return {}
        found = []
        for pk, forms in self.names():
            total = 0.0
            for word in words:
                most = max((worth(word, form) for form in forms if word in form), default=0.0)
                if not most:
                    break
                total += most
            else:
                found.append((total / len(words), -len(forms[0]) if forms else 0, pk))
        found.sort(reverse=True)
        return {pk: score for score, _length, pk in found[:SIFTED]}

    def names(self) -> list[Name]:
        """The names, asked for again when they are old."""
        with self._lock:
            if time.monotonic() >= self._until:
                self._names = [(pk, tuple(chain.from_iterable(map(spellings, names)))) for pk, names in self._ask()]
                self._until = time.monotonic() + FRESH
            return self._names

    def forget(self) -> None:
        """Asks again the next time."""
        self._until = 0.0


@dataclass(frozen=True, kw_only=True)
class Bodies:
    """One table of the identity room."""

    key: str
    title: str | Promise
    icon: str
    permission: Permission
    rows: Callable[[], QuerySet[Organisation] | QuerySet[Area] | QuerySet[User]]
    hit: Callable[[Organisation | Area | User, float], Hit]
    names: Names

    def find(self, text: str, actor: Actor, limit: int) -> list[Hit]:
        """What the person may see of the best names; nothing unasked. One query."""
        best = self.names.best(text)
        if not best:
            return []
        rows = scoped(self.rows(), actor, self.permission).filter(pk__in=best)
        return ranked((self.hit(row, best[row.pk]) for row in rows), limit)


def of_organisation(row: Organisation | Area | User, score: float) -> Hit:
    """An organisation as a hit."""
    assert isinstance(row, Organisation)
    kind = row.get_kind_display()
    under = f"{kind} · {worded(row.parent)}" if row.parent else kind
    url = address_of("people:organisation", row.key)
    return Hit(title=worded(row), under=under, url=url, icon="building-bank", score=score)


def of_area(row: Organisation | Area | User, score: float) -> Hit:
    """An area as a hit."""
    assert isinstance(row, Area)
    kind = row.get_kind_display()
    under = f"{kind} · {worded(row.parent)}" if row.parent else kind
    return Hit(title=worded(row), under=under, url=address_of("people:area", row.key), icon="map-pin", score=score)


def of_person(row: Organisation | Area | User, score: float) -> Hit:
    """A person as a hit."""
    assert isinstance(row, User)
    under = worded(row.organisation) if row.organisation else row.get_kind_display()
    return Hit(title=row.name, under=under, url=address_of("people:person", row.pk), icon="user", score=score)


def worded(body: Organisation | Area) -> str:
    """A body's name in the page's language."""
    return body.chinese if is_chinese() else body.english or body.chinese


def organisation_names() -> Iterable[tuple[int, Sequence[str]]]:
    """Names of every body that still exists."""
    found = Organisation.objects.filter(is_active=True).order_by()
    for pk, key, chinese, english, short in found.values_list("pk", "key", "chinese", "english", "short"):
        yield pk, (chinese, short, english, key)


def area_names() -> Iterable[tuple[int, Sequence[str]]]:
    """Names and codes of every area."""
    found = Area.objects.order_by().values_list("pk", "key", "chinese", "english")
    return ((pk, (chinese, english, key)) for pk, key, chinese, english in found)


def people_names() -> Iterable[tuple[int, Sequence[str]]]:
    """Names of everybody who may sign in; citizens are never found by name."""
    found = User.objects.filter(is_active=True, kind=User.Kind.OFFICIAL).order_by()
    for pk, username, chinese, first, last in found.values_list("pk", "username", "chinese", "first_name", "last_name"):
        yield pk, (chinese, f"{first} {last}".strip(), username)


BODIES = (
    Bodies(
        key="organisations",
        title=_("Organisations"),
        icon="building-bank",
        permission=VIEW_ORGANISATIONS,
        rows=lambda: Organisation.objects.select_related("parent"),
        hit=of_organisation,
        names=Names(organisation_names),
    ),
    Bodies(
        key="areas",
        title=_("Areas"),
        icon="map-pin",
        permission=VIEW_AREAS,
        rows=lambda: Area.objects.select_related("parent").defer("shape"),
        hit=of_area,
        names=Names(area_names),
    ),
    Bodies(
        key="people",
        title=_("People"),
        icon="users",
        permission=VIEW_PEOPLE,
        rows=lambda: User.objects.select_related("organisation"),
        hit=of_person,
        names=Names(people_names),
    ),
)
"""The identity room's part of the search."""
