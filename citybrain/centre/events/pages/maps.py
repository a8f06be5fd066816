"""Events on the map: clusters by level with a time slider, and the dispatch map with the nearest teams."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator
from typing import Any

from django.db.models import Avg, Count, F, FloatField, QuerySet
from django.db.models.functions import Cast, Round
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from citybrain.centre.events.machine import OPEN, State
from citybrain.centre.events.models import Event
from citybrain.centre.events.pages import parts
from citybrain.centre.events.pages.asked import ask, filters_panel, tabs
from citybrain.centre.events.pages.desk import tail, ways
from citybrain.centre.events.pages.drawer import drawer, opened
from citybrain.centre.events.permissions import DISPATCH, VIEW
from citybrain.centre.events.queries import events, is_open
from citybrain.centre.events.teams import Team
from citybrain.declare.event import Level
from citybrain.declare.words import Grade
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import scoped, vouched
from citybrain.kernel.records.counting import counted
from citybrain.ui.access import requires, requires_form
from citybrain.ui.panels.items import Item, Items
from citybrain.ui.panels.kinds import Layer, Map
from citybrain.ui.panels.panel import Link, Page, Row, Stack, Tag
from citybrain.ui.records.mapping import bounds

POINTS = 3000
"""Points sent one by one; more are counted together."""

DRAWN = ("place_x", "place_y", "title", "number", "state", "level", "opened_at")
"""Columns a point is drawn by."""

CELLS = 24
"""Cells across the map in which points are counted together."""

WAITING = 40
"""Events listed beside the dispatch map."""

NEAREST = 5
"""Teams named for an event."""

DAYS = 14
"""Days the time slider reaches back."""

EARTH = 6_371_000.0
"""Metres."""


@requires_form(VIEW)
def event_map(request: HttpRequest) -> HttpResponse:
    """What the desk asks for, on the map, hour by hour."""
    acted = opened(request)
    if acted.answer is not None:
        return acted.answer
    if request.headers.get("X-Panel") == "drawer":
        return Page(title=_("Events"), body=(drawer(request, acted),)).respond(request, status=acted.status)
    asked = ask(request)
    kept = tail(request)
    layer = Layer(
        key="events",
        title=_("Events"),
        url=reverse("event-map-data") + (kept or "?"),
        by_view=True,
        clusters=True,
        opens="open",
        time=(asked.now - datetime.timedelta(days=DAYS), asked.now),
    )
    return parts.page(
        str(asked.queue.title) if asked.queue else _("Map of events"),
        tabs=tabs(asked),
        tab=asked.tab if asked.tab != "open" else "all",
        ways=ways(request),
        way=reverse("event-map") + kept,
        body=(filters_panel(asked), Map(key="map", layers=(layer,), height="fill")),
        aside=(drawer(request, acted),),
        fills=True,
        help=_("The events of the list by place. The slider shows what was told until a day, and plays it."),
    ).respond(request)


@requires(VIEW)
def map_data(request: HttpRequest) -> HttpResponse:
    """The events in sight as a GeoJSON feature collection, degrees; `until` and `from` bound when they were told."""
    asked = ask(request)
    rows = asked.base.filter(asked.of_tab).exclude(place_x=None)
    if request.GET.get("open"):
        rows = rows.filter(is_open())
    if other := request.GET.get("except", ""):
        rows = rows.exclude(number=other)
    rows = between(rows, request)
    box = bounds(request.GET.get("bbox", ""))
    if box:
        west, south, east, north = box
        rows = rows.filter(place_x__range=(west, east), place_y__range=(south, north))
    many = counted(rows, POINTS).is_capped
    features = list(grouped(rows, box) if many else points(list(rows.order_by().only(*DRAWN)), asked.now))
    return JsonResponse({"type": "FeatureCollection", "features": features, "is_grouped": many})


def between(rows: QuerySet[Event], request: HttpRequest) -> QuerySet[Event]:
    """Rows told between two moments of the time slider, seconds since 1970."""
    for name, look in (("told_from", "opened_at__gte"), ("told_until", "opened_at__lt")):
        text = request.GET.get(name, "")
        if text.isdigit() and len(text) < 12:
            rows = rows.filter(**{look: datetime.datetime.fromtimestamp(int(text), datetime.UTC)})
    return rows


def points(rows: list[Event], now: datetime.datetime) -> Iterator[dict[str, Any]]:
    """A feature for each event, coloured by its level."""
    for event in rows:
        yield {
            "type": "Feature",
            "id": event.pk,
            "geometry": {"type": "Point", "coordinates": [event.place_x, event.place_y]},
            "properties": {
                "title": event.title,
                "text": f"{event.number} · {State(event.state).label}",
                "key": event.number,
                "url": parts.url_of(event),
                "tone": tone_of(event, now),
                "at": int(event.opened_at.timestamp()),
            },
        }


def tone_of(event: Event, now: datetime.datetime) -> str:
    """Colour on the map: done ones are quiet, else by level."""
    if event.state not in OPEN:
        return "quiet"
    return {Level.BLUE: "data", Level.YELLOW: "fair"}.get(Level(event.level), "bad")


def grouped(rows: QuerySet[Event], box: tuple[float, float, float, float] | None) -> Iterator[dict[str, Any]]:
    """A point for each cell of a grid over the map, with how many events lie in it."""
    step = (box[2] - box[0]) / CELLS if box else 0.02
    cells = (
        rows.order_by()
        .annotate(
            across=Round(Cast(F("place_x"), FloatField()) / step), up=Round(Cast(F("place_y"), FloatField()) / step)
        )
        .values("across", "up")
        .annotate(many=Count("pk"), x=Avg("place_x"), y=Avg("place_y"))
    )
    for cell in cells:
        yield {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [cell["x"], cell["y"]]},
            "properties": {"count": cell["many"], "title": str(cell["many"])},
        }


# Dispatch map


@requires_form(DISPATCH)
def dispatch_map(request: HttpRequest) -> HttpResponse:
    """What waits to be dispatched, with the nearest teams (派遣地图)."""
    acted = opened(request)
    if acted.answer is not None:
        return acted.answer
    if request.headers.get("X-Panel") == "drawer":
        return Page(title=_("Dispatch map"), body=(drawer(request, acted),)).respond(request, status=acted.status)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    now = timezone.now()
    waiting = list(
        events(actor).filter(is_open(), state=State.ACCEPTED).order_by(F("due_at").asc(nulls_last=True))[:WAITING]
    )
    teams = on_duty(actor)
    chosen = acted.case.event if acted.case is not None else None
    layers = (
        Layer(key="waiting", title=_("To dispatch"), data=collection(points(waiting, now)), tone="bad", opens="open"),
        Layer(key="teams", title=_("Teams on duty"), data=collection(team_points(teams)), tone="good"),
    )
    side = [waiting_list(actor, waiting, now, request)]
    if chosen is not None:
        side.insert(0, nearest_list(actor, chosen, teams))
    centre = (chosen.place_x, chosen.place_y) if chosen is not None and chosen.place_x is not None else None
    return parts.page(
        _("Dispatch map"),
        Link(_("All events"), reverse("event-desk")),
        note=ngettext("%d event waits", "%d events wait", len(waiting)) % len(waiting),
        body=(Row(Stack(*side), Map(key="map", layers=layers, height="tall", centre=centre), widths="aside"),),
        aside=(drawer(request, acted),),
        help=_("Choose an event: its nearest teams on duty are named with their distance. Dispatch from the drawer."),
    ).respond(request)


def collection(features: Iterator[dict[str, Any]]) -> dict[str, Any]:
    """Features as GeoJSON."""
    return {"type": "FeatureCollection", "features": list(features)}


def on_duty(actor: Actor) -> list[Team]:
    """Teams on duty whose place is known, as far as the person may see them; none without the permission."""
    if not actor.may("team:view"):
        return []
    rows = scoped(Team.objects.filter(removed_at=None, is_on_duty=True), actor, "team:view")
    return list(rows.exclude(place_x=None).select_related("organisation"))


def team_points(teams: list[Team]) -> Iterator[dict[str, Any]]:
    """A feature for each team."""
    for team in teams:
        yield {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [team.place_x, team.place_y]},
            "properties": {
                "title": team.title,
                "text": f"{team.get_kind_display()} · {team.organisation}",
                "url": reverse("records:team:detail", args=[team.number]),
                "tone": "good",
            },
        }


def waiting_list(actor: Actor, waiting: list[Event], now: datetime.datetime, request: HttpRequest) -> Items:
    """Events to dispatch, the most pressing first."""
    names = parts.Names()
    found = []
    for event in waiting:
        asked = request.GET.copy()
        asked["open"] = event.number
        found.append(
            Item(
                title=event.title,
                url=f"{request.path}?{asked.urlencode()}",
                under=" · ".join(filter(None, (names.town(event.area_id), parts.clock_words(event, now)))),
                tags=(parts.level_tag(event.level),),
            )
        )
    return Items(
        title=_("To dispatch"),
        items=vouched(found, actor, VIEW),
        empty=_("Nothing waits to be dispatched."),
        key="waiting",
    )


def nearest_list(actor: Actor, event: Event, teams: list[Team]) -> Items:
    """The nearest teams on duty, with distance and telephone."""
    found = []
    for metres, team in nearest(event, teams):
        found.append(
            Item(
                title=team.title,
                url=reverse("records:team:detail", args=[team.number]),
                under=" · ".join(
                    filter(None, (str(team.organisation), team.phone if actor.sees(Grade.L2) else "", team.vehicles))
                ),
                icon="users-group",
                side=distance(metres),
                tags=(Tag(str(team.get_kind_display()), "data"),),
            )
        )
    return Items(
        title=_("Nearest teams"),
        items=vouched(found, actor, DISPATCH),
        empty=_("No team on duty has a known place."),
        key="nearest",
    )


def nearest(event: Event, teams: list[Team], most: int = NEAREST) -> list[tuple[float, Team]]:
    """Metres and team, the nearest first; nothing for an event without a place."""
    if event.place_x is None or event.place_y is None:
        return []
    measured = [(metres((event.place_x, event.place_y), (team.place_x, team.place_y)), team) for team in teams]
    return sorted(measured, key=lambda one: (one[0], one[1].pk))[:most]


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance of two points in degrees, metres."""
    (x1, y1), (x2, y2) = ((math.radians(x), math.radians(y)) for x, y in (one, other))
    chord = math.sin((y2 - y1) / 2) ** 2 + math.cos(y1) * math.cos(y2) * math.sin((x2 - x1) / 2) ** 2
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(chord)))


def distance(length: float) -> str:
    """A distance as people say it: `350 m`, `2.4 km`."""
    return _("%d m") % round(length, -1) if length < 1000 else _("%s km") % f"{length / 1000:.1f}"
