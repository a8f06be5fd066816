"""Data scope (数据范围), applied once below the view: what was not scoped cannot be rendered.

A model says whose its rows are (`scope = Scope(organisation="provider")`). `scoped()` restricts a queryset to what a
person may see and marks it; every panel, export and API answer demands the mark. Rows that do not come from the ORM
(the lake, the registry) are vouched for by the question that limited them: `vouched()`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar, overload

from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, Case, Model, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from citybrain.declare.role import Permission, Reach
from citybrain.kernel.identity.actor import Actor

M = TypeVar("M", bound=Model)
T = TypeVar("T")

MARK = "citybrain_scope"
"""Key of the mark among a queryset's hints, which every clone inherits; attribute name on a single row."""

OWN = "own"
"""Mark of rows that were opened because they are the person's own."""


class Unscoped(TypeError):
    """Something was about to be shown that nobody had restricted to what the person may see."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """Whose the rows of a model are: ORM paths from the row. A path that is empty opens nothing by that reach."""

    organisation: str = ""
    """Path to the owning organisation's id: `organisation`, `source__department`."""
    area: str = ""
    """Path to the area the row lies in."""
    person: str = ""
    """Path to the user it belongs to."""
    also: tuple[str, ...] = ()
    """Paths over many rows to further organisations that take part: `tasks__organisation`."""
    also_people: tuple[str, ...] = ()
    """Paths over many rows to further people who take part: `tasks__owner`."""
    everyone: bool = False
    """True for rows that nobody owns (standards, the catalogue's heads): the permission alone opens them all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Holders:
    """Whose one row is (归属): ids of the organisations, areas and people that its model's Scope leads to."""

    organisations: frozenset[int] = frozenset()
    """The owner, and those that take part."""
    areas: frozenset[int] = frozenset()
    people: frozenset[int] = frozenset()

    def __or__(self, other: Holders) -> Holders:
        """Those of either: who may see a row that goes from one to another, before or after."""
        return Holders(
            organisations=self.organisations | other.organisations,
            areas=self.areas | other.areas,
            people=self.people | other.people,
        )

    def are_of(self, actor: Actor, reach: Reach) -> bool:
        """Whether the row lies within `reach` of `actor`: what `scoped()` asks the database, answered without it."""
        if reach is Reach.COUNTY or not self.people.isdisjoint(actor.people):
            return True
        if reach in (Reach.ORGANISATION, Reach.AREA) and any(one in actor.organisations for one in self.organisations):
            return True
        return reach is Reach.AREA and any(one in actor.areas for one in self.areas)


@dataclass(frozen=True)
class Vouched(Sequence[T]):
    """Rows from outside the ORM that a question has limited to what a person may see."""

    rows: tuple[T, ...]
    permission: str

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[T, ...]: ...
    def __getitem__(self, place: int | slice) -> T | tuple[T, ...]:
        return self.rows[place]

    def __len__(self) -> int:
        return len(self.rows)


def scoped(
    queryset: QuerySet[M],
    actor: Actor,
    permission: Permission | str,
    *,
    scope: Scope | None = None,
    in_passing: bool = False,
) -> QuerySet[M]:
    """The rows of `queryset` that `actor` may see under `permission`, marked as such.

    `scope` says whose the rows are for a question that looks deeper than the model's own scope opens: everybody sees
    the head of a dataset, its provider alone decides about it. `in_passing` asks the same of each row while an index in
    the list's order is walked, not an index by owners: for one page of very many rows, all of which a planner that does
    not count would else collect and sort. Raises PermissionDenied when the person lacks the permission, Unscoped when
    the model does not say whose its rows are.
    """
    key = permission if isinstance(permission, str) else permission.key
    scope = scope or getattr(queryset.model, "scope", None)
    if not isinstance(scope, Scope):
        raise Unscoped(f"{queryset.model.__name__} does not say whose its rows are: give it `scope = Scope(...)`.")
    reach = actor.reach(key)
    if reach is None:
        raise PermissionDenied(_("Your post does not carry the permission %s.") % key)
    if not scope.everyone and reach is not Reach.COUNTY:
        condition = within(scope, actor, reach) | taking_part(queryset.model, scope, actor, reach)
        if in_passing:
            # No planner looks into a CASE for something to begin with.
            seen = Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())
            queryset = queryset.filter(seen)
        else:
            queryset = queryset.filter(condition)
    return _marked(queryset, key)


