"""What people say of a record (评论): written by whoever sees it, withdrawn by its author."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import scoped_one, was_scoped
from citybrain.kernel.records.checking import without_controls
from citybrain.kernel.records.fields import LongText
from citybrain.kernel.records.models import Comment, Record
from citybrain.kernel.records.shape import shape_of

LONGEST = 2000


def comment(record: Record, text: str, actor: Actor) -> Comment:
    """Says something of a record. Raises ValidationError for an empty or too long text, DoesNotExist out of sight."""
    if actor.user_id is None:
        raise PermissionDenied(_("Sign in first."))
    _demand_in_sight(record, actor)
    said = without_controls(text, LongText())
    if not said:
        raise ValidationError({"text": _("Write something.")})
    if len(said) > LONGEST:
        raise ValidationError({"text": _("Shorten the comment to %d characters.") % LONGEST})
    return Comment.objects.create(
        record_kind=shape_of(type(record)).key,
        record_id=record.pk,
        text=said,
        user_id=actor.user_id,
        post_id=actor.post_id,
    )


def withdraw(one: Comment, actor: Actor) -> None:
    """Takes one's own comment back: its words are gone, that there was one stays."""
    if actor.user_id is None or one.user_id != actor.user_id:
        raise PermissionDenied(_("Only its author withdraws a comment."))
    Comment.objects.filter(pk=one.pk, withdrawn_at=None).update(text="", withdrawn_at=timezone.now())


def comments_of(record: Record, actor: Actor) -> list[Comment]:
    """What was said and not withdrawn, the latest first."""
    _demand_in_sight(record, actor)
    found = Comment.objects.filter(record_kind=shape_of(type(record)).key, record_id=record.pk, withdrawn_at=None)
    return list(found.select_related("user", "post"))


def _demand_in_sight(record: Record, actor: Actor) -> None:
    shape = shape_of(type(record))
    if not was_scoped(record, actor, shape.permission("view")):
        scoped_one(shape.model._default_manager.all(), actor, shape.permission("view"), pk=record.pk)
