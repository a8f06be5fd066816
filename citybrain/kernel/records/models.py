"""A record type is a Django model: number, owner, history, attachments, comments, drafts and search come with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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
    citizens_fields: tuple[str, ...] = ()
    """Fields citizens fill in; empty: every field that must be filled in and belongs to no office."""
    keywords: tuple[str, ...] = ()
    """Further words the palette finds the type by."""
    by_verbs: bool = False
    """Whether rows are written only by the verbs of their own room: lists, maps, statistics, exports and the API show
    them; the general create, edit, remove, import, restore and revert refuse, and have no buttons."""
    written_by: str = ""
    """Verb of the one permission by which rows are made, changed and removed (`decide`): for rules that bind their own
    keepers, which patterns such as `*:edit` must not cover. Its title stands in `permissions`."""
    daily_numbers: bool = False
    """Whether numbers are the county's letters, the day and a serial of the day: `YK2026112100417`."""
    permissions: Mapping[str, str] = {}
    """Verb -> title of its permission, where the room asks for it elsewhere too and calls it by words of its own."""
    guarded_counts: bool | None = None
    """Whether statistics hide small counts; None: when a field is personal."""


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

    def complete(self) -> None:
        """Sets what a new record works out itself once it has its number, as a code with a serial; none by default.

        Called once, by the verb that makes the record, inside its transaction, so that a counter it takes from is as
        safe as the record.
        """


class Change(models.Model):
    """One change of one record (变更历史): who, under which post, when, why, and every field before and after.

    Lines are only ever added; a restore is a change like any other.
    """

    class Action(models.TextChoices):
        CREATE = "create", pgettext_lazy("change", "created")
        EDIT = "edit", pgettext_lazy("change", "changed")
        REMOVE = "remove", pgettext_lazy("change", "removed")
        RESTORE = "restore", pgettext_lazy("change", "restored")
        REVERT = "revert", pgettext_lazy("change", "put back")
        IMPORT = "import", pgettext_lazy("change", "imported")

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


class Counter(models.Model):
    """The last number given to records of one type in one year."""

    kind = models.CharField(max_length=64)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "year"], name="one_counter_a_year")]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}: {self.last}"


class Attachment(models.Model):
    """A file attached to a record (附件). Its bytes lie once under their SHA-256, however often they were attached."""

    record_kind = models.CharField(max_length=64)
    """Key of the record type."""
    record_id = models.BigIntegerField()
    name = models.CharField(max_length=160)
    """As the person called it, without path and control characters."""
    kind = models.CharField(max_length=8)
    """What its content is, whatever its name says: `pdf`, `jpg`."""
    size = models.PositiveBigIntegerField()
    """Bytes as kept."""
    digest = models.CharField(max_length=64, db_index=True)
    """SHA-256 of the bytes as kept, hexadecimal: where they lie."""
    has_thumbnail = models.BooleanField(default=False)
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["record_kind", "record_id"], name="attachment_of")]

    def __str__(self) -> str:
        return self.name


class Comment(models.Model):
    """What somebody says of a record (评论); withdrawn by its author only, and then its words are gone."""

    record_kind = models.CharField(max_length=64)
    record_id = models.BigIntegerField()
    text = models.TextField(max_length=2000)
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["record_kind", "record_id"], name="comment_of")]

    def __str__(self) -> str:
        return self.text[:40]


class Draft(models.Model):
    """A form somebody has not finished (草稿): one a person and form, kept as typed, forgotten after thirty days."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=64)
    record_id = models.BigIntegerField(default=0)
    """The record being changed; 0 for a new one."""
    values: models.JSONField[Any, Any] = models.JSONField(default=dict)
    """Field -> what was typed."""
    at = models.DateTimeField(auto_now=True, db_index=True)

    scope = Scope(person="user")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind", "record_id"], name="one_draft_a_form")]

    def __str__(self) -> str:
        return f"{self.kind} {self.record_id or '+'}"


class SavedView(models.Model):
    """A question somebody asks of a list again and again (视图): filters, columns and order under a name."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=64)
    title = models.CharField(_("name"), max_length=60)
    query = models.TextField(blank=True)
    """Filters as a query string."""
    columns: models.JSONField[Any, Any] = models.JSONField(default=list)
    """Names of the fields shown; empty for the type's own."""
    order = models.CharField(max_length=80, blank=True)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.CASCADE, related_name="+")
    """Organisation it is shared with; None keeps it to its owner."""
    is_default = models.BooleanField(default=False)
    """Whether the owner's list opens with it."""
    at = models.DateTimeField(auto_now=True)

    scope = Scope(organisation="organisation", person="owner")

    class Meta:
        ordering = ["title", "id"]
        constraints = [models.UniqueConstraint(fields=["owner", "kind", "title"], name="one_view_a_title")]

    def __str__(self) -> str:
        return self.title


class SearchEntry(models.Model):
    """One thing the full text search finds (检索条目): a record, or a thing of another room.

    `words` holds its tokens; the migration puts the database's own full text index on them.
    """

    kind = models.CharField(max_length=64)
    """Key of the record type; whoever may `<kind>:view` it finds it."""
    record_id = models.BigIntegerField()
    title = models.CharField(max_length=200)
    note = models.CharField(max_length=200, blank=True)
    """Second line of a hit: the number."""
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    area = models.ForeignKey(Area, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    words = models.TextField(blank=True)
    """Tokens with a blank between them; see `tokens`."""

    scope = Scope(organisation="organisation", area="area", person="person")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "record_id"], name="one_entry_a_thing")]

    def __str__(self) -> str:
        return f"{self.kind} {self.title}"


class Import(models.Model):
    """One file of rows brought in (导入): what it was, how far it is, and what came of every row."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Looked through")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    kind = models.CharField(max_length=64)
    name = models.CharField(max_length=160)
    digest = models.CharField(max_length=64)
    """SHA-256 of the file: where it lies until the import is over."""
    state = models.CharField(max_length=8, choices=State.choices, default=State.PLANNED)
    heads: models.JSONField[Any, Any] = models.JSONField(default=list)
    """Field name of each column of the file; empty for a column that is left out."""
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    """The importer's organisation: who sees the import, and whose the rows are that name none."""
    appointment_id = models.BigIntegerField(null=True)
    """Post under which the rows are written."""
    job_id = models.UUIDField(null=True)
    at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(default=0)
    """Rows of the file that are settled: a resumed job goes on after them."""
    rows_read = models.PositiveIntegerField(default=0)
    rows_created = models.PositiveIntegerField(default=0)
    rows_updated = models.PositiveIntegerField(default=0)
    rows_unchanged = models.PositiveIntegerField(default=0)
    rows_refused = models.PositiveIntegerField(default=0)
    error_file = models.CharField(max_length=64, blank=True)
    """SHA-256 of the file with the refused rows; empty without any."""
    error = models.TextField(blank=True)

    scope = Scope(organisation="organisation", person="user")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="every_row_is_settled",
                condition=models.Q(
                    rows_read=models.F("rows_created")
                    + models.F("rows_updated")
                    + models.F("rows_unchanged")
                    + models.F("rows_refused")
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class RefusedRow(models.Model):
    """One row of an import that was refused, as it stood in the file, with why: the error file is written from them."""

    source = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="refused")
    row = models.PositiveIntegerField()
    """Row of the file, from 1 without the head."""
    cells: models.JSONField[Any, Any] = models.JSONField(default=list)
    error = models.TextField()

    class Meta:
        ordering = ["row"]
        constraints = [models.UniqueConstraint(fields=["source", "row"], name="refused_once")]

    def __str__(self) -> str:
        return f"{self.row}: {self.error}"
