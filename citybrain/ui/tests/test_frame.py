"""The frame: menu, county, door, faults, and what the tags write."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.conf import settings as site
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template, TemplateSyntaxError
from django.test import Client, RequestFactory
from django.urls import path
from django.utils.translation import override

from citybrain.declare.role import Permission, Reach
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import User
from citybrain.ui import pages
from citybrain.ui.access import back, public, requires
from citybrain.ui.county import County, county, read
from citybrain.ui.menu import Menu, MenuGroup, MenuItem
from citybrain.ui.outline import draw
from citybrain.ui.panels.panel import PanelError
from citybrain.ui.person import OwnPage, PersonMenu, PostChoice


@public
def broken(request: HttpRequest) -> HttpResponse:
    """A page with a mistake."""
    raise RuntimeError("a secret detail")


@public
def forbidden(request: HttpRequest) -> HttpResponse:
    """A page that refuses."""
    raise PermissionDenied("only on Mondays")


class Addresses:
    """A site with pages that go wrong."""

    urlpatterns = (path("broken", broken), path("forbidden", forbidden), path("a/", broken, name="a"))
    handler403, handler404, handler500 = pages.refused, pages.not_found, pages.failed


def drawn(template: str, **values: object) -> str:
    """A template with our tags, filled."""
    return Template("{% load shown %}" + template).render(Context(values))


def test_an_unknown_icon_is_a_mistake_of_the_template() -> None:
    with pytest.raises(TemplateSyntaxError, match="ICONS"):
        drawn('{% icon "no-such-icon" %}')


def test_values_are_escaped_everywhere() -> None:
    attack = "<script>"
    assert "<script>" not in drawn("{% bar 1 2 tone label %}{{ text }}", tone=attack, label=attack, text=attack)


@pytest.mark.parametrize("moment", [datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC), "2026-01-02T00:00:00+00:00"])
def test_an_age_carries_its_exact_time_in_chinese_time(moment: object) -> None:
    assert 'title="2026-01-02 08:00:00"' in drawn("{{ moment|age }}", moment=moment)


@pytest.mark.parametrize("value", [None, ""])
def test_nothing_is_a_dash(value: object) -> None:
    for name in ("age", "moment", "score"):
        assert "—" in drawn("{{ value|" + name + " }}", value=value)


def test_a_thing_is_named_in_the_readers_language() -> None:
    yongkang = county()
    for language, name in (("zh-hans", "永康"), ("en", "Yongkang")):
        with override(language):
            assert yongkang.title.startswith(name)


def test_the_menu_opens_the_line_that_covers_the_page_and_counts_once(settings: Any) -> None:
    asked: list[int] = []
    items = (
        MenuItem(title="Home", icon="database", url_name="home"),
        MenuItem(title="Runs", icon="database", url_name="runs", count=lambda actor: asked.append(1) or len(asked)),
    )
    menu = Menu()
    menu.install(MenuGroup(title="All", items=items))
    for address, is_open in (("/", [True, False]), ("/runs/12/", [False, True]), ("/elsewhere/", [False, False])):
        [(_group, lines)] = menu.lines(RequestFactory().get(address))
        assert [line.is_open for line in lines] == is_open, address
        assert lines[1].count == 1


def test_the_menu_leaves_out_what_a_person_may_not_open(rf: RequestFactory) -> None:
    secret = Permission(key="secret:view", title="See secrets")
    menu = Menu()
    menu.install(
        MenuGroup(title="Both", items=(MenuItem(title="Home", icon="database", url_name="home"),)),
        MenuGroup(
            title="Secret",
            items=(MenuItem(title="Secrets", icon="database", url_name="runs", permission=secret),),
        ),
    )
    request = rf.get("/")
    assert [group.title for group, _lines in menu.lines(request)] == ["Both"]
    request.actor = Actor(user_id=1, permits={"secret:*": Reach.OWN})  # type: ignore[attr-defined]
    assert [group.title for group, _lines in menu.lines(request)] == ["Both", "Secret"]


def test_two_lines_of_the_menu_never_answer_to_one_key() -> None:
    items = tuple(MenuItem(title=name, icon="database", url_name=name, key="o") for name in ("overview", "runs"))
    with pytest.raises(ValueError, match="'o': overview and runs"):
        Menu().install(MenuGroup(title="All", items=items))


def test_the_persons_menu_holds_what_rooms_brought(rf: RequestFactory) -> None:
    menu = PersonMenu()
    request = rf.get("/")
    request.actor = Actor(user_id=1, name="Wang")  # type: ignore[attr-defined]
    assert (menu.of(request).name, menu.of(request).posts, menu.of(request).links) == ("Wang", (), ())
    menu.install_pages(OwnPage(title="Overview", icon="user", url_name="home"))
    menu.install_posts("home", "post", lambda actor: "Clerk", lambda actor: [PostChoice(value="2", title="Head")])
    shown = menu.of(request)
    assert (shown.post, shown.posts[0].value, shown.switch_url, shown.links[0].url) == ("Clerk", "2", "/", "/")
    with pytest.raises(PanelError, match="choice of posts"):
        menu.install_posts("", "post", lambda actor: "", lambda actor: ())


def test_the_outline_is_drawn_from_the_countys_own_data() -> None:
    picture = ElementTree.fromstring(draw(county()))
    assert len(picture.findall(".//{*}circle")) == 28
    assert picture.find(".//{*}path") is not None


def test_a_county_without_an_outline_has_an_empty_picture(tmp_path: Path) -> None:
    (tmp_path / "county.toml").write_text('code = "000000"\nname = "无名县"\nenglish = "Nowhere"\n', encoding="utf-8")
    nowhere: County = read(tmp_path)
    assert (nowhere.brand, nowhere.brand_english) == ("无名县城市大脑", "Nowhere City Brain")
    assert list(ElementTree.fromstring(draw(nowhere))) == []


@pytest.mark.django_db
def test_the_door_speaks_both_languages_before_anybody_signs_in(client: Client) -> None:
    assert "登录" in client.get("/login/").content.decode()
    client.post("/language/", {"language": "en", "next": "/login/"})
    page = client.get("/login/").content.decode()
    assert "Sign in" in page and 'lang="en"' in page
    assert client.get("/county.svg")["Content-Type"] == "image/svg+xml"


@pytest.mark.django_db
def test_every_page_of_a_rehearsal_says_so(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.DELIVERIES = tmp_path
    assert "tag-demo" not in client.get("/c/").content.decode()
    (tmp_path / "county.json").write_text("{}")
    page = client.get("/c/").content.decode()
    assert "tag-demo" in page and "演练" in page


@pytest.mark.django_db
def test_a_wrong_password_says_what_to_check_and_keeps_the_name(client: Client) -> None:
    User.objects.create_user("clerk", password="right-password-1")
    client.cookies["django_language"] = "en"
    page = client.post("/login/", {"username": "clerk", "password": "wrong"}).content.decode()
    assert "do not match" in page and 'value="clerk"' in page
    assert client.post("/login/", {"username": "clerk", "password": "right-password-1"}).status_code == 302


@pytest.mark.django_db
def test_faults_are_pages_that_give_nothing_away(settings: Any) -> None:
    settings.ROOT_URLCONF = Addresses
    settings.MIDDLEWARE = [name for name in site.MIDDLEWARE if "LoginRequired" not in name]
    client = Client(raise_request_exception=False)
    for address, code in (("/broken", 500), ("/forbidden", 403), ("/nowhere", 404)):
        answer = client.get(address)
        page = answer.content.decode()
        assert answer.status_code == code and str(code) in page
        assert "a secret detail" not in page and "Traceback" not in page
    assert "only on Mondays" in client.get("/forbidden").content.decode()


def test_a_verb_takes_its_own_method_alone(rf: RequestFactory) -> None:
    permission = Permission(key="thing:write", title="Write things")
    written = requires(permission, writes=True)(lambda request: HttpResponse("done"))
    assert written(rf.post("/")).content == b"done" and written(rf.get("/")).status_code == 405
    read_only = requires(permission)(lambda request: HttpResponse("seen"))
    assert read_only(rf.get("/")).content == b"seen" and read_only(rf.post("/")).status_code == 405


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_going_back_never_leaves_the_site(rf: RequestFactory, target: str) -> None:
    assert back(rf.post("/", {"next": target}), "/safe/").url == "/safe/"
    assert back(rf.post("/", {"next": "/datasets/?q=1"}), "/safe/").url == "/datasets/?q=1"
