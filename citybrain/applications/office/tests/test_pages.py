"""What the pages of records do beyond what every type inherits, tried with the office's own."""

from __future__ import annotations

import io
import json
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from citybrain.applications.office.models import Feedback, ServicePoint
from citybrain.declare.role import Reach
from citybrain.declare.words import Grade
from citybrain.kernel.identity.models import Area, SecurityEvent, User
from citybrain.kernel.records import actions
from citybrain.kernel.records.models import Draft, SavedView
from citybrain.kernel.records.shape import shape_of
from citybrain.testing.people import acting_as, allowed, official, organisation_of, signed_in_client
from citybrain.ui.finding import SEARCH
from citybrain.ui.records import mapping

pytestmark = pytest.mark.django_db

LIST = "/records/service-point/"
API = "/api/v1/service-point/"
POINT = {"title": "古山镇便民服务中心", "kind": "town", "address": "永康市古山镇前塘路1号", "hours": "周一至周五"}


@pytest.fixture
def owner() -> User:
    roles = [allowed("service-point:*", "feedback:*", reach=Reach.ORGANISATION, clearance=Grade.L3)]
    return official("owner", roles=roles, organisation="home")


@pytest.fixture
def client(owner: User) -> Client:
    return signed_in_client(owner)


@pytest.fixture
def stranger() -> Client:
    return signed_in_client(official("stranger", roles=[allowed("service-point:*")], organisation="elsewhere"))


PARAMETERS = [
    "q",
    "page",
    "sort",
    "tab",
    "columns",
    "view",
    "kind",
    "area",
    "bbox",
    "by",
    "sum",
    "period",
    "number",
    "organisation",
    "opened_on__from",
    "windows__min",
    "place__within",
    "created_at__to",
]
"""Parameters an address of a list may have."""


def point(owner: User, **values: Any) -> Any:
    return actions.create(shape_of(ServicePoint), {**POINT, **values}, acting_as(owner))


def at(longitude: float, latitude: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [longitude, latitude]}


def sheet(*rows: tuple[Any, ...]) -> SimpleUploadedFile:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return SimpleUploadedFile("points.xlsx", content.getvalue())


# Import


def test_a_bad_file_is_mended_and_imported_again(client: Client) -> None:
    heads = ("title", "kind", "address", "hours")
    bad = sheet(heads, ("甲", "town", "永康市古山镇1号", "周一"), ("乙", "castle", "永康市古山镇2号", "周一"))
    started = client.post(f"{LIST}import/", {"file": bad})
    preview = client.get(started["Location"])
    assert ServicePoint.objects.count() == 0, "nothing is written by looking"
    assert "castle" in preview.content.decode()
    client.post(f"{started['Location']}run/")
    assert [row.title for row in ServicePoint.objects.all()] == ["甲"]
    after = client.get(started["Location"])
    assert "errors.xlsx" in after.content.decode()
    file = client.get(f"{started['Location']}errors.xlsx")
    book = load_workbook(io.BytesIO(b"".join(file.streaming_content)))
    rows = [[cell.value for cell in row] for row in book.worksheets[0].rows]
    assert len(rows) == 2
    assert rows[1][-1]
    rows[1][rows[0].index("Kind")] = "town"
    again = client.post(f"{LIST}import/", {"file": sheet(*rows)})
    client.post(f"{again['Location']}run/")
    assert sorted(row.title for row in ServicePoint.objects.all()) == ["乙", "甲"]


@pytest.mark.parametrize("content", [b"", b"\x00" * 50, b"PK\x03\x04garbage", b"a,b\n1,2\n"])
def test_a_file_that_is_none_is_refused_in_words(client: Client, content: bytes) -> None:
    answer = client.post(f"{LIST}import/", {"file": SimpleUploadedFile("x.xlsx", content)})
    assert answer.status_code == 422


def test_nobody_sees_the_import_of_somebody_else(client: Client, stranger: Client) -> None:
    started = client.post(f"{LIST}import/", {"file": sheet(("title",), ("甲",))})["Location"]
    assert stranger.get(started).status_code == 404
    assert stranger.post(f"{started}run/").status_code == 404


