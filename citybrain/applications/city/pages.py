"""Pages of patrols: how far the plans were kept, with the map of what was walked; and the walk itself on the phone."""

from __future__ import annotations

import datetime
import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citybrain.applications.city import actions
from citybrain.applications.city.models import Patrol, PatrolPlan
from citybrain.applications.city.patrolling import KEPT, WEEK, Coverage, cells_walked, coverage, outline, within
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import own, scoped, vouched
from citybrain.ui.finding import address_of
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import Blank, Layer, Map, Notice, Stat, Stats
from citybrain.ui.panels.panel import Link, Page, Panel, Row, Tab, Tag
from citybrain.ui.panels.tables import Column, Table
from citybrain.ui.phone.walking import Walk
from citybrain.ui.records.pages import RecordPages

MOST_BYTES = 100_000
"""Of one parcel of positions."""
MOST_CELLS = 3000
"""Cells drawn on the map, those walked most often first."""


def coverage_title() -> str:
    """Title of the page that says what was covered."""
    return _("Coverage")


def walk_title() -> str:
    """Title of the phone's page."""
    return _("Walk")


TABS = {"day": gettext_lazy("Today"), "yesterday": gettext_lazy("Yesterday"), "week": gettext_lazy("Seven days")}


def days_of(tab: str, today: datetime.date) -> list[datetime.date]:
    """The days a tab is about, in order."""
    if tab == "week":
        return [today - datetime.timedelta(days=back) for back in reversed(range(WEEK))]
    return [today - datetime.timedelta(days=tab == "yesterday")]


def coverage_page(pages: RecordPages, request: HttpRequest) -> HttpResponse:
    """How far every plan was kept, on a day or in a week; nobody's way is shown, only cells that were walked."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    tab = request.GET.get("tab", "day")
    tab = tab if tab in TABS else "day"
    days = days_of(tab, timezone.localdate())
    permission = pages.permission("view")
    plans = list(pages.rows(actor).filter(state=PatrolPlan.State.ACTIVE).order_by("area__key", "number"))
    walks = scoped(Patrol.objects.all(), actor, permission)
    found = [one for one in coverage(plans, walks, days) if one.expected or one.metres]
    found.sort(key=lambda one: (one.is_covered, one.plan.number))
    walked = cells_walked(within(walks, days))
    kept = sum(one.is_covered for one in found)
    stats = Stats(
        stats=(
            Stat(_("Plans kept"), kept, under=_("of %d that were due") % len(found), tone="good"),
            Stat(_("Not kept"), len(found) - kept, tone="bad" if kept < len(found) else "quiet"),
            Stat(_("Way walked"), round(sum(one.metres for one in found) / 1000, 1), cells.number_text, unit="km"),
            Stat(_("Cells of 100 m walked"), len(walked)),
        )
    )
    table = Table(
        title=_("Plans"),
        columns=(
            Column(title=_("Plan"), value="plan.title", link=lambda one: pages.url("detail", one.plan.number)),
            Column(title=_("Area"), value=lambda one: one.plan.area or "", weight=2),
            Column(title=_("Kept"), value=kept_tag, cell=cells.tag),
            Column(title=_("Walks"), value=lambda one: f"{one.done} / {one.expected}", align="right"),
            Column(title=_("Way (km)"), value=lambda one: f"{one.metres / 1000:.1f}", align="right", weight=3),
            Column(title=_("Last walk"), value="last", cell=cells.age, weight=2),
        ),
        rows=vouched(found, actor, permission),
        empty=_("No plan was due."),
        row_link=lambda one: pages.url("detail", one.plan.number),
    )
    return Page(
        title=coverage_title(),
        crumbs=(Link(title=pages.shape.plural, url=pages.url("list")),),
        lead=_("Squares of 100 m that were walked. Whose way it was is not shown, and forgotten after %d days.") % KEPT,
        tabs=tuple(Tab(key=key, title=title) for key, title in TABS.items()),
        tab=tab,
        body=(stats, Row(Map(layers=layers(found, walked), height="tall"), table)),
        help=pages.shape.help,
    ).respond(request)


def kept_tag(one: Coverage) -> Tag:
    """Whether a plan was kept."""
    if one.is_covered:
        return Tag(title=_("Kept"), tone="good", is_state=True)
    return Tag(title=_("Begun") if one.done else _("Not walked"), tone="fair" if one.done else "bad", is_state=True)


def layers(found: list[Coverage], walked: Any) -> tuple[Layer, ...]:
    """What was walked, and where plans begin that were kept or not."""
    squares = [
        {
            "type": "Feature",
            "geometry": {"type": "Polygon", "coordinates": [outline(cell)]},
            "properties": {"title": _("Walked %d times") % many},
        }
        for cell, many in walked.most_common(MOST_CELLS)
    ]
    return (
        Layer(key="walked", title=_("Walked"), data=collection(squares), tone="data"),
        Layer(key="kept", title=_("Kept"), data=places(one for one in found if one.is_covered), tone="good"),
        Layer(key="missed", title=_("Not kept"), data=places(one for one in found if not one.is_covered), tone="bad"),
    )


def places(found: Any) -> dict[str, Any]:
    """Where plans begin."""
    return collection(
        [
            {
                "type": "Feature",
                "geometry": one.plan.place,
                "properties": {"title": f"{one.plan.title} · {one.done} / {one.expected}"},
            }
            for one in found
            if one.plan.place
        ]
    )


def collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    """GeoJSON of features."""
    return {"type": "FeatureCollection", "features": features}


def walk_page(pages: RecordPages, request: HttpRequest) -> HttpResponse:
    """The walk on the phone: begin one with consent, see it go on, end it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    going = own(Patrol.objects.filter(ended_at=None).select_related("plan"), actor).first()
    panels: list[Panel] = []
    if going is not None:
        title = going.plan.title if going.plan else ""
        panels.append(
            Walk(
                start=pages.url("walk-start"),
                consent="",
                is_going=True,
                of=title,
                send=pages.url("walk-points", going.pk),
                stop=pages.url("walk-stop", going.pk),
                since=going.started_at,
                metres=going.metres,
                report=address_of("phone-report"),
            )
        )
        if going.plan and going.plan.look_at:
            panels.append(Notice(title=_("What to look at"), text=going.plan.look_at, tone="quiet"))
    else:
        plans = list(pages.rows(actor).filter(state=PatrolPlan.State.ACTIVE).order_by("area__key", "number")[:100])
        asked = request.GET.get("plan", "")
        plans.sort(key=lambda plan: str(plan.pk) != asked)
        if plans:
            text = _(
                "I agree that my way is kept during this walk: in working hours, while this page is open. My name and "
                "the points are deleted after %d days; only the squares walked stay. I can end it at any time."
            )
            choices = tuple((str(plan.pk), plan.title) for plan in plans)
            panels.append(Walk(start=pages.url("walk-start"), plans=choices, consent=text % KEPT))
        else:
            panels.append(Blank(icon="walk", text=_("There is no patrol plan for your area.")))
        panels.append(mine(actor))
    return Page(title=walk_title(), body=tuple(panels), shell="phone").respond(request)


