"""Views of the desk that a person keeps (我的视图): a question under a name, below “Mine” in the menu, with its count.

Kept by the machinery of the registers' views. A view is opened by the address that asks its question, so that a link of
it says what it shows; nothing on the page depends on the view itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container
from dataclasses import dataclass
from functools import partial

from django.core.cache import cache
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from citybrain.centre.events.pages.asked import CLOSED_TABS, SORTS, filters_panel, question, tabs
from citybrain.centre.events.permissions import VIEW
from citybrain.centre.events.queries import is_open
from citybrain.centre.events.queues import SECONDS, kept
from citybrain.declare.role import Permission, Reach
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.records.counting import counted
from citybrain.kernel.records.models import SavedView
from citybrain.kernel.records.saved_views import Listed, views_of
from citybrain.kernel.records.shape import FieldShape
from citybrain.ui.access import requires, requires_form
from citybrain.ui.counting import Recount
from citybrain.ui.menu import MenuItem
from citybrain.ui.panels.panel import Action
from citybrain.ui.records import saved

RECOUNT = Recount("event-counts", "events")
"""Where menu lines are counted again."""

SHOWN = 8
"""Views with a line in the menu."""

MOST = 1000
"""Events of a view counted exactly."""

KNOWN_SECONDS = 30
"""How long it may take until a view that a colleague shares is seen."""

NOT_ASKED = ("open", "part", "do", "task", "seen", "page", "tabs")
"""Parameters of the desk's address that are no part of its question."""


@dataclass(frozen=True)
class DeskList:
    """The desk's list, as the keeper of views knows it."""

    key: str
    plural: str | Promise
    by_name: Container[str]


class DeskViews:
    """Addresses and permission of the desk's views; its columns are not chosen."""

    key = "event-desk"
    shape: Listed = DeskList(key, pgettext_lazy("desk", "Events"), frozenset(SORTS))

    def permission(self, verb: str) -> Permission:
        """Who sees events keeps views of them."""
        return VIEW

    def url(self, page: str, *parts: object) -> str:
        """The desk, its views, or what changes one."""
        names = {"list": "event-desk", "views": "event-views", "change-view": "event-change-view"}
        return reverse(names[page], args=parts)

    def view_url(self, view: SavedView) -> str:
        """The desk with the view's question."""
        return f"{self.url('list')}?{query_of(view)}"

    def said(self, view: SavedView, actor: Actor) -> str:
        """The view's queue, tab and filters in words."""
        asked = question(actor, QueryDict(query_of(view)))
        queue = [str(asked.queue.title)] if asked.queue else []
        tab = [str(one.title) for one in tabs(asked) if one.key == asked.tab and one.key != "all"]
        filters = [words for _name, words in filters_panel(asked).chips(asked.filters.get("q", ""))]
        return " · ".join(queue + tab + filters) or _("All events")

    def listed(self) -> tuple[FieldShape, ...]:
        """None."""
        return ()

    def offered(self) -> tuple[FieldShape, ...]:
        """None."""
        return ()


DESK = DeskViews()


@requires_form(VIEW)
def keep(request: HttpRequest) -> HttpResponse:
    """The person's views (GET); keeps the question of the address under a name (POST)."""
    answer = saved.save(DESK, request)
    forget(request)
    return answer


@requires(VIEW, writes=True)
def change(request: HttpRequest, view_id: int) -> HttpResponse:
    """Shares one's own view, opens it first, or removes it."""
    try:
        answer = saved.change(DESK, request, view_id)
    except ObjectDoesNotExist as error:
        raise Http404(_("There is no such view, or it is not yours.")) from error
    forget(request)
    return answer


def query_of(view: SavedView) -> str:
    """The question of a view as the desk's address asks it; never empty, which would ask for the person's first."""
    asked = bare(QueryDict(view.query))
    if view.order:
        asked["sort"] = view.order
    if not asked:
        asked["tab"] = "all"
    return asked.urlencode()


def bare(given: QueryDict) -> QueryDict:
    """The question of an address, without what is opened and the page."""
    asked = given.copy()
    for name in NOT_ASKED:
        asked.pop(name, None)
    return asked


