"""A record type is a Django model: number, owner, history, attachments, comments, drafts and search come with it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from citybrain.kernel.identity.models import Area, Organisation, Post, User
from citybrain.kernel.identity.scope import Scope


class Face:
    """How a record type shows itself; a model's inner `Face` overrides single attributes."""

    icon: str = "table"
    """Icon in menus, from the sprite."""
    prefix: str = ""
    """Letters its numbers begin with: `GS-2026-000123`; empty takes the initials of the key."""
    title: str = ""
    """Field that names a row; empty takes the first text field."""
    order: tuple[str, ...] = ("-changed_at",)
    """Order of the list; only indexed fields."""
    retention_days: int | None = None
    """Days a removed row is kept before it is erased; None keeps it for good."""
    is_public: bool = False
    """Whether citizens' pages and the open API show it (only fields of grade L1)."""
    citizens_create: bool = False
    """Whether citizens may make one from their phone."""
    keywords: tuple[str, ...] = ()
    """Further words the palette finds the type by."""


class Record(models.Model):
    """A record of a register (台账): abstract base of every record type.

    The class's docstring is the help of its pages; its first sentence describes the type in the catalogue.
    """

    number = models.CharField(_("number"), max_length=40, unique=True, editable=False)
    """Human-readable and stable; given by the verb `create`."""
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("responsible body")
    )
    """The body it belongs to, which bounds who sees it."""
    area = models.ForeignKey(
        Area, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("area")
    )
    """Where it lies."""
    created_at = models.DateTimeField(_("created"), auto_now_add=True, db_index=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    changed_at = models.DateTimeField(_("changed"), auto_now=True, db_index=True)
    revision = models.PositiveIntegerField(default=1, editable=False)
    """Counts changes: a form that was opened at an older one is refused, with both versions shown."""
    removed_at = models.DateTimeField(null=True, editable=False, db_index=True)
    """When it was put into the bin; None while it is alive."""
    request_key = models.UUIDField(null=True, unique=True, editable=False)
    """Key the sender chose: the same form sent twice (bad network, off-line draft) makes one record."""

    scope: ClassVar[Scope] = Scope(organisation="organisation", area="area", person="created_by")

    class Face(Face):
        """Defaults."""

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.number


class Change(models.Model):
    """One change of one record (变更历史): who, under which post, when, why, and every field before and after.

    Lines are only ever added; a restore is a change like any other.
    """

    class Action(models.TextChoices):
        CREATE = "create", _("created")
        EDIT = "edit", _("changed")
        REMOVE = "remove", _("removed")
        RESTORE = "restore", _("restored")
        IMPORT = "import", _("imported")

    kind = models.CharField(max_length=64)
    """Key of the record type."""
    record_id = models.BigIntegerField()
    revision = models.PositiveIntegerField()
    action = models.CharField(max_length=16, choices=Action.choices)
    at = models.DateTimeField(auto_now_add=True)
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    fields: models.JSONField[Any, Any] = models.JSONField(default=dict)
    """Field -> [before, after], JSON values."""

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["kind", "record_id", "revision"], name="one_change_a_revision")]

    def __str__(self) -> str:
        return f"{self.kind} {self.record_id} #{self.revision}"