def mine(actor: Actor) -> Table:
    """The person's own walks that are still known."""
    columns = (
        Column(title=_("Plan"), value=lambda walk: walk.plan.title if walk.plan else ""),
        Column(title=_("Day"), value="started_at", cell=cells.age),
        Column(title=_("Way (km)"), value=lambda walk: f"{walk.metres / 1000:.1f}", align="right"),
    )
    rows = own(Patrol.objects.exclude(ended_at=None).select_related("plan"), actor)[:10]
    return Table(title=_("My walks"), columns=columns, rows=rows, empty=_("You have not walked yet."))


def start_walk(pages: RecordPages, request: HttpRequest) -> HttpResponse:
    """Begins a walk."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    number = request.POST.get("plan", "")
    plan = pages.rows(actor).get(pk=int(number) if number.isascii() and number.isdecimal() else 0)
    try:
        actions.start(plan, actor, agreed=request.POST.get("agreed") == "1")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return HttpResponseRedirect(pages.url("walk"))


def take(pages: RecordPages, request: HttpRequest, walk: int) -> HttpResponse:
    """Takes positions: {"points": [[longitude, latitude, accuracy, milliseconds], …]}."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        if len(request.body) > MOST_BYTES:
            return JsonResponse({"detail": _("Too many positions at once.")}, status=413)
        points = json.loads(request.body)["points"]
        if not isinstance(points, list):
            raise TypeError
    except (ValueError, KeyError, TypeError, RecursionError):
        return JsonResponse({"detail": _("Send {“points”: […]}.")}, status=400)
    try:
        taken = actions.take_points(walk, points, actor)
    except Patrol.DoesNotExist:
        return JsonResponse({"detail": _("This walk is over.")}, status=404)
    metres = own(Patrol.objects.all(), actor).values_list("metres", flat=True).get(pk=walk)
    return JsonResponse({"kept": taken.kept, "left_out": taken.left_out, "reason": taken.reason, "metres": metres})


def stop_walk(pages: RecordPages, request: HttpRequest, walk: int) -> HttpResponse:
    """Ends a walk."""
    try:
        ended = actions.stop(walk, request.actor)  # type: ignore[attr-defined]
    except (Patrol.DoesNotExist, PermissionDenied):
        messages.error(request, _("This walk is over."))
    else:
        messages.success(request, _("Walk ended: %.1f km.") % (ended.metres / 1000))
    return HttpResponseRedirect(pages.url("walk"))
