"""What the doors of the loop add to the side menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from citybrain.centre.events.permissions import ANSWER_FOR, REPORT
from citybrain.centre.intake.models import Quarantined, Reply
from citybrain.centre.intake.permissions import CONNECT, MEND
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import scoped
from citybrain.ui.menu import MenuGroup, MenuItem


def to_call(actor: Actor) -> int:
    """How many calls wait."""
    if not actor.may(ANSWER_FOR):
        return 0
    return scoped(Reply.objects.filter(state=Reply.State.WAITING), actor, ANSWER_FOR).count()


def put_aside(actor: Actor) -> int:
    """How many messages are held."""
    if not actor.may(MEND):
        return 0
    return scoped(Quarantined.objects.filter(state=Quarantined.State.HELD), actor, MEND).count()


DOORS = (
    MenuItem(title=_("Hotline desk"), icon="phone", url_name="hotline-desk", permission=REPORT, key="k"),
    MenuItem(
        title=_("Call back"),
        icon="phone-call",
        url_name="hotline-calls",
        permission=ANSWER_FOR,
        count=to_call,
    ),
    MenuItem(title=_("Higher-level order"), icon="arrow-down", url_name="upper-order", permission=REPORT),
    MenuItem(
        title=_("Messages put aside"),
        icon="alert-triangle",
        url_name="intake-quarantine",
        permission=MEND,
        count=put_aside,
        is_news=True,
    ),
    MenuItem(title=_("Peer systems"), icon="plug-connected", url_name="peers", permission=CONNECT),
)
MENU = MenuGroup(title=_("Intake"), items=DOORS)
"""Where what is told comes in and the answers go out."""
