"""Verbs about the tree of organisations: open, change, move, dissolve. Each keeps `path` true and is logged."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.kernel.identity.acting import lasting
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.calendar import calendar
from citybrain.kernel.identity.deciding import demand
from citybrain.kernel.identity.models import Appointment, Area, Organisation
from citybrain.kernel.identity.permissions import ADMINISTER_ORGANISATIONS
from citybrain.kernel.identity.security_log import log_security

CHANGEABLE = ("chinese", "english", "short", "kind", "schedule", "area")
"""What `change_organisation` may change."""
LONGEST_PATH = 255
"""Characters a path may have."""


def open_organisation(
    actor: Actor,
    *,
    parent: Organisation,
    key: str,
    kind: str,
    chinese: str,
    english: str = "",
    short: str = "",
    area: Area | None = None,
    schedule: str = "office",
) -> Organisation:
    """Add a body under `parent`, last among its sisters."""
    demand(actor, ADMINISTER_ORGANISATIONS, parent)
    if not parent.is_active:
        raise ValidationError(_("%s was dissolved and takes nothing new.") % parent)
    calendar().schedule(schedule)
    with transaction.atomic():
        last = parent.children.order_by("-position").first()
        organisation = Organisation(
            parent=parent,
            path=f"{parent.path}{key}/",
            key=key,
            kind=kind,
            chinese=chinese,
            english=english or chinese,
            short=short or chinese,
            area=area,
            schedule=schedule,
            position=last.position + 1 if last else 0,
        )
        organisation.full_clean()
        organisation.save()
        log_security(actor, "open-organisation", organisation, detail={"parent": parent.key, "name": chinese})
    return organisation


def change_organisation(actor: Actor, organisation: Organisation, **facts: Any) -> None:
    """Change names, kind, working hours or area of a body; `facts` are named by the fields of CHANGEABLE."""
    demand(actor, ADMINISTER_ORGANISATIONS, organisation)
    if unknown := set(facts) - set(CHANGEABLE):
        raise TypeError(f"change_organisation does not change {sorted(unknown)}; it changes {CHANGEABLE}.")
    if "schedule" in facts:
        calendar().schedule(facts["schedule"])
    before = {name: getattr(organisation, name) for name in facts}
    changed = [name for name in facts if before[name] != facts[name]]
    if not changed:
        return
    with transaction.atomic():
        for name in changed:
            setattr(organisation, name, facts[name])
        organisation.full_clean()
        organisation.save(update_fields=changed)
        detail = {name: [_said(before[name]), _said(facts[name])] for name in changed}
        log_security(actor, "change-organisation", organisation, detail=detail)


def _said(value: Any) -> Any:
    return value.key if isinstance(value, Area) else value


def move_organisation(actor: Actor, organisation: Organisation, parent: Organisation) -> None:
    """Hang a body with everything under it below `parent`, in one transaction. A circle is refused."""
    demand(actor, ADMINISTER_ORGANISATIONS, organisation)
    demand(actor, ADMINISTER_ORGANISATIONS, parent)
    with transaction.atomic():
        # Locked in the order of their ids, so that two moves at a time never wait for each other, and never make a
        # circle together.
        ways = {row.pk: row for row in Organisation.objects.select_for_update().order_by("pk")}
        body, above = ways[organisation.pk], ways[parent.pk]
        if body.parent_id is None:
            raise ValidationError(_("The county itself cannot be moved."))
        if above.path.startswith(body.path):
            raise ValidationError(
                _("%(body)s cannot be part of %(above)s, which lies under it.") % {"body": body, "above": above}
            )
        if not above.is_active:
            raise ValidationError(_("%s was dissolved and takes nothing new.") % above)
        if body.parent_id == above.pk:
            return
        old, new = body.path, f"{above.path}{body.key}/"
        below = [row for row in ways.values() if row.path.startswith(old)]
        if max(len(row.path) for row in below) - len(old) + len(new) > LONGEST_PATH:
            raise ValidationError(_("The tree would become too deep there."))
        moved = Organisation.objects.filter(path__startswith=old)
        moved.update(path=Concat(Value(new), Substr(F("path"), len(old) + 1)))
        Organisation.objects.filter(pk=body.pk).update(parent=above)
        log_security(actor, "move-organisation", body, detail={"path": [old, new], "bodies": len(below)})
    organisation.refresh_from_db()


def dissolve_organisation(actor: Actor, organisation: Organisation) -> None:
    """Close a body and everything under it: it keeps its history and takes nothing new.

    Refused while somebody holds a post in it.
    """
    demand(actor, ADMINISTER_ORGANISATIONS, organisation)
    if organisation.parent_id is None:
        raise ValidationError(_("The county itself cannot be dissolved."))
    with transaction.atomic():
        holding = Appointment.objects.filter(
            lasting(timezone.localdate()), post__organisation__path__startswith=organisation.path
        ).select_related("user", "post")
        if (one := holding.first()) is not None:
            text = _("%(person)s still holds the post “%(post)s” there: end the appointment first.")
            raise ValidationError(text % {"person": one.user.name, "post": one.post})
        Organisation.objects.filter(path__startswith=organisation.path).update(is_active=False)
        log_security(actor, "dissolve-organisation", organisation)
    organisation.refresh_from_db()


def revive_organisation(actor: Actor, organisation: Organisation) -> None:
    """Open a dissolved body again, itself and nothing under it."""
    demand(actor, ADMINISTER_ORGANISATIONS, organisation)
    dissolved = Organisation.objects.filter(children=organisation, is_active=False).first()
    if dissolved is not None:
        raise ValidationError(_("%s was dissolved and takes nothing new.") % dissolved)
    with transaction.atomic():
        Organisation.objects.filter(pk=organisation.pk).update(is_active=True)
        log_security(actor, "revive-organisation", organisation)
    organisation.refresh_from_db()
