"""What is found, by which words, in which order, and for whom."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.db import DatabaseError
from hypothesis import given
from hypothesis import strategies as st

from citybrain.declare.role import Permission, Reach
from citybrain.kernel.identity.actor import ANONYMOUS, Actor
from citybrain.ui.finding import PART, START, WHOLE, WORD_START, Door, Hit, Search, found_doors, matching
from citybrain.ui.panels.panel import PanelError

SEE = Permission(key="tree:view", title="See")
KEEPER = Actor(user_id=1, permits={"tree:*": Reach.COUNTY})
HOSPITAL = ("永康市第一人民医院", "First People's Hospital")


@dataclass
class Provider:
    """Finds what it was given."""

    key: str
    hits: list[Hit]
    permission: Permission | None = None
    title: str = "Things"
    icon: str = "table"
    fails: bool = False

    def find(self, text: str, actor: Actor, limit: int) -> list[Hit]:
        if self.fails:
            raise DatabaseError("gone")
        return self.hits


def searching(*providers: Provider) -> Search:
    search = Search()
    search.install(*providers)
    return search


@pytest.mark.parametrize(
    ("text", "worth"),
    [
        ("永康市第一人民医院", WHOLE),
        ("永康", START),
        ("人民医院", PART),
        ("yongkangshi", START),
        ("yksdyrmyy", WHOLE),
        ("hospital", WHOLE),
        ("peop", START),
        ("people's h", (WORD_START + START) / 2),
        ("医院 永康", (PART + START) / 2),
        ("学校", 0),
        ("永康 学校", 0),
        ("", 0),
    ],
)
def test_names_are_found_in_chinese_pinyin_initials_and_english(text: str, worth: float) -> None:
    assert matching(text, HOSPITAL) == pytest.approx(worth)


@given(st.text(alphabet="永康市民政局公安", min_size=1, max_size=8), st.data())
def test_every_part_of_a_chinese_name_finds_it_and_the_whole_is_worth_most(name: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(name) - 1))
    end = data.draw(st.integers(start + 1, len(name)))
    part = matching(name[start:end], (name,))
    assert 0 < part <= matching(name, (name,)) == WHOLE


@given(st.text(max_size=60))
def test_any_text_is_a_query(text: str) -> None:
    assert 0 <= matching(text, HOSPITAL) <= 1


def test_the_group_with_the_best_hit_comes_first() -> None:
    good, fair = Hit(title="a", url="/a", score=1), Hit(title="b", url="/b", score=0.5)
    groups = searching(Provider("fair", [fair]), Provider("good", [good]), Provider("none", [])).find("a", KEEPER)
    assert [group.key for group in groups] == ["good", "fair"]
    assert list(groups[0].hits) == [good]


def test_who_lacks_the_permission_is_not_even_asked_for() -> None:
    hit = Hit(title="a", url="/a")
    search = searching(Provider("closed", [hit], permission=SEE), Provider("open", [hit]))
    assert [group.key for group in search.find("a", ANONYMOUS)] == ["open"]
    assert [group.key for group in search.find("a", KEEPER)] == ["closed", "open"]


def test_one_provider_that_fails_hides_no_other() -> None:
    search = searching(Provider("broken", [], fails=True), Provider("sound", [Hit(title="a", url="/a")]))
    assert [group.key for group in search.find("a", KEEPER)] == ["sound"]


def test_limits_hold_and_what_leads_nowhere_is_left_out() -> None:
    hits = [Hit(title=str(number), url=f"/{number}" if number else "") for number in range(9)]
    (group,) = searching(Provider("many", hits)).find("x", KEEPER, 3)
    assert [hit.title for hit in group.hits] == ["1", "2", "3"]


def test_twins_and_unknown_icons_are_mistakes() -> None:
    with pytest.raises(ValueError, match="twin"):
        searching(Provider("twin", []), Provider("twin", []))
    with pytest.raises(PanelError, match="ICONS"):
        Hit(**{"title": "a", "url": "/", "icon": "no-such-icon"})


def test_doors_open_for_who_may_and_are_found_by_their_other_words() -> None:
    door = Door(title="New tree", url="/new", permission=SEE, names=("古树",))
    assert [hit.url for hit in found_doors((door,), "gushu", KEEPER, 5)] == ["/new"]
    assert found_doors((door,), "gushu", ANONYMOUS, 5) == []
    assert [hit.url for hit in found_doors((door,), "", KEEPER, 5)] == ["/new"]
