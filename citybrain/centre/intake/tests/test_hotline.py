"""The hotline's desk: a call passed on, answered at once, added; the caller's earlier matters; calling back; files."""

from __future__ import annotations

import io
import json
import uuid
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from citybrain.centre.events.actions import act
from citybrain.centre.events.checking import check
from citybrain.centre.events.machine import Verb
from citybrain.centre.events.models import Channel, Event, Reporter, Signal
from citybrain.centre.events.orders import Order
from citybrain.centre.events.types import event_types
from citybrain.centre.intake.answers import answer, follow, record_call, unanswered
from citybrain.centre.intake.hotline.orders import bring_in
from citybrain.centre.intake.models import Quarantined, Reply, StandardAnswer
from citybrain.centre.intake.quarantine import take_again
from citybrain.declare.event import Level, Loop
from citybrain.kernel.identity.actor import SYSTEM, Actor
from citybrain.kernel.identity.models import Organisation, SecurityEvent, User

pytestmark = pytest.mark.usefixtures("centre")

URL = "/events/hotline/"


@pytest.fixture
def agent(official: Any) -> User:
    Organisation.objects.create(
        key="petition-hotline", path="petition-hotline/", chinese="12345 热线", english="Hotline"
    )
    body = Organisation.objects.get(key="petition-hotline")
    return official("agent", roles=["hotline-agent"], organisation=body)  # type: ignore[no-any-return]


@pytest.fixture
def actor(agent: User, acting_as: Any) -> Actor:
    return acting_as(agent)  # type: ignore[no-any-return]


@pytest.fixture
def client_(agent: User, signed_in_client: Any) -> Any:
    return signed_in_client(agent)


@pytest.fixture
def small() -> str:
    """A class that one body settles by itself."""
    return next(key for key, kind in event_types().items() if kind.level is Level.BLUE and kind.loop is Loop.MICRO)


def call(client: Any, *, press: str = "", look: bool = False, **given: Any) -> Any:
    values = {"text": "古山镇胡库下村路灯不亮", "number": "138 0000 0001", "wants_answer": "on", **given}
    values.setdefault("key", str(uuid.uuid4()))
    if press:
        values[press] = "1"
    headers = {"X-Panel": "offers"} if look else {}
    return client.post(URL, values, headers=headers)


def test_a_call_is_passed_on_once(client_: Any) -> None:
    key = str(uuid.uuid4())
    assert call(client_, key=key).status_code == 302
    assert call(client_, key=key).status_code == 302
    event = Event.objects.get()
    assert (event.channel, event.state, event.organisation.key) == (Channel.HOTLINE, "new", "petition-hotline")
    assert Signal.objects.get().wants_answer
    assert Reporter.objects.get().contact_kind == "mobile"


def test_a_call_answered_at_once_is_closed_as_answered(client_: Any, small: str, monkeypatch: Any) -> None:
    monkeypatch.setattr("citybrain.centre.events.situation.is_drawn", lambda number, share: False)
    assert call(client_, press="answer_now", type=small, answer="今晚检修, 22 时恢复").status_code == 302
    event = Event.objects.get()
    assert (event.state, event.result, event.public_text) == ("closed", "answered_only", "今晚检修, 22 时恢复")
    assert check(event) == []
    assert not Reply.objects.exists()  # the caller was told on the telephone


def test_what_is_drawn_for_a_check_is_not_closed_by_who_answered(client_: Any, small: str, monkeypatch: Any) -> None:
    monkeypatch.setattr("citybrain.centre.events.situation.is_drawn", lambda number, share: True)
    call(client_, press="answer_now", type=small, answer="今晚检修")
    assert Event.objects.get().state == "reported_done"


def test_an_answer_needs_a_class_and_words(client_: Any, small: str) -> None:
    for given in ({"type": "", "answer": "x"}, {"type": small, "answer": " "}):
        assert call(client_, press="answer_now", **given).status_code == 422
    assert not Event.objects.exists()


