"""All pages of one record type, from its shape; an application overrides one attribute or one method.

    class OldTreePages(RecordPages):        # in `applications/trees/records.py`; found by the registry
        model = OldTree
        order = ("-age",)

A type without such a class gets plain `RecordPages`. Addresses, menu entries, rules, API and search entries follow;
nothing else is registered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import ForeignKey, QuerySet
from django.urls import reverse

from citybrain.declare.role import Permission
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import scoped, scoped_one
from citybrain.kernel.records.fields import Choice, LongText, Place
from citybrain.kernel.records.models import Record, SavedView
from citybrain.kernel.records.shape import FieldShape, Shape, shape_of
from citybrain.kernel.records.wording import title_of
from citybrain.ui.panels.kinds import Fact, Facts
from citybrain.ui.panels.panel import Action, Link, Panel, Tag, Text, Tone
from citybrain.ui.panels.tables import Column
from citybrain.ui.records import values
from citybrain.ui.records.routes import Route

STATES = ("state", "status", "stage")
"""Names of the choice whose words become the tabs of the list."""


class RecordPages:
    """What the pages of one record type show. Attributes left empty follow from the shape."""

    model: ClassVar[type[Record]]
    columns: tuple[str, ...] = ()
    """Fields the list begins with."""
    filters: tuple[str, ...] = ()
    """Fields the list filters by, the first ones in sight."""
    form_fields: tuple[str, ...] = ()
    """Fields of the form, in order."""
    order: tuple[str, ...] = ()
    """Order of the list."""
    tabs: str | None = None
    """Choice whose words are the tabs of the list; None takes the one called `state`; empty for none."""
    tones: Mapping[str, Tone] = {}
    """Word of a choice -> its colour, wherever it is drawn."""
    charts: tuple[str, ...] = ()
    """Fields the statistics begin with."""
    size: int = 20
    """Rows on a page of the list."""
    in_menu: bool = True
    """Whether the side menu has a line for it."""
    routes: tuple[Route, ...] = ()
    """Further pages of the application."""

    def __init__(self, shape: Shape | None = None) -> None:
        self.shape = shape or shape_of(self.model)

    # What it is

    @property
    def key(self) -> str:
        """The type's key, in its addresses."""
        return self.shape.key

    def permission(self, verb: str) -> Permission:
        """The permission for a verb."""
        return self.shape.permission(verb)

    def may(self, actor: Actor, verb: str) -> bool:
        """Whether the person may do this to rows of it; never, where rows are written by their own verbs."""
        return self.shape.may(actor, verb)

    def url(self, page: str, *parts: object) -> str:
        """Address of one of its pages: `url("detail", record.number)`."""
        return reverse(f"records:{self.key}:{page}", args=parts)

    def view_url(self, view: SavedView) -> str:
        """Address of the list as somebody keeps it."""
        return f"{self.url('list')}?view={view.pk}"

    def said(self, view: SavedView, actor: Actor) -> str:
        """What a view asks of the list, as its address has it."""
        return view.query

    def title_of(self, record: Record) -> str:
        """How one record is called: its naming field, else its number; the number where the name is personal."""
        return title_of(record)

    # Which rows

    def rows(self, actor: Actor, verb: str = "view") -> QuerySet[Any]:
        """The living rows the person may see, with what a line of them needs; override to add to them."""
        linked = [field.name for field in self.shape.fields if isinstance(field.field, ForeignKey)]
        found: QuerySet[Any] = scoped(self.shape.model._default_manager.all(), actor, self.permission(verb))
        return found.filter(removed_at=None).select_related(*linked)

    def row(self, actor: Actor, number: str, verb: str = "view", *, removed: bool = False) -> Any:
        """The record with `number`, if the person may reach it. Raises the model's DoesNotExist otherwise."""
        linked = [field.name for field in self.shape.fields if isinstance(field.field, ForeignKey)]
        rows = self.shape.model._default_manager.select_related(*linked)
        if not removed:
            rows = rows.filter(removed_at=None)
        return scoped_one(rows, actor, self.permission(verb), number=number)

    # The list

    @property
    def own_order(self) -> tuple[str, ...]:
        """Order of the list while nobody asked for another."""
        return self.order or tuple(self.shape.face.order)

    @property
    def tab_field(self) -> str:
        """Name of the choice that makes the tabs; empty for none."""
        if self.tabs is not None:
            return self.tabs
        names = [field.name for field in self.shape.fields if isinstance(field.field, Choice)]
        return next((name for name in STATES if name in names), "")

    def listed(self) -> tuple[FieldShape, ...]:
        """Fields the list begins with: those named, else those the shape lists, the number first."""
        by_name = self.shape.by_name
        if self.columns:
            return tuple(by_name[name] for name in self.columns)
        listed = [field for field in self.shape.fields if field.is_listed and field.name != "number"]
        return (by_name["number"], *listed)

    def offered(self) -> tuple[FieldShape, ...]:
        """Fields that can be columns: all but places."""
        return tuple(field for field in self.shape.fields if not isinstance(field.field, Place))

    def column(self, field: FieldShape, place: int, actor: Actor) -> Column:
        """One column of the list; `place` is its place, from 0."""
        leads = field.name in ("number", self.shape.title_field)
        return Column(
            title=values.titled_with_unit(field),
            value=lambda row: self.drawn(field, row, actor, short=True),
            cell=values.as_drawn,
            link=(lambda row: self.url("detail", row.number)) if leads else None,
            sort=field.name if values.is_sortable(field) else "",
            align="right" if values.is_number(field) else "left",
            weight=1 if leads or place < 2 else min(place, 5),  # type: ignore[arg-type]
        )

    def drawn(self, field: FieldShape, row: Any, actor: Actor, *, short: bool = False) -> Any:
        """A record's field as HTML, masked unless the person may see it plain."""
        return values.drawn(field, row, actor, self.tones, short=short)

    def ways(self, actor: Actor) -> tuple[Link, ...]:
        """Further pages of all its rows, beside list, map and statistics; their routes stand in `routes`."""
        return ()

    # One record

    def tags(self, record: Any, actor: Actor) -> tuple[Tag, ...]:
        """Tags beside the title: its state."""
        if not self.tab_field:
            return ()
        word = getattr(record, self.tab_field)
        title = getattr(record, f"get_{self.tab_field}_display")()
        return (Tag(title=title, tone=self.tones.get(word, "data"), is_state=True),)

    def groups(self, names: Sequence[str] = ()) -> tuple[tuple[Text, tuple[FieldShape, ...]], ...]:
        """Fields (all that a form has, or `names`) by the headings they stand under, in order."""
        by_name = self.shape.by_name
        chosen = [by_name[name] for name in names] if names else list(self.editable())
        found: dict[Text, list[FieldShape]] = {}
        for field in chosen:
            heading = field.traits.group or (values.KEEPING if field.name in ("organisation", "area") else "")
            found.setdefault(heading, []).append(field)
        return tuple((heading, tuple(fields)) for heading, fields in found.items())

    def editable(self) -> tuple[FieldShape, ...]:
        """Fields of the form, in order."""
        if self.form_fields:
            return tuple(self.shape.by_name[name] for name in self.form_fields)
        return self.shape.editable

    def fact(self, field: FieldShape, record: Any, actor: Actor) -> Fact:
        """One field on the record's page, with the door that shows a masked value for a purpose."""
        is_masked = field.is_personal and not actor.sees(field.grade)
        may = is_masked and getattr(record, field.name) not in (None, "") and actor.may(self.permission("disclose"))
        return Fact(
            title=values.titled_with_unit(field),
            value=self.drawn(field, record, actor),
            cell=values.as_drawn,
            is_wide=isinstance(field.field, LongText),
            link=values.link_of(field, record, actor),
            reveal=f"{self.url('show', record.number)}?field={field.name}" if may else "",
        )

    def told(self) -> list[str]:
        """Names of the fields a record's page tells: those of the form, and those worked out or written by verbs."""
        common = ("number", "created_at", "created_by", "changed_at")
        return [field.name for field in self.shape.fields if field.name not in common]

    def facts(self, record: Any, actor: Actor) -> tuple[Panel, ...]:
        """A panel of facts for each heading, and one about who keeps the record."""
        panels = []
        for heading, fields in self.groups(self.told()):
            shown = [field for field in fields if field.name != self.shape.map_place]
            facts = tuple(self.fact(field, record, actor) for field in shown)
            if facts:
                panels.append(Facts(title=heading or self.shape.title, of=record, facts=facts, columns=2))
        return tuple(panels)

    def detail_panels(self, record: Any, actor: Actor) -> tuple[Panel, ...]:
        """Further panels under the facts of a record's page."""
        return ()

    def actions(self, record: Any, actor: Actor) -> tuple[Action, ...]:
        """Further buttons on a record's page: verbs of the application."""
        return ()
