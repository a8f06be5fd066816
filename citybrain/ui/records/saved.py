"""Saved views of a list, and the choice of its columns."""

from __future__ import annotations

from typing import Any, Protocol

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from citybrain.declare.role import Permission
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import vouched
from citybrain.kernel.records import saved_views
from citybrain.kernel.records.models import SavedView
from citybrain.kernel.records.shape import FieldShape
from citybrain.ui.panels.kinds import FormPanel
from citybrain.ui.panels.panel import Action, Link, Page
from citybrain.ui.panels.tables import Column, Table
from citybrain.ui.records import values

NO_QUESTION = ("page", "view")
"""Parameters of the address that a saved view does not keep."""


class Keeper(Protocol):
    """A list whose questions people keep under a name: a register's pages, or a page with a list of its own."""

    @property
    def key(self) -> str:
        """By which its views are known."""

    @property
    def shape(self) -> saved_views.Listed:
        """What it lists."""

    def permission(self, verb: str) -> Permission:
        """The permission for a verb."""

    def url(self, page: str, *parts: object) -> str:
        """Address of `list`, `views`, `columns`, or of `change-view` with a view's id."""

    def view_url(self, view: SavedView) -> str:
        """Address that opens a view."""

    def said(self, view: SavedView, actor: Actor) -> str:
        """What a view asks, for its owner to know it by."""

    def listed(self) -> tuple[FieldShape, ...]:
        """Fields the list begins with; none where its columns are not chosen."""

    def offered(self) -> tuple[FieldShape, ...]:
        """Fields that can be columns."""


def views(pages: Keeper, request: HttpRequest) -> list[SavedView]:
    """The person's views of the list and those shared with their body; asked once a request."""
    kept = request.__dict__.setdefault("_saved_views", {})
    if pages.key not in kept:
        kept[pages.key] = list(saved_views.views_of(request.actor, pages.shape))  # type: ignore[attr-defined]
    found: list[SavedView] = kept[pages.key]
    return found


def opened(pages: Keeper, request: HttpRequest) -> QueryDict:
    """What the address asks, with the view it opens: `?view=3`, or the person's own first view for a bare address."""
    given = request.GET
    wanted = given.get("view", "")
    view: SavedView | None = None
    if wanted:
        view = next((view for view in views(pages, request) if str(view.pk) == wanted), None)
    elif not given:
        mine = [view for view in views(pages, request) if view.is_default and view.owner_id == own_id(request)]
        view = mine[0] if mine else None
    if view is None:
        return given
    asked = QueryDict(view.query, mutable=True)
    if view.columns:
        asked["columns"] = ",".join(view.columns)
    if view.order:
        asked["sort"] = view.order
    for name in given:
        if name != "view":
            asked.setlist(name, given.getlist(name))
    return asked


def own_id(request: HttpRequest) -> int | None:
    """Id of the person who asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor.user_id


def columns_of(pages: Keeper, request: HttpRequest, asked: QueryDict) -> tuple[FieldShape, ...]:
    """The fields that are columns: those the address names, those chosen in this session, else the type's own."""
    kept: dict[str, list[str]] = request.session.get("columns", {})
    named = asked.get("columns", "").split(",") if asked.get("columns") else kept.get(pages.key, [])
    offered = {field.name: field for field in pages.offered()}
    chosen = tuple(offered[name] for name in dict.fromkeys(named) if name in offered)
    return chosen or pages.listed()


