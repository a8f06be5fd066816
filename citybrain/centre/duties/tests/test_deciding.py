"""From an arbiter's decision to a rule: proposed once, decided once, older rules end; and the pages that show it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from citybrain.centre.duties.actions import decide, load_duties, propose_rule
from citybrain.centre.duties.models import Duty, Proposal
from citybrain.centre.duties.queries import responsible
from citybrain.declare.role import Reach
from citybrain.kernel.identity.actions_loading import load_organisations
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Area, Organisation, User
from citybrain.kernel.records.actions import edit, remove
from citybrain.kernel.records.models import Change

pytestmark = pytest.mark.django_db

LATELY = timedelta(days=9)
TABS = ("classes", "towns", "bodies", "health", "proposals", "ask", "nonsense")


@pytest.fixture
def arbiter(official: Callable[..., User]) -> User:
    """The county with its map, and who decides."""
    load_organisations(settings.COUNTY)
    load_duties(settings.COUNTY)
    return official("arbiter", roles=["arbiter"], organisation=Organisation.objects.get(key="data-bureau"))


def proposed(actor: Actor, body: str = "police-order", type_key: str = "damaged-road") -> Proposal | None:
    return propose_rule(
        type_key=type_key,
        area=Area.objects.filter(kind="village").first(),
        organisation=Organisation.objects.get(key=body),
        event_number="YK2026112100001",
        reason="现场权属已核实",
        actor=actor,
    )


def test_a_proposal_is_for_the_town_and_made_once(arbiter: User, acting_as: Callable[[User], Actor]):
    actor = acting_as(arbiter)
    first = proposed(actor)
    assert first is not None and first.area is not None and first.area.kind == "town"
    assert proposed(actor) == first
    # What the map says already is no news.
    assert proposed(actor, "housing-construction-municipal") is None
    assert responsible("damaged-road", first.area).lead != first.organisation


def test_an_accepted_rule_leads_from_today_and_ends_the_older_one(arbiter: User, acting_as: Callable[[User], Actor]):
    actor = acting_as(arbiter)
    village = Area.objects.filter(kind="village").first()
    for body in ("police-order", "transport-roads"):
        rule = proposed(actor, body)
        assert rule is not None
        decided = decide(rule, actor, accept=True)
        assert decided.state == "accepted" and decided.duty is not None
        said = responsible("damaged-road", village)
        assert said.lead == rule.organisation and said.conflicts == () and "YK2026112100001" in " ".join(said.why)
    first = Duty.objects.get(proposals__organisation__key="police-order")
    # Decided twice on one day: the first one never held for a whole day.
    assert first.removed_at is not None
    assert Change.objects.filter(kind="duty", record_id=first.pk).count() == 2
    # The past is answered as it was then.
    then = timezone.now() - timedelta(days=30)
    usual = Organisation.objects.get(key="housing-construction-municipal")
    assert responsible("damaged-road", village, at=then).lead == usual
    # One that held before ends yesterday.
    Duty.objects.filter(proposals__organisation__key="transport-roads").update(since=timezone.localdate() - LATELY)
    rule = proposed(actor, "police-order")
    assert rule is not None
    decide(rule, actor, accept=True)
    ended = Duty.objects.get(proposals__organisation__key="transport-roads")
    assert ended.until == timezone.localdate() - timedelta(days=1)
    assert responsible("damaged-road", village).lead == rule.organisation


def test_a_rule_may_hold_everywhere_or_be_refused_with_words(arbiter: User, acting_as: Callable[[User], Actor]):
    actor = acting_as(arbiter)
    rule = proposed(actor, type_key="ktv-noise", body="ecology-air")
    assert rule is not None
    with pytest.raises(ValidationError):
        decide(rule, actor, accept=False, answer=" ")
    made = decide(rule, actor, accept=True, everywhere=True).duty
    assert made is not None and made.area is None
    with pytest.raises(ValidationError):
        decide(rule, actor, accept=False, answer="两次")
    other = proposed(actor, type_key="stray-dogs", body="agriculture-livestock")
    assert other is not None
    assert decide(other, actor, accept=False, answer="一案一议").state == "refused"
    assert proposed(actor, type_key="stray-dogs", body="agriculture-livestock") != other


def test_only_who_may_decides(
    arbiter: User, official: Callable[..., User], acting_as: Callable[[User], Actor], allowed: Callable[..., object]
):
    rule = proposed(acting_as(arbiter))
    reader = acting_as(official("reader", roles=[allowed("duty:view", reach=Reach.COUNTY)], organisation="reading"))
    assert rule is not None
    with pytest.raises(PermissionDenied):
        decide(rule, reader, accept=True)
    assert Proposal.objects.get(pk=rule.pk).state == "open"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_tab_is_shown(
    arbiter: User,
    acting_as: Callable[[User], Actor],
    signed_in_client: Callable[..., Client],
    language: str,
):
    proposed(acting_as(arbiter))
    client = signed_in_client(arbiter)
    client.cookies["django_language"] = language
    for tab in TABS:
        answer = client.get("/duties/", {"tab": tab, "type": "stray-dogs", "town": "330784106000"})
        assert answer.status_code == 200, tab
    text = client.get("/duties/?tab=ask&type=stray-dogs").content.decode()
    assert "治安管理科" in text if language == "zh-hans" else "Public Order" in text
    for state in ("gap", "conflict", "differs"):
        assert client.get("/duties/", {"state": state, "kind": "request", "body": "x", "q": "犬"}).status_code == 200


def test_the_decision_is_made_on_the_page(
    arbiter: User, acting_as: Callable[[User], Actor], signed_in_client: Callable[..., Client]
):
    rule = proposed(acting_as(arbiter))
    assert rule is not None
    client = signed_in_client(arbiter)
    page = client.get("/duties/?tab=proposals").content.decode()
    assert f"/duties/proposals/{rule.pk}/decide/" in page
    client.post(f"/duties/proposals/{rule.pk}/decide/", {"answer": "refuse"})
    assert Proposal.objects.get(pk=rule.pk).state == "open"
    client.post(f"/duties/proposals/{rule.pk}/decide/", {"answer": "accept"})
    assert Proposal.objects.get(pk=rule.pk).state == "accepted"
    assert f"/duties/proposals/{rule.pk}/decide/" not in client.get("/duties/?tab=proposals").content.decode()


def test_who_sees_only_their_own_sees_the_whole_map_and_decides_nothing(
    arbiter: User,
    acting_as: Callable[[User], Actor],
    signed_in_client: Callable[..., Client],
    official: Callable[..., User],
):
    rule = proposed(acting_as(arbiter))
    assert rule is not None
    staff = official("staff", roles=["department-staff"], organisation=Organisation.objects.get(key="police"))
    client = signed_in_client(staff)
    assert client.get("/duties/").status_code == 200
    assert client.post(f"/duties/proposals/{rule.pk}/decide/", {"answer": "accept"}).status_code in (403, 404)
    assert Proposal.objects.get(pk=rule.pk).state == "open"


@pytest.mark.parametrize("role", ["department-staff", "department-data-officer", "data-steward"])
def test_no_body_decides_itself_what_it_answers_for(
    role: str, arbiter: User, official: Callable[..., User], acting_as: Callable[[User], Actor]
) -> None:
    duty = Duty.objects.filter(area=None).order_by("pk").first()
    assert duty is not None
    actor = acting_as(official("own", roles=[role], organisation=duty.organisation))
    with pytest.raises(PermissionDenied):
        edit(duty, {"until": duty.since}, actor, revision=duty.revision)
    with pytest.raises(PermissionDenied):
        remove(duty, actor, "不归我们管")
    edit(duty, {"clause": "已核实"}, acting_as(arbiter), revision=duty.revision)