def views_for(request: HttpRequest) -> list[SavedView]:
    """The person's views and those shared with their body: asked once a request, and half a minute old at most."""
    known: list[SavedView] | None = request.__dict__.get("_desk_views")
    if known is None:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        known = cache.get_or_set(key_of(actor), lambda: list(views_of(actor, DESK.shape)), KNOWN_SECONDS) or []
        request.__dict__["_desk_views"] = known
    return known


def key_of(actor: Actor) -> str:
    """Under which the person's views are remembered."""
    return f"events.views.{actor.user_id}.{actor.organisation_id}"


def forget(request: HttpRequest) -> None:
    """The person's views are asked for anew."""
    request.__dict__.pop("_desk_views", None)
    cache.delete(key_of(request.actor))  # type: ignore[attr-defined]


def in_menu(request: HttpRequest) -> list[SavedView]:
    """The views that have a line in the menu: the person's own first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return sorted(views_for(request), key=lambda view: view.owner_id != actor.user_id)[:SHOWN]


def lines(request: HttpRequest) -> list[MenuItem]:
    """The person's views as lines of the menu, to be opened by `g` and their place."""
    return [
        MenuItem(
            title=view.title,
            icon="bookmark",
            url_name="event-desk",
            query=query_of(view),
            permission=VIEW,
            count=partial(number, view=view) if is_cheap(view) else None,
            recount=RECOUNT,
            key=str(place),
            is_below=True,
        )
        for place, view in enumerate(in_menu(request), 1)
    ]


def numbers(request: HttpRequest, within: float) -> dict[str, int]:
    """Address of each of the person's views -> how many open events fit it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = [view for view in in_menu(request) if is_cheap(view)]
    return {DESK.view_url(view): number(actor, view=view, within=within) for view in found}


def is_cheap(view: SavedView) -> bool:
    """Whether its open events are counted by their index: no words are searched for, and open ones are asked for."""
    asked = QueryDict(view.query)
    return not asked.get("q") and asked.get("tab", "") not in CLOSED_TABS


def number(actor: Actor, *, view: SavedView, within: float = SECONDS) -> int:
    """How many open events fit a view, `MOST` at most; those who see the whole county count it once."""
    asked = question(actor, QueryDict(query_of(view)))
    is_personal = actor.reach(VIEW) is not Reach.COUNTY or (asked.queue is not None and asked.queue.group == "mine")
    whose = f"{actor.post_id}.{actor.user_id}.{actor.principal_id}" if is_personal else "county"
    words = hashlib.sha256(query_of(view).encode()).hexdigest()
    rows = asked.base.filter(is_open()).filter(asked.of_tab)
    return kept(f"events.view.{whose}.{words}", lambda: counted(rows, MOST).total, within)


def first(request: HttpRequest) -> str | None:
    """Address of the view that the person's desk opens with; None when the address asks for something."""
    if request.method != "GET" or request.GET or request.headers.get("X-Panel"):
        return None
    actor: Actor = request.actor  # type: ignore[attr-defined]
    mine = (view for view in views_for(request) if view.is_default and view.owner_id == actor.user_id)
    view = next(mine, None)
    if view is None:
        return None
    # With its tab spelled out, so that taking the filters away does not lead back here.
    asked = QueryDict(query_of(view), mutable=True)
    asked.setdefault("tab", "all")
    return f"{DESK.url('list')}?{asked.urlencode()}"


def shown(request: HttpRequest) -> str:
    """Name of the view whose question the address asks; empty for none."""
    asked = plain(bare(request.GET))
    return next((view.title for view in views_for(request) if plain(QueryDict(query_of(view))) == asked), "")


def plain(asked: QueryDict) -> dict[str, list[str]]:
    """A question for comparing: without what says the same as leaving it away."""
    return {name: values for name, values in asked.lists() if any(values) and (name, values) != ("tab", ["all"])}


def doors(request: HttpRequest) -> tuple[Action, ...]:
    """Keeps the question of the address under a name; leads to all views."""
    asked = bare(request.GET)
    found = [
        Action(
            title=_("Save this view"),
            url=f"{DESK.url('views')}?{asked.urlencode()}",
            icon="bookmark",
            post=True,
            ask=_("Name"),
            key="v",
        )
    ]
    if views_for(request):
        found.append(Action(title=_("All views"), url=DESK.url("views"), icon="list-details"))
    return tuple(found)
