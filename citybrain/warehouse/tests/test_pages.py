"""Every page: who may see it, that it holds what it should, and that no input breaks it."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from citybrain.kernel.identity.models import SecurityEvent
from citybrain.kernel.jobs.models import Job
from citybrain.warehouse.catalogue.models import Dataset, Field
from citybrain.warehouse.gathering.models import GatherRun, QuarantineItem
from citybrain.warehouse.gathering.quarantine import Segment
from citybrain.warehouse.governance.models import GovernRun
from citybrain.warehouse.pages.entry_tabs import PANELS, distinct, drifted, extent, filled, frequent
from citybrain.warehouse.pages.sources import TABS

ADDRESSES = [
    "/warehouse/",
    "/datasets/",
    "/departments/",
    "/departments/police/",
    "/decisions/",
    "/decisions/?tab=changes",
    "/sources/",
    *(f"/sources/police-people/?tab={tab}" for tab in TABS),
    "/runs/",
    "/elements/",
    "/elements/citizen-id/",
    "/codelists/",
    "/codelists/sex/",
    *(f"/datasets/police.people/?tab={tab}" for tab in PANELS),
]

HOSTILE = ["", "0", "-1", "99999999999999999999", "abc", "%00", "'\"><script>", "💥", "%", "_", "a" * 3000, "１"]


def text_of(answer: object) -> str:
    """The page as text, its tags taken out."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_in_both_languages(county: Dataset, staff: Client, language: str) -> None:
    staff.cookies["django_language"] = language
    for address in ADDRESSES:
        answer = staff.get(address)
        assert answer.status_code == 200, address
        page = answer.content.decode()
        assert f'lang="{"zh-CN" if language == "zh-hans" else "en"}"' in page
        assert not re.search(r"%\(\w+\)s|\{\{|\{%", page), f"{address} shows an unfilled place"


def test_no_page_is_shown_to_a_stranger(county: Dataset) -> None:
    for address in [*ADDRESSES, "/catalogue.jsonld", "/catalogue.csv", "/catalogue.xlsx"]:
        answer = Client().get(address)
        assert answer.status_code == 302 and answer["Location"].startswith("/login/"), address


def test_the_content_policy_allows_no_inline_code(staff: Client, county: Dataset) -> None:
    policy = staff.get("/warehouse/")["Content-Security-Policy"]
    assert "unsafe" not in policy and "default-src 'self'" in policy


def test_hostile_input_breaks_nothing(county: Dataset, staff: Client) -> None:
    lists = ("/datasets/", "/sources/", "/elements/", "/codelists/sex/", "/decisions/", "/runs/")
    names = ("q", "page", "state", "grade", "share", "quality_below", "real", "rule", "field", "text", "kind", "reason")
    tabbed = [f"/datasets/police.people/?tab={tab}" for tab in PANELS]
    tabbed += [f"/sources/police-people/?tab={tab}" for tab in TABS]
    for value in HOSTILE:
        for address in lists:
            answer = staff.get(address, {**dict.fromkeys(names, value), "tab": value})
            assert answer.status_code == 200, (address, value)
            assert "<script>" not in answer.content.decode()
        for address in tabbed:
            answer = staff.get(address + "".join(f"&{name}={quote(value)}" for name in names))
            assert answer.status_code == 200, (address, value)


def test_what_does_not_exist_is_a_page_that_says_so(staff: Client, county: Dataset) -> None:
    unknown = "00000000-0000-0000-0000-000000000000"
    for address in ("/datasets/no/", "/sources/no/", "/departments/no/", "/elements/no/", "/codelists/no/", "/no"):
        answer = staff.get(address)
        assert answer.status_code == 404 and "404" in text_of(answer), address
    assert staff.get(f"/runs/{unknown}/").status_code == 404


def test_the_overview_lists_every_department_with_its_numbers(staff: Client, county: Dataset) -> None:
    staff.cookies["django_language"] = "en"
    page = text_of(staff.get("/warehouse/"))
    assert "Public Security Bureau" in page and "Tax Service" in page
    assert "Rehearsal data" in page


def test_problem_rows_say_what_why_and_how_without_the_value(staff: Client, county: Dataset) -> None:
    staff.cookies["django_language"] = "en"
    page = text_of(staff.get("/datasets/police.people/?tab=problems&rule=citizen-id.check-digit"))
    assert "Wrong check character" in page and "GB 11643-1999" in page
    assert "Compare with the certificate" in page
    whole = "".join(staff.get(f"/datasets/police.people/?tab={tab}").content.decode() for tab in PANELS)
    assert "110105194912310021" not in whole, "a citizen's number is masked on every tab"
    assert "13800138000" not in whole and "王小明" not in whole


