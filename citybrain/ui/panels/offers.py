"""What the house offers while somebody fills in a form: each fills fields in, by a press or Alt and its number."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import HttpRequest

from citybrain.kernel.identity.scope import Vouched, demand_scoped
from citybrain.ui.panels.panel import Panel, PanelError, Tag, Text


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One thing offered, with why."""

    title: Text
    under: Text = ""
    """Why it is offered."""
    side: Text = ""
    """Small words at its right: a probability, a distance."""
    values: tuple[tuple[str, str], ...] = ()
    """Names of the form's fields and what a press puts there; none makes it a line to be read."""
    is_chosen: bool = False
    """Whether the form holds it now."""
    url: str = ""
    """Where it can be looked at, in a window of its own."""
    tag: Tag | None = None


@dataclass(frozen=True, kw_only=True)
class Offers:
    """Offers of one kind under a heading."""

    title: Text
    offers: Vouched[Offer]
    hint: Text = ""

    def __post_init__(self) -> None:
        demand_scoped(self.offers)


@dataclass(frozen=True, kw_only=True)
class OffersPanel(Panel):
    """Offers for the form of the page whose `watch` names this panel's key; drawn anew while the form is filled in."""

    template: ClassVar[str] = "ui/panels/offers.html"

    groups: tuple[Offers, ...]
    empty: Text = ""
    """What is said before anything can be offered."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.key:
            raise PanelError("OffersPanel needs a key: the form's `watch` names it.")

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """Groups that hold something; every offer that fills something in has its number up to nine."""
        numbered: list[tuple[Offers, list[tuple[Offer, int, str]]]] = []
        number = 0
        for group in self.groups:
            lines = []
            for offer in group.offers:
                number += bool(offer.values)
                filling = json.dumps(dict(offer.values), ensure_ascii=False) if offer.values else ""
                lines.append((offer, number if offer.values and number <= 9 else 0, filling))
            if lines:
                numbered.append((group, lines))
        return {"groups": numbered}
