"""The roles a county begins with: what each opens, how far, and what is kept apart."""

from __future__ import annotations

import pytest

from citybrain.applications.office.manifest import APPLICATION
from citybrain.applications.office.roles import CITIZEN, GRID_WORKER, LEADER, ROLES, SYSTEM_ADMINISTRATOR
from citybrain.declare.role import Reach, Role
from citybrain.kernel.identity.acting import widest
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.deciding import clashes
from citybrain.kernel.identity.permissions import AUDIT, GRANT_ROLES, PERMISSIONS
from citybrain.kernel.registry.checks import check_registry
from citybrain.kernel.registry.registry import build, registry

CHANGES_RIGHTS = [one.key for one in PERMISSIONS if not one.key.endswith(":view")]


def reach(key: str, *roles: str) -> Reach | None:
    """How far a permission reaches for somebody whose post carries `roles`."""
    carried = [registry().get(Role, role) for role in roles]
    return Actor(user_id=1, permits=widest(carried)).reach(key)


def test_the_declarations_hold() -> None:
    assert check_registry(build([APPLICATION])) == []


@pytest.mark.parametrize(
    ("role", "key", "expected"),
    [
        ("data-steward", "warehouse:decide", Reach.COUNTY),
        ("data-steward", "role:grant", None),
        ("department-data-officer", "warehouse:decide", Reach.ORGANISATION),
        ("department-staff", "warehouse:decide", None),
        ("department-staff", "anything-new:view", Reach.ORGANISATION),
        ("department-staff", "anything-new:disclose", None),
        ("town-staff", "anything-new:view", Reach.AREA),
        ("grid-worker", "warehouse:view", None),
        ("grid-worker", "person:view", None),
        ("leader", "anything-new:view", Reach.COUNTY),
        ("leader", "anything-new:edit", None),
        ("leader", "security-log:audit", None),
        ("auditor", "security-log:audit", Reach.COUNTY),
        ("auditor", "warehouse:view", None),
        ("citizen", "feedback:view", Reach.OWN),
        ("citizen", "person:view", None),
    ],
)
def test_what_a_role_opens(role: str, key: str, expected: Reach | None) -> None:
    assert reach(key, role) is expected


def test_only_three_change_rights_and_none_of_them_all() -> None:
    changing = {role.key: {key for key in CHANGES_RIGHTS if reach(key, role.key)} for role in ROLES}
    keys = {"system-administrator", "security-administrator", "auditor"}
    assert {role for role, found in changing.items() if found} == keys
    assert changing["auditor"] == {AUDIT.key}
    assert changing["security-administrator"] == {GRANT_ROLES.key}
    assert not changing["system-administrator"] & {AUDIT.key, GRANT_ROLES.key}


def test_the_three_are_kept_apart_whoever_names_whom() -> None:
    pairs = [(a.key, b.key) for a in ROLES for b in ROLES if a.key < b.key and any(clashes([a.key, b.key]))]
    assert ("security-administrator", "system-administrator") in pairs
    assert ("auditor", "system-administrator") in pairs
    assert ("auditor", "security-administrator") in pairs
    # The first login of an installation is both.
    assert not any(clashes(["system-administrator", "data-steward"]))


def test_who_decides_about_others_signs_in_with_a_second_factor() -> None:
    weak = [
        role.key for role in ROLES if not role.second_factor and any(reach(key, role.key) for key in CHANGES_RIGHTS)
    ]
    assert weak == []
    assert SYSTEM_ADMINISTRATOR.second_factor


def test_narrow_roles_name_each_thing() -> None:
    assert [permit for role in (GRID_WORKER, CITIZEN) for permit in role.permits if "*" in permit.permission] == []
    assert CITIZEN.carried_by == "citizen"
    # A leader may speak to people and press for events, and change nothing.
    assert {permit.permission.partition(":")[2] for permit in LEADER.permits} <= {
        "view",
        "send",
        "publish",
        "supervise",
    }