def test_a_second_caller_is_added(client_: Any) -> None:
    call(client_)
    event = Event.objects.get()
    assert call(client_, press="join_it", number="13800000002", join=event.number.lower()).status_code == 302
    event.refresh_from_db()
    assert event.signal_count == 2
    assert call(client_, press="join_it", join="YK0").status_code == 422


def test_offers_are_drawn_while_somebody_types(client_: Any) -> None:
    StandardAnswer.objects.create(
        number="DF-1",
        organisation=Organisation.objects.get(key="petition-hotline"),
        title="路灯报修",
        words="路灯, 灯不亮",
        answer="已记录, 三个工作日内修复。",
    )
    call(client_)
    shown = call(client_, look=True, number="1380000 0001").content.decode()
    assert "三个工作日内修复" in shown and "data-fill" in shown
    assert Event.objects.get().number in shown
    assert Event.objects.count() == 1


def test_earlier_matters_are_opened_once_a_call_and_it_is_written_down(client_: Any) -> None:
    call(client_)
    for _letter in range(3):
        call(client_, look=True)
    looks = SecurityEvent.objects.filter(action="disclose")
    assert looks.count() == 1
    assert looks.get().subject == Reporter.objects.get().pseudonym


def test_only_who_reports_comes_in(signed_in_client: Any, allowed: Any) -> None:
    reader = signed_in_client(roles=[allowed("event:view")], organisation="tax")
    assert reader.get(URL).status_code == 403
    assert reader.get(f"{URL}calls/").status_code == 403


# --------------------------------------------------------------------------- calling back


def told(client: Any) -> Reply:
    call(client)
    answer(Event.objects.get(), "路灯已修好", SYSTEM)
    return Reply.objects.get()


def test_an_answer_goes_to_the_call_back_list_of_the_hotline(client_: Any) -> None:
    call(client_)
    event = Event.objects.get()
    assert len(unanswered(event)) == 1
    step = answer(event, "路灯已修好", SYSTEM)
    reply = Reply.objects.get()
    assert (reply.way, reply.state, reply.text) == ("call", "waiting", "路灯已修好")
    assert reply.due_at is not None and reply.due_at > timezone.now()
    assert unanswered(event) == []
    follow(event, step)
    assert Reply.objects.count() == 1


def test_a_call_back_is_made(client_: Any) -> None:
    reply = told(client_)
    page = client_.get(f"{URL}calls/{reply.pk}/")
    assert "13800000001" not in page.content.decode()
    assert "13800000001" in client_.post(f"{URL}calls/{reply.pk}/", {"show": "1"}).content.decode()
    assert SecurityEvent.objects.filter(action="disclose", subject=reply.reporter.pseudonym).count() == 1
    assert client_.post(f"{URL}calls/{reply.pk}/", {"outcome": "reached", "note": "谢谢"}).status_code == 302
    reply.refresh_from_db()
    assert (reply.state, reply.attempts, reply.note) == ("done", 1, "谢谢")


def test_three_calls_that_reach_nobody_are_enough(client_: Any, actor: Actor) -> None:
    reply = told(client_)
    for _time in range(3):
        reply = record_call(reply, actor, reached=False)
    assert (reply.state, reply.attempts) == ("unreachable", 3)


def test_a_later_answer_takes_the_place_of_one_nobody_gave(client_: Any) -> None:
    told(client_)
    answer(Event.objects.get(), "又查了一遍, 确已修好", SYSTEM)
    assert [one.text for one in Reply.objects.filter(state="waiting")] == ["又查了一遍, 确已修好"]


def test_the_rating_of_a_call_reopens_once(client_: Any, small: str, monkeypatch: Any) -> None:
    monkeypatch.setattr("citybrain.centre.events.situation.is_drawn", lambda number, share: False)
    call(client_, type=small)
    event = Event.objects.get()
    body = event.organisation
    for order in (
        Order(verb=Verb.ACCEPT),
        Order(verb=Verb.DISPATCH, organisation=body),
        Order(verb=Verb.SIGN),
        Order(verb=Verb.REPORT_DONE, result="answered_only", text="x", public_text="已修好"),
        Order(verb=Verb.CLOSE, result="answered_only", public_text="已修好"),
    ):
        act(event, order, SYSTEM, seen=None)
    reply = Reply.objects.get(state="waiting")
    given = {"outcome": "reached", "solved": "no", "stars": "1", "note": "还是不亮"}
    assert client_.post(f"{URL}calls/{reply.pk}/", {**given, "stars": ""}).status_code == 422
    assert client_.post(f"{URL}calls/{reply.pk}/", given).status_code == 302
    event.refresh_from_db()
    assert event.reopen_count == 1 and event.state == "dispatched"


