"""My account: what proves who I am, where I am signed in, who tried, and how I want to read."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.credentials import LinkedIdentity, PasswordState, UserSession
from citybrain.kernel.identity.models import SecurityEvent, User
from citybrain.kernel.identity.own import OWN, own, own_events
from citybrain.kernel.identity.preferences import prefer
from citybrain.kernel.identity.providers.chosen import providers
from citybrain.kernel.identity.scope import scoped, scoped_one
from citybrain.kernel.identity.second_factor import has_second_factor, recovery_codes_left
from citybrain.kernel.identity.sessions import end_all, end_session, live_sessions
from citybrain.ui.access import signed_in
from citybrain.ui.account import devices
from citybrain.ui.account.forms import Preferences
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import Fact, Facts, FormPanel
from citybrain.ui.panels.panel import Action, Link, Page, Row, Stack
from citybrain.ui.panels.tables import Column, Table
from citybrain.ui.preferences import TYPE_COOKIE
from citybrain.ui.templatetags.shown import titled

SHOWN = 10
"""Sign-ins shown."""


def actor_of(request: HttpRequest) -> Actor:
    """Who asks."""
    return request.actor  # type: ignore[attr-defined, no-any-return]


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """The page; by POST it takes the preferences."""
    user = cast(User, request.user)
    mine = own(actor_of(request))
    form = Preferences(request.POST or None, instance=User.objects.get(pk=user.pk))
    if request.method == "POST" and form.is_valid():
        prefer(actor_of(request), language=form.cleaned_data["language"], large_type=form.cleaned_data["large_type"])
        messages.success(request, _("Saved."))
        response = redirect("account")
        # What this device chose before goes: the account speaks again.
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
        response.delete_cookie(TYPE_COOKIE)
        return response
    me = scoped_one(User.objects.select_related("organisation"), mine, OWN, pk=user.pk)
    aside = Stack(security(me), FormPanel(title=_("How I read"), form=form, submit=_("Save"), columns=1))
    return Page(
        title=_("My account"),
        lead=_("What proves who you are, and where you are signed in."),
        actions=(*tokens(me), *leave_elsewhere(me)),
        body=(Row(Stack(sessions(request, mine, me), *identities(mine), events(mine)), aside, widths="main"),),
    ).respond(request)


def tokens(me: User) -> tuple[Action, ...]:
    """The way to the access tokens of the person's programs; residents have none."""
    if me.kind == User.Kind.CITIZEN:
        return ()
    return (Action(title=_("Access tokens"), url=reverse("tokens"), icon="key"),)


def leave_elsewhere(me: User) -> tuple[Action, ...]:
    """The button that ends every other session, where there is one."""
    if live_sessions(me).count() < 2:
        return ()
    url, question = reverse("account-sessions-end"), _("Sign out everywhere but here?")
    return (Action(title=_("Sign out other devices"), url=url, post=True, icon="logout", confirm=question),)


def security(me: User) -> Facts:
    """Password, second factor, name."""
    state = PasswordState.objects.filter(user=me).first()
    has_factor = has_second_factor(me)
    left = recovery_codes_left(me)
    facts = [
        Fact(title=_("Full name"), value=me.name),
        Fact(title=_("User name"), value=me.username, cell=cells.mono),
    ]
    if me.organisation is not None:
        facts.append(Fact(title=_("Organisation"), value=titled(me.organisation)))
    if me.has_usable_password():
        changed_at = state.changed_at if state else me.date_joined
        facts.append(
            Fact(title=_("Password"), value=_("Set %s, change it") % day(changed_at), link=reverse("account-password"))
        )
    words, tone = (_("In use"), "good") if has_factor else (_("Not set up"), "fair")
    facts.append(
        Fact(title=_("Second factor"), value=(words, tone), cell=cells.state, link=reverse("account-second-factor"))
    )
    if has_factor:
        count = ngettext("%(count)d unused", "%(count)d unused", left) % {"count": left}
        facts.append(Fact(title=_("Recovery codes"), value=count, link=reverse("account-second-factor")))
    return Facts(title=_("Signing in"), of=me, facts=tuple(facts))


def day(at: datetime) -> str:
    """A moment as a day of the county: 2026-11-21."""
    return timezone.localdate(at).isoformat()


