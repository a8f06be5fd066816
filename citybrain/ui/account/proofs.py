"""What proves who I am: the password and the second factor, each changed only after the present password."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from citybrain.kernel.identity import passwords, second_factor
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.credentials import UserSession
from citybrain.kernel.identity.models import User
from citybrain.kernel.identity.own import OWN, own
from citybrain.kernel.identity.scope import scoped_one
from citybrain.kernel.identity.sessions import end_all, keep_session, renew_key
from citybrain.kernel.identity.sign_in import Refused, prove_again, prove_first_code
from citybrain.ui.access import signed_in
from citybrain.ui.account.duties import DUTY, done, serves_duties
from citybrain.ui.account.forms import FirstCode, NewPassword, Proof
from citybrain.ui.account.panels import CodeSheet, Enrolment
from citybrain.ui.county import county
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import Blank, Fact, Facts, FormPanel, Notice
from citybrain.ui.panels.panel import Action, Link, Page, Panel, Row

SHEET = "recovery-codes"
"""Session key of fresh recovery codes, until they were shown once."""


def actor_of(request: HttpRequest) -> Actor:
    """Who asks."""
    return request.actor  # type: ignore[attr-defined, no-any-return]


def crumbs() -> tuple[Link, ...]:
    """The way here."""
    return (Link(title=_("My account"), url=reverse("account")),)


def owed(request: HttpRequest) -> str:
    """The duty this session still has; empty for none."""
    return request.session.get(DUTY, {}).get("what", "")


@signed_in
@serves_duties
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Another password; every other session of the person ends."""
    user = User.objects.get(pk=cast(User, request.user).pk)
    form = NewPassword(user, request.POST or None)
    if not user.has_usable_password():
        text = _("You sign in by another provider and have no password here.")
        return Page(title=_("Password"), crumbs=crumbs(), body=(Blank(text=text, icon="key"),)).respond(request)
    if request.method == "POST" and form.is_valid() and change(request, user, form):
        return done(request, user, "account")
    why = passwords.must_change(user)
    notices = (Notice(text=why, tone="fair"),) if why and owed(request) else ()
    return Page(
        title=_("Password"),
        crumbs=crumbs(),
        lead=_("Other devices are signed out when you change it."),
        notices=notices,
        body=(FormPanel(form=form, submit=_("Change password"), cancel=back_to(request), columns=1),),
    ).respond(request)


def change(request: HttpRequest, user: User, form: NewPassword) -> bool:
    """Whether the password was changed; puts on the form why not."""
    actor = actor_of(request)
    try:
        prove_again(actor, user, form.cleaned_data["present"])
        passwords.change_password(actor, user, form.cleaned_data["password"])
    except Refused as refusal:
        form.add_error("present", str(refusal))
        return False
    except ValidationError as error:
        form.add_error("password", error)
        return False
    keep_session(request, user)
    end_all(actor, user, UserSession.End.PASSWORD, but=request.session.session_key)
    messages.success(request, _("Your password was changed."))
    return True


def back_to(request: HttpRequest) -> str:
    """Where “Cancel” leads; nowhere while there is a duty."""
    return "" if owed(request) else reverse("account")


@signed_in
@serves_duties
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def factor(request: HttpRequest) -> HttpResponse:
    """The second factor: setting it up, or what there is of it."""
    user = User.objects.get(pk=cast(User, request.user).pk)
    if SHEET in request.session:
        return show_codes(request)
    if second_factor.has_second_factor(user):
        return in_use(request, user)
    return set_up(request, user)


