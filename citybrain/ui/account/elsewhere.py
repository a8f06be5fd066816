"""Signing in at another provider, and linking an identity there to one's account here."""

from __future__ import annotations

import logging
import time
from dataclasses import asdict
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from citybrain.kernel.identity.credentials import LinkedIdentity
from citybrain.kernel.identity.linking import link_identity, open_account, person_of, unlink_identity
from citybrain.kernel.identity.models import User
from citybrain.kernel.identity.own import OWN, own
from citybrain.kernel.identity.providers.chosen import provider
from citybrain.kernel.identity.providers.provider import Identity, IdentityProvider, ProviderError, unavailable
from citybrain.kernel.identity.scope import scoped_one
from citybrain.kernel.identity.sign_in import Refused, admit, prove_again, refuse, visitor
from citybrain.ui.access import public, signed_in
from citybrain.ui.account.door import address_of, go_on, show_door
from citybrain.ui.account.forms import Proof, SignIn
from citybrain.ui.panels.kinds import Fact, Facts, FormPanel
from citybrain.ui.panels.panel import Link, Page

log = logging.getLogger(__name__)

AWAY = "away"
"""Session key of what is kept while somebody is at a provider."""
FOUND = "found"
"""Session key of an identity that somebody signed in has shown and not yet linked."""
AWAY_SECONDS = 600


def chosen(key: str) -> IdentityProvider:
    """The provider that an address names. Raises Http404 when it is not switched on."""
    found = provider(key)
    if found is None:
        raise Http404(key)
    return found


def return_url(request: HttpRequest, key: str) -> str:
    """Where the provider sends people back to; registered there."""
    return request.build_absolute_uri(reverse("sign-in-return", args=[key]))


@public
@never_cache
@require_safe
def leave_for(request: HttpRequest, key: str) -> HttpResponse:
    """Off to a provider. A link, not a form: browsers hold the targets of forms to this site."""
    return depart(request, chosen(key), {"next": request.GET.get(REDIRECT_FIELD_NAME, "")})


@signed_in
@never_cache
@require_safe
def leave_to_link(request: HttpRequest, key: str) -> HttpResponse:
    """Off to a provider to show an identity there; it is linked only after the password was given here."""
    return depart(request, chosen(key), {"links": cast(User, request.user).pk})


def depart(request: HttpRequest, one: IdentityProvider, keep: dict[str, Any]) -> HttpResponse:
    """Remembers what the answer must match, and goes."""
    try:
        departure = one.begin(return_url(request, one.key))
    except ProviderError as error:
        log.warning("%s: %s", one.key, error)
        if "links" in keep:
            messages.error(request, unavailable())
            return redirect("account")
        return show_door(request, SignIn(), keep["next"], unavailable(), status=502)
    request.session[AWAY] = {**keep, "provider": one.key, "kept": dict(departure.kept), "at": int(time.time())}
    return HttpResponseRedirect(departure.url)


@public
@never_cache
@require_safe
def come_back(request: HttpRequest, key: str) -> HttpResponse:
    """Back from a provider: who it is, and whom that is here. What was kept serves once."""
    one = chosen(key)
    away = request.session.pop(AWAY, None) or {}
    target = away.get("next", "")
    try:
        if away.get("provider") != key or time.time() - away["at"] > AWAY_SECONDS:
            raise ProviderError("This browser left for no provider, or too long ago.")
        identity = one.complete(away["kept"], request.GET.dict(), return_url(request, key))
    except ProviderError as error:
        log.warning("%s: %s", key, error)
        refuse(visitor(address_of(request)), key, None, "provider", key)
        if "links" in away and request.user.is_authenticated:
            messages.error(request, unavailable())
            return redirect("account")
        return show_door(request, SignIn(), target, unavailable(), status=403)
    if "links" in away:
        return remember(request, away["links"], identity)
    return let_in(request, one, identity, target)


def let_in(request: HttpRequest, one: IdentityProvider, identity: Identity, target: str) -> HttpResponse:
    """Signs in whom the identity is linked to; a citizen nobody knows gets an account, an official does not."""
    user = person_of(identity) or open_account(visitor(address_of(request)), one, identity)
    if user is None:
        refuse(visitor(address_of(request)), f"{identity.provider}:{identity.subject}", None, "unknown", one.key)
        text = _("This identity is linked to no account yet. Sign in with your password once and link it on your page.")
        return show_door(request, SignIn(), target, text, status=403)
    try:
        admit(user, address_of(request), one.key)
    except Refused as refusal:
        return show_door(request, SignIn(), target, str(refusal), status=403)
    return go_on(request, user, one.key, target)


def remember(request: HttpRequest, user_id: int, identity: Identity) -> HttpResponse:
    """Keeps an identity until its link is confirmed with the password, by the person who left."""
    if not request.user.is_authenticated or request.user.pk != user_id:
        return redirect("login")
    request.session[FOUND] = asdict(identity)
    return redirect("account-identity-confirm")


@signed_in
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Links the identity that was just shown, after the present password."""
    found = request.session.get(FOUND)
    if not found:
        return redirect("account")
    user = cast(User, request.user)
    identity = Identity(**{**found, "organisations": tuple(found["organisations"])})
    one = chosen(identity.provider)
    form = Proof(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            prove_again(request.actor, user, form.cleaned_data["present"])  # type: ignore[attr-defined]
            link_identity(request.actor, user, identity)  # type: ignore[attr-defined]
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            del request.session[FOUND]
            messages.success(request, _("Linked. You can sign in with it from now on."))
            return redirect("account")
    me = scoped_one(User.objects.all(), own(request.actor), OWN, pk=user.pk)  # type: ignore[attr-defined]
    facts = (
        Fact(title=_("Provider"), value=one.title),
        Fact(title=_("Name there"), value=identity.name),
        Fact(title=_("Account here"), value=user.username),
    )
    return Page(
        title=_("Link an identity"),
        crumbs=(Link(title=_("My account"), url=reverse("account")),),
        lead=_("Link it only if this is you: whoever signs in there will be signed in here as you."),
        body=(
            Facts(of=me, facts=facts),
            FormPanel(form=form, submit=_("Link it"), cancel=reverse("account"), columns=1),
        ),
    ).respond(request)


@signed_in
@require_POST
def unlink(request: HttpRequest, link_id: int) -> HttpResponse:
    """Ends a link of one's own."""
    actor = request.actor  # type: ignore[attr-defined]
    try:
        unlink_identity(actor, scoped_one(LinkedIdentity.objects.all(), own(actor), OWN, pk=link_id))
    except LinkedIdentity.DoesNotExist as error:
        raise Http404 from error
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The link was ended."))
    return redirect("account")
