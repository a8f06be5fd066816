"""The responsibility map as pages: each class with who leads, where towns differ, who carries what, what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from citybrain.centre.duties.answering import Chosen, Matter, body_of, name_of, name_of_area, title_of
from citybrain.centre.duties.models import Proposal
from citybrain.centre.duties.pages import words
from citybrain.centre.duties.pages.asking import answer_panels, ask_choices
from citybrain.centre.duties.pages.health import code_of, health, lead_of, rule_of, shown_body
from citybrain.centre.duties.pages.proposals import proposal_table
from citybrain.centre.duties.permissions import DECIDE, VIEW
from citybrain.centre.duties.queries_map import DutyMap, Line, Report, Town, report
from citybrain.declare.event import Kind
from citybrain.declare.role import Reach
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Organisation
from citybrain.kernel.identity.scope import scoped, vouched
from citybrain.ui.access import requires
from citybrain.ui.paging import SIZE, Paging, page_number
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import Stat, Stats
from citybrain.ui.panels.panel import Action, Page, Panel, Row, Tab, Tag
from citybrain.ui.panels.tables import Choice, Column, Filters, Table

TABS = ("classes", "towns", "bodies", "health", "proposals", "ask")
SHOWN = 3
"""Towns named in a cell before the rest is counted."""


@requires(VIEW)
def duty_map(request: HttpRequest) -> HttpResponse:
    """Who is responsible for what, where (责任清单)."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = DutyMap()
    said = report(found=found)
    waiting = scoped(Proposal.objects.filter(state=Proposal.State.OPEN), actor, VIEW).count()
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else TABS[0]
    bodies: dict[str, Callable[[], tuple[Panel | Row, ...]]] = {
        "classes": lambda: classes(request, actor, found),
        "towns": lambda: towns(actor, found),
        "bodies": lambda: bodies_of(actor, found),
        "health": lambda: health(actor, said),
        "proposals": lambda: (proposal_table(request, actor),),
        "ask": lambda: (ask_choices(request, found), *answer_panels(request, actor)),
    }
    return Page(
        title=_("Responsibility map"),
        note=_("%(duties)d duties in force") % {"duties": said.duties},
        top=(figures(said, waiting),),
        tabs=(
            Tab("classes", words.classes(), said.types),
            Tab("towns", _("Where towns differ")),
            Tab("bodies", words.bodies()),
            Tab("health", _("Gaps and conflicts"), len(said.gaps) + len(said.conflicts), tone="bad"),
            Tab("proposals", _("Proposed rules"), waiting, tone="bad" if actor.may(DECIDE) else "quiet"),
            Tab("ask", words.ask()),
        ),
        tab=tab,
        body=bodies[tab](),
        actions=actions(actor),
        help=_("Which body answers for which matters in which place, by the clause that says so. Dispatch asks it."),
    ).respond(request)


def actions(actor: Actor) -> tuple[Action, ...]:
    """The register behind the map, for whom it is open as a whole."""
    if actor.reach(VIEW) is not Reach.COUNTY:
        return ()
    return (Action(_("Register of duties"), reverse("records:duty:list"), "clipboard-list", is_main=actor.may(DECIDE)),)


def figures(said: Report, waiting: int) -> Stats:
    """The map in four figures."""
    here = reverse("duty-map")
    return Stats(
        stats=(
            Stat(_("Classes with a lead everywhere"), said.types - len(said.gaps), url=f"{here}?tab=classes"),
            Stat(
                _("Classes without a lead somewhere"),
                len(said.gaps),
                url=f"{here}?tab=health",
                tone="bad" if said.gaps else "good",
            ),
            Stat(
                _("Classes that two bodies claim"),
                len(said.conflicts),
                url=f"{here}?tab=health",
                tone="fair" if said.conflicts else "good",
            ),
            Stat(_("Rules to decide"), waiting, url=f"{here}?tab=proposals", tone="fair" if waiting else "quiet"),
        )
    )


# --------------------------------------------------------------------------- classes