def test_a_run_shows_that_its_sums_add_up(staff: Client, county: Dataset) -> None:
    staff.cookies["django_language"] = "en"
    job = Job.objects.get()
    page = text_of(staff.get(reverse("run", args=[job.id])))
    assert page.count("adds up") == 2
    GovernRun.objects.update(rows_in=99)
    assert "does not add up" in text_of(staff.get(reverse("run", args=[job.id])))


def test_confirming_and_refusing_a_match(staff: Client, county: Dataset) -> None:
    field = Field.objects.get(dataset=county, name="SFZH")
    address = reverse("decide-match", args=[field.id])
    answer = staff.post(address, {"confirm": "yes", "next": "/decisions/"})
    assert answer["Location"] == "/decisions/"
    field.refresh_from_db()
    assert (field.match, field.match_by) == (Field.Match.CONFIRMED, "clerk")
    staff.post(address, {"confirm": "no", "next": "https://evil.example/"})
    field.refresh_from_db()
    assert field.match == Field.Match.REFUSED


def test_a_form_never_leads_to_another_site(staff: Client, county: Dataset) -> None:
    field = Field.objects.get(dataset=county, name="SFZH")
    for target in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil.example"):
        answer = staff.post(reverse("decide-match", args=[field.id]), {"confirm": "no", "next": target})
        assert answer["Location"].startswith("/datasets/"), target


WRITES = ["start", "decide-match", "decide", "quarantined-bytes", "stop", "again"]


def address_of(name: str) -> str:
    """An address of a page that writes, for things that need not exist."""
    arguments: list[object] = [] if name == "start" else [Job.objects.get().id] if name in ("stop", "again") else [1]
    return reverse(name, args=arguments)


