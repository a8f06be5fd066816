"""Pages are checked when they are built: what is wrong is named, what nobody scoped is never shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from citybrain.kernel.identity.actor import SYSTEM
from citybrain.kernel.identity.models import User
from citybrain.kernel.identity.scope import Unscoped, vouched
from citybrain.ui.charts import Chart, Series
from citybrain.ui.paging import paging
from citybrain.ui.panels import kinds
from citybrain.ui.panels.differing import compared
from citybrain.ui.panels.panel import Action, Page, Panel, Row, Stack, Tab
from citybrain.ui.panels.tables import Choice, Column, Filters, Table

NAME = Column(title="Name", value="name")


class OneField(forms.Form):
    """A form."""

    name = forms.CharField(max_length=3)


def of(*things: Any) -> Any:
    """Things, vouched for."""
    return vouched(things, SYSTEM, "test:view")


def drawn(panel: Panel, address: str = "/list/") -> str:
    """The panel's HTML on a page at `address`."""
    request = RequestFactory().get(address)
    request.actor = SYSTEM  # type: ignore[attr-defined]
    return render_to_string(panel.template, {"panel": panel, "request": request, **panel.context(request)})


WRONG: tuple[tuple[str, Callable[[], object]], ...] = (
    (r"Page 'Home': number 2 is 'text'", lambda: Page(title="Home", body=(kinds.Notice(text="a"), "text"))),  # type: ignore[arg-type]
    (r"Row: number 1 is <class", lambda: Row(Table)),  # type: ignore[arg-type]
    (r"Stack: number 1 is Row", lambda: Stack(Row(kinds.Notice(text="a")))),  # type: ignore[arg-type]
    (r"Page 'Home', aside: number 1", lambda: Page(title="Home", body=(), aside=(3,))),  # type: ignore[arg-type]
    (r"the open tab 'b' is none", lambda: Page(title="Home", body=(), tabs=(Tab(key="a", title="A"),), tab="b")),
    (
        r"more than one main action",
        lambda: Page(title="Home", body=(), actions=tuple(Action(title=word, url="/", is_main=True) for word in "ab")),
    ),
    (r"Action 'Go' sends values", lambda: Action(title="Go", url="/", values=(("a", "b"),))),
    (r"Notice: `refresh` needs a `key`", lambda: kinds.Notice(text="a", refresh="topic")),
    (r"Filters.choices is a list", lambda: Filters(choices=[])),  # type: ignore[arg-type]
    (r"the icon 'nothing' is not in", lambda: kinds.Blank(text="a", **{"icon": "nothing"})),
    (r"Table 'All' has no columns", lambda: Table(title="All", columns=(), rows=of())),
    (
        r"Table 'All' has bulk actions",
        lambda: Table(title="All", columns=(NAME,), rows=of(), bulk=(Action(title="a", url="/", post=True),)),
    ),
    (r"1 tiles but 2 counts", lambda: kinds.Tiles(tiles=(kinds.Link(title="a", url="/"),), counts=(1, 2))),
    (
        r"FormPanel 'New': its groups name \['other'\]",
        lambda: kinds.FormPanel(title="New", form=OneField(), submit="Save", groups=(("A", ("name", "other")),)),
    ),
    (r"series 'a' has 1 values for 2", lambda: Chart(kind="line", labels="ab", series=[Series(title="a", values=[1])])),
    (r"a ring shows one series", lambda: Chart(kind="ring", labels=(), series=[])),
    (r"1 tones for 2 labels", lambda: Chart(kind="bars", labels="ab", series=[], tones=("good",))),
)


@pytest.mark.parametrize(("message", "build"), WRONG, ids=[message[:30] for message, _build in WRONG])
def test_what_is_put_together_wrongly_is_named(message: str, build: Callable[[], object]) -> None:
    with pytest.raises(TypeError, match=message):
        build()


UNSCOPED: dict[str, Callable[[Any], Panel]] = {
    "table": lambda rows: Table(columns=(NAME,), rows=rows),
    "facts": lambda rows: kinds.Facts(of=rows, facts=()),
    "timeline": lambda rows: kinds.Timeline(moments=rows),
    "tree": lambda rows: kinds.Tree(nodes=rows),
    "diff": lambda rows: kinds.Diff(differences=rows),
    "attachments": lambda rows: kinds.Attachments(files=rows),
    "related": lambda rows: kinds.Related(links=rows),
    "activity": lambda rows: kinds.Activity(remarks=rows),
}


@pytest.mark.parametrize("kind", UNSCOPED)
def test_what_nobody_scoped_is_not_shown(kind: str) -> None:
    for rows in ((), User.objects.all(), User(username="wang")):
        with pytest.raises(Unscoped, match="scoped"):
            UNSCOPED[kind](rows)
    UNSCOPED[kind](of())


