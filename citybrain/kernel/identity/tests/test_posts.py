"""Who holds which post is decided by others, logged, and never joins what is kept apart."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from citybrain.declare.role import Role
from citybrain.kernel.identity.acting import actor_for, holdings
from citybrain.kernel.identity.actions import first_login, reset_login
from citybrain.kernel.identity.actions_delegation import delegate, revoke_delegation
from citybrain.kernel.identity.actions_people import close_account, open_account, register_person, renew_password
from citybrain.kernel.identity.actions_posts import (
    appoint,
    change_post,
    close_post,
    end_appointment,
    grant_roles,
    make_main,
    open_post,
    take_post,
)
from citybrain.kernel.identity.actor import SYSTEM, Actor
from citybrain.kernel.identity.credentials import UserSession
from citybrain.kernel.identity.models import Appointment, Delegation, Organisation, Post, SecurityEvent, User
from citybrain.kernel.identity.tests.conftest import area, body, person, post
from citybrain.kernel.registry.registry import registry

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def county() -> Organisation:
    root = body("county", kind="county")
    body("police", root)
    body("tax", root)
    return root


@pytest.fixture
def administrator(county: Organisation) -> Actor:
    return actor_for(person("administrator", post("administrators", county, "test-administrator")))


@pytest.fixture
def granter(county: Organisation) -> Actor:
    return actor_for(person("granter", post("granters", county, "test-granter")))


def logged() -> list[str]:
    return [event.action for event in SecurityEvent.objects.order_by("id")]


def test_a_post_is_opened_filled_and_closed(county: Organisation, administrator: Actor, granter: Actor) -> None:
    opened = open_post(administrator, organisation=county, key="clerk", chinese="科员")
    grant_roles(granter, opened, ["test-clerk", "test-clerk"])
    li = person("li")
    appointment = appoint(administrator, li, opened)
    assert opened.roles == ["test-clerk"] and appointment.is_main
    assert actor_for(li).may("tree:view")
    close_post(administrator, opened)
    assert not actor_for(li).may("tree:view")
    assert logged() == ["open-post", "grant-roles", "appoint", "close-post"]
    line = SecurityEvent.objects.get(action="grant-roles")
    assert (line.user_id, line.thing, line.thing_id) == (granter.user_id, "post", "clerk")
    assert line.detail == {"roles": [[], ["test-clerk"]]}
    with pytest.raises(ValidationError, match="is closed"):
        appoint(administrator, li, opened)


def test_verbs_need_their_permission(county: Organisation, administrator: Actor, granter: Actor) -> None:
    clerk = actor_for(person("clerk", post("clerk", county, "test-clerk")))
    other, li = post("other", county), person("li")
    held = appoint(administrator, li, other)
    refusals: tuple[Callable[[], object], ...] = (
        lambda: open_post(clerk, organisation=county, key="x", chinese="x"),
        lambda: open_post(administrator, organisation=county, key="x", chinese="x", roles=["test-clerk"]),
        lambda: grant_roles(administrator, other, ["test-clerk"]),
        lambda: appoint(granter, li, other),
        lambda: end_appointment(clerk, held),
        lambda: close_post(granter, other),
        lambda: change_post(administrator, other, chinese="x", english="", area=area("1")),
        lambda: register_person(clerk, username="x", chinese="x", organisation=county),
        lambda: close_account(granter, li),
        lambda: renew_password(clerk, li),
    )
    for refused in refusals:
        with pytest.raises(PermissionDenied):
            refused()
    assert logged() == ["appoint"]


def test_a_narrow_reach_ends_at_its_organisation(county: Organisation) -> None:
    police, tax = (Organisation.objects.get(key=key) for key in ("police", "tax"))
    local = actor_for(person("local", post("local", police, "test-local")))
    assert open_post(local, organisation=police, key="a", chinese="a", roles=["test-clerk"]).pk
    with pytest.raises(PermissionDenied):
        open_post(local, organisation=tax, key="b", chinese="b")
    nobodys = person("nobodys")
    with pytest.raises(PermissionDenied):
        renew_password(local, nobodys)


def test_a_password_is_renewed_by_who_keeps_every_body_the_person_acts_for(county: Organisation) -> None:
    police = Organisation.objects.get(key="police")
    local = actor_for(person("local", post("local", police, "test-local")))
    lent, own = (
        person(name, post(f"of-{name}", where, "test-clerk")) for name, where in (("lent", county), ("own", police))
    )
    User.objects.filter(pk__in=(lent.pk, own.pk)).update(organisation=police)
    with pytest.raises(PermissionDenied):
        renew_password(local, User.objects.get(pk=lent.pk))
    assert renew_password(local, User.objects.get(pk=own.pk)).password


def test_nobody_decides_about_themselves(county: Organisation, administrator: Actor, granter: Actor) -> None:
    me = User.objects.get(username="administrator")
    with pytest.raises(ValidationError, match="Nobody appoints themselves"):
        appoint(administrator, me, post("head", county, "test-clerk"))
    with pytest.raises(ValidationError, match="their own post"):
        grant_roles(granter, Post.objects.get(key="granters"), ["test-granter", "test-clerk"])
    with pytest.raises(ValidationError, match="their own account"):
        close_account(administrator, me)


@pytest.mark.parametrize("roles", [["test-administrator", "test-granter"], ["test-granter", "test-auditor"]])
def test_duties_kept_apart_never_meet(
    county: Organisation, administrator: Actor, granter: Actor, roles: list[str]
) -> None:
    first, second = (post(role, county, role) for role in roles)
    li = person("li")
    held = appoint(administrator, li, first)
    with pytest.raises(ValidationError, match="kept apart"):
        appoint(administrator, li, second)
    with pytest.raises(ValidationError, match="kept apart"):
        grant_roles(granter, first, roles)
    with pytest.raises(ValidationError, match="kept apart"):
        open_post(SYSTEM, organisation=county, key="both", chinese="两者", roles=roles)
    holder = person("holder", second)
    theirs = Appointment.objects.get(user=holder)
    now = timezone.now()
    with pytest.raises(ValidationError, match="kept apart"):
        delegate(actor_for(holder), theirs, li, since=now, until=now + DAY, reason="holiday")
    # What does not overlap in time may follow one another.
    end_appointment(administrator, held, timezone.localdate() + 3 * DAY)
    assert appoint(administrator, li, second, since=timezone.localdate() + 4 * DAY).pk


def test_a_post_gets_no_role_that_a_deputy_may_not_have(county: Organisation, granter: Actor) -> None:
    shared = post("shared", county, "test-clerk")
    holder, deputy = person("holder", shared), person("deputy", post("audit", county, "test-auditor"))
    now = timezone.now()
    delegate(actor_for(holder), Appointment.objects.get(user=holder), deputy, since=now, until=now + DAY, reason="x")
    with pytest.raises(ValidationError, match="deputy may not hold"):
        grant_roles(granter, shared, ["test-granter"])


def test_unknown_roles_are_named_with_the_nearest(county: Organisation, granter: Actor) -> None:
    with pytest.raises(ValidationError, match=r"no role “test-clrk”.*test-clerk"):
        grant_roles(granter, post("p", county), ["test-clrk"])


@pytest.mark.parametrize(
    ("facts", "message"),
    [({"is_active": False}, "no open account"), ({"kind": "citizen"}, "no open account")],
)
def test_only_officials_with_an_account_are_appointed(
    county: Organisation, administrator: Actor, facts: dict[str, object], message: str
) -> None:
    li = person("li")
    User.objects.filter(pk=li.pk).update(**facts)
    li.refresh_from_db()
    with pytest.raises(ValidationError, match=message):
        appoint(administrator, li, post("p", county))


def test_a_post_is_held_once_at_a_time(county: Organisation, administrator: Actor) -> None:
    li, clerk, today = person("li"), post("p", county), timezone.localdate()
    appoint(administrator, li, clerk, until=today + DAY)
    with pytest.raises(ValidationError, match="already"):
        appoint(administrator, li, clerk, since=today + DAY)
    assert appoint(administrator, li, clerk, since=today + 2 * DAY).until is None
    with pytest.raises(ValidationError, match="before it begins"):
        appoint(administrator, li, post("q", county), until=today - DAY)


def test_somebody_can_always_appoint(county: Organisation, administrator: Actor, granter: Actor) -> None:
    administrators = Post.objects.get(key="administrators")
    only = Appointment.objects.get(post=administrators)
    refusals: tuple[Callable[[], object], ...] = (
        lambda: end_appointment(SYSTEM, only),
        lambda: close_post(SYSTEM, administrators),
        lambda: grant_roles(granter, administrators, []),
        lambda: close_account(SYSTEM, only.user),
    )
    for refused in refusals:
        with pytest.raises(ValidationError, match="Nobody would be left"):
            refused()
    administrators.refresh_from_db()
    assert administrators.roles == ["test-administrator"] and administrators.is_active
    appoint(SYSTEM, person("second"), administrators)
    end_appointment(SYSTEM, only)
    assert not holdings(only.user)


def test_an_appointment_ends_at_once_or_after_a_day(county: Organisation, administrator: Actor) -> None:
    li, clerk = person("li"), post("p", county, "test-clerk")
    held = appoint(administrator, li, clerk)
    end_appointment(administrator, held, timezone.localdate())
    assert holdings(li)
    end_appointment(administrator, held)
    assert not holdings(li)


def test_the_main_post_is_chosen_by_its_holder(county: Organisation, administrator: Actor) -> None:
    li, first, second = person("li"), post("a", county), post("b", county)
    appoint(administrator, li, first)
    appoint(administrator, li, second)
    assert actor_for(li).post_id == first.pk
    make_main(actor_for(li), Appointment.objects.get(post=second))
    assert actor_for(li).post_id == second.pk
    with pytest.raises(ValidationError, match="not your appointment"):
        make_main(administrator, Appointment.objects.get(post=second))


def test_switching_is_logged_and_only_to_what_is_held(county: Organisation) -> None:
    li = person("li", post("a", county), post("b", county))
    second = Appointment.objects.get(post__key="b")
    assert take_post(actor_for(li), li, second.pk).appointment == second
    assert logged() == ["take-post"]
    with pytest.raises(ValidationError, match="cannot act under this post"):
        take_post(actor_for(li), li, second.pk + 99)


@pytest.fixture
def head(county: Organisation) -> Appointment:
    return Appointment.objects.get(user=person("head", post("heads", county, "test-walker")))


def test_standing_in_is_given_and_taken_back(county: Organisation, head: Appointment) -> None:
    deputy, now = person("deputy"), timezone.now()
    made = delegate(actor_for(head.user), head, deputy, since=now, until=now + DAY, reason=" 出差 ")
    acting = actor_for(deputy, head.pk)
    assert (acting.on_behalf_of, made.reason) == ("head", "出差")
    revoke_delegation(actor_for(deputy), made)
    revoke_delegation(actor_for(deputy), made)
    assert not actor_for(deputy, head.pk).on_behalf_of
    assert logged() == ["delegate", "revoke-delegation"]


def test_what_a_deputy_does_is_logged_in_both_names(county: Organisation, head: Appointment) -> None:
    deputy, now = person("deputy"), timezone.now()
    delegate(actor_for(head.user), head, deputy, since=now, until=now + DAY, reason="x")
    take_post(actor_for(deputy, head.pk), deputy, head.pk)
    line = SecurityEvent.objects.get(action="take-post")
    assert (line.user, line.post, line.detail["on_behalf_of"]) == (deputy, head.post, "head")


def test_there_are_no_chains(county: Organisation, head: Appointment) -> None:
    deputy, third, now = person("deputy"), person("third"), timezone.now()
    delegate(actor_for(head.user), head, deputy, since=now, until=now + DAY, reason="x")
    with pytest.raises(PermissionDenied):
        delegate(actor_for(deputy, head.pk), head, third, since=now, until=now + DAY, reason="x")
    with pytest.raises(PermissionDenied):
        delegate(actor_for(deputy), head, third, since=now, until=now + DAY, reason="x")


def test_a_deputy_who_may_appoint_cannot_pass_on(county: Organisation, administrator: Actor) -> None:
    deputy, now = person("deputy", post("clerk", county, "test-clerk")), timezone.now()
    mine = Appointment.objects.get(user__username="administrator")
    delegate(administrator, mine, deputy, since=now, until=now + DAY, reason="x")
    standing_in = actor_for(deputy, mine.pk)
    assert standing_in.may("post:appoint")
    own = Appointment.objects.get(user=deputy)
    with pytest.raises(PermissionDenied, match="cannot pass it on"):
        delegate(standing_in, own, person("third"), since=now, until=now + DAY, reason="x")


def test_an_administrator_may_let_somebody_else_stand_in_but_not_themself(
    county: Organisation, administrator: Actor, head: Appointment
) -> None:
    now = timezone.now()
    me = User.objects.get(username="administrator")
    with pytest.raises(ValidationError, match="nobody stands in"):
        delegate(administrator, head, me, since=now, until=now + DAY, reason="ill")
    assert delegate(administrator, head, person("deputy"), since=now, until=now + DAY, reason="ill").pk


@pytest.mark.parametrize(
    ("since", "until", "reason", "message"),
    [
        (0, 1, " ", "Say why"),
        (1, 0, "x", "The end lies before"),
        (-3, -2, "x", "That time is over"),
        (0, 200, "x", "longer than 183 days"),
        (0, 40, "x", "does not last the whole"),
        (-2, 1, "x", "does not last the whole"),
    ],
)
def test_standing_in_has_a_sensible_time_and_a_reason(
    county: Organisation, since: int, until: int, reason: str, message: str
) -> None:
    today, now = timezone.localdate(), timezone.now()
    giver = person("giver", post("p", county), since=today, until=today + 30 * DAY)
    held = Appointment.objects.get(user=giver)
    with pytest.raises(ValidationError, match=message):
        delegate(actor_for(giver), held, person("d"), since=now + since * DAY, until=now + until * DAY, reason=reason)
    assert not Delegation.objects.exists()


def test_one_deputy_at_a_time(county: Organisation, head: Appointment) -> None:
    now = timezone.now()
    delegate(actor_for(head.user), head, person("a"), since=now, until=now + DAY, reason="x")
    with pytest.raises(ValidationError, match="a stands in already"):
        delegate(actor_for(head.user), head, person("b"), since=now + DAY / 2, until=now + 2 * DAY, reason="x")
    assert delegate(actor_for(head.user), head, person("c"), since=now + DAY, until=now + 2 * DAY, reason="x").pk


def test_accounts_are_made_closed_and_opened(county: Organisation, administrator: Actor) -> None:
    login = register_person(administrator, username="li", chinese="李", organisation=county)
    li = User.objects.get(username="li")
    assert li.check_password(login.password) and li.password_state.must_change
    with pytest.raises(ValidationError, match="called “LI” already"):
        register_person(administrator, username="LI", chinese="李", organisation=county)
    appoint(administrator, li, post("p", county, "test-clerk"))
    close_account(administrator, li)
    assert (li.is_active, actor_for(li).permits) == (False, {})
    again = open_account(administrator, li)
    assert li.is_active and li.check_password(again.password) and again.password != login.password
    assert actor_for(li).permits == {}
    assert renew_password(administrator, li).password != again.password
    assert {"register-person", "close-account", "open-account", "password-issued"} <= set(logged())
    assert login.password not in str(list(SecurityEvent.objects.values_list("detail", flat=True)))


def test_the_first_login_holds_a_post_and_is_made_once(county: Organisation) -> None:
    login = first_login()
    assert login is not None
    admin = User.objects.get(username=login.username)
    assert admin.check_password(login.password)
    actor = actor_for(admin)
    assert actor.roles == ("system-administrator", "data-steward")
    assert actor.may("post:appoint") and actor.may("warehouse:decide") and not actor.may("role:grant")
    assert first_login() is None
    assert {one.key: one.appointments.count() for one in Post.objects.all()} == {
        "first-administrator": 1,
        "security-administrator": 0,
        "auditor": 0,
    }
    renewed = reset_login(login.username)
    assert User.objects.get(pk=admin.pk).check_password(renewed.password)


def test_an_administrator_from_before_posts_gets_one(county: Organisation) -> None:
    admin = User.objects.create_superuser("admin", password="not for use")
    assert first_login() is None
    assert actor_for(admin).may("post:appoint")
    end_appointment(SYSTEM, Appointment.objects.get(user=admin), timezone.localdate() + DAY)
    assert first_login() is None
    assert Appointment.objects.count() == 1


def test_the_log_only_grows(county: Organisation, administrator: Actor) -> None:
    appoint(administrator, person("li"), post("p", county))
    line = SecurityEvent.objects.get()
    for refused in (line.save, line.delete, SecurityEvent.objects.all().delete):
        with pytest.raises(TypeError, match="never changed or removed"):
            refused()
    with pytest.raises(TypeError, match="never changed or removed"):
        SecurityEvent.objects.update(action="x")
    with pytest.raises(TypeError, match="never changed or removed"):
        SecurityEvent.objects.bulk_update([line], ["action"])


def test_who_gets_a_post_that_demands_a_second_factor_signs_in_anew(
    county: Organisation, administrator: Actor, granter: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    guarded = Role(key="test-clerk", title="Guarded", permits=(), second_factor=True)
    monkeypatch.setitem(registry()._by_kind[Role], "test-clerk", guarded)

    def begun(user: User, key: str) -> UserSession:
        now = timezone.now()
        return UserSession.objects.create(user=user, key=key, method="password", since=now, seen_at=now)

    li, wang = person("li-at-work"), person("wang-at-work", post("plain", county, "test-walker"))
    sessions = [begun(li, "a" * 32), begun(wang, "b" * 32)]
    appoint(administrator, li, post("guarded", county, "test-clerk"))
    sessions[1].refresh_from_db()
    assert sessions[1].ended_at is None
    grant_roles(granter, Post.objects.get(key="plain"), ["test-clerk"])
    for session in sessions:
        session.refresh_from_db()
        assert session.ended_at is not None
    with pytest.raises(ValidationError, match="second factor"):
        take_post(actor_for(li), li, Appointment.objects.get(user=li).pk)