# --------------------------------------------------------------------------- files

ROWS = [
    {"工单编号": "JH001", "诉求内容": "路灯不亮", "联系电话": "13800000001", "来电时间": "2026-11-20 09:30"},
    {"工单编号": "JH002", "诉求内容": "垃圾成堆", "联系电话": "0579-87123456", "是否回复": "否"},
    {"工单编号": "JH003", "诉求内容": "", "联系电话": "13800000003"},
    {"工单编号": "JH004", "诉求内容": "噪音扰民", "来电时间": "昨天"},
]


def as_json() -> bytes:
    return json.dumps(ROWS, ensure_ascii=False).encode()


def as_csv() -> bytes:
    heads = list({name: None for row in ROWS for name in row})
    lines = [",".join(heads), *(",".join(row.get(name, "") for name in heads) for row in ROWS)]
    return "\n".join(lines).encode("gb18030")


def as_xlsx() -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet()
    heads = list({name: None for row in ROWS for name in row})
    sheet.write(0, 0, "市级平台派单表")
    for column, head in enumerate(heads):
        sheet.write(1, column, head)
        for place, row in enumerate(ROWS):
            sheet.write(place + 2, column, row.get(head, ""))
    book.close()
    return file.getvalue()


@pytest.mark.parametrize(("name", "content"), [("a.json", as_json()), ("a.csv", as_csv()), ("a.xlsx", as_xlsx())])
def test_a_file_of_work_orders_counts_once(name: str, content: bytes, actor: Actor) -> None:
    brought = bring_in(SimpleUploadedFile(name, content), actor)
    assert (brought.read, brought.new, brought.known, brought.refused) == (4, 2, 0, 2)
    again = bring_in(SimpleUploadedFile(name, content), actor)
    assert (again.read, again.new, again.known, again.refused) == (4, 0, 2, 2)
    assert Signal.objects.count() == 2
    first, second = Signal.objects.order_by("pk")
    assert (first.source_reference, first.wants_answer, second.wants_answer) == ("12345:JH001", True, False)
    held = Quarantined.objects.order_by("pk")
    assert [row.times for row in held] == [2, 2]
    assert "昨天" in held[1].reason


def test_a_refused_row_is_taken_when_it_was_mended(actor: Actor, acting_as: Any, official: Any, allowed: Any) -> None:
    bring_in(SimpleUploadedFile("a.json", as_json()), actor)
    row = Quarantined.objects.get(reason__contains="昨天")
    Quarantined.objects.filter(pk=row.pk).update(body=bytes(row.body).replace("昨天".encode(), b"2026-11-20 09:30"))
    row.refresh_from_db()
    body = Organisation.objects.get(key="petition-hotline")
    mender = acting_as(official("mender", roles=[allowed("intake:mend", "event:report")], organisation=body))
    assert take_again(row, mender).signal.source_reference == "12345:JH004"  # type: ignore[union-attr]


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'[{"a": 1}]', b"a,b\n1,2\n", b"\x00\x01", b"PK\x03\x04xx"])
def test_what_is_no_file_of_orders_is_refused(content: bytes, client_: Any) -> None:
    answer = client_.post(f"{URL}orders/", {"file": SimpleUploadedFile("x.csv", content or b" ")})
    assert answer.status_code == 422
    assert not Signal.objects.exists()


def test_the_page_shows_what_became_of_a_file(client_: Any) -> None:
    shown = client_.post(f"{URL}orders/", {"file": SimpleUploadedFile("a.csv", as_csv())}).content.decode()
    assert "a.csv" in shown and "昨天" in shown
