"""What every page of this folder asks alike: the person, one row or 404, a form that calls a verb."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db.models import Model, QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from citybrain.declare.role import Permission
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import scoped_one
from citybrain.ui.panels.kinds import FormPanel
from citybrain.ui.panels.panel import Link, Page, Panel

M = TypeVar("M", bound=Model)

REFUSED = 422
"""Status of a form that comes back with mistakes."""


def actor_of(request: HttpRequest) -> Actor:
    """The person who asks, under the post of their session."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def one(queryset: QuerySet[M], actor: Actor, permission: Permission, **lookup: Any) -> M:
    """The one row that `lookup` names. Raises Http404 when there is none, or it is out of the person's reach."""
    try:
        return scoped_one(queryset, actor, permission, **lookup)
    except ObjectDoesNotExist as error:
        raise Http404(_("There is no such page, or it is not yours to see.")) from error


def told(request: HttpRequest, verb: Callable[[], object], message: str) -> bool:
    """Calls a verb and says on the next page that it was done, or why not; returns whether it was."""
    try:
        verb()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return False
    messages.success(request, message)
    return True


def form_page(
    request: HttpRequest,
    form: Form,
    verb: Callable[[dict[str, Any]], Any],
    *,
    title: str,
    submit: str,
    then: Callable[[Any], str],
    message: str = "",
    lead: str = "",
    crumbs: tuple[Link, ...] = (),
    aside: tuple[Panel, ...] = (),
    groups: tuple[tuple[str, tuple[str, ...]], ...] = (),
) -> HttpResponse:
    """A page with one form: what was sent goes to `verb`, whose result says by `then` where to go on.

    What the verb refuses stands above the form, with everything as it was typed.
    """
    if request.method == "POST" and form.is_valid():
        try:
            result = verb(form.cleaned_data)
        except ValidationError as error:
            by_field = getattr(error, "error_dict", None)
            form.add_error(None, [text for texts in by_field.values() for text in texts] if by_field else error)
        else:
            if message:
                messages.success(request, message)
            return HttpResponseRedirect(then(result))
    page = Page(
        title=title,
        crumbs=crumbs,
        lead=lead,
        body=(FormPanel(form=form, submit=submit, cancel=crumbs[-1].url if crumbs else "", groups=groups),),
        aside=aside,
    )
    return page.respond(request, status=REFUSED if form.errors else 200)
