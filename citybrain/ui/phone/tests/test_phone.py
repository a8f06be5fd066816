"""The officials' phone: what waits, reporting exactly once, switching the post, type and language."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from citybrain.declare.role import Role
from citybrain.kernel.identity.models import Organisation, User
from citybrain.kernel.records.models import Attachment
from citybrain.kernel.records.shape import record_type
from citybrain.ui.panels.panel import Action
from citybrain.ui.todo import TODOS, Todo

pytestmark = pytest.mark.django_db
ServicePoint: Any = record_type("service-point").model
SEND = "/m/report/service-point/send/"

Roles = Callable[..., Role]
Officials = Callable[..., User]


@pytest.fixture
def worker(official: Officials, allowed: Roles) -> User:
    """Somebody in the field who may make service points, and see their own."""
    return official("worker", roles=[allowed("service-point:create", "service-point:view")], organisation="town")


@pytest.fixture
def phone(worker: User, signed_in_client: Callable[..., Client]) -> Client:
    """Their phone."""
    return signed_in_client(worker)


def answers(**others: Any) -> dict[str, Any]:
    """A form as a device sends it."""
    return {
        "title": "古山镇便民服务中心",
        "kind": "town",
        "address": "古山镇胜利街1号",
        "hours": "8:30-17:00",
        "windows": "3",
        "place": "120.04, 28.89",
        "request_key": str(uuid.uuid4()),
        **others,
    }


def photo(name: str = "a.jpg") -> SimpleUploadedFile:
    """A small picture."""
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "#7a9cc0").save(content, "JPEG")
    return SimpleUploadedFile(name, content.getvalue(), "image/jpeg")


def test_a_report_sent_three_times_is_one_record_with_its_photos_once(phone: Client) -> None:
    sent = answers()
    told = [phone.post(SEND, {**sent, "photos": [photo(), photo("b.jpg")]}) for _time in range(3)]
    assert [answer.status_code for answer in told] == [201] * 3
    assert len({answer.json()["number"] for answer in told}) == 1
    point = ServicePoint.objects.get()
    assert point.organisation.key == "town"
    assert point.place_x == pytest.approx(120.04)
    assert Attachment.objects.filter(record_kind="service-point", record_id=point.pk).count() == 2


def test_other_answers_under_the_same_key_are_a_conflict(phone: Client) -> None:
    sent = answers()
    number = phone.post(SEND, sent).json()["number"]
    answer = phone.post(SEND, {**sent, "title": "改过的名称"})
    assert answer.status_code == 409
    assert number in answer.json()["detail"]
    assert ServicePoint.objects.get().title == sent["title"]


def test_what_is_wrong_is_told_field_by_field_and_nothing_is_kept(phone: Client) -> None:
    answer = phone.post(SEND, answers(title="", place="somewhere"))
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == {"title", "place"}
    assert not ServicePoint.objects.exists()


def test_a_bad_photo_refuses_the_whole_report(phone: Client) -> None:
    bad = SimpleUploadedFile("a.jpg", b"MZ not a picture", "image/jpeg")
    answer = phone.post(SEND, {**answers(), "photos": [bad]})
    assert answer.status_code == 422
    assert not ServicePoint.objects.exists()


def test_a_report_without_a_key_or_with_too_many_photos_is_refused(phone: Client) -> None:
    assert phone.post(SEND, answers(request_key="no key")).status_code == 400
    assert phone.post(SEND, {**answers(), "photos": [photo(str(n)) for n in range(10)]}).status_code == 413
    assert not ServicePoint.objects.exists()


def test_who_may_not_create_is_refused(signed_in_client: Callable[..., Client], allowed: Roles, client: Client) -> None:
    reader = signed_in_client(roles=[allowed("service-point:view")])
    assert reader.get("/m/report/service-point/").status_code == 403
    assert reader.post(SEND, answers()).status_code == 403
    assert reader.get("/m/report/no-such/").status_code == 404
    assert "/m/report/service-point/" not in reader.get("/m/report/").content.decode()
    assert client.post(SEND, answers()).status_code == 302


def test_somebody_elses_key_is_not_taken(
    phone: Client, signed_in_client: Callable[..., Client], allowed: Roles
) -> None:
    sent = answers()
    phone.post(SEND, sent)
    other = signed_in_client(roles=[allowed("service-point:create")], organisation="town")
    answer = other.post(SEND, sent)
    assert answer.status_code == 422
    assert ServicePoint.objects.count() == 1


class Waiting:
    """A source of to-dos with one that can be decided and one that cannot."""

    key, title, icon = "samples", "Samples", "tags"

    def waiting(self, actor: Any, limit: int) -> list[Todo]:
        since = timezone.now() - timedelta(hours=2)
        decide = Action(title="Agree", url="/agree/", post=True)
        return [
            Todo(title="Leave of absence", url="/a/", since=since, actions=(decide,)),
            Todo(title="Read this", url="/b/", since=since, tone="bad"),
        ]

    def count(self, actor: Any) -> int:
        return 2


@pytest.fixture
def waiting() -> Iterator[None]:
    """The only source."""
    before = TODOS.providers
    TODOS.providers = (Waiting(),)
    yield
    TODOS.providers = before


def test_to_dos_and_approvals(phone: Client, waiting: None) -> None:
    everything = phone.get("/m/").content.decode()
    assert "Leave of absence" in everything
    assert "Read this" in everything
    approvals = phone.get("/m/?tab=decide").content.decode()
    assert "Leave of absence" in approvals
    assert 'action="/agree/"' in approvals
    assert "Read this" not in approvals


def test_a_person_switches_between_their_own_posts_only(
    phone: Client, worker: User, official: Officials, allowed: Roles
) -> None:
    official("worker", roles=[allowed("tax:view")], organisation="tax")
    second = worker.appointments.order_by("-pk").first()
    stranger = official("stranger", roles=[allowed("x:view")]).appointments.get()
    assert second is not None
    phone.post("/m/me/post/", {"appointment": stranger.pk})
    assert "appointment" not in phone.session
    phone.post("/m/me/post/", {"appointment": second.pk})
    assert phone.session["appointment"] == second.pk
    assert phone.post("/m/me/post/", {"appointment": "x"}).status_code == 302


def test_large_type_and_language_are_kept_on_the_account(phone: Client, worker: User) -> None:
    answer = phone.post("/type/", {"type": "large", "next": "/m/me/"})
    assert answer["Location"] == "/m/me/"
    assert 'data-type="large"' in phone.get("/m/me/").content.decode()
    phone.post("/language/", {"language": "zh-hans", "next": "/m/me/"})
    worker.refresh_from_db()
    assert (worker.large_type, worker.language) == (True, "zh-hans")
    elsewhere = Client(headers={"accept-language": "en"})
    elsewhere.force_login(worker)
    shown = elsewhere.get("/m/me/").content.decode()
    assert 'lang="zh-CN"' in shown
    assert 'data-type="large"' in shown
    assert phone.post("/type/", {"type": "normal", "next": "https://evil.example/"})["Location"] == "/"


def test_every_page_has_the_bar_of_five(phone: Client, worker: User) -> None:
    Organisation.objects.filter(key="town").update(chinese="古山镇")
    for address in ("/m/", "/m/messages/", "/m/report/", "/m/find/?q=a", "/m/me/", "/m/report/outbox/"):
        shown = phone.get(address).content.decode()
        bar = shown[shown.index('class="phone-bar"') :]
        assert bar.count("<a ") == 5
        assert bar.count('aria-current="page"') == 1
