"""Teams that can be sent to a place: a register like any other, kept by the bodies they belong to."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from citybrain.declare.words import Grade, Masking
from citybrain.kernel.records.fields import Choice, Place, Text, Whole, YesNo
from citybrain.kernel.records.models import Record


class Team(Record):
    """A team that can be sent (处置队伍): municipal repair, rescue, sanitation, patrol; whose it is, where it waits."""

    class Kind(models.TextChoices):
        REPAIR = "repair", _("Municipal repair")
        ENFORCEMENT = "enforcement", _("City enforcement")
        SANITATION = "sanitation", _("Sanitation")
        WATER = "water", _("Water and drainage")
        POWER = "power", _("Power and gas")
        TRAFFIC = "traffic", _("Traffic")
        FIRE = "fire", _("Fire and rescue")
        MEDICAL = "medical", _("Medical")
        GRID = "grid", _("Grid and village")

    title = Text(_("Name"), max_length=80, db_index=True)
    kind = Choice(_("Kind"), choices=Kind.choices)
    place = Place(_("Place"))
    address = Text(_("Address"), max_length=200, blank=True)
    leader = Text(_("Leader"), max_length=40, grade=Grade.L2, masking=Masking.NAME, blank=True)
    phone = Text(_("Phone"), max_length=32, grade=Grade.L2, blank=True, searched=False)
    members = Whole(_("Members"), default=1)
    vehicles = Text(_("Vehicles and gear"), max_length=200, blank=True)
    is_on_duty = YesNo(_("On duty"), default=True, db_index=True)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("Teams")

    class Face(Record.Face):
        icon = "users-group"
        prefix = "DW"
        title = "title"
        order = ("title",)
        keywords = ("队伍", "处置队伍", "抢修", "救援")

    def __str__(self) -> str:
        return str(self.title)