FILTERS = ("q", "town", "kind", "body", "state")


def classes(request: HttpRequest, actor: Actor, found: DutyMap) -> tuple[Panel | Row, ...]:
    """Every class with its lead."""
    asked = {name: request.GET.get(name, "") for name in FILTERS}
    town = next((one for one in found.towns if one.area.key == asked["town"]), None)
    lines = [line for line in found.lines() if fits(line, asked, town)]
    paging = Paging(min(page_number(request.GET.get("page")), Paging(1, len(lines)).last), len(lines))
    shown = lines[paging.offset : paging.offset + SIZE]
    leads = {chosen.lead.key: chosen.lead for line in found.lines() if (chosen := line.usual).lead is not None}
    return (
        Filters(
            asked=asked,
            search=_("Class, code or word"),
            choices=(
                Choice(
                    "town",
                    words.town(),
                    [(one.area.key, name_of_area(one.area)) for one in found.towns],
                ),
                Choice("kind", words.kind(), [(kind.value, _(kind.label)) for kind in Kind]),
                Choice(
                    "body",
                    words.lead(),
                    sorted(((key, name_of(body)) for key, body in leads.items()), key=at_name),
                ),
                Choice(
                    "state",
                    words.state(),
                    [
                        ("gap", words.nobody()),
                        ("conflict", _("Two bodies")),
                        ("differs", _("Towns differ")),
                    ],
                ),
            ),
        ),
        Table(
            key="classes",
            rows=vouched(shown, actor, VIEW),
            columns=class_columns(actor, town),
            paging=paging,
            empty=_("No class is like that."),
            is_two_lines=True,
        ),
    )


def at_name(pair: tuple[str, str]) -> str:
    """Order of drop-downs."""
    return pair[1]


def fits(line: Line, asked: dict[str, str], town: Town | None) -> bool:
    """Whether a class is asked for."""
    chosen = in_town(line, town)
    sought = asked["q"].strip().lower()
    if sought and not any(sought in text.lower() for text in (line.type.chinese, line.type.title, line.type.code)):
        return False
    if asked["kind"] and line.type.kind.value != asked["kind"]:
        return False
    if asked["body"] and (chosen.lead is None or chosen.lead.key != asked["body"]):
        return False
    match asked["state"]:
        case "gap":
            return chosen.lead is None or (town is None and bool(line.gaps))
        case "conflict":
            return bool(chosen.conflicts) or (town is None and bool(line.conflicts))
        case "differs":
            return bool(line.otherwise)
        case _:
            return True


def in_town(line: Line, town: Town | None) -> Chosen:
    """What holds in a town; without one what holds in most."""
    return next((chosen for one, chosen in line.by_town if one == town), line.usual)


def class_columns(actor: Actor, town: Town | None) -> tuple[Column, ...]:
    """The columns of classes."""
    reads = actor.reach(VIEW) is Reach.COUNTY
    differing = () if town else (Column(_("Otherwise in"), otherwise, cell=cells.drawn, weight=3, wraps=True),)
    return (
        Column(
            words.of_class(),
            lambda line: title_of(line.type.key),
            under=lambda line: f"{line.type.code} · {_(line.type.kind.label)}",
            link=lambda line: (
                f"{reverse('duty-map')}?tab=ask&type={line.type.key}" + (f"&town={town.area.key}" if town else "")
            ),
        ),
        Column(
            words.leads(),
            lambda line: lead_of(in_town(line, town), in_town=town is not None),
            cell=cells.drawn,
            under=lambda line: rule_of(in_town(line, town), reads),
        ),
        Column(
            words.assist(),
            lambda line: assistants(in_town(line, town), town),
            weight=4,
            wraps=True,
        ),
        *differing,
        Column(words.state(), lambda line: state_of(line, in_town(line, town)), cells.tag),
    )


def assistants(chosen: Chosen, town: Town | None) -> str | None:
    """Who assists, in one line."""
    names = [shown_body(body, duty, in_town=town is not None) for body, duty in chosen.assisting]
    return "、".join(dict.fromkeys(names)) or None


