"""A small county in the database and the lake, gathered and governed for real, and people who look at it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from citybrain.declare.element import Element
from citybrain.declare.role import Reach, Role
from citybrain.declare.rule import Rule
from citybrain.kernel.identity.models import Organisation, User
from citybrain.kernel.jobs.models import Job
from citybrain.kernel.lake import tables as lake_tables
from citybrain.kernel.registry.registry import registry
from citybrain.warehouse.catalogue.models import Dataset, Field
from citybrain.warehouse.gathering.actions import gather_table, register_sources
from citybrain.warehouse.gathering.models import SourceTable
from citybrain.warehouse.governance.actions import govern_dataset
from citybrain.warehouse.governance.actions_matching import match_fields
from citybrain.warehouse.governance.actions_scores import roll_up
from citybrain.warehouse.permissions import VIEW

PEOPLE = """SFZH,XM,CSRQ,LXDH
11010519491231002X,王小明,1949-12-31,13800138000
110105194912310021,李大力,1949-12-31,13800138001
440524188001010014,赵一,1880-01-01,12345
330784199001011234,"<script>alert(1)</script>",1990-01-01,13800138003
"""
"""One valid row, one wrong check character, one impossible birth, one name that is an attack."""

SOURCE = """
key = "police-people"
title = "人口系统"
english = "People"
department = "police"
kind = "csv"
path = "deliveries/police/people.csv"
schedule = "0 2 * * *"
[[tables]]
name = "people.csv"
key = "people"
title = "人口"
english = "People"
primary_key = ["SFZH"]
cycle = "daily"
"""

People = Callable[..., User]
Roles = Callable[..., Role]
Clients = Callable[..., Client]
"""The fixtures of `citybrain.testing.people`."""

KEY = "police.people"
NOW = datetime.datetime(2026, 11, 21, 9, tzinfo=datetime.UTC)


@pytest.fixture
def county(db: None, tmp_path: Path, settings: Any) -> Dataset:
    """One department with one source of four people, through the whole path; returns its dataset."""
    settings.HOME = tmp_path
    settings.DELIVERIES = tmp_path
    settings.LAKE = str(tmp_path / "lake")
    settings.LAKE_CATALOGUE_URL = f"sqlite:///{tmp_path / 'lake.sqlite3'}"
    (tmp_path / "deliveries" / "police").mkdir(parents=True)
    (tmp_path / "deliveries" / "police" / "people.csv").write_text(PEOPLE, encoding="utf-8")
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "people.toml").write_text(SOURCE, encoding="utf-8")
    Organisation.objects.create(key="police", chinese="永康市公安局", english="Public Security Bureau", position=1)
    Organisation.objects.create(key="tax", chinese="税务局", english="Tax Service", position=2)
    register_sources(tmp_path / "sources")
    job = Job.objects.create(name="run", title="Gather and govern", state=Job.State.DONE, queued_at=NOW)
    lake = lake_tables.lake()
    gather_table(SourceTable.objects.get(), lake=lake, load=f"{job.id}:{KEY}")
    dataset = Dataset.objects.get(key=KEY)
    elements = {element.key: element for element in registry().of(Element)}
    match_fields(dataset, lake, tuple(elements.values()))
    by_column = {
        field.name: elements[field.element_key]
        for field in dataset.fields.filter(match__in=(Field.Match.TAKEN, Field.Match.CONFIRMED))
    }
    govern_dataset(
        dataset,
        elements_by_column={**by_column, "SFZH": elements["citizen-id"]},
        rules=registry().of(Rule),
        lake=lake,
        load=f"{job.id}:{KEY}",
        today=NOW.date(),
    )
    Field.objects.filter(dataset=dataset, name="SFZH").update(element_key="citizen-id", match=Field.Match.PROPOSED)
    roll_up(at=NOW)
    dataset.refresh_from_db()
    return dataset


@pytest.fixture
def staff(official: People, allowed: Roles, signed_in_client: Clients) -> Client:
    """A client signed in as the data steward, whose work reaches the whole county."""
    role = allowed("warehouse:*", reach=Reach.COUNTY)
    return signed_in_client(official("clerk", roles=[role], organisation="data-office"))


@pytest.fixture
def reader(official: People, allowed: Roles, signed_in_client: Clients) -> Client:
    """A client signed in as somebody who may only read, the whole county."""
    role = allowed(VIEW, reach=Reach.COUNTY)
    return signed_in_client(official("reader", roles=[role], organisation="data-office"))
