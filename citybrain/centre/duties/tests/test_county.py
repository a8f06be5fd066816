"""The county's own map: every class of the installation has one lead everywhere, but for overlaps that are meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from citybrain.centre.duties.actions import load_duties
from citybrain.centre.duties.models import Duty
from citybrain.centre.duties.queries_map import report
from citybrain.kernel.identity.actions_loading import load_organisations
from citybrain.kernel.records.models import Change

pytestmark = pytest.mark.django_db

MEANT = {"stray-dogs", "electric-bicycle-charging", "fire-passage"}
"""Classes that two papers name a body for."""


def test_the_map_is_loaded_once_and_whole():
    load_organisations(settings.COUNTY)
    made = load_duties(settings.COUNTY)
    assert made == Duty.objects.count() > 200
    assert load_duties(settings.COUNTY) == 0
    # Loaded like any record: with its number and its history.
    assert Change.objects.filter(kind="duty").count() == made
    said = report()
    assert said.towns == 16 and not said.gaps
    assert {line.type.key for line in said.conflicts} == MEANT


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("路灯,nobody,lead,type,damaged-road,,,,,,2026-01-01,", "no organisation nobody"),
        ("路灯,police,lead,type,damaged-road,,999,,,,2026-01-01,", "no area 999"),
        ("路灯,police,lead,type,no-such-class,,,,,,2026-01-01,", "no-such-class"),
        ("路灯,police,lead,type,damaged-road,,,,,,soon,", "soon"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, fault: str):
    load_organisations(settings.COUNTY)
    head = "title,organisation,role,covers,pattern,asset_kind,area,is_local,source,clause,since,decided_by"
    (tmp_path / "duties.csv").write_text(f"# a word before\n{head}\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"duty 1") as caught:
        load_duties(tmp_path)
    assert fault in str(caught.value)
    assert not Duty.objects.exists()


def test_a_county_without_a_map_has_none(tmp_path: Path):
    assert load_duties(tmp_path) == 0
