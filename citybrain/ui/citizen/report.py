"""What citizens say (我要反映): a form without signing in, a receipt with a secret link, and what became of it."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, TimestampSigner
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from citybrain.declare.words import Grade
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import Vouched
from citybrain.kernel.records.models import Record
from citybrain.kernel.records.shape import FieldShape, Shape, record_types, shape_of
from citybrain.ui.access import public
from citybrain.ui.citizen.doors import SERVICES
from citybrain.ui.citizen.pages import fact_of
from citybrain.ui.citizen.panels import Receipt
from citybrain.ui.citizen.queries import PUBLIC, open_fields, public_rows, said
from citybrain.ui.citizen.receiving import TooMany, asked_of_citizens, followed, receive, token_of
from citybrain.ui.help.pages import first_sentence
from citybrain.ui.panels.items import Item, Items
from citybrain.ui.panels.kinds import Fact, Facts, FormPanel, Notice
from citybrain.ui.panels.panel import Action, Link, Page, Panel
from citybrain.ui.records.forms import input_of
from citybrain.ui.records.registered import pages_of
from citybrain.ui.records.values import titled_with_unit

FASTEST = 2
LONGEST = 24 * 3600
"""Seconds a person needs at least, and may take at most, between opening the form and sending it."""

CLOCK = TimestampSigner(salt="citybrain.ui.citizen.form")


class PublicChoice(forms.ModelChoiceField):
    """One public row, by its name."""

    def label_from_instance(self, obj: Any) -> str:
        """Its name."""
        return str(obj)


class CitizenForm(forms.Form):
    """What citizens fill in, with two guards instead of a riddle: a field people never see, and the time it took."""

    request_key = forms.UUIDField(widget=forms.HiddenInput)
    opened = forms.CharField(widget=forms.HiddenInput)
    website = forms.CharField(required=False, label=gettext_lazy("Leave this empty"))
    """Programs fill in whatever is called so; people do not see it."""

    def __init__(self, shape: Shape, actor: Actor, data: Any = None, initial: dict[str, Any] | None = None) -> None:
        start = {"request_key": uuid.uuid4(), "opened": CLOCK.sign("form"), **(initial or {})}
        super().__init__(data, initial=start, auto_id="id_%s")
        self.names = tuple(field.name for field in asked_of_citizens(shape))
        for field in asked_of_citizens(shape):
            self.fields[field.name] = self.made(shape, field, actor)
        # The trap is out of everybody's way, also of who reads the page by ear or steps through it by keyboard.
        trap = self.fields["website"].widget
        trap.attrs |= {"tabindex": "-1", "autocomplete": "off", "aria-hidden": "true", "class": "trap"}

    def made(self, shape: Shape, field: FieldShape, actor: Actor) -> forms.Field:
        """The input of a field; a link offers only what is public."""
        target = field.field.related_model if isinstance(field.field, models.ForeignKey) else None
        if target is None:
            return input_of(field, pages_of(shape.key), actor)
        rows = public_rows(shape_of(target)).order_by("pk")  # type: ignore[arg-type]
        return PublicChoice(
            rows,
            label=titled_with_unit(field),
            required=field.is_required,
            to_field_name="number",
            help_text=field.help,
        )

    def clean_opened(self) -> str:
        """Raises ValidationError when the form was sent faster than anybody writes, or opened too long ago."""
        text = str(self.cleaned_data["opened"])
        try:
            CLOCK.unsign(text, max_age=LONGEST)
        except BadSignature as error:
            self.data = {**self.data.dict(), "opened": CLOCK.sign("form")}
            raise ValidationError(_("The form was open too long. Look it over and send it again.")) from error
        try:
            CLOCK.unsign(text, max_age=FASTEST)
        except BadSignature:
            return text
        raise ValidationError(_("That was too quick to be read. Look it over and send it again."))

    def clean_website(self) -> str:
        """Raises ValidationError when the field nobody sees was filled in."""
        if self.cleaned_data["website"]:
            raise ValidationError(_("Leave the field “website” empty."))
        return ""

    def values(self) -> dict[str, Any]:
        """What the verb is given."""
        return {name: self.cleaned_data[name] for name in self.names}


@public
@require_safe
def types(request: HttpRequest) -> HttpResponse:
    """What citizens may send in; with one type only, its form at once."""
    shapes = [shape for shape in record_types() if shape.face.citizens_create]
    offered = [item for room in SERVICES.rooms for item in room.says()]
    if len(shapes) == 1 and not offered:
        return HttpResponseRedirect(reverse("citizen-form", args=(shapes[0].key,)))
    lines = (
        *offered,
        *(
            Item(
                title=shape.title,
                url=reverse("citizen-form", args=(shape.key,)),
                under=first_sentence(shape.help),
                icon=shape.face.icon,
            )
            for shape in shapes
        ),
    )
    items = Items(items=Vouched(lines, PUBLIC), empty=_("Nothing can be sent in at the moment."))
    return Page(title=_("Have your say"), body=(items,), shell="citizen").respond(request)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, key: str) -> HttpResponse:
    """The form, and its taking: a receipt follows, 422 with what is wrong, 429 when an address sends too much."""
    shape = next((shape for shape in record_types() if shape.key == key and shape.face.citizens_create), None)
    if shape is None:
        raise Http404(_("Nothing can be sent in here."))
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.method != "POST":
        given = {field.name: request.GET[field.name] for field in asked_of_citizens(shape) if field.name in request.GET}
        return form_page(request, shape, CitizenForm(shape, actor, initial=given))
    filled = CitizenForm(shape, actor, request.POST)
    if not filled.is_valid():
        return form_page(request, shape, filled, status=422)
    try:
        record = receive(shape, filled.values(), actor, request_key=filled.cleaned_data["request_key"])
    except TooMany as error:
        hours = max(1, round(error.wait.total_seconds() / 3600))
        text = _("A lot has come from your network in short time. Please try again in about %d h.") % hours
        answer = form_page(request, shape, filled, status=429, notices=(Notice(text=text, tone="fair"),))
        answer["Retry-After"] = str(int(error.wait.total_seconds()))
        return answer
    except ValidationError as error:
        for name, messages in (error.message_dict if hasattr(error, "error_dict") else {"": error.messages}).items():
            for message in messages:
                filled.add_error(name if name in filled.fields else None, message)
        return form_page(request, shape, filled, status=422)
    return HttpResponseRedirect(f"{reverse('citizen-followed', args=(token_of(shape, record),))}?new=1")


def form_page(
    request: HttpRequest, shape: Shape, filled: CitizenForm, status: int = 200, notices: tuple[Panel, ...] = ()
) -> HttpResponse:
    """The page with the form."""
    who = _("You need not sign in. Your network address is recorded to prevent abuse.")
    if request.user.is_authenticated:
        who = _("You are signed in: the report appears under “Mine”.")
    panel = FormPanel(form=filled, submit=_("Send"), columns=1, groups=(("", (*filled.names, "website")),))
    return Page(
        title=shape.title,
        lead=who,
        body=(panel,),
        notices=notices,
        crumbs=(Link(title=_("Home"), url=reverse("citizen-home")),),
        shell="citizen",
    ).respond(request, status)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Following a report by the link that was given for it."""
    pasted = request.POST.get("link", "").strip()
    if pasted:
        token = pasted.partition("?")[0].rstrip("/").rpartition("/")[2]
        if path := SERVICES.followed(token):
            return HttpResponseRedirect(path)
        try:
            followed(token)
        except BadSignature:
            text = _("This link follows nothing. Copy the whole link from your receipt.")
            return follow_page(request, (Notice(text=text, tone="fair"),))
        return HttpResponseRedirect(reverse("citizen-followed", args=(token,)))
    return follow_page(request, ())


