"""Pages about people show what the person may see, in few queries, and change things by verbs alone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from citybrain.kernel.identity.acting import actor_for
from citybrain.kernel.identity.models import Appointment, Delegation, Organisation, Post, SecurityEvent, User
from citybrain.ui.people.tests.conftest import SignIn, appointment_of

pytestmark = pytest.mark.django_db

PAGES = [
    "/organisations/",
    "/organisations/?q=police",
    "/organisations/?kind=section",
    "/organisations/police/",
    "/organisations/police/?tab=posts",
    "/organisations/police/?tab=people",
    "/organisations/county/branch/",
    "/organisations/police/new/",
    "/organisations/police/edit/",
    "/organisations/police/move/",
    "/organisations/police/posts/new/",
    "/posts/police-clerk/",
    "/posts/police-clerk/edit/",
    "/appointments/new/",
    "/appointments/new/?post=police-clerk",
    "/people/",
    "/people/?q=clerk&kind=official&account=open",
    "/people/new/",
    "/people/new/?organisation=police",
    "/roles/",
    "/roles/department-staff/",
    "/roles/citizen/",
    "/areas/",
    "/areas/?q=3307",
    "/areas/?kind=grid",
    "/areas/330784000000/",
    "/areas/330784001000/",
    "/areas/330784000000/branch/",
    "/calendar/",
    "/calendar/?year=2031",
    "/calendar/?year=x",
    "/my-posts/",
]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("address", PAGES)
def test_every_page_answers_in_both_languages(
    sign_in: SignIn, clerk: User, address: str, language: str, django_assert_max_num_queries: object
) -> None:
    client = sign_in("keeper", "system-administrator", language=language)
    with django_assert_max_num_queries(40):  # type: ignore[operator]
        answer = client.get(address)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "functools" not in text and "None</" not in text
    if language == "en":
        assert not re.findall(r"<(?:h1|th|button)[^>]*>[^<]*[一-鿿]", text.replace("中文", ""))


@pytest.mark.parametrize(
    "address", ["/organisations/nowhere/", "/posts/nothing/", "/people/99999/", "/roles/king/", "/areas/1/"]
)
def test_what_is_not_there_is_not_found(administrator: Client, address: str) -> None:
    assert administrator.get(address).status_code == 404


def test_somebody_of_one_department_sees_its_people_and_no_others(sign_in: SignIn, clerk: User) -> None:
    client = sign_in("tax-clerk", "department-staff", organisation="tax")
    assert "clerk" in client.get("/people/").content.decode()
    assert client.get(f"/people/{clerk.pk}/").status_code == 404
    assert client.get("/posts/police-clerk/").status_code == 404
    own = User.objects.get(username="tax-clerk")
    assert client.get(f"/people/{own.pk}/").status_code == 200
    colleague = sign_in("police-clerk-2", "department-staff", organisation="police")
    assert colleague.get(f"/people/{clerk.pk}/").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/security-log/",
        "/organisations/police/edit/",
        "/organisations/police/new/",
        "/people/new/",
        "/appointments/new/",
        "/posts/police-clerk/roles/",
    ],
)
def test_pages_that_change_things_are_closed_to_others(sign_in: SignIn, clerk: User, address: str) -> None:
    client = sign_in("other", "department-staff", organisation="police")
    assert client.get(address).status_code == 403


def test_phone_and_email_are_for_who_keeps_accounts(sign_in: SignIn, administrator: Client, clerk: User) -> None:
    User.objects.filter(pk=clerk.pk).update(phone="13800001234", email="clerk@example.org")
    address = f"/people/{clerk.pk}/"
    full = administrator.get(address).content.decode()
    assert "13800001234" in full and "clerk@example.org" in full
    colleague = sign_in("colleague", "department-staff", organisation="police").get(address).content.decode()
    assert "138****1234" in colleague and "13800001234" not in colleague and "clerk@example.org" not in colleague


def test_an_organisation_is_opened_changed_moved_and_dissolved(administrator: Client) -> None:
    made = {"chinese": "新科", "key": "police-new", "kind": "section", "schedule": "office"}
    assert administrator.post("/organisations/police/new/", made).headers["Location"] == "/organisations/police-new/"
    again = administrator.post("/organisations/police/new/", made)
    assert again.status_code == 422 and "Another organisation has this key." in again.content.decode()
    changed = {"chinese": "新科", "english": "New", "kind": "section", "schedule": "round-the-clock"}
    assert administrator.post("/organisations/police-new/edit/", changed).status_code == 302
    tax = Organisation.objects.get(key="tax")
    assert administrator.post("/organisations/police-new/move/", {"parent": tax.pk}).status_code == 302
    body = Organisation.objects.get(key="police-new")
    assert (body.path, body.english, body.schedule) == ("county/tax/police-new/", "New", "round-the-clock")
    circle = administrator.post("/organisations/tax/move/", {"parent": body.pk})
    assert circle.status_code == 422
    assert administrator.post("/organisations/police-new/dissolve/").status_code == 302
    body.refresh_from_db()
    assert not body.is_active
    administrator.post("/organisations/police-new/revive/")
    body.refresh_from_db()
    assert body.is_active
    actions = SecurityEvent.objects.filter(thing="organisation").order_by("id").values_list("action", flat=True)
    assert [action.removesuffix("-organisation") for action in actions] == [
        "open",
        "change",
        "move",
        "dissolve",
        "revive",
    ]


def test_what_cannot_be_done_is_said(administrator: Client, clerk: User) -> None:
    answer = administrator.post("/organisations/police/dissolve/", follow=True)
    assert "still holds the post" in answer.content.decode()
    assert Organisation.objects.get(key="police").is_active


def test_a_person_is_registered_and_the_password_shown_once(administrator: Client) -> None:
    police = Organisation.objects.get(key="police")
    made = {"username": "zhang", "chinese": "张演示", "organisation": police.pk, "phone": "", "email": ""}
    answer = administrator.post("/people/new/", made)
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    person = User.objects.get(username="zhang")
    password = re.search(r"the password (\S+?)\.", answer.content.decode())
    assert password is not None and person.check_password(password[1])
    again = administrator.get(f"/people/{person.pk}/").content.decode()
    assert password[1] not in again
    assert administrator.post("/people/new/", made).status_code == 422
    assert administrator.post(f"/people/{person.pk}/edit/", made | {"phone": "13800000000"}).status_code == 302
    fresh = administrator.post(f"/people/{person.pk}/password/").content.decode()
    assert "the password" in fresh and password[1] not in fresh
    administrator.post(f"/people/{person.pk}/close/")
    assert not User.objects.get(username="zhang").is_active
    assert "the password" in administrator.post(f"/people/{person.pk}/open/").content.decode()


def test_a_post_is_opened_filled_and_emptied(administrator: Client, sign_in: SignIn, clerk: User) -> None:
    made = {"chinese": "新岗", "key": "police-head"}
    assert administrator.post("/organisations/police/posts/new/", made).headers["Location"] == "/posts/police-head/"
    post = Post.objects.get(key="police-head")
    granter = sign_in("granter", "security-administrator")
    assert granter.post("/posts/police-head/roles/", {"roles": ["department-data-officer"]}).status_code == 302
    appointed = {"person": clerk.pk, "post": post.pk, "since": timezone.localdate().isoformat()}
    assert administrator.post("/appointments/new/", appointed).headers["Location"] == "/posts/police-head/"
    twice = administrator.post("/appointments/new/", appointed)
    assert twice.status_code == 422 and "holds this post already" in twice.content.decode()
    assert "clerk" in administrator.get("/posts/police-head/").content.decode()
    held = Appointment.objects.get(post=post)
    assert administrator.post(f"/appointments/{held.pk}/end/", {"last_day": ""}).status_code == 302
    assert administrator.get(f"/appointments/{held.pk}/end/").status_code == 404
    administrator.post("/posts/police-head/close/")
    post.refresh_from_db()
    assert not post.is_active
    refused = granter.post("/posts/police-clerk/roles/", {"roles": ["system-administrator", "auditor"]})
    assert refused.status_code == 422 and "kept apart" in refused.content.decode()


def test_nobody_appoints_themselves_by_the_form(administrator: Client, clerk: User) -> None:
    keeper = User.objects.get(username="keeper")
    made = {"person": keeper.pk, "post": appointment_of(clerk).post_id, "since": timezone.localdate().isoformat()}
    assert administrator.post("/appointments/new/", made).status_code == 422
    assert not Appointment.objects.filter(user=keeper, post__key="police-clerk").exists()


def test_posts_are_switched_and_the_choice_lasts(sign_in: SignIn, clerk: User) -> None:
    client = sign_in("clerk", "leader")
    assert len(actor_for(clerk).roles) == 1
    second = Appointment.objects.get(user=clerk, is_main=False)
    assert "Act under it" in client.get("/my-posts/").content.decode()
    client.post("/my-posts/switch/", {"appointment": second.pk})
    assert client.get("/people/").status_code == 200
    shown = client.get("/my-posts/").content.decode()
    assert "Act under another post" in shown and "Clerk</span>" in shown
    assert "Sees the whole county" in client.get("/roles/leader/").content.decode() and "in use" in shown
    client.post(f"/my-posts/{second.pk}/main/")
    assert Appointment.objects.get(pk=second.pk).is_main
    stranger = sign_in("stranger", "department-staff", organisation="tax")
    answer = stranger.post("/my-posts/switch/", {"appointment": second.pk}, follow=True)
    assert "cannot act under this post" in answer.content.decode()
    assert stranger.post("/my-posts/switch/", {"appointment": "\u0663"}).status_code == 302
    assert stranger.get("/my-posts/switch/").status_code == 405
    assert stranger.post(f"/my-posts/{second.pk}/main/").status_code == 404


def test_a_colleague_stands_in_and_is_thanked(sign_in: SignIn, clerk: User) -> None:
    deputy = sign_in("deputy", "department-staff", organisation="tax")
    mine = sign_in("clerk")
    held = appointment_of(clerk)
    now = timezone.localtime()
    asked = {
        "deputy": User.objects.get(username="deputy").pk,
        "since": f"{now - timedelta(minutes=1):%Y-%m-%dT%H:%M}",
        "until": f"{now + timedelta(days=2):%Y-%m-%dT%H:%M}",
        "reason": "on leave",
    }
    assert mine.get(f"/my-posts/{held.pk}/stand-in/").status_code == 200
    assert mine.post(f"/my-posts/{held.pk}/stand-in/", asked | {"reason": ""}).status_code == 422
    assert mine.post(f"/my-posts/{held.pk}/stand-in/", asked).status_code == 302
    assert deputy.get(f"/my-posts/{held.pk}/stand-in/").status_code == 404
    assert f"for {clerk.name}" in deputy.get("/my-posts/").content.decode()
    deputy.post("/my-posts/switch/", {"appointment": held.pk})
    assert f"You act for {clerk.name} now" in deputy.get("/my-posts/").content.decode()
    assert deputy.get("/people/?q=clerk").status_code == 200
    line = SecurityEvent.objects.get(action="take-post")
    assert line.detail["on_behalf_of"] == clerk.name
    lent = Delegation.objects.get()
    third = sign_in("third", "department-staff", organisation="police")
    assert third.post(f"/my-posts/delegations/{lent.pk}/take-back/").status_code == 404
    mine.post(f"/my-posts/delegations/{lent.pk}/take-back/")
    assert "You act for" not in deputy.get("/my-posts/").content.decode()


def test_an_administrator_lets_somebody_stand_in_and_ends_it(
    administrator: Client, sign_in: SignIn, clerk: User
) -> None:
    sign_in("deputy", "department-staff", organisation="police")
    held = appointment_of(clerk)
    now = timezone.localtime()
    asked = {
        "deputy": User.objects.get(username="deputy").pk,
        "since": f"{now - timedelta(minutes=1):%Y-%m-%dT%H:%M}",
        "until": f"{now + timedelta(days=2):%Y-%m-%dT%H:%M}",
        "reason": "ill",
    }
    address = f"/appointments/{held.pk}/stand-in/"
    assert administrator.get(address).status_code == 200
    keeper = User.objects.get(username="keeper")
    assert administrator.post(address, asked | {"deputy": keeper.pk}).status_code == 422
    assert administrator.post(address, asked).status_code == 302
    lent = Delegation.objects.get()
    assert "in force" in administrator.get("/posts/police-clerk/").content.decode()
    administrator.post(f"/delegations/{lent.pk}/revoke/")
    lent.refresh_from_db()
    assert lent.revoked_at is not None


def test_the_log_is_the_auditors(sign_in: SignIn, administrator: Client, clerk: User) -> None:
    administrator.post(f"/people/{clerk.pk}/close/")
    auditor = sign_in("auditor", "auditor")
    text = auditor.get("/security-log/").content.decode()
    assert "Account closed" in text and "clerk" in text
    keeper = User.objects.get(username="keeper")
    assert "Account closed" in auditor.get(f"/security-log/?person={keeper.pk}&action=close-account").content.decode()
    nothing = "No line answers this question."
    assert nothing in auditor.get("/security-log/?action=export").content.decode()
    assert nothing in auditor.get("/security-log/?since=2999-01-01").content.decode()
    assert nothing in auditor.get("/security-log/?q=nobody+at+all").content.decode()
    for hostile in ("?person=x", "?since=31.12.", "?address=%00", "?page=-1", "?q=%27%22%3C", "?until=9999-99-99"):
        assert auditor.get(f"/security-log/{hostile}").status_code == 200
    assert administrator.get("/security-log/").status_code == 403


def test_the_menu_shows_administration_to_who_may(sign_in: SignIn, administrator: Client) -> None:
    assert "/people/" in administrator.get("/my-posts/").content.decode()
    nobody = sign_in("nobody")
    text = nobody.get("/my-posts/").content.decode()
    assert 'href="/people/"' not in text and "You hold no post yet" in text