def otherwise(line: Line) -> Any:
    """Towns in which another body leads."""
    found = line.otherwise
    if not found:
        return None
    names = "、".join(name_of_area(town.area) for town, _chosen in found[:SHOWN])
    rest = len(found) - SHOWN
    more = "" if rest <= 0 else " " + ngettext("and %(count)d more", "and %(count)d more", rest) % {"count": rest}
    return f"{names}{more}"


def state_of(line: Line, chosen: Chosen) -> Tag | None:
    """What is wrong with a class."""
    if chosen.lead is None or line.gaps:
        return Tag(words.nobody(), "bad", is_state=True)
    if chosen.conflicts or line.conflicts:
        names = "、".join(name_of(duty.organisation) for duty in chosen.conflicts)
        return Tag(_("Two bodies"), "fair", is_state=True, help=names)
    return None


# --------------------------------------------------------------------------- towns and bodies


def towns(actor: Actor, found: DutyMap) -> tuple[Panel | Row, ...]:
    """Classes that not all towns have led by the same body."""
    lines = [line for line in found.lines() if line.otherwise]

    return (
        Table(
            rows=vouched(lines, actor, VIEW),
            columns=(
                Column(words.of_class(), lambda line: title_of(line.type.key), under=code_of),
                Column(_("In most towns"), lambda line: lead_of(line.usual), cell=cells.drawn),
                Column(_("Otherwise"), lambda line: exceptions(line), cell=cells.drawn, wraps=True),
            ),
            empty=_("Every class is led by the same body in all towns."),
            is_two_lines=True,
        ),
    )


def exceptions(line: Line) -> Any:
    """Bodies that lead in some towns, each with its towns; offices of the towns' own under one name."""
    found: dict[str, list[str]] = {}
    for town, chosen in line.otherwise:
        if chosen.lead is not None:
            is_own = town.body is not None and chosen.lead.path.startswith(town.body.path)
            name = chosen.lead.short if is_own else name_of(chosen.lead)
            found.setdefault(name, []).append(name_of_area(town.area))
    return cells.joined("", (cells.lines(f"{name} ({len(areas)})", "、".join(areas)) for name, areas in found.items()))


def bodies_of(actor: Actor, found: DutyMap) -> tuple[Panel | Row, ...]:
    """Every body with how much it carries."""
    carried: dict[int, dict[str, Any]] = {}

    def of(body: Organisation) -> dict[str, Any]:
        return carried.setdefault(
            body.pk, {"body": body, "leads": set(), "assists": set(), "towns": set(), "conflicts": set()}
        )

    for line in found.lines():
        for town, chosen in line.by_town:
            if chosen.lead is not None:
                of(chosen.lead)["leads"].add(line.type.key)
                of(chosen.lead)["towns"].add(town.area.key)
            for body, _duty in chosen.assisting:
                of(body)["assists"].add(line.type.key)
            matter = Matter(type_key=line.type.key, way=town.way, town=town.body)
            for duty in chosen.conflicts:
                of(body_of(duty, matter))["conflicts"].add(line.type.key)
    rows = sorted(carried.values(), key=lambda row: -len(row["leads"]))
    here = reverse("duty-map")
    return (
        Table(
            rows=vouched(rows, actor, VIEW),
            columns=(
                Column(words.body(), lambda row: name_of(row["body"]), sort="body"),
                Column(
                    _("Leads classes"),
                    lambda row: len(row["leads"]),
                    cells.number,
                    link=lambda row: f"{here}?tab=classes&body={row['body'].key}",
                    sort="leads",
                ),
                Column(_("Assists with"), lambda row: len(row["assists"]), cells.number, sort="assists"),
                Column(_("In towns"), lambda row: len(row["towns"]), cells.number, sort="towns", weight=3),
                Column(_("Claimed as well"), lambda row: len(row["conflicts"]), cells.trouble, sort="conflicts"),
            ),
            empty=_("No body has a duty."),
        ),
    )