def _marked(queryset: QuerySet[M], key: str) -> QuerySet[M]:
    """A copy with the mark, so that it never lands on the queryset that came in."""
    marked = queryset.all()
    marked._hints = {**marked._hints, MARK: key}  # type: ignore[attr-defined]
    marked.__class__ = _narrowing(type(queryset))
    return marked


class Narrowing:
    """Mix-in of marked querysets: what is added to them must be scoped alike, or the mark would lie."""

    def __or__(self, other: Any) -> Any:
        """Rows of either."""
        self._demand_alike(other)
        return super().__or__(other)  # type: ignore[misc]

    def __xor__(self, other: Any) -> Any:
        """Rows of one of both."""
        self._demand_alike(other)
        return super().__xor__(other)  # type: ignore[misc]

    def union(self, *others: Any, **options: Any) -> Any:
        """Rows of any."""
        for other in others:
            self._demand_alike(other)
        return super().union(*others, **options)  # type: ignore[misc]

    def _demand_alike(self, other: Any) -> None:
        key = self._hints[MARK]  # type: ignore[attr-defined]
        if other._hints.get(MARK) != key:
            raise Unscoped(f"Rows scoped by {key} take no others in: scope both, or ask one question with Q.")


@cache
def _narrowing(kind: type[QuerySet[Any]]) -> type[QuerySet[Any]]:
    return kind if issubclass(kind, Narrowing) else type(kind.__name__, (Narrowing, kind), {"__module__": __name__})


def within(scope: Scope, actor: Actor, reach: Reach) -> Q:
    """The condition that a row lies within `reach` of `actor`; nothing matches when the model names no such owner."""
    condition = Q(pk__in=())
    if scope.person and actor.people:
        condition |= Q(**{f"{scope.person}__in": actor.people})
    if reach in (Reach.ORGANISATION, Reach.AREA) and scope.organisation:
        condition |= Q(**{f"{scope.organisation}__in": tuple(actor.organisations)})
    if reach is Reach.AREA and scope.area:
        condition |= Q(**{f"{scope.area}__in": tuple(actor.areas)})
    return condition


def taking_part(model: type[Model], scope: Scope, actor: Actor, reach: Reach) -> Q:
    """The condition that the actor, or one of their organisations, takes part in a row by a path of `Scope.also…`."""
    condition = Q()
    if reach in (Reach.ORGANISATION, Reach.AREA):
        for path in scope.also:
            condition |= _by_parts(model, path, tuple(actor.organisations))
    if actor.people:
        for path in scope.also_people:
            condition |= _by_parts(model, path, actor.people)
    return condition


def _by_parts(model: type[Model], path: str, ids: Sequence[int]) -> Q:
    """The condition that `path`, which leads over a table of parts (`tasks__organisation`), reaches one of `ids`.

    The parts are asked once for all rows, by their own index: a join would repeat a row, and a question of each row in
    turn takes seconds among a million.
    """
    way: list[str] = []
    names = path.split("__")
    for place, name in enumerate(names):
        link: Any = model._meta.get_field(name)
        if link.one_to_many:
            found = link.related_model._default_manager.filter(**{f"{'__'.join(names[place + 1 :])}__in": ids})
            return Q(**{f"{'__'.join(way) or 'pk'}__in": found.order_by().values(link.field.attname)})
        way.append(name)
        model = link.related_model
    raise Unscoped(f"{path} leads over no table of parts.")


def own(queryset: QuerySet[M], actor: Actor) -> QuerySet[M]:
    """The rows that belong to the person themself, marked: everybody may see their own without any permission.

    Raises Unscoped when the model does not say to whom its rows belong.
    """
    scope = getattr(queryset.model, "scope", None)
    if not isinstance(scope, Scope) or not scope.person:
        raise Unscoped(f"{queryset.model.__name__} does not say to whom its rows belong: give its Scope a `person`.")
    if actor.user_id is None:
        raise PermissionDenied(_("Sign in first."))
    return _marked(queryset.filter(**{scope.person: actor.user_id}), OWN)


