"""Gaps and conflicts of the map, and how a lead and its rule are shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from citybrain.centre.duties.answering import Chosen, name_of, name_of_area, title_of
from citybrain.centre.duties.models import Duty
from citybrain.centre.duties.pages import words
from citybrain.centre.duties.permissions import VIEW
from citybrain.centre.duties.queries_map import Line, Report, Town
from citybrain.declare.role import Reach
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Organisation
from citybrain.kernel.identity.scope import vouched
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import Notice
from citybrain.ui.panels.panel import Panel, Row
from citybrain.ui.panels.tables import Column, Table


def lead_of(chosen: Chosen, *, in_town: bool = False) -> Any:
    """Who leads, in red when nobody does; what is local has its town's name only where a town was asked for."""
    if chosen.lead is None:
        return cells.bad(words.nobody())
    return shown_body(chosen.lead, chosen.duty, in_town=in_town)


def shown_body(body: Organisation, duty: Duty | None, *, in_town: bool) -> str:
    """A body by its name, or as the town of the place."""
    return _("Town of the place") if duty is not None and duty.is_local and not in_town else name_of(body)


def rule_of(chosen: Chosen, reads: bool) -> Any:
    """The duty that says so."""
    if chosen.duty is None:
        return ""
    said = f"{chosen.duty.number} {chosen.duty.title}"
    return cells.link(said, reverse("records:duty:detail", args=[chosen.duty.number])) if reads else said


def code_of(line: Line) -> str:
    """Code of a class."""
    return line.type.code


def health(actor: Actor, said: Report) -> tuple[Panel | Row, ...]:
    """Gaps, then conflicts, each with where and by which rules."""
    if said.is_whole:
        return (Notice(text=_("Every class has exactly one lead in every town."), tone="good"),)
    return (*gaps(actor, said.gaps), *conflicts(actor, said.conflicts))


def gaps(actor: Actor, lines: Iterable[Line]) -> tuple[Panel, ...]:
    """Classes that nobody leads somewhere."""
    rows = list(lines)
    if not rows:
        return ()
    return (
        Table(
            title=_("Nobody leads"),
            note=str(len(rows)),
            rows=vouched(rows, actor, VIEW),
            columns=(
                Column(words.of_class(), lambda line: title_of(line.type.key), under=code_of),
                Column(words.where(), lambda line: where(line.gaps, line), wraps=True),
            ),
        ),
    )


def conflicts(actor: Actor, lines: Iterable[Line]) -> tuple[Panel, ...]:
    """Classes that two bodies are named for alike."""
    rows = list(lines)
    if not rows:
        return ()
    reads = actor.reach(VIEW) is Reach.COUNTY
    return (
        Table(
            title=_("Two bodies are named alike"),
            note=str(len(rows)),
            rows=vouched(rows, actor, VIEW),
            columns=(
                Column(words.of_class(), lambda line: title_of(line.type.key), under=code_of),
                Column(
                    _("Leads now"),
                    lambda line: lead_of(clash(line)),
                    cell=cells.drawn,
                    under=lambda line: rule_of(clash(line), reads),
                ),
                Column(_("Named as well"), lambda line: rivals(clash(line), reads), cell=cells.drawn, wraps=True),
                Column(
                    words.where(),
                    lambda line: where(line.conflicts, line),
                    weight=3,
                    wraps=True,
                ),
            ),
            help=_("The older duty leads until somebody ends one of them, or makes one more specific."),
            is_two_lines=True,
        ),
    )


def clash(line: Line) -> Chosen:
    """What the duties say where they clash."""
    return next((chosen for _town, chosen in line.by_town if chosen.conflicts), line.usual)


def rivals(chosen: Chosen, reads: bool) -> Any:
    """The other duties, with their bodies."""
    return cells.joined(
        "",
        (cells.lines(name_of(duty.organisation), rule_of(_as_chosen(duty), reads)) for duty in chosen.conflicts),
    )


def _as_chosen(duty: Duty) -> Chosen:
    return Chosen(lead=duty.organisation, duty=duty, assisting=(), conflicts=(), fitting=1)


def where(found: tuple[Town, ...], line: Line) -> str:
    """Towns in words; all of them in three words."""
    if not found or len(found) == len(line.by_town):
        return words.everywhere()
    return "、".join(name_of_area(town.area) for town in found)
