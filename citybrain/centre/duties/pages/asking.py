"""The question “who is responsible?”, answered with reasons."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from citybrain.centre.duties.answering import name_of, name_of_area, title_of
from citybrain.centre.duties.pages import words
from citybrain.centre.duties.permissions import VIEW
from citybrain.centre.duties.queries import responsible
from citybrain.centre.duties.queries_map import DutyMap
from citybrain.declare.event import EventType
from citybrain.declare.role import Reach
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Area
from citybrain.kernel.identity.scope import vouched
from citybrain.kernel.registry.registry import registry
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import Blank, Fact, Facts, Notice
from citybrain.ui.panels.panel import Panel
from citybrain.ui.panels.tables import Choice, Filters


def ask_choices(request: HttpRequest, found: DutyMap) -> Filters:
    """What is asked: a class and a town."""
    types = [(one.key, f"{title_of(one.key)} · {one.code}") for one in registry().of(EventType)]
    towns = [(one.area.key, name_of_area(one.area)) for one in found.towns]
    return Filters(
        asked={name: request.GET.get(name, "") for name in ("type", "town")},
        choices=(
            Choice("type", words.of_class(), types),
            Choice("town", words.town(), towns),
        ),
    )


def answer_panels(request: HttpRequest, actor: Actor) -> tuple[Panel, ...]:
    """Who leads, who assists, and why."""
    key = request.GET.get("type", "")
    if registry().find(EventType, key) is None:
        return (Blank(icon="gavel", text=_("Choose a class, and a town where it happens.")),)
    area = Area.objects.filter(key=request.GET.get("town", "")).first()
    said = responsible(key, area)
    place = name_of_area(area) if area is not None else _("Wherever no town says otherwise")
    facts = [
        Fact(words.of_class(), title_of(key)),
        Fact(words.place(), place),
        Fact(
            words.leads(),
            name_of(said.lead) if said.lead else cells.bad(words.nobody()),
            cell=cells.drawn,
        ),
        Fact(words.assist(), "、".join(name_of(body) for body in said.assistants) or None),
    ]
    if said.duty is not None:
        reads = actor.reach(VIEW) is Reach.COUNTY
        link = reverse("records:duty:detail", args=[said.duty.number]) if reads else ""
        facts.append(Fact(_("By the duty"), f"{said.duty.number} {said.duty.title}", link=link))
    facts += [Fact(_("Why") if place == 0 else "", text, is_wide=True) for place, text in enumerate(said.why)]
    warning = _("Two bodies are named alike: the older duty leads until somebody decides.")
    return (
        *((Notice(text=warning, tone="fair"),) if said.conflicts else ()),
        Facts(
            title=words.answer(),
            of=vouched([said], actor, VIEW),
            facts=tuple(facts),
            columns=2,
        ),
    )
