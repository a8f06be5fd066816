"""Whose the rows are: heads for everybody, what lies behind for the providing department and the county's steward."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from citybrain.declare.role import Reach
from citybrain.kernel.identity.models import SecurityEvent
from citybrain.kernel.jobs.models import Job
from citybrain.ui.finding import Hit
from citybrain.warehouse.catalogue.models import Dataset, Field
from citybrain.warehouse.finding import SEARCH
from citybrain.warehouse.gathering.models import GatherRun, QuarantineItem, SchemaChange
from citybrain.warehouse.pages.entry_tabs import BEHIND, PANELS
from citybrain.warehouse.permissions import DECIDE, VIEW
from citybrain.warehouse.queries import waiting
from citybrain.warehouse.tests.conftest import KEY, Clients, People, Roles
from citybrain.warehouse.todos import TODOS


@pytest.fixture
def other(official: People, allowed: Roles, signed_in_client: Clients) -> Client:
    """A client of the tax service, who may do everything with the rows of their own department."""
    return signed_in_client(official("taxman", roles=[allowed("warehouse:*")], organisation="tax"))


@pytest.fixture
def own(official: People, allowed: Roles, signed_in_client: Clients) -> Client:
    """A client of the police, the providing department."""
    return signed_in_client(official("officer", roles=[allowed("warehouse:*")], organisation="police"))


@pytest.fixture
def things(county: Dataset) -> dict[str, Any]:
    """A changed column and a quarantined row of the police."""
    run = GatherRun.objects.get()
    change = SchemaChange.objects.create(dataset=county, run=run, kind="lost", column="XM", before="string")
    item = QuarantineItem.objects.create(
        run=run, place="people.csv", row=9, reason="undecodable", segment="0", start=0, size=3, sha256="0"
    )
    return {"change": change, "item": item, "field": Field.objects.get(dataset=county, name="SFZH")}


def test_heads_are_for_everybody_who_sees_the_warehouse(county: Dataset, other: Client) -> None:
    for address in (
        "/warehouse/",
        "/datasets/",
        "/departments/",
        "/departments/police/",
        "/elements/citizen-id/",
        "/codelists/",
    ):
        assert other.get(address).status_code == 200, address
    assert "police-people" not in other.get("/sources/").content.decode()
    assert KEY in other.get("/datasets/").content.decode()
    head = other.get(f"/datasets/{KEY}/").content.decode()
    assert "SFZH" in head
    for tab in BEHIND:
        assert f"tab={tab}" not in head, "what leads nowhere is not offered"


def test_rows_of_another_department_are_not_there(things: dict[str, Any], other: Client, own: Client) -> None:
    addresses = [f"/datasets/{KEY}/?tab={tab}" for tab in BEHIND] + ["/sources/police-people/"]
    for address in addresses:
        assert other.get(address).status_code == 404, address
        assert own.get(address).status_code == 200, address
    for name, argument, values in (
        ("decide", things["change"].id, {"accept": "yes"}),
        ("decide-match", things["field"].id, {"confirm": "yes"}),
        ("quarantined-bytes", things["item"].id, {"reason": "curious"}),
    ):
        assert other.post(reverse(name, args=[argument]), values).status_code == 404, name
    assert other.post("/runs/start/", {"job": "gather", "source": "police-people"}).status_code == 404
    assert other.post("/runs/start/", {"job": "govern", "dataset": KEY}).status_code == 404
    things["field"].refresh_from_db()
    things["change"].refresh_from_db()
    assert things["field"].match == Field.Match.PROPOSED and things["change"].decision == "pending"
    assert not SecurityEvent.objects.filter(action="disclose").exists()
    assert not Job.objects.filter(state="queued").exists()


def test_a_run_shows_each_department_its_own_loads(things: dict[str, Any], other: Client, own: Client) -> None:
    job = Job.objects.get()
    Job.objects.update(result={"gathered": {"errors": ["police-people: secret path"]}})
    page = other.get(f"/runs/{job.id}/").content.decode()
    assert f"/datasets/{KEY}/" not in page and "secret path" not in page
    assert f"/datasets/{KEY}/" in own.get(f"/runs/{job.id}/").content.decode()


def test_only_the_county_works_on_everything_and_only_own_work_is_called_off(
    county: Dataset, own: Client, staff: Client
) -> None:
    assert own.post("/runs/start/", {"job": "run"}).status_code == 403
    assert own.post("/runs/start/", {"job": "gather", "source": "police-people"}).status_code == 302
    staff.post("/runs/start/", {"job": "run"})
    mine, theirs = Job.objects.get(name="gather", state="queued"), Job.objects.get(name="run", state="queued")
    assert own.post(f"/runs/{theirs.id}/stop/").status_code == 404
    assert own.post(f"/runs/{mine.id}/stop/").status_code == 302
    theirs.refresh_from_db()
    assert theirs.state == Job.State.QUEUED


def test_what_waits_is_what_the_person_may_decide(
    things: dict[str, Any], official: People, allowed: Roles, acting_as: Any
) -> None:
    people = {
        "officer": (official("officer", roles=[allowed(DECIDE, VIEW)], organisation="police"), 1),
        "taxman": (official("taxman", roles=[allowed(DECIDE, VIEW)], organisation="tax"), 0),
        "steward": (official("steward", roles=[allowed(DECIDE, VIEW, reach=Reach.COUNTY)]), 1),
        "reader": (official("reader", roles=[allowed(VIEW, reach=Reach.COUNTY)]), 0),
    }
    for name, (person, expected) in people.items():
        actor = acting_as(person)
        for provider in TODOS:
            found = provider.waiting(actor, 100)
            assert (provider.count(actor) > 0, len(found) > 0) == (expected > 0, expected > 0), (name, provider.key)
            assert provider.count(actor) == len(found)
            assert all(len(todo.actions) == 2 for todo in found)
    found = waiting(acting_as(people["taxman"][0]))
    assert (found.matches, found.changes, found.failed, found.quarantined) == (0, 0, 0, 0)


def found(key: str, text: str, actor: Any) -> list[Hit]:
    """What a provider of the palette finds."""
    return next(one for one in SEARCH if one.key == key).find(text, actor, 5)


def test_the_palette_finds_what_the_person_may_see(
    county: Dataset, official: People, allowed: Roles, acting_as: Any
) -> None:
    officer = acting_as(official("officer", roles=[allowed(VIEW)], organisation="police"))
    taxman = acting_as(official("taxman", roles=[allowed(VIEW)], organisation="tax"))
    for text in ("人口", "renkou", "rk", "People"):
        assert [hit.url for hit in found("datasets", text, taxman)] == [f"/datasets/{KEY}/"], text
    assert found("datasets", "人口", officer)[0].score == 1
    assert [hit.url for hit in found("sources", "rkxt", officer)] == ["/sources/police-people/"]
    assert found("sources", "rkxt", taxman) == []
    assert found("elements", "citizen", taxman)[0].url.startswith("/elements/")
    assert any(hit.url == "/codelists/sex/" for hit in found("codelists", "sex", taxman))
    assert all(not one.find("", officer, 5) for one in SEARCH)


def test_tabs_that_show_rows_are_tabs() -> None:
    assert set(BEHIND) < set(PANELS)
