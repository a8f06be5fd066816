"""What responsibilities add to the side menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from citybrain.centre.duties.models import Proposal
from citybrain.centre.duties.permissions import DECIDE, VIEW
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import scoped
from citybrain.ui.menu import MenuItem


def to_decide(actor: Actor) -> int:
    """Proposed rules that wait for this person's decision."""
    if not actor.may(DECIDE):
        return 0
    return scoped(Proposal.objects.filter(state=Proposal.State.OPEN), actor, DECIDE).count()


MAP = MenuItem(
    title=_("Responsibility map"),
    icon="gavel",
    url_name="duty-map",
    permission=VIEW,
    count=to_decide,
    is_news=True,
)
