"""Tables that order themselves, buttons of a row, sums that add up."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import RequestFactory
from django.utils.translation import override

from citybrain.kernel.identity.actor import SYSTEM
from citybrain.kernel.identity.scope import Vouched, vouched
from citybrain.ui.panels import cells
from citybrain.ui.panels.panel import Action, PanelError, Tag
from citybrain.ui.panels.processes import Flow, Stages, Sum
from citybrain.ui.panels.tables import Column, Table

ROWS = [("永康", 3), ("东阳", None), ("安吉", 11), ("浦江", 2)]


def rows(*pairs: tuple[str, int | None]) -> Vouched[Any]:
    return vouched([SimpleNamespace(name=name, number=number) for name, number in pairs], SYSTEM, "test:view")


def table(**options: Any) -> Table:
    columns = (
        Column(title="Name", value="name", sort="name"),
        Column(title="Number", value="number", cell=cells.number, sort="number"),
    )
    return Table(columns=columns, rows=rows(*ROWS), **options)


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("", "永康 东阳 安吉 浦江"),
        ("name", "安吉 东阳 浦江 永康"),
        ("-name", "永康 浦江 东阳 安吉"),
        ("number", "浦江 永康 安吉 东阳"),
        ("-number", "安吉 永康 浦江 东阳"),
        ("secret", "永康 东阳 安吉 浦江"),
    ],
)
def test_a_table_without_pages_orders_itself_with_empty_values_last(rf: RequestFactory, asked: str, names: str) -> None:
    shown = table().context(rf.get("/", {"sort": asked}))["rows"]
    assert [row.name for row, *_rest in shown] == names.split()


def test_numbers_begin_with_the_highest_and_words_with_the_first(rf: RequestFactory) -> None:
    def addresses(asked: str) -> list[tuple[str, str]]:
        return [(url, order) for _column, url, order in table().context(rf.get("/?" + asked))["heads"]]

    assert addresses("q=x") == [("?q=x&sort=name", ""), ("?q=x&sort=-number", "")]
    assert addresses("sort=-number") == [("?sort=name", ""), ("?sort=number", "descending")]
    assert addresses("sort=name")[0] == ("?sort=-name", "ascending")


def test_rows_a_question_ordered_stay_as_they_are(rf: RequestFactory) -> None:
    context = table(sort="-name").context(rf.get("/?sort=name"))
    assert [row.name for row, *_rest in context["rows"]] == [name for name, _number in ROWS]
    assert context["heads"][0][2] == "descending"


def test_buttons_of_a_row_are_drawn_for_rows_that_have_some(rf: RequestFactory) -> None:
    def buttons(row: Any) -> tuple[Action, ...]:
        confirm = Action(title="Take <it>", url="/take/", post=True, values=(("confirm", "yes"),))
        return (confirm,) if row.number else ()

    panel = Table(columns=(Column(title="Name", value="name"), Column(title="", buttons=buttons)), rows=rows(*ROWS))
    drawn = panel.render(rf.get("/"))
    assert drawn.count('action="/take/"') == 3 and "Take &lt;it&gt;" in drawn
    with pytest.raises(PanelError, match="neither"):
        Column(title="Nothing")


def test_a_sum_says_whether_it_adds_up(rf: RequestFactory) -> None:
    with override("en"):
        assert "adds up" in Sum(whole=(5, "in"), parts=((3, "a"), (2, "b"))).render(rf.get("/"))
        assert "does not add up" in Sum(whole=(5, "in"), parts=((3, "a"),)).render(rf.get("/"))


def test_stages_and_flows_show_only_what_was_vouched_for() -> None:
    with pytest.raises(TypeError, match="scoped"):
        Stages(stages=("stage",))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="scoped"):
        Flow(steps=(("stop",),))  # type: ignore[arg-type]
    with pytest.raises(PanelError):
        Flow(steps=())


def test_cells_escape_what_they_draw() -> None:
    attack = "<script>"
    for drawn in (
        cells.lines(attack, attack),
        cells.with_tags(attack, Tag(title=attack, help=attack), None),
        cells.link(attack, '"><script>'),
        cells.seen(attack),
        cells.chinese(attack),
    ):
        assert "<script>" not in drawn
    assert cells.lines("a", "", None) == "a"
