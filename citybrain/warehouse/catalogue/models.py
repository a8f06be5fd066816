"""The catalogue (数据目录): every dataset with its fields, versions and health, made from declarations and scans."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from citybrain.kernel.identity.models import Organisation
from citybrain.kernel.identity.scope import Scope
from citybrain.warehouse.catalogue.sentences import read


class Dataset(models.Model):
    """One dataset of one provider: a catalogue entry, and the handle of its tables in the lake.

    Its raw rows lie in the Iceberg table `raw.<table>`, its clean rows in `standard.<table>`, rows held back in
    `held.<table>`, findings in `problem.<table>`; `table` is the key with every character but a-z, 0-9 made `_`.
    """

    class State(models.TextChoices):
        FOUND = "found", _("Found")
        """Registered, nothing gathered yet."""
        SERVED = "served", _("Served")
        HELD = "held", _("Held for a decision")
        """Columns were lost or changed; the last good version stays served."""

    key = models.CharField(max_length=160, unique=True)
    """`<department>.<name>`, kebab-case: `police.household-person`."""
    code = models.CharField(max_length=64, blank=True, editable=False)
    """Information resource code (信息资源代码), given once at registration and never changed; see `codes`."""
    chinese = models.CharField(max_length=200)
    english = models.CharField(max_length=200, blank=True)
    summary = models.TextField(blank=True)
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    source_key = models.CharField(max_length=128, db_index=True)
    """Key of the gathering source it comes from."""
    state = models.CharField(max_length=16, choices=State.choices, default=State.FOUND)
    cycle = models.CharField(max_length=16, default="on-demand")
    """`UpdateCycle` value promised by the provider."""
    share = models.CharField(max_length=16, default="CONDITIONAL")
    """`ShareType` name."""
    open = models.CharField(max_length=16, default="NONE")
    """`OpenType` name."""
    primary_key = models.JSONField(default=list)
    """Column names, as delivered, that name a row; empty until declared or found."""
    watermark = models.CharField(max_length=128, blank=True)
    """Column that tells the newest of several deliveries of one row; empty for none."""
    references = models.JSONField(default=list)
    """[{"column", "dataset", "field"}]: foreign keys into other datasets."""
    is_real = models.BooleanField(default=False)
    """True for published real data; False for the rehearsal county's synthetic rows, which every page marks."""
    attribution = models.CharField(max_length=300, blank=True)
    """Source and licence that pages must show beside real data."""

    raw_snapshot = models.BigIntegerField(null=True, blank=True)
    """Iceberg snapshot of `raw.<table>` now served."""
    raw_rows = models.BigIntegerField(default=0)
    raw_bytes = models.BigIntegerField(default=0)
    gathered_at = models.DateTimeField(null=True, blank=True)
    data_at = models.DateTimeField(null=True, blank=True)
    """When the provider made the data, as far as it is known: real freshness, not the time of copying."""
    standard_snapshot = models.BigIntegerField(null=True, blank=True)
    standard_rows = models.BigIntegerField(default=0)
    problem_rows = models.BigIntegerField(default=0)
    """Rows with at least one finding in the last governance run."""
    governed_at = models.DateTimeField(null=True, blank=True)
    score = models.FloatField(null=True, blank=True)
    """Quality score 0-100 of the last governance run; its formula stands in `governance.quality`."""
    score_parts = models.JSONField(default=dict)
    """{dimension: 0-100}: what the score is made of, of the last governance run."""
    grade = models.CharField(max_length=2, blank=True)
    """Highest grade among its fields."""
    search_title = models.TextField(blank=True, editable=False)
    """Titles, key and code, each also in pinyin and initials: see `spelling`. What stands here ranks first."""
    search_fields = models.TextField(blank=True, editable=False)
    """Names of its fields and of their elements, spelt the same ways."""
    search_text = models.TextField(blank=True, editable=False)
    """Summary, provider and source, spelt the same ways. What stands here ranks last."""

    scope = Scope(everyone=True)
    ROWS = Scope(organisation="provider")
    """Its head is open to whoever may see the warehouse; the rows behind it are the provider's."""

    class Meta:
        ordering = ["key"]
        indexes = [models.Index(fields=["provider", "key"], name="catalogue_provider_key")]
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=~models.Q(code=""), name="catalogue_dataset_code")
        ]

    def __str__(self) -> str:
        return self.chinese

    @property
    def table(self) -> str:
        """Its table name in every lake namespace."""
        return "".join(character if character.isalnum() and character.isascii() else "_" for character in self.key)


