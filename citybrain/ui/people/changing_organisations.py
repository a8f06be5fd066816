"""The forms that open, change, move and dissolve organisations."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from citybrain.kernel.identity.actions_organisations import (
    change_organisation,
    dissolve_organisation,
    move_organisation,
    open_organisation,
    revive_organisation,
)
from citybrain.kernel.identity.models import Organisation
from citybrain.kernel.identity.permissions import (
    ADMINISTER_ORGANISATIONS,
)
from citybrain.kernel.identity.scope import scoped
from citybrain.ui.access import requires, requires_form
from citybrain.ui.people import words
from citybrain.ui.people.asking import actor_of, form_page, one, told
from citybrain.ui.people.forms import MoveForm, NewOrganisationForm, OrganisationForm
from citybrain.ui.templatetags.shown import titled


@requires_form(ADMINISTER_ORGANISATIONS, scoped=True)
def new(request: HttpRequest, key: str) -> HttpResponse:
    """The form for a new organisation under another."""
    actor = actor_of(request)
    above = one(Organisation.objects.all(), actor, ADMINISTER_ORGANISATIONS, key=key)
    return form_page(
        request,
        NewOrganisationForm(request.POST or None, parent=above),
        lambda given: open_organisation(actor, parent=above, **given),
        title=_("New organisation"),
        lead=_("It becomes a part of %s.") % titled(above),
        submit=_("Set up"),
        message=_("The organisation was opened."),
        then=lambda made: words.url("organisation", made.key),
        crumbs=words.crumbs(above, itself=True),
    )


@requires_form(ADMINISTER_ORGANISATIONS, scoped=True)
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """The form that changes names, kind, working hours and area."""
    actor = actor_of(request)
    body = one(Organisation.objects.select_related("area"), actor, ADMINISTER_ORGANISATIONS, key=key)
    initial = {name: getattr(body, name) for name in ("chinese", "english", "short", "kind", "schedule", "area")}
    return form_page(
        request,
        OrganisationForm(request.POST or None, initial=initial),
        lambda given: change_organisation(actor, body, **given),
        title=_("Edit: %s") % titled(body),
        submit=_("Save"),
        message=_("Saved."),
        then=lambda _none: words.url("organisation", body.key),
        crumbs=words.crumbs(body, itself=True),
    )


@requires_form(ADMINISTER_ORGANISATIONS, scoped=True)
def move(request: HttpRequest, key: str) -> HttpResponse:
    """The form that hangs an organisation elsewhere."""
    actor = actor_of(request)
    body = one(Organisation.objects.select_related("parent"), actor, ADMINISTER_ORGANISATIONS, key=key)
    below = Organisation.objects.filter(path__startswith=body.path).count() - 1
    lead = ngettext("It moves with the %d body under it.", "It moves with the %d bodies under it.", below)
    elsewhere = Organisation.objects.filter(is_active=True).exclude(path__startswith=body.path)
    places = scoped(elsewhere, actor, ADMINISTER_ORGANISATIONS)
    return form_page(
        request,
        MoveForm(
            request.POST or None, places=places.exclude(path__startswith=body.path), initial={"parent": body.parent}
        ),
        lambda given: move_organisation(actor, body, given["parent"]),
        title=_("Move: %s") % titled(body),
        lead=(lead % below) if below else "",
        submit=_("Move elsewhere"),
        message=_("The organisation was moved."),
        then=lambda _none: words.url("organisation", body.key),
        crumbs=words.crumbs(body, itself=True),
    )


@requires(ADMINISTER_ORGANISATIONS, scoped=True, writes=True)
def dissolve(request: HttpRequest, key: str) -> HttpResponse:
    """Dissolves an organisation."""
    actor = actor_of(request)
    body = one(Organisation.objects.all(), actor, ADMINISTER_ORGANISATIONS, key=key)
    told(request, lambda: dissolve_organisation(actor, body), _("The organisation was dissolved."))
    return HttpResponseRedirect(words.url("organisation", body.key))


@requires(ADMINISTER_ORGANISATIONS, scoped=True, writes=True)
def revive(request: HttpRequest, key: str) -> HttpResponse:
    """Opens a dissolved organisation again."""
    actor = actor_of(request)
    body = one(Organisation.objects.all(), actor, ADMINISTER_ORGANISATIONS, key=key)
    told(request, lambda: revive_organisation(actor, body), _("The organisation is open again."))
    return HttpResponseRedirect(words.url("organisation", body.key))
