"""The gallery shows every panel there is, in both languages, to whoever may see it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from citybrain.declare.role import Reach
from citybrain.ui.gallery.permissions import VIEW
from citybrain.ui.panels.panel import Panel

TABS = ("lists", "things", "forms", "pictures", "states")


@pytest.fixture
def developer(bare_frame: None, signed_in_client: Any, allowed: Any) -> Client:
    """Somebody who may see the gallery, in English."""
    return signed_in_client(roles=[allowed(VIEW, reach=Reach.COUNTY)])


def kinds(of: type[Panel] = Panel) -> Iterator[type[Panel]]:
    """Every kind of panel of the toolkit."""
    for kind in of.__subclasses__():
        if kind.__module__.startswith("citybrain.ui.panels"):
            yield kind
        yield from kinds(kind)


def test_every_kind_of_panel_stands_in_the_gallery(developer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: set[str] = set()
    render = Panel.render

    def noted(panel: Panel, request: Any) -> Any:
        shown.add(type(panel).__name__)
        return render(panel, request)

    monkeypatch.setattr(Panel, "render", noted)
    for tab in TABS:
        assert developer.get("/gallery/", {"tab": tab}).status_code == 200
    assert {kind.__name__ for kind in kinds()} - shown == set(), "add a sample to citybrain/ui/gallery"


@pytest.mark.parametrize("shell", ["desk", "screen", "print"])
@pytest.mark.parametrize("tab", TABS)
def test_every_page_reads_in_both_languages(developer: Client, tab: str, shell: str) -> None:
    texts = {}
    for language in ("en", "zh-hans"):
        developer.cookies["django_language"] = language
        answer = developer.get("/gallery/", {"tab": tab, "shell": shell})
        texts[language] = answer.content.decode()
        assert answer.status_code == 200
    assert "Made-up samples" in texts["en"] and not re.search(r"[\u4e00-\u9fff]", words_of(texts["en"]))
    assert "虚构示例" in texts["zh-hans"]


def words_of(page: str) -> str:
    """The words between a page's frame: without the switch to the other language, and what scripts read."""
    page = re.sub(
        r"<script.*?</script>|<dialog.*?</dialog>|<form class=\"language.*?</form>", "", page, flags=re.DOTALL
    )
    main = page[page.index("<main") : page.index("</main>")]
    return re.sub(r"<[^>]*>", "", main)


def test_who_may_not_see_it_does_not(bare_frame: None, signed_in_client: Any, allowed: Any) -> None:
    assert Client().get("/gallery/").status_code == 302
    assert signed_in_client(roles=[allowed("other:view")]).get("/gallery/").status_code == 403


def test_a_branch_of_the_tree_comes_when_it_is_opened(developer: Client) -> None:
    page = developer.get("/gallery/branch/").content.decode()
    assert page.count('role="treeitem"') == 3 and "<html" not in page


def test_a_list_asks_for_its_own_part(developer: Client) -> None:
    answer = developer.get("/gallery/", headers={"X-Panel": "found"}).content.decode()
    assert answer.startswith("<section") and 'id="found"' in answer and "<html" not in answer