def sessions(request: HttpRequest, mine: Actor, me: User) -> Table:
    """Where the person is signed in."""
    here = request.session.session_key

    def buttons(row: UserSession) -> tuple[Action, ...]:
        if row.key == here:
            return ()
        url = reverse("account-session-end", args=[row.pk])
        return (Action(title=_("Sign out"), url=url, post=True, icon="logout"),)

    def device(row: UserSession) -> str:
        return devices.called(row.device) + (f" · {_('this device')}" if row.key == here else "")

    rows = scoped(live_sessions(me), mine, OWN)
    return Table(
        title=_("Signed-in devices"),
        note=ngettext("%(count)d at once at most", "%(count)d at once at most", settings.SESSIONS_PER_PERSON)
        % {"count": settings.SESSIONS_PER_PERSON}
        if settings.SESSIONS_PER_PERSON
        else "",
        columns=(
            Column(title=_("Device"), value=device, under=lambda row: method_words(row.method)),
            Column(title=_("Address"), value="address", cell=cells.mono, weight=2),
            Column(title=_("Since"), value="since", cell=cells.moment, weight=3),
            Column(title=_("Last seen"), value="seen_at", cell=cells.age),
            Column(title=_("Action"), buttons=buttons),
        ),
        rows=rows,
        is_two_lines=True,
    )


def method_words(method: str) -> str:
    """How somebody signed in, in words: `password+code`."""
    known = {
        "password": _("Password"),
        "code": _("One-time code"),
        "recovery-code": _("Recovery code"),
        "other": _("Begun by the system"),
    } | {one.key: one.title for one in providers()}
    return " + ".join(str(known.get(part, part)) for part in method.split("+"))


def identities(mine: Actor) -> tuple[Table, ...]:
    """Identities at other providers; nothing where none is switched on."""
    known = {one.key: one for one in providers()}
    if not known:
        return ()
    rows = scoped(LinkedIdentity.objects.all(), mine, OWN)

    def buttons(row: LinkedIdentity) -> tuple[Action, ...]:
        url = reverse("account-identity-unlink", args=[row.pk])
        return (Action(title=_("End the link"), url=url, post=True, confirm=_("End this link?")),)

    missing = next((one for key, one in known.items() if not rows.filter(provider=key).exists()), None)
    more = None
    if missing is not None:
        url = reverse("account-identity-link", args=[missing.key])
        more = Link(title=_("Link %s") % missing.title, url=url, icon="link")
    return (
        Table(
            title=_("Linked identities"),
            more=more,
            columns=(
                Column(title=_("Provider"), value=lambda row: method_words(row.provider)),
                Column(title=_("Name there"), value="name"),
                Column(title=_("Last used"), value="used_at", cell=cells.age),
                Column(title=_("Action"), buttons=buttons),
            ),
            rows=rows,
            empty=_("None. Link one to sign in without a password."),
            empty_icon="link",
        ),
    )


def events(mine: Actor) -> Table:
    """Who came and who tried, under the person's name."""
    return Table(
        title=_("Recent sign-ins"),
        note=_("If one of them was not you, change your password."),
        columns=(
            Column(title=_("When"), value="at", cell=cells.moment),
            Column(title=_("What"), value=event_words, cell=cells.state, under=detail_words),
            Column(title=_("Address"), value="address", cell=cells.mono, weight=2),
        ),
        rows=own_events(mine, SHOWN),
        is_two_lines=True,
    )


def event_words(row: SecurityEvent) -> tuple[str, str]:
    """What happened, with its tone."""
    return {
        "sign-in": (_("Signed in"), "good"),
        "sign-in-refused": (_("Refused"), "bad"),
        "locked": (_("Locked"), "bad"),
        "unlocked": (_("Lock opened"), "fair"),
        "sign-out": (_("Signed out"), "quiet"),
        "session-ended": (_("Session ended"), "fair"),
        "password-changed": (_("Password changed"), "data"),
    }[row.action]


def detail_words(row: SecurityEvent) -> str:
    """How or why, where the log says so."""
    why = row.detail.get("why", "")
    if row.action == "sign-in":
        return method_words(row.detail.get("method", ""))
    if row.action == "sign-in-refused":
        return {
            "password": _("Wrong password"),
            "code": _("Wrong code"),
            "locked": _("While locked"),
            "closed": _("Account closed"),
        }.get(why, "")
    return str(UserSession.End(why).label) if why in UserSession.End.values else ""


@signed_in
@require_POST
def end_one(request: HttpRequest, session_id: int) -> HttpResponse:
    """Ends one of the person's sessions."""
    actor = actor_of(request)
    try:
        end_session(actor, scoped_one(UserSession.objects.all(), own(actor), OWN, pk=session_id))
    except UserSession.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("The session was ended."))
    return redirect("account")


@signed_in
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """Ends every session of the person but this one."""
    ended = end_all(actor_of(request), cast(User, request.user), but=request.session.session_key)
    words = ngettext("%(count)d session was ended.", "%(count)d sessions were ended.", ended)
    messages.success(request, words % {"count": ended})
    return redirect("account")