def scoped_one(
    queryset: QuerySet[M], actor: Actor, permission: Permission | str, *, scope: Scope | None = None, **lookup: Any
) -> M:
    """The one row that `lookup` names, if the person may see it. Raises the model's DoesNotExist otherwise."""
    row = scoped(queryset, actor, permission, scope=scope).get(**lookup)
    key = permission if isinstance(permission, str) else permission.key
    setattr(row, MARK, (key, actor) if scope is None else True)
    return row


def was_scoped(row: Model, actor: Actor, permission: Permission | str) -> bool:
    """Whether `scoped_one` fetched the row for this very person and permission: questions need not ask it again.

    Verbs never rely on it: they fetch the row anew.
    """
    mark = getattr(row, MARK, None)
    key = permission if isinstance(permission, str) else permission.key
    return isinstance(mark, tuple) and mark[0] == key and mark[1] is actor


def reaches(row: Model, actor: Actor, permission: Permission | str, *, scope: Scope | None = None) -> bool:
    """Whether `permission` reaches a row that is at hand: what its buttons are shown by. No query, but for `also`.

    Verbs never rely on it: they fetch the row anew by `scoped_one`.
    """
    owned = scope if scope is not None else getattr(row, "scope", None) or Scope()
    reach = actor.reach(permission)
    if reach is None or owned.everyone or reach is Reach.COUNTY:
        return reach is not None
    if owners_of(row, owned).are_of(actor, reach):
        return True
    others = taking_part(type(row), owned, actor, reach)
    return bool(others) and type(row)._default_manager.filter(others, pk=row.pk).exists()


def owners_of(row: Model, scope: Scope | None = None) -> Holders:
    """Whose a row at hand is by its own columns, without who else takes part: no query."""
    owned = scope if scope is not None else getattr(row, "scope", None) or Scope()

    def ids(path: str) -> frozenset[int]:
        found = _owner(row, path) if path else None
        return frozenset() if found is None else frozenset((found,))

    return Holders(organisations=ids(owned.organisation), areas=ids(owned.area), people=ids(owned.person))


def holders_of(row: Model) -> Holders:
    """Whose a saved row is, with everybody who takes part; one query, or none where the Scope knows of no part.

    For rows that are somebody's; those of a Scope for `everyone` have no holders, the permission alone opens them.
    """
    owned = getattr(row, "scope", Scope())
    paths = (*owned.also, *owned.also_people)
    found = owners_of(row)
    if not paths:
        return found
    parts = type(row)._default_manager.filter(pk=row.pk).order_by().values_list(*paths)
    taking = [frozenset(one for one in ids if one is not None) for ids in zip(*parts, strict=True)]
    bodies, people = taking[: len(owned.also)], taking[len(owned.also) :]
    return found | Holders(organisations=frozenset().union(*bodies), people=frozenset().union(*people))


def _owner(row: Any, path: str) -> Any:
    """The id at the end of an ORM path from `row`; None where the way ends early."""
    *way, last = path.split("__")
    for name in way:
        row = getattr(row, name)
        if row is None:
            return None
    return getattr(row, f"{last}_id", None) if hasattr(row, f"{last}_id") else getattr(row, last)


def vouched(rows: Iterable[T], actor: Actor, permission: Permission | str) -> Vouched[T]:
    """Rows from outside the ORM, limited by the question that asked for them. Raises PermissionDenied without it."""
    key = permission if isinstance(permission, str) else permission.key
    if not actor.may(key):
        raise PermissionDenied(_("Your post does not carry the permission %s.") % key)
    return Vouched(tuple(rows), key)


def vouched_own(rows: Iterable[T], actor: Actor) -> Vouched[T]:
    """Things made of what belongs to the person themself: no permission is needed, only that somebody is signed in."""
    if actor.user_id is None:
        raise PermissionDenied(_("Sign in first."))
    return Vouched(tuple(rows), OWN)


def demand_scoped(shown: Any) -> None:
    """Raises Unscoped unless `shown` is a scoped queryset, one of its rows, or vouched for."""
    if isinstance(shown, Vouched) or (isinstance(shown, QuerySet) and MARK in shown._hints):  # type: ignore[attr-defined]
        return
    if isinstance(shown, Model) and getattr(shown, MARK, False):
        return
    raise Unscoped(f"{type(shown).__name__} was not scoped: ask for it by scoped(), scoped_one() or vouched().")
