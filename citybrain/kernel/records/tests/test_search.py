"""Search and filters: the same answers on both databases, and nobody finds what is not theirs."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from citybrain.declare.role import Reach
from citybrain.kernel.identity.actor import ANONYMOUS, SYSTEM, Actor
from citybrain.kernel.identity.scope import scoped
from citybrain.kernel.records import actions
from citybrain.kernel.records.counting import counted
from citybrain.kernel.records.filters import filter_set
from citybrain.kernel.records.models import SearchEntry
from citybrain.kernel.records.search import Entry, forget, put, reindex, search, search_ids
from citybrain.kernel.records.shape import Shape
from citybrain.kernel.records.spelling import normal
from citybrain.kernel.records.tests.conftest import Values, area, body, person, tree_values
from citybrain.kernel.records.tests.samples import Tree
from citybrain.kernel.records.tokens import LONGEST, query_tokens, tokens

QUERIES = {
    "古山": {"camphor"},
    "山古": set(),
    "古山 樟": {"camphor"},
    "樟": {"camphor"},
    "gushan": {"camphor"},
    "gsz": {"camphor"},
    "GuShanZhen": {"camphor"},
    "yinxing": {"ginkgo"},
    "000002": {"ginkgo"},
    "hollow": {"ginkgo"},
    "HOLL": {"ginkgo"},
    "ollow": set(),
    "don't": {"ginkgo"},
    "GS-": {"camphor", "ginkgo"},
    f"gs-{timezone.localdate().year}-000002": {"ginkgo"},
    f"GS-{timezone.localdate().year}-0": {"camphor", "ginkgo"},
    f"GS-{timezone.localdate().year}-000003": set(),
    "": set(),
    "%": set(),
    "' OR 1=1 --": set(),
    '"; DROP TABLE': set(),
    "a* OR b": set(),
    "古山 & | !": {"camphor"},
    "\\": set(),
}
"""What is typed -> kinds of the trees it finds."""


@pytest.mark.django_db(databases=["default"])
def test_both_databases_find_the_same(installation: str, tree: Shape) -> None:
    home = body("forestry")
    actions.create(tree, tree_values(title="古山镇大樟树", organisation=home), SYSTEM)
    other = {"title": "银杏", "kind": "ginkgo", "remarks": "Hollow; don't touch.", "organisation": home}
    second = actions.create(tree, other, SYSTEM)
    for text, kinds in QUERIES.items():
        found = set(Tree.objects.filter(pk__in=search_ids(tree, text)).values_list("kind", flat=True))
        assert found == kinds, text
    actions.edit(second, {"title": "柏"}, SYSTEM, revision=1)
    assert not search("银杏", SYSTEM)
    assert [one.title for one in search("bai", SYSTEM)] == ["柏"]
    forget("tree", [second.pk])
    assert not search("bai", SYSTEM)
    assert reindex(tree) == 2
    assert search("bai", SYSTEM)


@pytest.mark.django_db
def test_nobody_finds_what_is_not_theirs(tree: Shape, keeper: Actor, stranger: Actor, values: Values) -> None:
    town = area("gushan")
    actions.create(tree, values(area=town), keeper)
    assert [one.note[:3] for one in search("樟", keeper)] == ["GS-"]
    assert search("樟", stranger) == []
    assert search("樟", ANONYMOUS) == []
    assert search("樟", keeper, kinds=["visit"]) == []
    assert len(search("樟", person("clerk", body("gushan"), reach=Reach.AREA, areas=frozenset({town.pk})))) == 1


@pytest.mark.django_db
def test_personal_values_are_not_found(tree: Shape, keeper: Actor, values: Values) -> None:
    actions.create(tree, values(mobile="13812348000"), keeper)
    assert search("13812348000", keeper) == []
    assert "1381" not in SearchEntry.objects.get().words


@pytest.mark.django_db
def test_the_very_title_comes_first(tree: Shape, keeper: Actor, values: Values) -> None:
    for title in ("古樟群", "古樟", "大古樟"):
        actions.create(tree, values(title=title), keeper)
    assert [one.title for one in search("古樟", keeper)] == ["古樟", "古樟群", "大古樟"]


@pytest.mark.django_db
def test_other_rooms_put_in_their_own(keeper: Actor, stranger: Actor) -> None:
    put([Entry(kind="visit", record_id=7, title="巡查计划", organisation_id=keeper.organisation_id)])
    assert [(one.kind, one.record_id) for one in search("xunc", keeper, kinds=["visit"])] == [("visit", 7)]
    assert search("xunc", stranger, kinds=["visit"]) == []


@given(st.text(max_size=300))
def test_tokens_hold_nothing_an_index_could_misread(text: str) -> None:
    for token in tokens((text,), (text,)):
        assert token
        assert len(token) <= LONGEST * 6
        assert not set(token) & set("\"'\\*&|!:() \x00")
    for token, _is_start in query_tokens(text):
        assert not set(token) & set("\"'\\*&|!:() \x00")


@given(st.text(alphabet="古山镇胡库樟abc019 -·", min_size=1, max_size=30))
def test_every_text_is_found_by_itself(text: str) -> None:
    kept = set(tokens((text,)))
    for token, is_start in query_tokens(text):
        assert token in kept or (is_start and any(one.startswith(token) for one in kept)), normal(text)


def filtered(tree: Shape, actor: Actor, query: str) -> list[str]:
    """Titles of the trees an address asks for."""
    rows = scoped(Tree.objects.all(), actor, tree.permission("view"))
    asked = filter_set(tree)(QueryDict(query), queryset=rows)
    assert asked.is_valid(), asked.errors
    return sorted(asked.qs.values_list("title", flat=True))


@pytest.mark.django_db
def test_filters(tree: Shape, keeper: Actor, values: Values) -> None:
    town = area("330784101000")
    village = area("330784101201", "village", town)
    point = {"type": "Point", "coordinates": [120.1, 28.9]}
    actions.create(tree, values(title="A", area=village, planted="1900-01-01", place=point), keeper)
    actions.create(tree, values(title="B", kind="ginkgo", planted="1950-06-01", is_fenced=True), keeper)
    for query, titles in {
        "": ["A", "B"],
        "kind=ginkgo": ["B"],
        "kind=ginkgo&kind=camphor": ["A", "B"],
        "q=A": ["A"],
        "is_fenced=true": ["B"],
        "planted__from=1900-01-02": ["B"],
        "planted__to=1900-01-01": ["A"],
        "area=330784101000": ["A"],
        f"area={village.pk}": ["A"],
        "area=nowhere": [],
        "area__empty=true": ["B"],
        "organisation=forestry": ["A", "B"],
        "organisation=tax": [],
        "place__within=120,28,121,29": ["A"],
        "place__within=121,28,122,29": [],
        "created_at__from=2000-01-01&created_at__to=2000-01-02": [],
        "unknown=1": ["A", "B"],
    }.items():
        assert filtered(tree, keeper, query) == titles, query


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", ["kind=oak", "planted__from=yesterday", "place__within=1,2,3", "place__within=a,b,c,d", f"q={'x' * 500}"]
)
def test_what_cannot_be_meant_is_an_error(tree: Shape, query: str) -> None:
    assert not filter_set(tree)(QueryDict(query), queryset=Tree.objects.all()).is_valid()


def test_personal_fields_are_no_filters(tree: Shape) -> None:
    assert not [name for name in filter_set(tree).base_filters if name.startswith(("mobile", "citizen_id"))]


@pytest.mark.django_db
def test_counts_end_where_nobody_reads(tree: Shape, keeper: Actor, values: Values) -> None:
    for place in range(3):
        actions.create(tree, values(title=f"T{place}"), keeper)
    assert (counted(Tree.objects.all()).total, counted(Tree.objects.all()).is_capped) == (3, False)
    assert counted(Tree.objects.all(), exact=2) == counted(Tree.objects.order_by("title"), exact=2)
    assert (counted(Tree.objects.all(), exact=2).total, counted(Tree.objects.all(), exact=2).is_capped) == (2, True)
