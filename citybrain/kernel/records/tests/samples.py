"""Two record types that exist only in these tests: their application is not installed, so nobody else meets them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from citybrain.declare.words import Masking
from citybrain.kernel.records.fields import Choice, Day, Link, LongText, Moment, Number, Place, Text, Whole, YesNo
from citybrain.kernel.records.models import Record


class Tree(Record):
    """An old tree (古树名木) and who looks after it."""

    class Kind(models.TextChoices):
        CAMPHOR = "camphor", "Camphor"
        GINKGO = "ginkgo", "Ginkgo"

    title = Text("Name", max_length=40)
    kind = Choice("Kind", choices=Kind.choices)
    girth = Whole("Girth", unit="cm", null=True, blank=True)
    height = Number("Height", unit="m", null=True, blank=True, max_digits=6, decimal_places=2)
    planted = Day("Planted", null=True, blank=True)
    seen_at = Moment("Last seen", null=True, blank=True)
    is_fenced = YesNo("Fenced", default=False)
    place = Place("Position")
    tag = Text("Tag", max_length=12, null=True, blank=True, unique=True)
    mobile = Text("Keeper's mobile", max_length=20, element="mobile", blank=True)
    citizen_id = Text("Keeper's number", max_length=18, element="citizen-id", masking=Masking.IDENTIFIER, blank=True)
    remarks = LongText("Remarks", blank=True)

    # Said in full, since type checking knows the managers of installed applications only.
    objects: ClassVar[models.Manager[Tree]] = models.Manager()

    class Meta:
        app_label = "records_samples"
        verbose_name = "tree"
        verbose_name_plural = "trees"

    class Face(Record.Face):
        prefix = "GS"
        retention_days = 30


class Visit(Record):
    """A visit to an old tree."""

    title = Text("About")
    tree = Link(Tree, "Tree")

    class Meta:
        app_label = "records_samples"
        verbose_name = "visit"
        verbose_name_plural = "visits"


MODELS = (Tree, Visit)