def test_the_template_is_imported_as_it_is(client: Client) -> None:
    content = b"".join(client.get(f"{LIST}import/template.xlsx").streaming_content)
    heads = [cell.value for cell in next(iter(load_workbook(io.BytesIO(content)).worksheets[0].rows))]
    assert any("Name" in head for head in heads)


# Lists


def test_filters_narrow_and_nonsense_is_said(owner: User, client: Client) -> None:
    town, _made = Area.objects.get_or_create(key="330784108000", defaults={"chinese": "古山镇", "path": "y/g/"})
    village, _made = Area.objects.get_or_create(key="330784108200", defaults={"chinese": "古山三", "path": "y/g/s/"})
    inside = point(owner, area=village)
    outside = point(owner, kind="village", title="别处")
    assert town

    def numbers(query: str) -> set[str]:
        page = client.get(f"{LIST}?{query}").content.decode()
        return {one.number for one in (inside, outside) if f"{LIST}{one.number}/" in page}

    assert numbers("") == {inside.number, outside.number}
    assert numbers("area=330784108000") == {inside.number}, "an area with everything under it"
    assert numbers("kind=village") == {outside.number}
    assert numbers("q=gushan") == {inside.number}
    assert numbers(f"q={outside.number}") == {outside.number}
    wrong = client.get(f"{LIST}?kind=castle&opened_on__from=yesterday")
    assert wrong.status_code == 200
    assert 'class="note note-fair"' in wrong.content.decode()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(PARAMETERS),
        st.text(max_size=30),
        max_size=6,
    )
)
def test_no_address_breaks_a_list(client: Client, asked: dict[str, str]) -> None:
    for page in ("", "statistics/", "map.geojson", "map/", "paper/", "columns/", "export/"):
        assert client.get(LIST + page, asked).status_code == 200
    assert client.get(API, asked).status_code in (200, 422)


def test_columns_are_chosen_and_forgotten(owner: User, client: Client) -> None:
    point(owner, hours="只在周二")
    assert "只在周二" not in client.get(LIST).content.decode()
    client.post(f"{LIST}columns/", {"columns": ["number", "hours"]})
    assert "只在周二" in client.get(LIST).content.decode()
    client.post(f"{LIST}columns/", {"again": "1"})
    assert "只在周二" not in client.get(LIST).content.decode()
    assert client.get(f"{LIST}?columns=created_by__password,request_key").status_code == 200


def test_a_view_is_kept_opened_first_and_shared(owner: User, client: Client, stranger: Client) -> None:
    point(owner, kind="village", title="甲村")
    point(owner, title="乙镇")
    saved = client.post(f"{LIST}views/?kind=village&sort=-number", {"reason": "村级"})
    view = SavedView.objects.get()
    assert saved["Location"] == f"{LIST}?view={view.pk}"
    page = client.get(saved["Location"]).content.decode()
    assert "甲村" in page
    assert "乙镇" not in page
    client.post(f"{LIST}views/{view.pk}/", {"first": "1"})
    assert "乙镇" not in client.get(LIST).content.decode(), "the bare address opens it"
    colleague = signed_in_client(official("colleague", roles=[allowed("service-point:view")], organisation="home"))
    assert "村级" not in colleague.get(f"{LIST}views/").content.decode()
    client.post(f"{LIST}views/{view.pk}/", {"shared": "1"})
    assert "村级" in colleague.get(f"{LIST}views/").content.decode()
    assert "村级" not in stranger.get(f"{LIST}views/").content.decode()
    assert colleague.post(f"{LIST}views/{view.pk}/", {"remove": "1"}).status_code == 404
    client.post(f"{LIST}views/{view.pk}/", {"remove": "1"})
    assert not SavedView.objects.exists()


def test_every_bar_leads_to_as_many_rows_as_it_counts(owner: User, client: Client) -> None:
    for place, day in enumerate(["2020-01-05", "2020-01-20", "2021-03-01", None]):
        point(owner, opened_on=day, windows=place * 3 + 1, kind="town" if place else "village")
    for by in ("kind", "opened_on", "windows", "organisation", "created_at"):
        page = client.get(f"{LIST}statistics/?by={by}")
        chart = next(panel.chart for panel in page.context["page"].panels() if hasattr(panel, "chart"))
        led = [(value, link) for value, link in zip(chart.series[0].values, chart.links, strict=True) if link and value]
        assert led or by == "windows"
        for value, link in led:
            rows = next(panel for panel in client.get(link).context["page"].panels() if hasattr(panel, "paging"))
            assert rows.paging.total == value, link


