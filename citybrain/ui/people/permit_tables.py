"""What roles permit, as a table: on the page of a role, of a post, and on one's own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from citybrain.declare.role import Permission, Permit, Role
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import vouched, vouched_own
from citybrain.ui.panels import cells
from citybrain.ui.panels.tables import Column, Table
from citybrain.ui.people import words


@dataclass(frozen=True)
class Line:
    """One permit of one role."""

    role: Role
    permit: Permit


def permits_table(actor: Actor, keys: Iterable[str], permission: Permission | None) -> Table:
    """Every permit of some roles, in words, with its reach; without a permission they are the person's own."""
    roles = [role for role in map(words.role_of, keys) if role is not None]
    rows = [Line(role, permit) for role in roles for permit in role.permits]
    return Table(
        title=_("What it permits"),
        key="permits",
        columns=(
            Column(title=_("What it allows"), value=lambda row: words.permit_words(row.permit), wraps=True),
            Column(title=_("Reach"), value=lambda row: words.reach_tag(row.permit.reach), cell=cells.tag),
            Column(
                title=_("By role"),
                value=lambda row: _(row.role.title),
                link=lambda row: words.url("role", row.role.key),
            ),
            Column(title=_("Permission"), value="permit.permission", cell=cells.mono, weight=3),
        ),
        rows=vouched(rows, actor, permission) if permission else vouched_own(rows, actor),
        empty=_("These roles permit nothing."),
        empty_icon="shield-check",
    )
