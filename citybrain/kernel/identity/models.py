"""People and organisations. Posts, areas and data scope come with the page toolkit."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class Organisation(models.Model):
    """A department, town, zone or other body (机构) that provides data or handles cases."""

    class Kind(models.TextChoices):
        GOVERNMENT = "government", _("Government department")
        INSTITUTION = "institution", _("Public institution")
        COURT = "court", _("Court")
        ASSOCIATION = "association", _("Association")
        UTILITY = "utility", _("Public utility")
        TOWN = "town", _("Town")
        SUBDISTRICT = "subdistrict", _("Subdistrict")
        ZONE = "zone", _("Functional zone")

    key = models.SlugField(max_length=64, unique=True)
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.GOVERNMENT)
    chinese = models.CharField(max_length=128)
    english = models.CharField(max_length=128)
    short = models.CharField(max_length=32, blank=True)
    credit_code = models.CharField(max_length=18, blank=True)
    """Unified social credit code (统一社会信用代码), GB 32100-2015."""
    division_code = models.CharField(max_length=12, blank=True)
    """Statistical division code for towns; zones carry a local code that no standard knows."""
    position = models.PositiveSmallIntegerField(default=0)
    """Order in which the county lists its bodies."""

    AREAS = (Kind.TOWN, Kind.SUBDISTRICT, Kind.ZONE)
    """Kinds that govern an area; all others are departments."""

    class Meta:
        ordering = ["position", "key"]

    def __str__(self) -> str:
        return self.chinese


class User(AbstractUser):
    """A person who signs in."""

    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
