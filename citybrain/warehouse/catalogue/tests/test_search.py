"""What search finds, in which order, with any query; run on SQLite here and on PostgreSQL by `test_postgres`."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from citybrain.declare.words import Grade, OpenType, ShareType, UpdateCycle
from citybrain.kernel.identity.models import Organisation
from citybrain.warehouse.catalogue import actions
from citybrain.warehouse.catalogue import search as search_module
from citybrain.warehouse.catalogue.models import Dataset
from citybrain.warehouse.catalogue.search import Filters, search, suggest
from citybrain.warehouse.catalogue.tests.conftest import Make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("declared")]


def keys(query: str = "", **options: object) -> list[str]:
    return [hit.dataset.key for hit in search(query, **options).hits]  # type: ignore[arg-type]


@pytest.fixture
def household(make: Make) -> Dataset:
    return make("police.household-person", "户籍人口", "Household registration", ("SFZH", "XM"), summary="常住人口登记")


@pytest.fixture
def bank(make: Make) -> Dataset:
    return make("police.bank", "银行账户", "Bank account", ("YHZH", "开户银行"))


@pytest.mark.parametrize(
    "query",
    [
        *("户籍人口", "户籍", "人口", "籍人", "hujirenkou", "huji", "renkou", "HJRK", "hjrk", "rk"),
        *("Household registration", "household", "regist", "ＨＯＵＳＥＨＯＬＤ", "police.household-person"),
        *("sfzh", "SFZH", "常住人口", "czrk", "公安 户籍 sfzh", "security household", "  户籍\t人口\n"),
    ],
)
def test_found_in_chinese_pinyin_initials_and_english(household: Dataset, bank: Dataset, query: str) -> None:
    assert keys(query)[0] == "police.household-person"


@pytest.mark.parametrize("query", ["公安局", "gaj", "public security", "police-household"])
def test_everything_of_a_provider_or_source(household: Dataset, bank: Dataset, query: str) -> None:
    assert sorted(keys(query)) == ["police.bank", "police.household-person"]


@pytest.mark.parametrize("query", ["户籍 账户", "zzzz", "人口户籍", "h%k", "户_人口", "%", "_", "*", "?", "\\"])
def test_not_found(household: Dataset, bank: Dataset, query: str) -> None:
    assert keys(query) == []


def test_characters_of_several_readings(make: Make) -> None:
    make("police.bank", "银行账户")
    make("police.changle", "长乐村参保人员")
    assert keys("yinhang") == ["police.bank"]
    assert keys("changle") == ["police.changle"]
    assert keys("canbao") == ["police.changle"]


def test_title_before_field_before_summary(make: Make) -> None:
    make("police.c", "丙表", summary="登记了车辆的表")
    make("police.b", "乙表", columns=("车辆",))
    make("police.a", "机动车辆")
    assert keys("车辆") == ["police.a", "police.b", "police.c"]


def test_whole_name_before_start_before_part(make: Make) -> None:
    make("police.part", "机动车辆")
    make("police.start", "车辆年检")
    make("police.whole", "车辆")
    assert keys("车辆") == keys("cheliang") == ["police.whole", "police.start", "police.part"]


def test_the_query_as_typed_before_its_words_apart(make: Make) -> None:
    make("police.apart", "甲", "permit of a vehicle")
    make("police.as-typed", "乙乙乙", "vehicle permit")
    assert keys("vehicle permit") == ["police.as-typed", "police.apart"]


def test_shorter_titles_first_then_by_key(make: Make) -> None:
    make("police.b", "车辆档案")
    make("police.a", "车辆档案")
    make("police.long", "车辆档案变更记录")
    assert keys("车辆") == ["police.a", "police.b", "police.long"]


def test_the_fields_that_match_are_named(household: Dataset) -> None:
    assert [field.name for field in search("sfzh").hits[0].fields] == ["SFZH"]
    assert search("户籍").hits[0].fields == ()


def test_an_element_lends_its_names_to_the_field(household: Dataset) -> None:
    household.fields.filter(name="XM").update(element_key="identifier")
    actions.reindex(household)
    assert keys("公民身份号码") == keys("gmsfhm") == keys("citizen") == ["police.household-person"]


def test_elements_in_use_are_suggested_too(household: Dataset) -> None:
    assert suggest("公民身分号码") == ()
    household.fields.filter(name="XM").update(element_key="identifier")
    assert suggest("公民身分号码") == ("公民身份号码",)


def test_what_only_looks_a_little_alike_is_not_suggested(household: Dataset, bank: Dataset) -> None:
    assert suggest("party") == ()
    assert suggest("户口") == ()


def test_a_column_that_is_gone_is_not_found(household: Dataset) -> None:
    household.fields.filter(name="XM").update(is_gone=True)
    actions.reindex(household)
    assert keys("xm") == []


FILTERS = {
    "department": ("tax", "police"),
    "source": ("tax-source", "police-household"),
    "grade": (Grade.L3, Grade.L1),
    "share": (ShareType.UNCONDITIONAL, ShareType.NONE),
    "open": (OpenType.CONDITIONAL, OpenType.NONE),
    "cycle": (UpdateCycle.DAILY, UpdateCycle.YEARLY),
    "state": ("held", "served"),
    "real": (True, False),
    "quality_below": (81.0, 80.0),
}


@pytest.mark.parametrize("option", FILTERS)
def test_filters(make: Make, tax: Organisation, option: str) -> None:
    dataset = make(
        "tax.filing",
        "纳税申报",
        provider=tax,
        source_key="tax-source",
        share=ShareType.UNCONDITIONAL,
        open=OpenType.CONDITIONAL,
        cycle=UpdateCycle.DAILY,
        is_real=True,
    )
    Dataset.objects.filter(pk=dataset.pk).update(grade="L3", state="held", score=80.0)
    right, wrong = FILTERS[option]
    assert keys("纳税", filters=Filters(**{option: right})) == ["tax.filing"]  # type: ignore[arg-type]
    assert keys("", filters=Filters(**{option: right})) == ["tax.filing"]  # type: ignore[arg-type]
    assert keys("纳税", filters=Filters(**{option: wrong})) == []  # type: ignore[arg-type]


def test_entries_without_a_score_are_not_below_any(make: Make) -> None:
    make("police.a", "甲")
    assert keys(filters=Filters(quality_below=101.0)) == []


def test_pages_cover_everything_once(make: Make) -> None:
    for number in range(7):
        make(f"police.t{number}", "车辆")
    pages = [search("车辆", page=page, size=3) for page in (1, 2, 3)]
    assert [len(page.hits) for page in pages] == [3, 3, 1]
    assert sorted(hit.dataset.key for page in pages for hit in page.hits) == [f"police.t{n}" for n in range(7)]
    assert {(page.total, page.pages) for page in pages} == {(7, 3)}


@pytest.mark.parametrize("query", ["车辆", "cheliang", ""])
def test_few_and_many_are_ordered_alike(make: Make, monkeypatch: pytest.MonkeyPatch, query: str) -> None:
    for number, title in enumerate(["车辆档案", "机动车辆", "车辆", "车辆年检", "非机动车辆", "车辆"]):
        make(f"police.t{number}", title)
    here = [keys(query, page=page, size=4) for page in (1, 2, 3)]
    monkeypatch.setattr(search_module, "FEW", 3)
    assert [keys(query, page=page, size=4) for page in (1, 2, 3)] == here


@pytest.mark.parametrize(("page", "size", "shown"), [(99, 3, 3), (0, 3, 1), (-5, 3, 1), (10**40, 3, 3), (1, 0, 1)])
def test_pages_outside_become_the_nearest(make: Make, page: int, size: int, shown: int) -> None:
    for number in range(7):
        make(f"police.t{number}", "车辆")
    found = search("车辆", page=page, size=size)
    assert (found.page, found.total, bool(found.hits)) == (shown, 7, True)


def test_nothing_at_all() -> None:
    found = search("任何")
    assert (found.total, found.page, found.pages, found.hits, found.suggestions) == (0, 1, 1, (), ())


HOSTILE = [
    *("'; DROP TABLE catalogue_dataset; --", '"', "''", "\\", "%%%%", "____", "[a-z]*", "(", "NEAR(", "*:*"),
    *("\0", "户\0籍", "\ud800", "\u202e户籍", "😀", "👨‍👩‍👧", "a" * 100_000, "户 " * 50_000, "\n\n", "\x1f", "${7*7}"),
    *("{{7*7}}", "%s %(x)s", "?", ":id", "İ", "ß", "ﬀ", "\u0301", "户籍" * 60),
]


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_any_text_is_a_query(household: Dataset, query: str) -> None:
    search(query)
    suggest(query)
    assert Dataset.objects.count() == 1


@pytest.mark.parametrize("title", ["100%_完成'\"\\", "😀户口", "Straße İ ﬀ", "户\u200b籍", "ＡＢＣ表"])
def test_any_title_is_found_by_itself(make: Make, title: str) -> None:
    make("police.odd", title)
    make("police.other", "别的")
    assert keys(title) == ["police.odd"]


@pytest.mark.parametrize(
    ("query", "suggested"),
    [
        ("户藉人口", "户籍人口"),
        ("huijrenkou", "户籍人口"),
        ("hosehold registation", "Household registration"),
        ("银行帐户", "银行账户"),
    ],
)
def test_did_you_mean(household: Dataset, bank: Dataset, query: str, suggested: str) -> None:
    found = search(query)
    assert found.total == 0
    assert found.suggestions[0] == suggested
    assert search(found.suggestions[0]).total > 0


def test_nothing_near_nothing_suggested(household: Dataset) -> None:
    assert search("qqqqqqqq").suggestions == ()


@pytest.mark.parametrize("count", [1, 12])
def test_queries_do_not_grow_with_what_is_found(make: Make, count: int) -> None:
    for number in range(count):
        make(f"police.t{number}", "车辆", columns=("HPHM",))
    with CaptureQueriesContext(
        connection,
    ) as captured:
        for hit in search("车辆", size=20).hits:
            assert hit.dataset.provider.chinese
    assert len(captured) == 3
