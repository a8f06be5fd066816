"""What stands behind a QR code: only what is public, what is known to be wrong, and a form that knows the asset."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from citybrain.centre.events.models import Signal
from citybrain.centre.events.tests.county import County
from citybrain.centre.intake.citizen.service import Reports, code_address
from citybrain.kernel.identity.actor import SYSTEM
from citybrain.kernel.records.actions import create, remove
from citybrain.kernel.records.shape import record_type
from citybrain.ui.records.codes import CODES

pytestmark = pytest.mark.django_db


@pytest.fixture
def point(county: County) -> Any:
    """A public thing that stands somewhere."""
    values = {
        "title": "古山镇便民服务中心",
        "kind": "town",
        "address": "胜利街1号",
        "hours": "8:30-17:00",
        "place": {"type": "Point", "coordinates": [120.16, 28.97]},
        "manager": "王演示",
        "manager_mobile": "13800138000",
        "organisation": county.town,
    }
    return create(record_type("service-point"), values, SYSTEM)


def test_the_page_shows_what_is_open_and_leads_to_a_form_that_knows_it(client: Client, point: Any) -> None:
    shown = client.get(f"/q/service-point/{point.number}/").content.decode()
    assert "古山镇便民服务中心" in shown and "王演示" not in shown and "13800138000" not in shown
    link = next(part.partition('"')[0] for part in shown.split('href="') if part.startswith("/c/report/?"))
    asked = parse_qs(urlsplit(link.replace("&amp;", "&")).query)
    assert asked["asset_number"] == [point.number] and asked["place"] == ["120.160000, 28.970000"]
    form = client.get(link.replace("&amp;", "&"))
    assert "X-Offline" not in form
    assert f'value="{point.number}"' in form.content.decode() and "You report something about" in form.content.decode()


def test_what_is_not_public_or_gone_has_no_page(client: Client, point: Any, county: County) -> None:
    assert client.get("/q/feedback/YJ-2026-000001/").status_code == 404
    assert client.get("/q/no-such/1/").status_code == 404
    assert client.get("/q/service-point/WD-none/").status_code == 404
    remove(point, SYSTEM, reason="test")
    assert client.get(f"/q/service-point/{point.number}/").status_code == 404


def test_codes_of_public_things_lead_there_and_others_to_their_own_page(point: Any) -> None:
    assert CODES.path("service-point", point.number) == f"/q/service-point/{point.number}/"
    assert code_address("feedback", "YJ-1") == ""
    assert [action.url for action in Reports().record_actions("service-point", point.number)] == [
        f"/q/service-point/{point.number}/"
    ]


def test_a_report_names_its_asset_only_when_there_is_one(report: Callable[..., Any], point: Any) -> None:
    assert report(asset_kind="service-point", asset_number=point.number, place="").status_code == 201
    assert report(asset_kind="service-point", asset_number="WD-none").status_code == 201
    assert report(asset_kind="feedback", asset_number="1").status_code == 201
    named = Signal.objects.order_by("pk").values_list("asset_kind", "asset_number")
    assert list(named) == [("service-point", point.number), ("", ""), ("", "")]
