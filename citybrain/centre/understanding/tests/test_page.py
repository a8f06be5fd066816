"""The model's card."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from django.test import Client
from django.urls import reverse

from citybrain.centre.understanding.models import Label, ModelVersion
from citybrain.declare.role import Reach
from citybrain.kernel.jobs.models import Job

MEASURED = {"texts": 9, "macro_f1": 0.5, "first": 0.5, "among_three": 0.8, "sure": 0.6, "sure_right": 0.9}


def test_the_card_shows_measures_and_reads_a_text(
    land: SimpleNamespace, signed_in_client: Callable[..., Client], allowed: Callable[..., Any]
) -> None:
    client = signed_in_client(roles=[allowed("understanding:view", reach=Reach.COUNTY)])
    assert "No model yet" in client.get(reverse("understanding")).content.decode()
    held = MEASURED | {"worst": [["street-light", 0.1]], "mixed_up": [["street-light", "ktv-noise", 3]]}
    ModelVersion.objects.create(
        key="f" * 16, samples=10, is_used=True, measures={"held": held, "hand": MEASURED, "types": 8}
    )
    Label.objects.create(reference="YK1", text="路灯不亮", type="street-light", proposed="ktv-noise", rank=0)
    page = client.get(reverse("understanding")).content.decode()
    assert "f" * 16 in page
    assert "路灯不亮" in page
    assert reverse("understanding-train") not in page
    read = client.post(reverse("understanding"), {"text": "古山镇胡库下村路灯不亮，有人受伤"}).content.decode()
    assert "古山镇胡库下村" in read
    assert "somebody was hurt" in read


def test_training_is_asked_for_once(
    signed_in_client: Callable[..., Client], official: Callable[..., Any], allowed: Callable[..., Any]
) -> None:
    reader = signed_in_client(roles=[allowed("understanding:view", reach=Reach.COUNTY)])
    assert reader.post(reverse("understanding-train")).status_code == 403
    steward = signed_in_client(official("steward", roles=[allowed("understanding:teach", reach=Reach.COUNTY)]))
    for _time in range(2):
        assert steward.post(reverse("understanding-train")).status_code == 302
    assert Job.objects.filter(name="understanding-train", arguments={"is_forced": True}).count() == 1
