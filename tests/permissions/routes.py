"""Every route of the site with its rule, read from the URL table: what is asserted here holds for routes to come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from citybrain.ui.access import RouteRule


@dataclass(frozen=True)
class Route:
    """One address of the URL table."""

    name: str
    """Its name with its namespaces, `records:old-tree:list`; the pattern where it has none."""
    pattern: str
    parameters: tuple[str, ...]
    """Names of the parts of the address that vary."""
    view: Callable[..., Any]

    @property
    def rule(self) -> RouteRule | None:
        """Who may come; None is a mistake."""
        return getattr(self.view, "rule", None)

    def __str__(self) -> str:
        return self.name


def routes() -> list[Route]:
    """The whole URL table."""
    return list(walk(get_resolver().url_patterns))


def walk(
    patterns: list[URLPattern | URLResolver],
    names: tuple[str, ...] = (),
    prefix: str = "",
    varying: tuple[str, ...] = (),
) -> Iterator[Route]:
    """The routes under some patterns."""
    for entry in patterns:
        pattern = prefix + str(entry.pattern)
        parameters = (*varying, *entry.pattern.converters, *entry.pattern.regex.groupindex)
        parameters = tuple(dict.fromkeys(parameters))
        if isinstance(entry, URLResolver):
            inner = (*names, entry.namespace) if entry.namespace else names
            yield from walk(entry.url_patterns, inner, pattern, parameters)
        else:
            name = ":".join((*names, entry.name)) if entry.name else pattern
            yield Route(name=name, pattern=pattern, parameters=parameters, view=entry.callback)
