"""Questions people ask of a list again and again, kept under a name (视图)."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any, Protocol

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.records.models import SavedView

MOST = 50
"""Views one person keeps of one list."""


class Listed(Protocol):
    """A list of which views are kept: the Shape of a record type, or a page with a list of its own."""

    @property
    def key(self) -> str:
        """By which its views are known."""

    @property
    def plural(self) -> Any:
        """What it lists, for people."""

    @property
    def by_name(self) -> Container[str]:
        """Names that may be columns, or an order."""


def save_view(
    actor: Actor,
    shape: Listed,
    title: str,
    *,
    query: str = "",
    columns: Sequence[str] = (),
    order: str = "",
    is_shared: bool = False,
    is_default: bool = False,
) -> SavedView:
    """Keeps a question under a name, over the person's own of the same name.

    Shared, the whole organisation of the person's post sees it. Raises ValidationError by field.
    """
    if actor.user_id is None:
        raise PermissionDenied(_("Sign in first."))
    named = " ".join(title.split())
    if not named or len(named) > 60:
        raise ValidationError({"title": _("Give it a name of at most 60 characters.")})
    for name in (*columns, *([order.removeprefix("-")] if order else ())):
        if name not in shape.by_name:
            raise ValidationError({"columns": _("There is no column “%s”.") % name})
    if is_shared and actor.organisation_id is None:
        raise ValidationError({"is_shared": _("Only somebody with a post shares a view.")})
    with transaction.atomic():
        own = SavedView.objects.filter(owner_id=actor.user_id, kind=shape.key)
        if own.exclude(title=named).count() >= MOST:
            raise ValidationError({"title": _("You keep %d views of this list: remove one first.") % MOST})
        if is_default:
            own.update(is_default=False)
        facts = {
            "query": query,
            "columns": list(columns),
            "order": order,
            "is_default": is_default,
            "organisation_id": actor.organisation_id if is_shared else None,
        }
        view, _made = SavedView.objects.update_or_create(
            owner_id=actor.user_id, kind=shape.key, title=named, defaults=facts
        )
    return view


def views_of(actor: Actor, shape: Listed) -> QuerySet[SavedView]:
    """The person's own views of a list, and those shared with the organisation of their post."""
    if actor.user_id is None:
        return SavedView.objects.none()
    theirs = Q(owner_id=actor.user_id)
    if actor.organisation_id is not None:
        theirs |= Q(organisation_id=actor.organisation_id)
    return SavedView.objects.filter(theirs, kind=shape.key).select_related("owner")


def default_view(actor: Actor, shape: Listed) -> SavedView | None:
    """The view the person's list opens with."""
    if actor.user_id is None:
        return None
    return SavedView.objects.filter(owner_id=actor.user_id, kind=shape.key, is_default=True).first()


def remove_view(view: SavedView, actor: Actor) -> None:
    """Forgets one's own view. Raises PermissionDenied for somebody else's."""
    if view.owner_id != actor.user_id:
        raise PermissionDenied(_("Only its owner removes a view."))
    view.delete()
