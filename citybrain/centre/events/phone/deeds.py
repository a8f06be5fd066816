"""The forms of deeds and the door that takes what devices send (外勤表单与回传).

The pages name no case, so that a device may keep them; which case a form is about stands behind the question mark, and
what the device knows of it comes from what it keeps sealed.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from citybrain.centre.events.models import DeviceOrder, Event, Step, Task
from citybrain.centre.events.pages.parts import Names
from citybrain.centre.events.pages.steps import done_words, who
from citybrain.centre.events.permissions import VIEW
from citybrain.centre.events.phone.cases import case
from citybrain.centre.events.phone.forms import DEEDS, Deed, DeedForm
from citybrain.centre.events.phone.photos import facts_in
from citybrain.centre.events.phone.sending import Differs, carry_out
from citybrain.centre.events.queries import event_of
from citybrain.centre.events.refusals import Stale
from citybrain.kernel.identity.actor import Actor
from citybrain.ui.access import requires
from citybrain.ui.county import county
from citybrain.ui.panels.panel import Link, Page
from citybrain.ui.phone.panels import PHOTOS, FieldForm, Photos
from citybrain.ui.phone.report import kept, key_of


def deed_or_404(key: str) -> Deed:
    """The deed. Raises Http404 for no such."""
    if key not in DEEDS:
        raise Http404(_("The field has no such form."))
    return DEEDS[key]


@requires(VIEW)
def deed_form(request: HttpRequest, key: str) -> HttpResponse:
    """The form. It names no case and nobody, so the browser may keep it and open it without network."""
    deed = deed_or_404(key)
    panel = FieldForm(
        form=DeedForm(deed),
        name=key,
        heading=deed.title,
        groups=(("", deed.fields),) if deed.fields else (),
        send=reverse("phone-deed-send", args=(key,)),
        outbox=reverse("phone-outbox"),
        brand=county().product,
        photos=photos_of(deed),
        case="number",
        submit=deed.title,
    )
    crumbs = (Link(title=_("My tasks"), url=reverse("phone-tasks-kept")),)
    return kept(Page(title=str(deed.title), body=(panel,), crumbs=crumbs, shell="phone").respond(request))


def photos_of(deed: Deed) -> Photos | None:
    """What the deed's photos are asked for by."""
    if not deed.photos:
        return None
    hint = _("Time, place, number and your name are written on a copy; the photo itself is kept as it is.")
    title = _("Photos after") if deed.photos == "after" else _("Photos and voice notes")
    return Photos(title=title, hint=hint, is_first=deed.photos == "after", mark="told", files=True)


@requires(VIEW, writes=True)
@never_cache
def deed_send(request: HttpRequest, key: str) -> HttpResponse:
    """Takes what a device sends, once for a request key however often it comes.

    201 done or done before; 409 others worked on the case meanwhile (their steps, and what to send again), or the same
    key with other answers; 413 too many files; 422 not valid, or a guard refused; 403, 404 as everywhere.
    """
    deed = deed_or_404(key)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    request_key = key_of(request)
    if request_key is None:
        return JsonResponse({"detail": _("The report has no key of its own. Open the form anew.")}, status=400)
    uploads = request.FILES.getlist("photos")
    if len(uploads) > PHOTOS:
        return JsonResponse({"detail": _("At most %d photos can be sent with one report.") % PHOTOS}, status=413)
    form = DeedForm(deed, request.POST)
    if not form.is_valid():
        return refused(form)
    return carried(request, form, uploads, actor, request_key)


def carried(
    request: HttpRequest, form: DeedForm, uploads: list[Any], actor: Actor, request_key: uuid.UUID
) -> JsonResponse:
    """The answer to a valid form."""
    facts = facts_in(request.POST.get("photo_facts", ""), len(uploads))
    try:
        order = carry_out(form, uploads, facts, actor, request_key=request_key)
    except Stale as stale:
        return meanwhile(stale, actor)
    except Differs as differs:
        found = {"detail": " ".join(differs.messages), **told(differs.order.event, actor, form.deed)}
        return JsonResponse(found, status=409)
    except (Event.DoesNotExist, Task.DoesNotExist):
        return JsonResponse({"detail": _("There is no such case, or your post may not see it.")}, status=404)
    except PermissionDenied as error:
        return JsonResponse({"detail": str(error) or _("Your post may not do this.")}, status=403)
    except ValidationError as error:
        return refused_by(error, form, actor)
    return JsonResponse(done(order, actor, form.deed), status=201)


def done(order: DeviceOrder, actor: Actor, deed: Deed) -> dict[str, Any]:
    """What the device is told of an order that was carried out."""
    return told(order.event, actor, deed)


def told(event: Event | None, actor: Actor, deed: Deed) -> dict[str, Any]:
    """Number, address and title for the list of what was received; the case as it stands now, to be kept."""
    if event is None:
        return {"number": "", "url": reverse("phone-tasks"), "title": str(deed.title)}
    answer = {"number": event.number, "url": reverse("phone-task", args=(event.number,)), "title": str(deed.title)}
    try:
        return {**answer, "case": case(event_of(actor, event.number), actor)}
    except Event.DoesNotExist:
        # Done, it is no longer theirs to see.
        return {**answer, "gone": event.number}


def meanwhile(stale: Stale, actor: Actor) -> JsonResponse:
    """The conflict: what others did meanwhile, and how many steps the device knows of once it has shown them."""
    names = Names()
    detail = _("Others worked on the case meanwhile. Read what they did; if yours still holds, send it again.")
    steps = [step_words(step, names) for step in stale.steps]
    return JsonResponse({"detail": detail, "meanwhile": steps, "seen": stale.event.steps}, status=409)


def step_words(step: Step, names: Names) -> str:
    """A step as one line."""
    parts = (
        date_format(timezone.localtime(step.at), "m-d H:i"),
        done_words(step.verb),
        who(step, names),
        step.text[:120],
    )
    return " · ".join(str(part) for part in parts if part)


def refused(form: DeedForm) -> JsonResponse:
    """What is wrong, field by field, for the device to show when the person looks again."""
    errors = {name: [str(error) for error in found] for name, found in form.errors.items()}
    unseen = [text for name in ("__all__", "number", "seen", "task", "made_at") for text in errors.pop(name, [])]
    detail = " ".join(unseen) or _("Some answers are not right.")
    return JsonResponse({"detail": detail, "errors": errors}, status=422)


def refused_by(error: ValidationError, form: DeedForm, actor: Actor) -> JsonResponse:
    """What stands against it: a guard with its remedy, a state that has changed, a file that cannot be read."""
    answer: dict[str, Any] = {"detail": " ".join(error.messages), "errors": {}}
    try:
        event = event_of(actor, form.cleaned_data["number"])
    except Event.DoesNotExist:
        return JsonResponse(answer, status=422)
    return JsonResponse(
        {**answer, "number": event.number, "url": reverse("phone-task", args=(event.number,))}, status=422
    )
