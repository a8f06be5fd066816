"""My work (我的工作): what waits for the person, from every source, and what else of theirs rooms want shown here.

Rooms that stand above the frame bring panels: `WORK.install(unread_messages, …)` in citybrain/site/urls.py, each a
function from the request to a panel, or None when there is nothing to show.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from citybrain.declare.role import Permission
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import Vouched, own, scoped
from citybrain.kernel.records.models import Change, Draft
from citybrain.kernel.records.shape import record_type
from citybrain.ui.access import signed_in
from citybrain.ui.finding import address_of
from citybrain.ui.formats import age, is_chinese
from citybrain.ui.panels.items import Item, Items
from citybrain.ui.panels.kinds import Blank, Stat, Stats
from citybrain.ui.panels.panel import Page, Panel, Row, Stack, Tag
from citybrain.ui.person import called
from citybrain.ui.todo import TODOS, Todo, Waiting

LISTED = 8
"""Drafts, and records, that are listed."""

OWN = "own"
"""By what a person's own things are vouched for."""

MakePanel = Callable[[HttpRequest], Panel | None]


class Work:
    """What rooms add to the page."""

    def __init__(self) -> None:
        self._makers: tuple[MakePanel, ...] = ()

    def install(self, *makers: MakePanel) -> None:
        """Makes `makers` what stands beside the to-dos, above drafts; the composition root calls it once."""
        self._makers = makers

    def panels(self, request: HttpRequest) -> tuple[Panel, ...]:
        """What they have to show."""
        return tuple(panel for make in self._makers if (panel := make(request)) is not None)


WORK = Work()
"""The site's additions."""


class Home:
    """The front page: each person's first door they may open."""

    def __init__(self) -> None:
        self._doors: tuple[tuple[Permission, str], ...] = ()

    def install(self, *doors: tuple[Permission, str]) -> None:
        """Makes the first route a person has the permission for their front page; My work when there is none."""
        self._doors = doors

    def of(self, actor: Actor) -> str:
        """Name of the route a person begins at."""
        if actor.kind == "citizen":
            return "citizen-home"
        return next((route for permission, route in self._doors if actor.may(permission)), "work")


HOME = Home()
"""The site's front pages."""


@signed_in
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Leads to the front page."""
    return redirect(HOME.of(request.actor))  # type: ignore[attr-defined]


@signed_in
@require_safe
def work(request: HttpRequest) -> HttpResponse:
    """What waits for the person and what is theirs."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    waiting = TODOS.waiting(actor)
    todos = tuple(listed(one) for one in waiting) or (nothing(),)
    others = (*WORK.panels(request), *filter(None, (drafts(request), recent(request))))
    body: tuple[Panel | Row, ...] = (Row(Stack(*todos), Stack(*others), widths="main"),) if others else todos
    return Page(
        title=_("My work"),
        lead=greeting(actor, request.user.get_username()),
        top=(figures(waiting),) if waiting else (),
        body=body,
        help=_("Everything that waits for you, whichever part of the system it comes from."),
    ).respond(request)


def greeting(actor: Actor, username: str) -> str:
    """Who the person is here: their name, and the post they act under."""
    post, name = actor.post_names[0 if is_chinese() else 1], called(actor.name, username)
    return f"{name} · {post}" if post else name


def nothing() -> Panel:
    """When nothing waits."""
    return Blank(icon="circle-check", text=_("Nothing waits for you."))


def figures(waiting: list[Waiting]) -> Panel:
    """How much waits from each source, and what of it is late."""
    now = timezone.now()
    late = sum(todo.due is not None and todo.due < now for one in waiting for todo in one.todos)
    stats = [Stat(title=one.provider.title, value=one.count, url=f"#todo-{one.provider.key}") for one in waiting]
    if late:
        stats.append(Stat(title=_("Overdue"), value=late, tone="bad"))
    return Stats(stats=tuple(stats))


def listed(waiting: Waiting) -> Panel:
    """The to-dos of one source."""
    note = ""
    if waiting.count > len(waiting.todos):
        note = _("%(shown)d of %(count)d") % {"shown": len(waiting.todos), "count": waiting.count}
    return Items(
        title=waiting.provider.title,
        note=note,
        key=f"todo-{waiting.provider.key}",
        refresh=f"todo:{waiting.provider.key}",
        items=Vouched(tuple(line_of(todo, waiting.provider.icon) for todo in waiting.todos), OWN),
    )


def line_of(todo: Todo, icon: str) -> Item:
    """One to-do."""
    now = timezone.now()
    tags: tuple[Tag, ...] = ()
    if todo.due is not None and todo.due < now:
        tags = (Tag(title=_("overdue"), tone="bad"),)
    elif todo.due is not None:
        tags = (Tag(title=_("due %s") % age(todo.due), tone="fair"),)
    elif todo.tone == "bad":
        tags = (Tag(title=_("Urgent"), tone="bad"),)
    return Item(
        title=todo.title, url=todo.url, under=todo.under, icon=icon, at=todo.since, tags=tags, actions=todo.actions
    )


def drafts(request: HttpRequest) -> Panel | None:
    """Forms the person has not finished."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = own(Draft.objects.all(), actor).order_by("-at")[:LISTED]
    lines = [line for draft in found if (line := draft_line(draft)) is not None]
    return Items(title=_("My drafts"), items=Vouched(tuple(lines), OWN)) if lines else None


def draft_line(draft: Draft) -> Item | None:
    """A draft with the way back into its form; None when there is no such form any more."""
    try:
        shape = record_type(draft.kind)
    except LookupError:
        return None
    number = ""
    if draft.record_id:
        number = shape.model._default_manager.filter(pk=draft.record_id).values_list("number", flat=True).first() or ""
    url = address_of(f"records:{shape.key}:edit", number) if number else address_of(f"records:{shape.key}:create")
    name = str(draft.values.get(shape.title_field) or number or _("New"))[:80]
    return Item(title=name, under=shape.title, url=url, icon=shape.face.icon, at=draft.at) if url else None


def recent(request: HttpRequest) -> Panel | None:
    """Records the person changed last, each once."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    changes = Change.objects.filter(user_id=actor.user_id).order_by("-id").values("kind", "record_id", "at")[:60]
    lines: dict[tuple[str, int], Item] = {}
    for change in changes:
        key = (change["kind"], change["record_id"])
        if key not in lines and len(lines) < LISTED and (line := record_line(*key, change["at"], actor)) is not None:
            lines[key] = line
    return Items(title=_("Changed by me"), items=Vouched(tuple(lines.values()), OWN)) if lines else None


def record_line(kind: str, pk: int, at: datetime, actor: Actor) -> Item | None:
    """A record the person may still see; None otherwise."""
    try:
        shape = record_type(kind)
        rows: Any = scoped(shape.model._default_manager.filter(removed_at=None), actor, shape.permission("view"))
        row = rows.get(pk=pk)
    except (LookupError, ObjectDoesNotExist, PermissionDenied):
        return None
    url = address_of(f"records:{kind}:detail", row.number)
    return Item(title=str(row), under=f"{shape.title} {row.number}", url=url, icon=shape.face.icon, at=at)
