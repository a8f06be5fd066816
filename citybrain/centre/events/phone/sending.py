"""Carrying out what a device sends (外勤回传): once for a request key, against the state that the person saw.

Orders made without network arrive late. What the same person did meanwhile from the same queue makes none of them
stale; what somebody else did is a conflict, shown with their steps, to be sent again or dropped.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from citybrain.centre.events.actions import act
from citybrain.centre.events.machine import Verb
from citybrain.centre.events.models import DeviceOrder, Event, Step, Task
from citybrain.centre.events.orders import Order
from citybrain.centre.events.permissions import VIEW
from citybrain.centre.events.phone.forms import DeedForm
from citybrain.centre.events.phone.photos import Taken, keep
from citybrain.centre.events.queries import event_of
from citybrain.centre.events.tasks import finish_task, return_task, sign_task
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import scoped

CLIENT = "phone"
"""How the journal names where a step was made."""


class Differs(ValidationError):
    """The key was used before, with other answers."""

    def __init__(self, order: DeviceOrder) -> None:
        super().__init__(_("This was received already, with other answers. Look at the case, then delete this form."))
        self.order = order


def carry_out(
    form: DeedForm, uploads: Sequence[UploadedFile[Any]], facts: Sequence[Taken], actor: Actor, *, request_key: UUID
) -> DeviceOrder:
    """Does what a valid form says and returns its order; a key seen before returns the order as it was carried out.

    Raises Differs, Stale, NotLegal, Refused, PermissionDenied, Event.DoesNotExist, ValidationError for a bad photo.
    """
    digest = digest_of(form, uploads)
    if (before := DeviceOrder.objects.filter(request_key=request_key, user_id=actor.user_id).first()) is not None:
        if before.digest != digest:
            raise Differs(before)
        return before
    if actor.user_id is None:
        raise PermissionDenied(_("Sign in first."))
    try:
        with transaction.atomic():
            return carried_out(form, uploads, facts, actor, request_key, digest)
    except IntegrityError as error:
        # Taken by a second delivery at the same moment, or by somebody else's form.
        known = DeviceOrder.objects.filter(request_key=request_key, user_id=actor.user_id, digest=digest).first()
        if known is None:
            raise ValidationError(_("The key of this form belongs to another one. Open the form anew.")) from error
        return known


def carried_out(
    form: DeedForm,
    uploads: Sequence[UploadedFile[Any]],
    facts: Sequence[Taken],
    actor: Actor,
    request_key: UUID,
    digest: str,
) -> DeviceOrder:
    """The order, with the step it made. The key is taken first: a second delivery waits there, then finds it taken."""
    given = form.cleaned_data
    event = event_of(actor, given["number"])
    order = DeviceOrder.objects.create(
        request_key=request_key,
        user_id=actor.user_id,
        event=event,
        verb=form.deed.verb,
        digest=digest,
        told=told(form, facts),
    )
    step = done(form, event, uploads, facts, actor, seen_by(event, actor, given["seen"]))
    # Steps of the house that followed count with it: what comes next from this device knows of them.
    order.steps = max(step.number, Event.objects.values_list("steps", flat=True).get(pk=event.pk))
    order.save(update_fields=["steps"])
    return order


def digest_of(form: DeedForm, uploads: Sequence[UploadedFile[Any]]) -> str:
    """SHA-256 of what was answered, without how many steps were seen: that changes when a conflict is looked at."""
    answers = {name: str(value) for name, value in sorted(form.cleaned_data.items()) if name not in ("seen", "made_at")}
    answers["photos"] = ",".join(str(upload.size) for upload in uploads)
    return hashlib.sha256(json.dumps(answers, ensure_ascii=False).encode()).hexdigest()


def told(form: DeedForm, facts: Sequence[Taken]) -> dict[str, Any]:
    """What the device said of the order and its photos."""
    made_at = form.cleaned_data.get("made_at")
    photos = [
        {
            "at": one.at.isoformat() if one.at else "",
            "place": [one.longitude, one.latitude] if one.longitude is not None else None,
            "accuracy": one.accuracy,
            "original": one.original,
        }
        for one in facts
    ]
    return {"made_at": made_at.isoformat() if made_at else "", "photos": photos}


def seen_by(event: Event, actor: Actor, seen: int) -> int:
    """How many steps the person knows of: those they saw, and every later one when all of them are their own."""
    later = list(Step.objects.filter(event=event, number__gt=seen).order_by("number"))
    followed = DeviceOrder.objects.filter(event=event, user_id=actor.user_id, steps__gt=seen).values_list(
        "steps", flat=True
    )
    is_own = bool(later) and all(step.user_id in (actor.user_id, None) for step in later)
    # Steps of the house count as own only as far as they followed from an order of this person's.
    return event.steps if is_own and followed and max(followed) == event.steps else seen


def done(
    form: DeedForm, event: Event, uploads: Sequence[UploadedFile[Any]], facts: Sequence[Taken], actor: Actor, seen: int
) -> Step:
    """The step that the order makes."""
    deed, order = form.deed, form.order()
    if uploads:
        if not deed.photos:
            raise ValidationError(_("This form takes no photos."))
        order = replace(order, media=keep(event, uploads, facts, actor, role=deed.photos))
    if deed.is_of_task:
        return done_with_task(form, event, order, actor, seen)
    return act(event, order, actor, seen=seen, client=CLIENT)


def done_with_task(form: DeedForm, event: Event, order: Order, actor: Actor, seen: int) -> Step:
    """The step of a task. Raises Task.DoesNotExist for one that is not of this event or not the person's to see."""
    rows = scoped(Task.objects.select_related("event"), actor, VIEW)
    task = rows.get(pk=form.cleaned_data["task"] or 0, event=event)
    match order.verb:
        case Verb.SIGN_TASK:
            return sign_task(task, actor, seen=seen, client=CLIENT)
        case Verb.FINISH_TASK:
            told = {"media": order.media, "again": order.again}
            return finish_task(task, actor, order.text, **told, seen=seen, client=CLIENT)  # type: ignore[arg-type]
    return return_task(task, actor, order.text, seen=seen, client=CLIENT)
