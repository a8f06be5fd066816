"""The app's manifest, its worker, its page without network, and what it may keep."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image

from citybrain.declare.role import Role
from citybrain.kernel.identity.actor import ANONYMOUS, Actor
from citybrain.kernel.identity.models import User
from citybrain.ui.pwa.revision import device_owner, revision

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("shell", "start"), [("desk", "/"), ("phone", "/m/"), ("citizen", "/c/"), ("wrong", "/")])
def test_each_frame_is_an_app_of_its_own(client: Client, shell: str, start: str) -> None:
    answer = client.get("/manifest.webmanifest", {"shell": shell})
    assert answer["Content-Type"] == "application/manifest+json"
    content = answer.json()
    assert (content["id"], content["scope"], content["display"]) == (start, "/", "standalone")
    assert content["start_url"].startswith(start)
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in content["icons"]}
    assert any(icon.get("purpose") == "maskable" for icon in content["icons"])
    assert all(client.get(one["url"]).status_code in (200, 302) for one in content["shortcuts"])


def test_icons_are_as_large_as_the_manifest_says(client: Client) -> None:
    for icon in client.get("/manifest.webmanifest").json()["icons"]:
        path = finders.find(icon["src"].removeprefix("/static/"))
        assert path is not None
        if icon["type"] == "image/png":
            with open(path, "rb") as file:  # noqa: PTH123
                width, height = Image.open(io.BytesIO(file.read())).size
            assert f"{width}x{height}" == icon["sizes"]


def test_the_worker_may_rule_the_whole_site_and_is_asked_for_anew(client: Client) -> None:
    answer = client.get("/sw.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Service-Worker-Allowed"] == "/"
    assert answer["Cache-Control"] == "no-cache"
    assert f'"{revision()}"' in answer.content.decode()


def test_the_page_without_network_names_nobody_and_speaks_both_languages(client: Client) -> None:
    User.objects.create_user("somebody", password="x", chinese="某某人")
    client.force_login(User.objects.get(username="somebody"))
    shown = client.get("/offline/").content.decode()
    assert "没有网络" in shown
    assert "You are off-line" in shown
    assert "某某人" not in shown
    assert "somebody" not in shown


def test_a_ticket_is_for_who_is_signed_in(
    client: Client, signed_in_client: Callable[..., Client], allowed: Callable[..., Role]
) -> None:
    assert client.get("/offline/ticket/").status_code == 401
    first = signed_in_client(roles=[allowed("a:view")]).get("/offline/ticket/")
    second = signed_in_client(roles=[allowed("a:view")]).get("/offline/ticket/")
    assert "no-store" in first["Cache-Control"]
    assert first.json()["person"] != second.json()["person"]
    assert first.json()["token"]


def test_the_owner_of_a_device_is_a_pseudonym() -> None:
    assert device_owner(ANONYMOUS) == ""
    one, other = device_owner(Actor(user_id=1)), device_owner(Actor(user_id=2))
    assert one != other
    assert one == device_owner(Actor(user_id=1))
    assert len(one) > 16


def test_only_pages_that_name_nobody_may_be_kept(
    signed_in_client: Callable[..., Client], allowed: Callable[..., Role]
) -> None:
    client = signed_in_client(roles=[allowed("*:view", "*:create")])
    User.objects.update(chinese="某某人")
    for address in ("/m/", "/m/me/", "/m/messages/", "/m/report/", "/help/", "/c/", "/c/mine/"):
        assert "X-Offline" not in client.get(address).headers
    for address in ("/m/report/outbox/", "/m/report/service-point/"):
        answer = client.get(address)
        assert answer["X-Offline"] == "keep"
        assert "某某人" not in answer.content.decode()


def test_what_a_guest_left_is_sent_while_nobody_is_signed_in(
    client: Client, signed_in_client: Callable[..., Client]
) -> None:
    assert client.get("/offline/ticket/").status_code == 401
    told = client.get("/offline/ticket/?guest=1").json()
    assert told["person"] == "guest" and told["token"]
    # Whoever signed in since is told as themselves: the guest's forms stay where they are.
    assert signed_in_client().get("/offline/ticket/?guest=1").json()["person"] not in ("", "guest")
