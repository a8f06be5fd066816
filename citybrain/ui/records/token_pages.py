"""The account's page of access tokens: what a person's programs may do over the API."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import own
from citybrain.kernel.records.shape import VERBS, record_types
from citybrain.ui.access import back, signed_in
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import FormPanel, Notice
from citybrain.ui.panels.panel import Action, Link, Page, Panel, Row, Tag
from citybrain.ui.panels.tables import Column, Table
from citybrain.ui.records.models import ApiToken
from citybrain.ui.records.tokens import LONGEST, issue, posts_of, revoke
from citybrain.ui.templatetags.panels import tag

DAYS = ((30, 30), (90, 90), (180, 180), (LONGEST, LONGEST))


class TokenForm(forms.Form):
    """What a new token is for."""

    title = forms.CharField(max_length=80)
    days = forms.TypedChoiceField(coerce=int, initial=90)
    scopes = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["title"].label = _("Used for")
        fields["title"].help_text = _("As: nightly export to the statistics bureau.")
        fields["days"].label = _("Lasts")
        fields["days"].choices = [(days, _("%d days") % days) for days, _same in DAYS]
        fields["scopes"].label = _("It may")
        fields["scopes"].choices = offered(actor)


def offered(actor: Actor) -> list[tuple[str, str]]:
    """Permissions over records that the person has, with their titles."""
    found: dict[str, str] = {}
    for shape in record_types():
        for verb in shape.verbs:
            permission = shape.permission(verb)
            if actor.may(permission):
                # One permission may stand for several verbs; it is offered once.
                found.setdefault(permission.key, f"{shape.plural}: {_(VERBS[verb])}")
    return list(found.items())


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The person's tokens, and the form of a new one, whose text is shown this once."""
    actor = request.actor  # type: ignore[attr-defined]
    form = TokenForm(actor, request.POST or None)
    notices: tuple[Panel, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            token, text = issue(actor, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            shown = format_html('<code class="mono token">{}</code>', text)
            words = _("Copy the token now, it is not shown again:")
            notices = (Notice(tone="good", title=token.title, text=format_html("{} {}", words, shown)),)
            form = TokenForm(actor)
    columns = (
        Column(title=_("Used for"), value="title"),
        Column(title=_("Begins with"), value="start", cell=cells.mono),
        Column(title=_("Permissions"), value=lambda row: ", ".join(row.scopes), cell=cells.mono, wraps=True, weight=3),
        Column(title=_("State"), value=state, cell=tag),
        Column(title=_("Expires"), value="expires_at", cell=cells.moment, weight=2),
        Column(title=_("Last used"), value="used_at", cell=cells.age, weight=2),
        Column(title=_("End"), buttons=doors),
    )
    rows = own(ApiToken.objects.all(), actor)
    table = Table(title=_("Tokens"), columns=columns, rows=rows, empty=_("You have no tokens."))
    panel = FormPanel(
        title=_("New token"),
        note=posts_of(actor),
        form=form,
        submit=_("Make a token"),
        columns=1,
    )
    answer = Page(
        title=_("Access tokens"),
        lead=_("A program with a token acts in your name over the API, and only where you may."),
        notices=notices,
        body=(Row(table, panel, widths="main"),),
        actions=(Action(title=_("API documentation"), url=reverse("api-docs"), icon="api"),),
        crumbs=(Link(title=_("My account"), url="/account/"),),
    ).respond(request, 422 if form.errors else 200)
    answer["Cache-Control"] = "no-store"
    return answer


def state(token: ApiToken) -> Tag:
    """Whether a token still opens anything."""
    if token.revoked_at:
        return Tag(title=_("Revoked"), is_state=True)
    return (
        Tag(title=_("Valid"), tone="good", is_state=True) if token.is_alive else Tag(title=_("Expired"), is_state=True)
    )


def doors(token: ApiToken) -> tuple[Action, ...]:
    """The button that revokes a token."""
    if not token.is_alive:
        return ()
    question = _("Programs that use this token are refused from now on. Revoke it?")
    address = reverse("token-revoke", args=[token.pk])
    return (Action(title=_("Revoke"), url=address, post=True, tone="bad", confirm=question),)


@signed_in
@require_POST
def token_revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Ends a token."""
    actor = request.actor  # type: ignore[attr-defined]
    token = own(ApiToken.objects.all(), actor).filter(pk=token_id).first()
    if token is None:
        raise Http404(_("You have no such token."))
    revoke(token, actor)
    messages.success(request, _("Revoked: %s") % token)
    return back(request, reverse("tokens"))


urlpatterns: list[URLPattern] = [
    path("account/tokens/", tokens, name="tokens"),
    path("account/tokens/<int:token_id>/revoke/", token_revoke, name="token-revoke"),
]