class ColumnsForm(forms.Form):
    """Which fields are columns."""

    columns = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)

    def __init__(self, pages: Keeper, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["columns"]
        field.label = _("Columns of the list")
        field.choices = [(one.name, values.titled_with_unit(one)) for one in pages.offered()]


def columns(pages: Keeper, request: HttpRequest) -> HttpResponse:
    """The choice of columns, kept for the session; a saved view keeps them for good."""
    back_to = pages.url("list") + (f"?{request.GET.urlencode()}" if request.GET else "")
    if request.method == "POST":
        form = ColumnsForm(pages, request.POST)
        if "again" in request.POST or form.is_valid():
            kept = dict(request.session.get("columns", {}))
            kept.pop(pages.key, None)
            if "again" not in request.POST:
                kept[pages.key] = form.cleaned_data["columns"]
            request.session["columns"] = kept
            asked = request.GET.copy()
            asked.pop("columns", None)
            tail = f"?{asked.urlencode()}" if asked else ""
            return HttpResponseRedirect(pages.url("list") + tail)
    else:
        chosen = [field.name for field in columns_of(pages, request, opened(pages, request))]
        form = ColumnsForm(pages, initial={"columns": chosen})
    panel = FormPanel(
        form=form,
        submit=_("Show these columns"),
        cancel=back_to,
        columns=1,
        submits=(("again", _("Back to the usual ones")),),
    )
    return Page(
        title=_("Columns: %s") % pages.shape.plural,
        crumbs=(Link(title=pages.shape.plural, url=pages.url("list")),),
        body=(panel,),
    ).respond(request, 422 if form.errors else 200)


def save(pages: Keeper, request: HttpRequest) -> HttpResponse:
    """The person's views (GET); keeps the question of the address as a view (POST)."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.method != "POST":
        return views_page(pages, request)
    asked = request.GET.copy()
    chosen = columns_of(pages, request, asked)
    order = asked.get("sort", "")
    for name in (*NO_QUESTION, "columns", "sort"):
        asked.pop(name, None)
    names = [field.name for field in chosen]
    try:
        view = saved_views.save_view(
            actor,
            pages.shape,
            request.POST.get("reason", ""),
            query=asked.urlencode(),
            order=order,
            columns=names if chosen != pages.listed() else [],
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(pages.url("list") + (f"?{request.GET.urlencode()}" if request.GET else ""))
    messages.success(request, _("View saved: %s") % view.title)
    return HttpResponseRedirect(pages.view_url(view))


def views_page(pages: Keeper, request: HttpRequest) -> HttpResponse:
    """The person's views, and those shared with their body, with what can be done with them."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = vouched(views(pages, request), actor, pages.permission("view"))
    table = Table(
        columns=(
            Column(title=_("Name"), value="title", link=lambda view: pages.view_url(view)),
            Column(title=pgettext("saved view", "Question"), value=lambda view: pages.said(view, actor), weight=3),
            Column(
                title=_("Shared"), value=lambda view: _("Own organisation") if view.organisation_id else _("Only me")
            ),
            Column(title=_("Opens first"), value=lambda view: _("Yes") if view.is_default else _("No"), weight=2),
            Column(title=pgettext("saved view", "Change"), buttons=lambda view: view_buttons(pages, view, actor)),
        ),
        rows=rows,
        empty=_("No views yet: filter the list, then save the view."),
    )
    crumbs = (Link(title=pages.shape.plural, url=pages.url("list")),)
    return Page(title=_("Views: %s") % pages.shape.plural, crumbs=crumbs, body=(table,)).respond(request)


def view_buttons(pages: Keeper, view: SavedView, actor: Actor) -> tuple[Action, ...]:
    """What its owner can do with a view."""
    if view.owner_id != actor.user_id:
        return ()
    address = pages.url("change-view", view.pk)
    share = ("shared", "" if view.organisation_id else "1")
    first = ("first", "" if view.is_default else "1")
    return (
        Action(
            title=_("Keep to myself") if view.organisation_id else pgettext("saved view", "Share"),
            url=address,
            post=True,
            values=(share,),
        ),
        Action(title=_("Not first") if view.is_default else _("Open first"), url=address, post=True, values=(first,)),
        Action(title=_("Remove"), url=address, post=True, values=(("remove", "1"),), tone="bad"),
    )


def change(pages: Keeper, request: HttpRequest, view_id: int) -> HttpResponse:
    """Shares a view, opens it first, or removes it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    view = SavedView.objects.get(pk=view_id, owner_id=actor.user_id, kind=pages.key)
    if "remove" in request.POST:
        saved_views.remove_view(view, actor)
    else:
        saved_views.save_view(
            actor,
            pages.shape,
            view.title,
            query=view.query,
            columns=view.columns,
            order=view.order,
            is_shared=bool(request.POST["shared"]) if "shared" in request.POST else view.organisation_id is not None,
            is_default=bool(request.POST["first"]) if "first" in request.POST else view.is_default,
        )
    return HttpResponseRedirect(pages.url("views"))


def actions_of(pages: Keeper, request: HttpRequest, tail: str) -> tuple[Action, ...]:
    """The person's views as ways into the list, the door to save this one, and to all of them."""
    found = [Action(title=view.title, url=pages.view_url(view), icon="bookmark") for view in views(pages, request)[:8]]
    found.append(
        Action(title=_("Save this view"), url=pages.url("views") + tail, icon="bookmark", post=True, ask=_("Name"))
    )
    if len(found) > 1:
        found.append(Action(title=_("All views"), url=pages.url("views"), icon="list-details"))
    return tuple(found)