class FollowForm(forms.Form):
    """The link of a receipt."""

    link = forms.CharField(label=gettext_lazy("Link of your receipt"), max_length=300)


def follow_page(request: HttpRequest, notices: tuple[Panel, ...]) -> HttpResponse:
    """The page that asks for the link."""
    from_receipt = _("Paste the link you got when you sent your report.")
    panel = FormPanel(form=FollowForm(request.POST or None), submit=_("Show"), columns=1)
    return Page(
        title=_("Follow a report"),
        lead=from_receipt,
        notices=notices,
        body=(panel,),
        crumbs=(Link(title=_("Home"), url=reverse("citizen-home")),),
        shell="citizen",
    ).respond(request)


@public
@never_cache
@require_safe
def one(request: HttpRequest, token: str) -> HttpResponse:
    """What became of a report, for who has its link: its open fields and the answer, never the contact."""
    try:
        shape, record = followed(token)
    except BadSignature as error:
        raise Http404(_("This link follows nothing. Copy the whole link from your receipt.")) from error
    body: tuple[Panel, ...] = (told(shape, record),)
    if "new" in request.GET:
        url = request.build_absolute_uri(reverse("citizen-followed", args=(token,)))
        body = (Receipt(number=record.number, url=url), *body)
    answer = Page(
        title=_("Your report"),
        body=body,
        crumbs=(Link(title=_("Home"), url=reverse("citizen-home")),),
        actions=(Action(title=_("Home"), url=reverse("citizen-home"), icon="home"),),
        shell="citizen",
    ).respond(request)
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def told(shape: Shape, record: Record) -> Facts:
    """The open fields of a report with its number, its day and who answers."""
    fields = [field for field in open_fields(shape) if field.grade <= Grade.L1 and said(field, record)]
    common = [shape.by_name[name] for name in ("number", "created_at", "organisation") if name in shape.by_name]
    facts: list[Fact] = [fact_of(field, record) for field in (*common, *fields)]
    return Facts(title=shape.title, of=Vouched((record,), PUBLIC), facts=tuple(facts))
