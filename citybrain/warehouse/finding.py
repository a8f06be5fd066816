"""What of the warehouse can be found in the palette: datasets, sources, data elements, code lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from citybrain.declare.codelist import CodeList
from citybrain.declare.element import Element
from citybrain.declare.role import Permission
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.registry.registry import registry
from citybrain.ui.finding import PART, START, WHOLE, Hit, matching, ranked
from citybrain.ui.templatetags.shown import titled
from citybrain.warehouse.catalogue import search as catalogue
from citybrain.warehouse.gathering.queries import sources
from citybrain.warehouse.permissions import VIEW

WHOLE_TITLE, TITLE_START = 100, 80
"""Ranks of `catalogue.search` from which a word was found as a whole title, or as the start of one."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """One kind of things of the warehouse."""

    key: str
    title: str | Promise
    icon: str
    ask: Callable[[str, Actor, int], list[Hit]]
    permission: Permission | None = VIEW

    def find(self, text: str, actor: Actor, limit: int) -> list[Hit]:
        """At most `limit` things that `text` names; unasked for, none is offered."""
        return self.ask(text, actor, limit) if text else []


def find_datasets(text: str, actor: Actor, limit: int) -> list[Hit]:
    """Catalogue entries, by title, field, summary or provider: their heads are open to all."""
    found = catalogue.search(text, size=limit)
    return [
        Hit(
            title=titled(hit.dataset),
            url=reverse("dataset", args=[hit.dataset.key]),
            under=" · ".join([titled(hit.dataset.provider), *(field.chinese or field.name for field in hit.fields)]),
            icon="table",
            score=worth(hit.rank, len(found.words)),
        )
        for hit in found.hits
    ]


def worth(rank: int, words: int) -> float:
    """What a rank of the catalogue's search is in the palette: 1 for the very title, less for the name of a field."""
    each = rank / max(words, 1)
    if each >= WHOLE_TITLE:
        return WHOLE
    return START if each >= TITLE_START else PART * min(each, TITLE_START) / TITLE_START + 0.1


def find_sources(text: str, actor: Actor, limit: int) -> list[Hit]:
    """Sources of the person's department, or of the county."""
    return named(
        ((one, (one.chinese, one.english, one.key), titled(one.department)) for one in sources(actor)),
        "source",
        "plug-connected",
        text,
        limit,
    )


def find_elements(text: str, actor: Actor, limit: int) -> list[Hit]:
    """Data elements, also by the column names they are known under."""
    every = registry().of(Element)
    return named(
        ((one, (one.chinese, one.title, one.key, *one.names), one.key) for one in every),
        "element",
        "list-details",
        text,
        limit,
    )


def find_codelists(text: str, actor: Actor, limit: int) -> list[Hit]:
    """Code lists, also by their standard."""
    every = registry().of(CodeList)
    return named(
        ((one, (one.chinese, one.title, one.key, one.standard), one.standard) for one in every),
        "codelist",
        "list-numbers",
        text,
        limit,
    )


def named(things: Iterable[tuple[Any, Iterable[str], str]], page: str, icon: str, text: str, limit: int) -> list[Hit]:
    """The things one of whose names fits, each with its page."""
    fits = ((thing, under, matching(text, filter(None, names))) for thing, names, under in things)
    hits = (
        Hit(title=titled(thing), url=reverse(page, args=[thing.key]), under=under, icon=icon, score=score)
        for thing, under, score in fits
        if score
    )
    return ranked(hits, limit)


SEARCH = (
    Found(key="datasets", title=_("Datasets"), icon="table", ask=find_datasets),
    Found(key="sources", title=_("Sources"), icon="plug-connected", ask=find_sources),
    Found(key="elements", title=_("Data elements"), icon="list-details", ask=find_elements),
    Found(key="codelists", title=_("Code lists"), icon="list-numbers", ask=find_codelists),
)
"""What `citybrain.site.urls` installs."""