def test_only_staff_writes_and_only_by_post_with_a_token(county: Dataset, staff: Client, reader: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = staff.cookies
    for name in WRITES:
        assert staff.get(address_of(name)).status_code == 405, name
        assert Client().post(address_of(name)).status_code == 302, name
        for client in (reader, strict):
            answer = client.post(address_of(name))
            assert answer.status_code == 403 and "403" in text_of(answer), name


def test_a_reader_is_offered_no_button(county: Dataset, reader: Client) -> None:
    for address in ADDRESSES:
        page = reader.get(address).content.decode()
        actions = set(re.findall(r'<form[^>]*action="([^"]+)"[^>]*method="post"', page))
        assert actions <= {"/language/", "/logout/"}, address


def test_starting_twice_is_once(county: Dataset, staff: Client) -> None:
    first = staff.post("/runs/start/", {"job": "gather", "source": "police-people"})
    again = staff.post("/runs/start/", {"job": "gather", "source": "police-people"})
    assert first["Location"] == again["Location"]
    job = Job.objects.get(name="gather")
    assert (job.arguments, job.requested_by, job.state) == ({"source": "police-people"}, "clerk", Job.State.QUEUED)
    assert staff.post("/runs/start/", {"job": "rm -rf"}).status_code == 404


def test_calling_off_and_asking_again(county: Dataset, staff: Client) -> None:
    staff.post("/runs/start/", {"job": "run"})
    job = Job.objects.get(name="run", state=Job.State.QUEUED)
    staff.post(reverse("stop", args=[job.id]))
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED
    staff.post(reverse("again", args=[job.id]))
    job.refresh_from_db()
    assert job.state == Job.State.QUEUED


def test_a_page_asks_no_more_questions_when_there_is_more(
    county: Dataset, staff: Client, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    for number in range(30):
        copy = Dataset.objects.get(pk=county.pk)
        copy.pk, copy.key, copy.code = None, f"police.copy-{number}", f"301002/{number + 100}"
        copy.save()
        Field.objects.create(
            dataset=copy, position=1, name="XM", raw_type="string", element_key="person-name", match="proposed"
        )
    for address in ("/warehouse/", "/departments/", "/sources/", "/datasets/", "/decisions/"):
        staff.get(address)  # what is kept for a minute is asked for once
        with django_assert_max_num_queries(30):
            assert staff.get(address).status_code == 200


def test_exports_hold_what_the_search_found(county: Dataset, staff: Client) -> None:
    assert b'"dcat:Catalog"' in staff.get("/catalogue.jsonld").content
    with override("en"):
        staff.cookies["django_language"] = "en"
        assert "police.people" in staff.get("/catalogue.csv?q=renkou").content.decode()
        assert "police.people" not in staff.get("/catalogue.csv?q=nothing").content.decode()
    assert staff.get("/catalogue.xlsx").content.startswith(b"PK")


def test_what_lies_in_quarantine_waits_until_a_later_load_replaces_it(county: Dataset, staff: Client) -> None:
    staff.cookies["django_language"] = "en"
    first = GatherRun.objects.get()
    item = QuarantineItem.objects.create(
        run=first, place="people.csv", row=9, reason="undecodable", segment="0", start=0, size=3, sha256="0"
    )
    assert "Sources with rows in quarantine" in text_of(staff.get("/warehouse/"))
    repeat = GatherRun.objects.create(table=first.table, load="again", rows_read=4, rows_skipped=4)
    assert "Sources with rows in quarantine" in text_of(staff.get("/warehouse/")), "a repeated delivery mends nothing"
    assert "undecodable" not in text_of(staff.get("/sources/police-people/?tab=quarantine"))
    assert "people.csv" in text_of(staff.get("/sources/police-people/?tab=quarantine"))
    GatherRun.objects.filter(pk=repeat.pk).update(rows_loaded=4, rows_skipped=0)
    assert "Sources with rows in quarantine" not in text_of(staff.get("/warehouse/"))
    answer = staff.post(reverse("quarantined-bytes", args=[item.id]), {"reason": "mending the export"})
    assert answer.status_code == 404, "its bytes are gone"


def test_staff_downloads_the_bytes_exactly_as_delivered(county: Dataset, staff: Client, settings: Any) -> None:
    segment = Segment(settings.HOME / "quarantine")
    segment.add(place="people.csv", row=9, offset=0, reason="undecodable", data=b"\xff\xfe,\x00")
    [facts] = segment.close()
    item = QuarantineItem.objects.create(run=GatherRun.objects.get(), **facts)
    address = reverse("quarantined-bytes", args=[item.id])
    assert staff.post(address, {"reason": "  "}).status_code == 302, "no bytes without a purpose"
    assert not SecurityEvent.objects.exists()
    answer = staff.post(address, {"reason": "mending the export"})
    assert answer.content == b"\xff\xfe,\x00"
    line = SecurityEvent.objects.get()
    assert (line.action, line.purpose, line.user.username) == ("disclose", "mending the export", "clerk")
    assert line.detail["dataset"] == "police.people" and "\xff" not in str(line.detail)
    assert answer["Content-Disposition"].startswith("attachment") and answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("seen", [{}, {"shapes": [["9", 3]], "top": [["<b>", 2]], "distinct": 7, "is_exact": False}])
def test_a_profile_tells_what_it_knows(seen: dict[str, Any]) -> None:
    facts = {"rows": 4, "nulls": 1, **seen}
    drawn = filled(facts) + distinct(facts) + extent({**facts, "longest": 3, "shortest": 1}) + frequent(facts)
    assert "75%" in drawn and "1–3 characters" in drawn
    assert ("≈" in drawn) == bool(seen) and "<b>" not in drawn


def test_drift_tells_what_is_known_of_it() -> None:
    assert "first pass" in drifted(None)
    assert "shifted PSI 0.300" in drifted({"top": 0.3}) and "st-bad" in drifted({"top": 0.3})
    assert "moving" in drifted({"top": 0.2}) and "steady" in drifted({"top": 0.0})
    assert "+1.00 pp" in drifted({"nulls": 0.01}) and "×2.00" in drifted({"distinct": 2.0})


def test_loads_of_a_run_are_paged_and_ordered(county: Dataset, reader: Client) -> None:
    job, first = Job.objects.get(), GatherRun.objects.get()
    for number in range(70):
        GatherRun.objects.create(table=first.table, load=f"{job.id}:{number}", rows_read=number, rows_loaded=number)
    address = reverse("run", args=[job.id])
    page = text_of(reader.get(address))
    assert "1 – 30 of 71" in page and "31 – 60 of 71" in text_of(reader.get(address, {"loads": "2"}))
    ordered = reader.get(address, {"loads-order": "-read"}).content.decode()
    assert ordered.index(">69<") < ordered.index(">68<") and 'aria-sort="descending"' in ordered
    assert reader.get(address, {"loads-order": "plan", "loads": "x", "passes": "99"}).status_code == 200