class Field(models.Model):
    """One column of a dataset (信息项), and the data element it was matched to."""

    class Match(models.TextChoices):
        NONE = "none", _("No element found")
        PROPOSED = "proposed", _("Proposed")
        TAKEN = "taken", _("Taken above the threshold")
        CONFIRMED = "confirmed", _("Confirmed by a person")
        REFUSED = "refused", _("Refused by a person")

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="fields")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    """Column name as delivered."""
    chinese = models.CharField(max_length=200, blank=True)
    raw_type = models.CharField(max_length=64)
    """Arrow type as gathered: `string`, `int64`, `date32[day]`."""
    element_key = models.CharField(max_length=80, blank=True, db_index=True)
    match = models.CharField(max_length=16, choices=Match.choices, default=Match.NONE)
    match_score = models.FloatField(null=True, blank=True)
    match_reasons = models.JSONField(default=list)
    """Why this element was proposed: stored sentences, see `sentences.py`."""
    match_by = models.CharField(max_length=150, blank=True)
    """Name of who confirmed or refused."""
    grade = models.CharField(max_length=2, blank=True)
    """Security grade: suggested by the element and the content."""
    score = models.FloatField(null=True, blank=True)
    """Quality score 0-100 of the last governance run; None where no rule could judge it."""
    score_parts = models.JSONField(default=dict)
    """{dimension: 0-100}: what the score is made of."""
    is_gone = models.BooleanField(default=False)
    """True when a later delivery no longer had the column."""

    scope = Scope(everyone=True)
    ROWS = Scope(organisation="dataset__provider")
    """Whoever may see the warehouse sees what a field is; its values, and decisions about it, are the provider's."""

    class Meta:
        ordering = ["dataset", "position"]
        constraints = [models.UniqueConstraint(fields=["dataset", "name"], name="catalogue_field_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def reasons(self) -> list[str]:
        """Why this element was proposed, in the reader's language."""
        return [str(read(stored)) for stored in self.match_reasons]


class Version(models.Model):
    """One version of a dataset that was served (版本): which snapshot, when, how many rows, with what schema."""

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="versions")
    snapshot = models.BigIntegerField()
    made_at = models.DateTimeField()
    rows = models.BigIntegerField()
    schema = models.JSONField()
    """[[column, arrow type], ...]"""
    note = models.CharField(max_length=300, blank=True)

    scope = Scope(organisation="dataset__provider")

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["dataset", "snapshot"], name="catalogue_version_snapshot")]

    def __str__(self) -> str:
        return f"{self.dataset} {self.made_at:%Y-%m-%d %H:%M}"


class Score(models.Model):
    """One quality score of one subject at one time: the history behind every score a page shows.

    Dataset, source, department and county are stored at every run; fields and elements only when the number changed,
    so that the history grows with what happens and not with the clock.
    """

    class Subject(models.TextChoices):
        FIELD = "field", _("Field")
        DATASET = "dataset", _("Dataset")
        SOURCE = "source", _("Source")
        DEPARTMENT = "department", _("Department")
        ELEMENT = "element", _("Element")
        COUNTY = "county", _("County")

    subject = models.CharField(max_length=16, choices=Subject.choices)
    key = models.CharField(max_length=400)
    """Key of the subject; of a field `<dataset key>/<column>`; of the county the empty text."""
    at = models.DateTimeField()
    score = models.FloatField(null=True, blank=True)
    """0-100; None when there was nothing to judge."""
    parts = models.JSONField(default=dict)
    """{dimension: 0-100}, dimensions that did not apply left out."""
    rows = models.BigIntegerField(default=0)
    """Rows it was judged on."""
    formula = models.CharField(max_length=16)
    """Version of the formula that made it: scores of different versions are not compared."""

    scope = Scope(everyone=True)

    class Meta:
        ordering = ["subject", "key", "-at"]
        constraints = [models.UniqueConstraint(fields=["subject", "key", "at"], name="catalogue_score_subject_at")]

    def __str__(self) -> str:
        return f"{self.subject} {self.key} {self.at:%Y-%m-%d %H:%M}"