def set_up(request: HttpRequest, user: User) -> HttpResponse:
    """The picture to scan, and the first code."""
    form = FirstCode(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = prove_first_code(actor_of(request), user, form.cleaned_data["code"])
        except Refused as refusal:
            form.add_error("code", str(refusal))
        else:
            renew_key(request)
            request.session[SHEET] = codes
            return redirect("account-second-factor")
    made = second_factor.begin_second_factor(user)
    url = second_factor.enrolment_url(made, str(county().product))
    steps = (
        _("Install an authenticator application on your phone: any that knows TOTP does."),
        _("Scan the picture with it."),
        _("Type the six digits it shows."),
    )
    notices: tuple[Panel, ...] = ()
    if owed(request) == "second-factor":
        text = _("Your post demands a second factor. Set it up to go on.")
        notices = (Notice(text=text, tone="fair"),)
    return Page(
        title=_("Set up the second factor"),
        crumbs=crumbs(),
        lead=_("A code from your phone beside the password: who steals your password alone stays outside."),
        notices=notices,
        body=(
            Row(
                Enrolment(
                    title=_("Authenticator application"),
                    picture=second_factor.picture(url),
                    secret=second_factor.secret_of(made),
                    steps=steps,
                ),
                FormPanel(title=_("First code"), form=form, submit=_("Confirm"), cancel=back_to(request), columns=1),
                widths="main",
            ),
        ),
    ).respond(request)


def show_codes(request: HttpRequest) -> HttpResponse:
    """Fresh recovery codes: this page, once."""
    codes = tuple(request.session.pop(SHEET))
    user = cast(User, request.user)
    following = request.session.get(DUTY, {}).get("next", "")
    if owed(request) == "second-factor":
        done(request, user, "account")
    text = _("Each opens once in place of a code, when your phone is lost. Keep them where you keep other papers.")
    return Page(
        title=_("Recovery codes"),
        crumbs=crumbs(),
        notices=(Notice(text=_("They are shown only now. Write them down or print this page."), tone="fair"),),
        actions=(Action(title=_("I have kept them"), url=following or reverse("account"), is_main=True),),
        body=(CodeSheet(title=_("Ten codes"), codes=codes, text=text),),
    ).respond(request)


def in_use(request: HttpRequest, user: User) -> HttpResponse:
    """What there is; new recovery codes, another phone, or none any more, after the present password."""
    form = Proof(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            prove_again(actor_of(request), user, form.cleaned_data["present"])
        except Refused as refusal:
            form.add_error("present", str(refusal))
        else:
            return changed(request, user)
    me = scoped_one(User.objects.all(), own(actor_of(request)), OWN, pk=user.pk)
    left = second_factor.recovery_codes_left(user)
    since = me.second_factor.confirmed_at
    facts = (
        Fact(title=_("State"), value=(_("In use"), "good"), cell=cells.state),
        Fact(title=_("Since"), value=since, cell=cells.moment),
        Fact(
            title=_("Recovery codes"),
            value=ngettext("%(count)d unused", "%(count)d unused", left) % {"count": left},
        ),
    )
    must = second_factor.needs_second_factor(user)
    note = _("Your post demands it: you will set up another at once.") if must else ""
    return Page(
        title=_("Second factor"),
        crumbs=crumbs(),
        body=(
            Row(
                Facts(title=_("Authenticator application"), of=me, facts=facts),
                FormPanel(
                    title=_("Renew or take away"),
                    note=note,
                    form=form,
                    submit=_("New recovery codes"),
                    submits=(("take-away", _("Another phone") if must else _("Take it away")),),
                    cancel=reverse("account"),
                    columns=1,
                ),
            ),
        ),
    ).respond(request)


def changed(request: HttpRequest, user: User) -> HttpResponse:
    """Does what the pressed button says."""
    actor = actor_of(request)
    if "take-away" not in request.POST:
        request.session[SHEET] = second_factor.make_recovery_codes(actor, user)
        return redirect("account-second-factor")
    second_factor.remove_second_factor(actor, user)
    messages.success(request, _("The second factor was taken away."))
    if second_factor.needs_second_factor(user):
        request.session[DUTY] = {"what": "second-factor", "next": reverse("account")}
        return redirect("account-second-factor")
    return redirect("account")
