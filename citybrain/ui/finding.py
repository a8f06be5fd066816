"""What the palette (命令面板) and the global search look through: each room says what of its own can be found.

    SEARCH.install(*PAGES, *WAREHOUSE_SEARCH)        once, in `citybrain.site.urls`
    SEARCH.find("yk 医院", request.actor)            groups of hits, the best first

A provider asks only for what the person may see (`scoped`, `actor.may`): what is not theirs is not found.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from django.db import DatabaseError
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from citybrain.declare.role import Permission
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import Vouched
from citybrain.kernel.records.spelling import MAX_QUERY, spellings, words_of
from citybrain.ui.panels.panel import check_icon

log = logging.getLogger(__name__)

EACH = 6
"""Hits of one provider in the palette."""

WHOLE, START, WORD_START, PART = 1.0, 0.8, 0.7, 0.5
"""What a word found in a name is worth: as the whole name, its start, the start of a word in it, a part of it."""


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One thing found."""

    title: str
    url: str
    """Where it leads; a hit that leads nowhere is left out."""
    under: str = ""
    """Small second line: what it is, whose, where."""
    icon: str = "arrow-right"
    score: float = PART
    """0-1, how well it fits what was typed: 1 is the very name. `matching` works it out."""

    def __post_init__(self) -> None:
        check_icon(self, self.icon)


class SearchProvider(Protocol):
    """One kind of things that can be found."""

    @property
    def key(self) -> str:
        """Kebab-case, unique: the part of the page of results, as `#datasets`."""

    @property
    def title(self) -> str | Promise:
        """Heading of its hits."""

    @property
    def icon(self) -> str:
        """Icon from the sprite."""

    @property
    def permission(self) -> Permission | None:
        """What the person's post must carry; None for what everybody may look for."""

    def find(self, text: str, actor: Actor, limit: int) -> list[Hit]:
        """At most `limit` things that `text` names, the best first; for an empty text, what is offered unasked."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """The hits of one provider."""

    key: str
    title: str
    icon: str
    hits: Vouched[Hit]

    @property
    def best(self) -> float:
        """Score of its best hit."""
        return max((hit.score for hit in self.hits), default=0)


class Search:
    """Every provider of the site."""

    def __init__(self) -> None:
        self.providers: tuple[SearchProvider, ...] = ()

    def install(self, *providers: SearchProvider) -> None:
        """Makes `providers` what is looked through; the composition root calls it once. Raises ValueError for twins."""
        keys = [provider.key for provider in providers]
        if twins := sorted({key for key in keys if keys.count(key) > 1}):
            raise ValueError(f"Two search providers have the key {', '.join(twins)}: name one of them otherwise.")
        self.providers = providers

    def find(self, text: str, actor: Actor, limit: int = EACH, only: str = "") -> list[Group]:
        """What `text` names among all the person may see: groups with their hits, the best group first.

        `only` asks one provider. A provider whose database fails is left out and logged: the others still answer.
        """
        text = " ".join(text[:MAX_QUERY].replace("\x00", "").split())
        groups = []
        for provider in self.providers:
            if (only and provider.key != only) or not allowed(provider, actor):
                continue
            try:
                hits = [hit for hit in provider.find(text, actor, limit) if hit.url][:limit]
            except DatabaseError:
                log.exception("The search provider %s failed.", provider.key)
                continue
            if hits:
                vouched = Vouched(tuple(hits), provider.key)
                groups.append(Group(key=provider.key, title=str(provider.title), icon=provider.icon, hits=vouched))
        # Equal scores keep the order of installation.
        return sorted(groups, key=lambda group: -group.best) if text else groups


def allowed(provider: SearchProvider, actor: Actor) -> bool:
    """Whether the person may look through it."""
    return provider.permission is None or actor.may(provider.permission)


def address_of(name: str, *arguments: object) -> str:
    """Address of a page by its route's name; empty where this installation has no such page."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""


def matching(text: str, names: Iterable[str]) -> float:
    """How well `text` names one of `names` (0-1; 0: not at all): Chinese, full pinyin, initials or English.

    Every word of `text` must be found in one of the names; what each is worth is averaged.
    """
    words = words_of(text)
    if not words:
        return 0
    forms = [form for name in names for form in spellings(name)]
    found = [max((worth(word, form) for form in forms), default=0.0) for word in words]
    if min(found) == 0:
        return 0
    if len(words) > 1 and " ".join(words) in forms:
        return WHOLE
    return sum(found) / len(found)


def worth(word: str, form: str) -> float:
    """What `word` is worth as found in one spelling of a name."""
    place = form.find(word)
    if place < 0:
        return 0
    if place == 0:
        return WHOLE if len(word) == len(form) else START
    if form[place - 1] == " ":
        return WORD_START
    # A single letter inside a word is found in nearly everything.
    return PART if len(word) > 1 or not word.isascii() else 0


def ranked(hits: Iterable[Hit], limit: int) -> list[Hit]:
    """The `limit` best, the shorter name first among equals."""
    return sorted(hits, key=lambda hit: (-hit.score, len(hit.title)))[:limit]


@dataclass(frozen=True, kw_only=True)
class Door:
    """Something that can be begun from anywhere: make a record, start a run."""

    title: str | Promise
    url: str
    icon: str = "arrow-right"
    permission: Permission | None = None
    names: tuple[str, ...] = ()
    """Further words it is found by, in any language."""


def found_doors(doors: Iterable[Door], text: str, actor: Actor, limit: int, under: str = "") -> list[Hit]:
    """The doors that `text` names and the person may open, as hits; all of them for an empty text."""
    hits = []
    for door in doors:
        if door.permission is not None and not actor.may(door.permission):
            continue
        title = str(door.title)
        score = matching(text, (title, *door.names)) if text else PART
        if score:
            hits.append(Hit(title=title, url=door.url, under=under, icon=door.icon, score=score))
    return ranked(hits, limit) if text else hits[:limit]


def best_of(groups: Sequence[Group]) -> Hit | None:
    """The hit Enter opens: the best of all."""
    hits = [hit for group in groups for hit in group.hits]
    return max(hits, key=lambda hit: hit.score, default=None)


def below(hit: Hit, factor: float) -> Hit:
    """The same hit worth less: rows come after pages of the same name."""
    return replace(hit, score=hit.score * factor)


SEARCH = Search()
"""The site's search."""
