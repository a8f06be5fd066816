"""Who is responsible: the more specific wins, towns answer for what is local, answers say why, clashes are named."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from citybrain.centre.duties import queries
from citybrain.centre.duties.answering import RANKS, Matter, choose, patterns
from citybrain.centre.duties.models import Covers, Duty, what_is_wrong
from citybrain.centre.duties.queries import responsible
from citybrain.centre.duties.queries_map import DutyMap, report
from citybrain.declare.event import EventType, Kind
from citybrain.kernel.identity.models import Area, Organisation
from citybrain.kernel.registry.registry import registry

LITTER = EventType(
    key="test-litter",
    title="Litter",
    chinese="垃圾",
    kind=Kind.EVENT,
    code="0102",
    code_set="test-set",
    family="test-dirt",
)
DUST = EventType(
    key="test-dust", title="Dust", chinese="扬尘", kind=Kind.EVENT, code="0302", code_set="test-set", family="test-dirt"
)
LAMP = EventType(key="test-lamp", title="Lamp", chinese="路灯", kind=Kind.COMPONENT, code="0118", code_set="test-set")


@pytest.fixture(autouse=True)
def _types() -> Iterator[None]:
    known = registry()._by_kind.setdefault(EventType, {})
    before = dict(known)
    known.clear()
    known.update({one.key: one for one in (LITTER, DUST, LAMP)})
    yield
    known.clear()
    known.update(before)


class County:
    """Two towns, three bureaus."""

    def __init__(self) -> None:
        self.root = self.body("county", "县政府", "county")
        self.bureaus = [self.body(key, key, "government", self.root) for key in ("first", "second", "third")]
        self.land = self.area("land", "county")
        self.towns = [self.area(key, "town", self.land) for key in ("north", "south")]
        self.village = self.area("north-village", "village", self.towns[0])
        self.halls = [
            self.body(f"hall-{town.key}", f"{town.chinese}镇", "town", self.root, area=town) for town in self.towns
        ]

    @staticmethod
    def body(key: str, name: str, kind: str, parent: Any = None, area: Area | None = None) -> Organisation:
        way = f"{parent.path if parent else ''}{key}/"
        return Organisation.objects.create(
            key=key, chinese=name, english=name, short=name, kind=kind, parent=parent, path=way, area=area
        )

    @staticmethod
    def area(key: str, kind: str, parent: Any = None) -> Area:
        way = f"{parent.path if parent else ''}{key}/"
        return Area.objects.create(key=key, chinese=key, kind=kind, parent=parent, path=way)

    def duty(self, body: int, covers: Covers, pattern: str = "", **options: Any) -> Duty:
        number = Duty.objects.count() + 1
        facts = {"since": date(2026, 1, 1), "role": Duty.Role.LEAD, **options}
        return Duty.objects.create(
            number=f"ZR-{number}",
            title=f"{covers} {pattern}",
            organisation=self.bureaus[body],
            covers=covers,
            pattern=pattern,
            **facts,
        )


@pytest.fixture
def county(db: None) -> County:
    return County()


def lead(type_key: str, area: Area | None, **options: Any) -> str:
    found = responsible(type_key, area, **options).lead
    return found.key if found is not None else ""


def test_the_more_specific_name_wins_over_the_smaller_area(county: County):
    assert lead("test-litter", county.village) == ""
    county.duty(0, Covers.ALL)
    assert lead("test-litter", county.village) == "first"
    county.duty(1, Covers.KIND, "event")
    assert lead("test-litter", county.village) == "second" and lead("test-lamp", county.village) == "first"
    county.duty(2, Covers.CODE, "test-set:01")
    assert lead("test-litter", county.village) == "third" and lead("test-dust", county.village) == "second"
    county.duty(0, Covers.CODE, "test-set:0102", area=county.land)
    assert lead("test-litter", county.village) == "first"
    county.duty(1, Covers.FAMILY, "test-dirt")
    assert lead("test-litter", county.village) == lead("test-dust", county.village) == "second"
    county.duty(2, Covers.TYPE, "test-litter")
    county.duty(0, Covers.FAMILY, "test-dirt", area=county.village)
    assert lead("test-litter", county.village) == "third" and lead("test-dust", county.village) == "first"


def test_of_one_name_the_asset_then_the_smaller_area_wins(county: County):
    county.duty(0, Covers.TYPE, "test-lamp")
    county.duty(1, Covers.TYPE, "test-lamp", area=county.towns[0])
    assert lead("test-lamp", county.village) == "second" and lead("test-lamp", county.towns[1]) == "first"
    assert lead("test-lamp", None) == "first"
    county.duty(2, Covers.TYPE, "test-lamp", asset_kind="part")
    assert lead("test-lamp", county.village, asset=("part", "1")) == "third"
    assert lead("test-lamp", county.village, asset=("bench", "1")) == lead("test-lamp", county.village) == "second"


def test_a_local_duty_is_the_towns(county: County):
    county.duty(0, Covers.TYPE, "test-litter", is_local=True)
    county.duty(1, Covers.TYPE, "test-litter", role=Duty.Role.ASSIST)
    county.duty(2, Covers.TYPE, "test-litter", role=Duty.Role.ASSIST, is_local=True)
    said = responsible("test-litter", county.village)
    # The town leads, so it does not assist as well.
    assert said.lead == county.halls[0] and [body.key for body in said.assistants] == ["second"]
    assert responsible("test-litter", None).lead is None


def test_only_what_holds_on_the_day_counts(county: County):
    today = timezone.localdate()
    county.duty(0, Covers.TYPE, "test-litter", until=today - timedelta(days=1))
    county.duty(1, Covers.TYPE, "test-litter", since=today + timedelta(days=1))
    assert lead("test-litter", None) == ""
    assert lead("test-litter", None, at=timezone.now() - timedelta(days=2)) == "first"
    assert lead("test-litter", None, at=timezone.now() + timedelta(days=2)) == "second"
    gone = county.duty(2, Covers.TYPE, "test-litter")
    Duty.objects.filter(pk=gone.pk).update(removed_at=timezone.now())
    assert lead("test-litter", None) == ""


@pytest.mark.parametrize(("language", "word"), [("en", "equally specific"), ("zh-hans", "同等具体")])
def test_two_alike_are_a_conflict_the_older_leads_and_the_answer_says_so(county: County, language: str, word: str):
    first = county.duty(1, Covers.TYPE, "test-litter", source="三定")
    second = county.duty(2, Covers.TYPE, "test-litter")
    with translation.override(language):
        said = responsible("test-litter", county.village)
    assert said.lead == first.organisation and said.conflicts == (second,)
    text = " ".join(said.why)
    assert word in text and first.number in text and second.number in text and "三定" in text
    # The same body twice is none.
    Duty.objects.filter(pk=second.pk).update(organisation=first.organisation)
    assert responsible("test-litter", county.village).conflicts == ()


def test_who_keeps_the_asset_leads_and_the_map_assists(county: County, monkeypatch: pytest.MonkeyPatch):
    county.duty(0, Covers.TYPE, "test-lamp")
    keepers = {"L1": county.bureaus[2], "L2": county.bureaus[0]}
    monkeypatch.setitem(queries.KEEPERS, "part", keepers.get)
    said = responsible("test-lamp", None, asset=("part", "L1"))
    assert said.lead == county.bureaus[2] and said.assistants == (county.bureaus[0],) and said.duty is None
    assert "L1" in said.why[0]
    assert responsible("test-lamp", None, asset=("part", "L2")).duty is not None
    assert lead("test-lamp", None, asset=("part", "L3")) == "first"


def test_a_class_nobody_declares_any_more_is_still_answered(county: County):
    county.duty(0, Covers.ALL)
    assert lead("gone", county.village) == "first"


def test_the_map_of_all_says_what_each_question_says(county: County):
    county.duty(0, Covers.KIND, "event")
    county.duty(1, Covers.FAMILY, "test-dirt", area=county.towns[1])
    county.duty(2, Covers.TYPE, "test-litter", is_local=True, area=county.towns[0])
    found = DutyMap()
    for kind in (LITTER, DUST, LAMP):
        for town in found.towns:
            assert found.chosen(kind.key, town).lead == responsible(kind.key, town.area).lead
    said = report()
    assert [line.type.key for line in said.gaps] == ["test-lamp"] and said.conflicts == ()
    county.duty(1, Covers.KIND, "event")
    again = report()
    assert [line.type.key for line in again.conflicts] == ["test-dust"]
    assert [town.area.key for town in again.conflicts[0].conflicts] == ["north"]


@pytest.mark.parametrize(
    ("covers", "pattern", "fits"),
    [
        (Covers.TYPE, "test-litter", True),
        (Covers.TYPE, "test-liter", False),
        (Covers.FAMILY, "test-dirt", True),
        (Covers.FAMILY, "test-lamp", True),
        (Covers.FAMILY, "dirt", False),
        (Covers.CODE, "test-set:01", True),
        (Covers.CODE, "test-set:", True),
        (Covers.CODE, "test-set:09", False),
        (Covers.CODE, "other:01", False),
        (Covers.KIND, "event", True),
        (Covers.KIND, "incident", False),
        (Covers.ALL, "", True),
        (Covers.ALL, "event", False),
    ],
)
def test_a_duty_names_what_there_is(covers: Covers, pattern: str, fits: bool):
    assert (what_is_wrong(covers, pattern) == "") is fits


def test_a_duty_ends_after_it_begins(county: County):
    duty = county.duty(0, Covers.ALL)
    duty.until = duty.since - timedelta(days=1)
    with pytest.raises(ValidationError, match=r"before it begins|早于"):
        duty.clean()


@given(st.lists(st.tuples(st.sampled_from(list(Covers)), st.integers(0, 4), st.booleans()), min_size=1, max_size=12))
def test_the_order_of_duties_does_not_matter(drawn: list[tuple[Covers, int, bool]]):
    bodies = [Organisation(pk=number, key=str(number), chinese=str(number)) for number in range(5)]
    matter = Matter(type_key="test-litter")
    names = dict(patterns(matter))
    duties = [
        Duty(
            pk=number,
            number=str(number),
            covers=covers,
            pattern=names[covers][0],
            organisation=bodies[body],
            role=Duty.Role.LEAD if leads else Duty.Role.ASSIST,
        )
        for number, (covers, body, leads) in enumerate(drawn, start=1)
    ]
    forwards, backwards = choose(duties, matter), choose(list(reversed(duties)), matter)
    assert forwards == backwards
    leading = [duty for duty in duties if duty.role == Duty.Role.LEAD]
    if leading:
        best = max(RANKS[Covers(duty.covers)] for duty in leading)
        assert forwards.duty == next(duty for duty in leading if RANKS[Covers(duty.covers)] == best)
    else:
        assert forwards.lead is None
    assert all(body != forwards.lead for body, _duty in forwards.assisting)
