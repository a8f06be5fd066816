"""What the loop offers on the citizens' pages: reporting, what is around, what is mine, following by a link."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.signing import BadSignature
from django.urls import reverse
from django.utils.translation import gettext as _

from citybrain.centre.events.merging import head_of
from citybrain.centre.intake.citizen.assets import public_asset
from citybrain.centre.intake.citizen.tokens import signal_of, track_path
from citybrain.centre.intake.citizen.words import kind_name, state_words
from citybrain.centre.intake.reporters import mine
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import User
from citybrain.kernel.records.masking import pseudonym
from citybrain.kernel.records.shape import record_type
from citybrain.ui.citizen.queries import public_type
from citybrain.ui.panels.items import Item
from citybrain.ui.panels.panel import Action, Link, Tag

MOST = 50
"""Reports of one person that are listed."""


class Reports:
    """Reports of problems, as `citybrain.ui.citizen.doors` asks for them."""

    def doors(self) -> Sequence[Link]:
        """Reporting, and what is around."""
        return (
            Link(title=_("Report a problem"), url=reverse("citizen-report-problem"), icon="camera"),
            Link(title=_("Around me"), url=reverse("citizen-around"), icon="map-pin"),
        )

    def says(self) -> Sequence[Item]:
        """Reporting a problem, first in the list."""
        under = _("A photo, the place, a few words: the body responsible gets it, you see what becomes of it.")
        item = Item(title=_("Report a problem"), under=under, url=reverse("citizen-report-problem"), icon="camera")
        return (item,)

    def mine(self, actor: Actor) -> Sequence[Item]:
        """What a person with an account told of."""
        found = []
        rows = mine(actor.user_id).filter(removed_at=None).exclude(event=None).select_related("event")
        for signal in rows.order_by("-received_at")[:MOST]:
            head = head_of(signal.event)
            words, tone = state_words(head)
            found.append(
                Item(
                    title=signal.text[:40] or kind_name(head),
                    under=signal.number,
                    url=track_path(signal),
                    at=signal.received_at,
                    icon="camera",
                    tags=(Tag(title=words, tone=tone, is_state=True),),
                )
            )
        return found

    def subjects(self, user: User) -> set[str]:
        """Pseudonyms by which looks at the person's reports are logged."""
        reported = mine(user.pk).exclude(reporter=None).values_list("reporter__pseudonym", flat=True)
        return {pseudonym("account", str(user.pk)), *reported.order_by()[:1000]}

    def followed(self, token: str) -> str:
        """The page a receipt's link opens."""
        try:
            return track_path(signal_of(token))
        except BadSignature:
            return ""

    def record_actions(self, key: str, number: str) -> Sequence[Action]:
        """Reporting something about a public thing that stands somewhere."""
        if not record_type(key).place or public_asset(key, number) is None:
            return ()
        url = reverse("asset-code", args=(key, number))
        return (Action(title=_("Report something about it"), url=url, icon="camera"),)


def code_address(key: str, number: str) -> str:
    """Path that an asset's QR code holds: its public page where everybody may see it, else empty."""
    return reverse("asset-code", args=(key, number)) if public_type(key) is not None else ""
