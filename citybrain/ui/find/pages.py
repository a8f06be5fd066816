"""The search: what the palette shows while somebody types, and the page with everything found."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from citybrain.kernel.identity.scope import Vouched
from citybrain.kernel.records.spelling import MAX_QUERY
from citybrain.ui.access import signed_in
from citybrain.ui.finding import EACH, SEARCH, Group
from citybrain.ui.panels.items import Item, Items
from citybrain.ui.panels.kinds import Blank
from citybrain.ui.panels.panel import Link, Page, Panel, Tab
from citybrain.ui.panels.tables import Filters

ON_PAGE = 20
"""Hits of each group on the page of results; one group alone shows ten times as many."""


@signed_in
@require_safe
def options(request: HttpRequest) -> HttpResponse:
    """What the palette lists for `?q=`: groups of options, the best first."""
    text = asked(request)
    groups = SEARCH.find(text, request.actor, EACH)  # type: ignore[attr-defined]
    return render(request, "ui/find/options.html", {"groups": groups, "q": text})


@signed_in
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Everything found for `?q=`, by group; `?tab=` shows one group at length."""
    text, only = asked(request), request.GET.get("tab", "all")
    actor = request.actor  # type: ignore[attr-defined]
    groups = SEARCH.find(text, actor, ON_PAGE) if text else []
    alone = next((group for group in groups if group.key == only), None)
    shown = SEARCH.find(text, actor, 10 * ON_PAGE, only=only) if alone else groups
    tabs = [Tab(key=group.key, title=group.title, count=counted(group)) for group in groups]
    return Page(
        title=_("Search"),
        body=(
            Filters(choices=(), asked={"q": text}, search=_("Pages, records, people, places: 永康, yongkang, yk")),
            *(listed(group, text, more=len(shown) > 1) for group in shown),
            *(nothing(text) if not shown else ()),
        ),
        tabs=(Tab(key="all", title=_("Everything")), *tabs) if len(tabs) > 1 else (),
        tab=alone.key if alone else "all",
        help=_(
            "Looks through everything you may see: Chinese, full pinyin, initials and English. "
            "Several words must all be found. Ctrl-K opens the same search from any page."
        ),
    ).respond(request)


def asked(request: HttpRequest) -> str:
    """What was typed, cut to a length nobody types."""
    return request.GET.get("q", "")[:MAX_QUERY].replace("\x00", "").strip()


def counted(group: Group) -> int | None:
    """Hits of a group; None when there may be more than were asked for."""
    return len(group.hits) if len(group.hits) < ON_PAGE else None


def listed(group: Group, text: str, *, more: bool) -> Panel:
    """One group as a panel."""
    full = more and len(group.hits) >= ON_PAGE
    return Items(
        title=group.title,
        key=group.key,
        note=ngettext("%(count)d hit", "%(count)d hits", len(group.hits)) % {"count": len(group.hits)},
        more=Link(title=_("More"), url=f"?{urlencode({'q': text, 'tab': group.key})}") if full else None,
        items=lines_of(group),
    )


def lines_of(group: Group) -> Vouched[Item]:
    """A group's hits as lines of a list."""
    lines = (Item(title=hit.title, url=hit.url, under=hit.under, icon=hit.icon) for hit in group.hits)
    return Vouched(tuple(lines), group.key)


def nothing(text: str) -> tuple[Panel, ...]:
    """What is said when nothing was found."""
    if not text:
        return (Blank(icon="search", text=_("Type a name, its pinyin or its initials.")),)
    words = _("Nothing you may see is called “%(text)s”. Try fewer words, pinyin (yongkang) or initials (yk).")
    return (Blank(icon="search", text=words % {"text": text}),)
