"""Reporting from the field (外勤上报): forms that work without network, and the door that takes what they send.

form opened once ─▶ kept by the service worker ─▶ filled in anywhere ─▶ sealed on the device
                                                                     │ network
answer lost? sent again under the same request key ◀── outbox ◀──────┘─▶ one record
"""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from citybrain.declare.role import Reach
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import Vouched, own
from citybrain.kernel.records import actions, attachments
from citybrain.kernel.records.fields import Place
from citybrain.kernel.records.models import Record
from citybrain.kernel.records.shape import record_types
from citybrain.ui.access import signed_in
from citybrain.ui.county import county
from citybrain.ui.finding import address_of
from citybrain.ui.help.pages import first_sentence
from citybrain.ui.panels.items import Item, Items
from citybrain.ui.panels.panel import Link, Page
from citybrain.ui.phone.doors import REPORTS
from citybrain.ui.phone.panels import PHOTOS, FieldForm, Outbox
from citybrain.ui.records.forms import RecordForm
from citybrain.ui.records.pages import RecordPages
from citybrain.ui.records.registered import pages_of

INNER = ("organisation",)
"""Fields the phone does not ask: what is reported belongs to the body of the post the person acts under."""


@signed_in
@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """What the person may report."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    shapes = [shape for shape in record_types() if shape.may(actor, "create")]
    lines = (
        *REPORTS.of(actor),
        *(
            Item(title=shape.title, under=first_sentence(shape.help), url=address_of("phone-report-form", shape.key))
            for shape in shapes
        ),
    )
    empty = _("Your post may not report anything. Ask the administrator for the right.")
    items = Items(title=_("What do you report?"), items=Vouched(lines, "create"), empty=empty)
    return Page(title=_("Report"), body=(items,), shell="phone").respond(request)


@signed_in
@require_safe
def form(request: HttpRequest, key: str) -> HttpResponse:
    """The form. It names nobody, so the browser may keep it and open it without network."""
    actor, pages = creating(request, key)
    made = field_form(pages, actor, None)
    panel = FieldForm(
        form=made,
        name=pages.shape.key,
        heading=pages.shape.title,
        groups=made.layout(),
        places=tuple(field.name for field in pages.shape.fields if isinstance(field.field, Place)),
        send=address_of("phone-report-send", key),
        outbox=address_of("phone-outbox"),
        brand=county().product,
    )
    answer = Page(
        title=pages.shape.title,
        body=(panel,),
        crumbs=(Link(title=_("Report"), url=address_of("phone-report")),),
        shell="phone",
    ).respond(request)
    return kept(answer)


@signed_in
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """What this device keeps; the page itself holds nothing of anybody."""
    crumbs = (Link(title=_("Report"), url=address_of("phone-report")),)
    body = (Outbox(again=address_of("phone-report"), again_title=_("Another report")),)
    return kept(Page(title=_("On this device"), body=body, crumbs=crumbs, shell="phone").respond(request))


def kept(answer: HttpResponse) -> HttpResponse:
    """Allows the service worker to keep the page."""
    answer["X-Offline"] = "keep"
    return answer


@signed_in
@require_POST
def send(request: HttpRequest, key: str) -> HttpResponse:
    """Takes a report with its photos, once for a request key however often it comes.

    201 made or made before, 409 made before from other answers, 413 too many photos, 422 not valid (field by field).
    """
    actor, pages = creating(request, key)
    request_key = key_of(request)
    if request_key is None:
        return JsonResponse({"detail": _("The report has no key of its own. Open the form anew.")}, status=400)
    photos = request.FILES.getlist("photos")
    if len(photos) > PHOTOS:
        return JsonResponse({"detail": _("At most %d photos can be sent with one report.") % PHOTOS}, status=413)
    filled = field_form(pages, actor, request.POST)
    if not filled.is_valid():
        return refused(filled)
    before = own(pages.shape.model._default_manager.all(), actor).filter(request_key=request_key).first()
    if before is not None:
        return received_before(pages, before, filled)
    try:
        with transaction.atomic():
            record = actions.create(pages.shape, filled.values(), actor, request_key=request_key)
            for photo in photos:
                attachments.attach(record, photo, reporter(pages, actor))
    except ValidationError as error:
        filled.take(error)
        return refused(filled)
    except PermissionDenied as error:
        return JsonResponse({"detail": str(error) or _("Your post may not report this.")}, status=403)
    return JsonResponse(told(pages, record), status=201)


def creating(request: HttpRequest, key: str) -> tuple[Actor, RecordPages]:
    """The person and the record type they may create. Raises Http404 for no such type, PermissionDenied otherwise."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        pages = pages_of(key)
    except LookupError as error:
        raise Http404(_("There is no such register.")) from error
    if not pages.may(actor, "create"):
        raise PermissionDenied(_("Your post may not report this."))
    return actor, pages


def field_form(pages: RecordPages, actor: Actor, data: Any) -> RecordForm:
    """The record type's form without what the phone does not ask."""
    names = tuple(field.name for field in pages.editable() if field.name not in INNER)
    return RecordForm(pages, actor, data, only=names)


def reporter(pages: RecordPages, actor: Actor) -> Actor:
    """The person as one who may add photos to what they report, also where they may not edit what was reported."""
    edit = pages.permission("edit").key
    return actor if actor.may(edit) else actor.permitted(edit, Reach.OWN)


def key_of(request: HttpRequest) -> uuid.UUID | None:
    """The key the device chose for the report; None when it is none."""
    try:
        return uuid.UUID(request.POST.get("request_key", ""))
    except ValueError:
        return None


def refused(filled: RecordForm) -> JsonResponse:
    """What is wrong, field by field, for the device to show when the person looks again."""
    errors = {name: [str(error) for error in found] for name, found in filled.errors.items()}
    detail = " ".join(errors.pop("__all__", [])) or _("Some answers are not right.")
    return JsonResponse({"detail": detail, "errors": errors}, status=422)


def received_before(pages: RecordPages, record: Record, filled: RecordForm) -> JsonResponse:
    """The record this key made; a conflict when the device has changed its answers since."""
    differs = any(getattr(record, name) != value for name, value in filled.values().items() if value not in (None, ""))
    if not differs or record.revision > 1:
        return JsonResponse(told(pages, record), status=201)
    detail = _("This was received already as %s, with other answers. Change the record itself, then delete this form.")
    return JsonResponse({**told(pages, record), "detail": detail % record.number}, status=409)


def told(pages: RecordPages, record: Record) -> dict[str, str]:
    """What the device is told of a record."""
    return {"number": record.number, "url": pages.url("detail", record.number), "title": pages.shape.title}