def test_a_head_sorts_the_other_way_and_begins_at_the_first_page() -> None:
    columns = (Column(title="Name", value="name", sort="name"), Column(title="Age", value="age", sort="age"))
    table = Table(columns=columns, rows=of(), sort="name", paging=paging("2", 300))
    request = RequestFactory().get("/list/?q=a&page=2&sort=name")
    [(_name, by_name, order), (_age, by_age, other)] = table.context(request)["heads"]
    assert (order, by_name) == ("ascending", "?q=a&sort=-name")
    assert (other, by_age) == ("", "?q=a&sort=age")


def test_filters_say_what_is_asked_and_how_to_take_it_away() -> None:
    bar = Filters(
        search="Search",
        asked={"q": "桥", "town": "2", "public": "true", "since": "2026-01-02"},
        choices=(
            Choice(name="town", title="Town", options=(("1", "Gushan"), ("2", "Zhiying"))),
            Choice(name="public", title="Public", kind="yes-no"),
            Choice(name="since", title="Since", kind="day", is_more=True),
        ),
    )
    request = RequestFactory().get("/list/?q=桥&town=2&public=true&since=2026-01-02&page=3&way=map")
    found = bar.context(request)
    assert [words for words, _url in found["chips"]] == ["“桥”", "Zhiying", "Public: Yes", "Since: 2026-01-02"]
    assert found["chips"][1][1] == "/list/?q=%E6%A1%A5&public=true&since=2026-01-02&way=map"
    assert found["clear_url"] == "/list/?way=map"
    assert (found["kept"], found["behind_asked"]) == ([("way", "map")], 1)


def test_a_page_answers_with_one_panel_when_it_is_asked_for(rf: RequestFactory) -> None:
    page = Page(title="Home", body=(Row(Stack(kinds.Notice(key="first", text="one"))), kinds.Notice(text="two")))
    request = rf.get("/", headers={"X-Panel": "first"})
    answer = page.respond(request).content.decode()
    assert "one" in answer and "two" not in answer and "<html" not in answer
    assert page.respond(rf.get("/", headers={"X-Panel": "gone"})).status_code == 404


ATTACK = '"><script>alert(1)</script>'


@pytest.mark.parametrize(
    "panel",
    [
        kinds.Notice(text=ATTACK, title=ATTACK, key="x", actions=(Action(title=ATTACK, url=ATTACK, confirm=ATTACK),)),
        kinds.Related(title=ATTACK, links=of(kinds.Link(title=ATTACK, url=ATTACK))),
        kinds.Diff(differences=of(kinds.Difference(title=ATTACK, before=ATTACK, after=f"{ATTACK} and more"))),
        kinds.ChartPanel(
            title=ATTACK, chart=Chart(kind="bars", labels=[ATTACK], series=[Series(title=ATTACK, values=[1])])
        ),
        kinds.Facts(title=ATTACK, help=ATTACK, of=of(), facts=(kinds.Fact(title=ATTACK, value=ATTACK, help=ATTACK),)),
        Table(columns=(Column(title=ATTACK, value="strip", sort=ATTACK),), rows=of(ATTACK), row_key=str, row_link=str),
        kinds.FormPanel(submit=ATTACK, form=OneField({"name": ATTACK}), hidden=((ATTACK, ATTACK),)),
        Filters(search=ATTACK, asked={"q": ATTACK}, choices=(Choice(name=ATTACK, title=ATTACK),)),
    ],
    ids=lambda panel: type(panel).__name__,
)
def test_hostile_words_stay_words(panel: Panel) -> None:
    assert "<script>alert" not in drawn(panel, "/list/?a=" + ATTACK)


def test_a_form_names_its_mistakes_beside_the_field_and_at_the_top() -> None:
    page = drawn(kinds.FormPanel(form=OneField({"name": "long"}), submit="Save"))
    assert 'role="alert"' in page and 'href="#id_name"' in page
    assert 'aria-invalid="true"' in page and 'aria-describedby="id_name_error"' in page and 'id="id_name_error"' in page


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=40)


@given(before=TEXTS, after=TEXTS)
def test_a_comparison_loses_no_word(before: str, after: str) -> None:
    sides = compared(before, after)
    for shown, text in zip(sides, (before, after), strict=True):
        plain = str(shown)
        for mark in ("<del>", "</del>", "<ins>", "</ins>", '<span class="quiet">', "</span>"):
            plain = plain.replace(mark, "")
        for escaped, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#x27;", "'"), ("&amp;", "&")):
            plain = plain.replace(escaped, character)
        assert plain == (text or "—")


def test_a_comparison_marks_words_not_texts() -> None:
    before, after = compared("The road is closed until Friday.", "The road is closed until Monday.")
    assert (before, after) == (
        "The road is closed until <del>Friday</del>.",
        "The road is closed until <ins>Monday</ins>.",
    )
    assert compared("金胜路积水", "金胜路无积水")[1] == "金胜路<ins>无</ins>积水"
    assert compared(None, "new")[1] == "<ins>new</ins>"
