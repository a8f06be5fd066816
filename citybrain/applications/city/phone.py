"""What city management adds to the officials' phone."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from citybrain.applications.city.inspection_pages import waiting
from citybrain.applications.city.models import PatrolPlan
from citybrain.kernel.identity.actor import Actor
from citybrain.ui.panels.items import Item
from citybrain.ui.records.registered import pages_of

PLANS = "patrol-plan"


def patrol(actor: Actor) -> Sequence[Item]:
    """The door to one's patrol, for who walks grids: who holds a post for an area."""
    pages = pages_of(PLANS)
    if not actor.areas or not actor.may(pages.permission("view")):
        return ()
    if not pages.rows(actor).filter(state=PatrolPlan.State.ACTIVE).exists():
        return ()
    return (Item(title=_("Patrol"), under=_("Walk your grid"), url=pages.url("walk"), icon="walk"),)


DOORS = (patrol, waiting)
"""Doors beside the to-dos."""