def test_the_map_sends_what_is_in_sight_and_groups_the_many(
    owner: User, client: Client, stranger: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in range(5):
        point(owner, place=at(120.0 + place / 100, 28.9))
    point(owner, place=at(100.0, 20.0))
    near = client.get(f"{LIST}map.geojson", {"bbox": "119,28,121,29"}).json()
    assert len(near["features"]) == 5
    assert {"title", "number", "url"} <= set(near["features"][0]["properties"])
    assert stranger.get(f"{LIST}map.geojson").json()["features"] == []
    monkeypatch.setattr(mapping, "POINTS", 3)
    grouped = client.get(f"{LIST}map.geojson", {"bbox": "119,28,121,29"}).json()
    assert grouped["is_grouped"]
    assert sum(feature["properties"]["count"] for feature in grouped["features"]) == 5


# One record


def test_a_draft_is_the_persons_own(owner: User, client: Client) -> None:
    answer = client.post(f"{LIST}draft/", {"title": "半张表", "request_key": "x", "password": "secret"})
    assert answer.status_code == 200
    assert Draft.objects.get().values == {"title": "半张表"}
    assert "半张表" in client.get(f"{LIST}new/").content.decode()
    other = signed_in_client(official("other", roles=[allowed("service-point:*")], organisation="home"))
    assert "半张表" not in other.get(f"{LIST}new/").content.decode()
    client.post(f"{LIST}draft/", {"discard": "1"})
    assert "半张表" not in client.get(f"{LIST}new/").content.decode()


def test_a_body_out_of_reach_is_not_offered_and_not_taken(owner: User, client: Client) -> None:
    elsewhere = organisation_of("elsewhere")
    assert str(elsewhere) not in json.dumps(client.get(f"{LIST}choices/organisation/").json(), ensure_ascii=False)
    assert client.get(f"{LIST}choices/request_key/").status_code == 404
    assert client.get(f"{LIST}choices/area/", {"q": "'; --\x00%_"}).json() == {"choices": []}
    answer = client.post(f"{LIST}new/", {**POINT, "organisation": elsewhere.pk})
    assert answer.status_code == 422
    assert client.post(API, {**POINT, "organisation": "elsewhere"}, content_type="application/json").status_code == 422


def test_files_are_kept_given_and_refused(owner: User, client: Client, stranger: Client) -> None:
    record = point(owner)
    address = f"{LIST}{record.number}/files/"
    client.post(address, {"file": SimpleUploadedFile("记录.txt", "现场记录".encode())})
    client.post(address, {"file": SimpleUploadedFile("evil.html", b"<script>alert(1)</script>")})
    page = client.get(f"{LIST}{record.number}/").content.decode()
    assert "记录.txt" in page
    assert 'href="' + address in page
    link = page.split(f'href="{address}')[1].split('"')[0]
    file = client.get(address + link)
    assert b"".join(file.streaming_content) == "现场记录".encode()
    assert file["Content-Disposition"].startswith("attachment")
    assert stranger.get(address + link).status_code == 404
    client.post(f"{address}{link}remove/")
    assert client.get(address + link).status_code == 404


def test_a_comment_is_withdrawn_by_its_author_alone(owner: User, client: Client) -> None:
    record = point(owner)
    address = f"{LIST}{record.number}/comments/"
    client.post(address, {"text": "<b>已核实</b>"})
    page = client.get(f"{LIST}{record.number}/").content.decode()
    assert "&lt;b&gt;已核实" in page
    place = page.split(f'action="{address}')[2].split('"')[0]
    colleague = signed_in_client(official("colleague", roles=[allowed("service-point:view")], organisation="home"))
    assert colleague.post(address + place).status_code == 403
    client.post(address + place)
    assert "已核实" not in client.get(f"{LIST}{record.number}/").content.decode()


def test_what_links_here_stands_on_the_page(owner: User, client: Client) -> None:
    record = point(owner)
    values = {"title": "窗口太少", "kind": "idea", "text": "多开一个。", "service_point": record}
    said = actions.create(shape_of(Feedback), values, acting_as(owner))
    page = client.get(f"{LIST}{record.number}/").content.decode()
    assert f"/records/feedback/{said.number}/" in page
    blind = signed_in_client(official("blind", roles=[allowed("service-point:view")], organisation="home"))
    assert said.number not in blind.get(f"{LIST}{record.number}/").content.decode()


def test_the_code_is_a_picture_of_the_address(owner: User, client: Client) -> None:
    record = point(owner)
    answer = client.get(f"{LIST}{record.number}/code.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert ElementTree.fromstring(answer.content).tag.endswith("svg")


def test_too_many_at_once_are_refused(client: Client) -> None:
    numbers = [f"WD-2026-{place:06d}" for place in range(600)]
    assert client.get(f"{LIST}bulk/edit/", {"number": numbers}).status_code == 403
    assert client.post(f"{LIST}bulk/remove/", {"number": ["WD-2026-999999"]}).status_code == 403


# API and search


def test_the_api_describes_itself(client: Client) -> None:
    described = client.get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.")
    assert {"get", "post"} <= set(described["paths"][API])
    new = described["components"]["schemas"]["ServicePointNew"]
    assert set(new["required"]) == {"title", "kind", "address", "hours", "organisation"}
    page = client.get("/api/v1/docs/").content.decode()
    assert API in page
    assert "announcement" not in page, "only what the person may see"


def test_the_api_pages_orders_and_filters(owner: User, client: Client) -> None:
    for place in range(5):
        point(owner, title=f"点{place}", kind="village" if place % 2 else "town")
    first = client.get(API, {"size": 2, "order": "number"}).json()
    assert (first["total"], [item["title"] for item in first["items"]]) == (5, ["点0", "点1"])
    assert [item["title"] for item in client.get(API, {"size": 2, "order": "number", "page": 3}).json()["items"]] == [
        "点4"
    ]
    assert client.get(API, {"kind": "village"}).json()["total"] == 2
    for wrong in ({"size": 100_000}, {"kind": "castle"}, {"page": 0}):
        answer = client.get(API, wrong)
        assert answer.status_code == 422
        assert answer.json()["errors"] or answer.json()["detail"]


def test_a_purpose_opens_values_over_the_api_and_leaves_a_line(owner: User, client: Client) -> None:
    record = point(owner, manager_mobile="13800001234")
    address = f"{API}{record.number}/"
    assert "13800001234" not in client.get(address).content.decode()
    told = client.get(address, headers={"X-Purpose": "%E5%9B%9E%E5%A4%8D%E6%9D%A5%E4%BF%A1"})
    assert told.json()["manager_mobile"] == "13800001234"
    line = SecurityEvent.objects.filter(action="disclose").latest("pk")
    assert (line.purpose, line.thing_id, line.user_id) == ("回复来信", record.number, owner.pk)
    roles = [allowed("service-point:view", clearance=Grade.L3, key="cleared")]
    curious = signed_in_client(official("curious", roles=roles, organisation="home"))
    assert curious.get(address, headers={"X-Purpose": "curiosity"}).status_code == 403


def test_a_change_names_its_revision(owner: User, client: Client) -> None:
    record = point(owner)
    address = f"{API}{record.number}/"
    body = {"hours": "周六"}
    assert client.patch(address, body, content_type="application/json").status_code == 428
    assert client.patch(address, body, content_type="application/json", headers={"If-Match": '"1"'}).status_code == 200
    assert client.patch(address, body, content_type="application/json", headers={"If-Match": '"1"'}).status_code == 409


def test_the_palette_finds_records_within_reach(owner: User, client: Client, stranger: Client) -> None:
    record = point(owner)

    def found(actor: Any) -> list[str]:
        return [hit.url for group in SEARCH.find("gushanzhen", actor, only="records") for hit in group.hits]

    assert found(acting_as(owner)) == [f"{LIST}{record.number}/"]
    assert found(acting_as(User.objects.get(username="stranger"))) == []
    doors = [hit.url for group in SEARCH.find("service", acting_as(owner), only="registers") for hit in group.hits]
    assert {LIST, f"{LIST}new/"} <= set(doors)
