"""Public matters around here (身边事): a list and a map of what was reported, and what became of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from citybrain.centre.events.machine import DONE, OPEN, State
from citybrain.centre.events.merging import head_of
from citybrain.centre.events.models import Event, Step
from citybrain.centre.events.types import event_types, name_of
from citybrain.centre.intake.citizen.pictures import taken_after
from citybrain.centre.intake.citizen.progress import milestones, result_words
from citybrain.centre.intake.citizen.track import drawn
from citybrain.centre.intake.citizen.words import (
    SHOWN_DAYS,
    body_name,
    kind_name,
    public_events,
    public_title,
    state_words,
)
from citybrain.kernel.identity.scope import Vouched
from citybrain.ui.access import public
from citybrain.ui.citizen.pages import distance, point
from citybrain.ui.citizen.panels import NearestFirst
from citybrain.ui.citizen.queries import PUBLIC, nearest
from citybrain.ui.paging import paging
from citybrain.ui.panels import cells
from citybrain.ui.panels.items import Item, Items
from citybrain.ui.panels.kinds import Fact, Facts, Layer, Map, Notice, Stat, Stats
from citybrain.ui.panels.milestones import Milestones
from citybrain.ui.panels.panel import Action, Link, Page, Panel, Tab, Tag, Tone
from citybrain.ui.panels.pictures import Picture, Pictures
from citybrain.ui.panels.tables import Choice, Filters
from citybrain.ui.records.mapping import bounds

SIZE = 30
POINTS = 1000

STATES = {"open": Q(state__in=OPEN), "fixed": Q(state__in=DONE, result=Event.Result.FIXED)}
STATES["answered"] = Q(state__in=DONE) & ~Q(result=Event.Result.FIXED)
"""Value of the filter -> condition."""


def shown() -> QuerySet[Event]:
    """Public events that are open, or ended not long ago."""
    since = timezone.now() - timedelta(days=SHOWN_DAYS)
    return public_events().filter(Q(state__in=OPEN) | Q(closed_at__gte=since))


@public
@require_safe
def around(request: HttpRequest) -> HttpResponse:
    """The list, the nearest first when asked, or the map; above it how many were fixed and how many only answered."""
    tab = "map" if request.GET.get("tab") == "map" else "list"
    body = on_map() if tab == "map" else listed(request)
    report = Action(title=_("Report a problem"), url=reverse("citizen-report-problem"), icon="camera", is_main=True)
    return Page(
        title=_("Around me"),
        body=(figures(), *body),
        tabs=(Tab(key="list", title=_("List")), Tab(key="map", title=_("Map"))),
        tab=tab,
        crumbs=(Link(title=_("Home"), url=reverse("citizen-home")),),
        actions=(report,),
        shell="citizen",
    ).respond(request)


def figures() -> Stats:
    """Open, fixed, answered in the days shown; the share fixed is of all that ended, counted honestly."""
    counted = (
        shown().order_by().aggregate(**{name: Count("pk", filter=condition) for name, condition in STATES.items()})
    )
    ended = counted["fixed"] + counted["answered"]
    here = reverse("citizen-around")
    titles = state_titles()
    tones: dict[str, Tone] = {"fixed": "good"}
    ended_share = Stat(
        title=_("Share fixed"),
        value=counted["fixed"] / ended if ended else None,
        cell=cells.percent,
        under=_("of all that ended"),
    )
    counts = [
        Stat(title=titles[key], value=counted[key], url=f"{here}?state={key}", tone=tones.get(key, "quiet"))
        for key in STATES
    ]
    return Stats(note=_("last %d days") % SHOWN_DAYS, stats=(*counts, ended_share))


def state_titles() -> dict[str, str]:
    """The states people ask for, in words."""
    return {
        "open": pgettext("public matters", "Open"),
        "fixed": pgettext("public matters", "Fixed"),
        "answered": pgettext("public matters", "Only answered"),
    }


def on_map() -> tuple[Panel, ...]:
    """The map."""
    layer = Layer(key="around", title=_("Matters"), url=reverse("citizen-around-geojson"), by_view=True, clusters=True)
    return (Map(key="map", layers=(layer,), height="tall"),)


def listed(request: HttpRequest) -> tuple[Panel, ...]:
    """The filters and the lines."""
    asked = {name: request.GET.get(name, "")[:64].replace("\x00", "") for name in ("state", "type")}
    rows = shown()
    if asked["state"] in STATES:
        rows = rows.filter(STATES[asked["state"]])
    if asked["type"] in event_types():
        rows = rows.filter(type=asked["type"])
    here = point(request.GET.get("near", ""))
    rows = nearest(rows, "place", *here) if here else rows.order_by("-opened_at")
    leaf = paging(request.GET.get("page"), rows.count(), SIZE)
    lines = tuple(line_of(event) for event in rows[leaf.offset : leaf.offset + leaf.size])
    bar = Filters(choices=(state_choice(), type_choice()), asked=asked)
    items = Items(
        items=Vouched(lines, PUBLIC),
        empty=_("Nothing fits. Ask for less, or clear the filters."),
        paging=leaf if leaf.last > 1 else None,
    )
    return (bar, NearestFirst(is_on=here is not None), items)


def state_choice() -> Choice:
    """The states people ask for."""
    return Choice(name="state", title=_("State"), options=tuple(state_titles().items()))


def type_choice() -> Choice:
    """The classes there are events of."""
    used = set(shown().order_by().values_list("type", flat=True).distinct())
    options = tuple((key, name_of(kind)) for key, kind in event_types().items() if key in used)
    return Choice(name="type", title=_("Kind of problem"), options=options)


def line_of(event: Event) -> Item:
    """A public event as a line."""
    words, tone = state_words(event)
    away = getattr(event, "away", None)
    people = ngettext("%d person", "%d people", event.signal_count) % event.signal_count
    return Item(
        title=kind_name(event),
        url=reverse("citizen-around-one", args=(event.number,)),
        under=" · ".join(part for part in (body_name(event.area), people) if part),
        at=event.opened_at,
        side="" if away is None else distance(away**0.5),
        tags=(Tag(title=words, tone=tone, is_state=True),),
    )


@public
@require_safe
@cache_control(public=True, max_age=60)
def geojson(request: HttpRequest) -> JsonResponse:
    """Public events in sight as GeoJSON (RFC 7946), degrees: at most `POINTS`."""
    rows = shown().exclude(place_x=None)
    if box := bounds(request.GET.get("bbox", "")):
        west, south, east, north = box
        rows = rows.filter(place_x__gte=west, place_x__lte=east, place_y__gte=south, place_y__lte=north)
    features: list[dict[str, Any]] = []
    for event in rows.order_by("-opened_at")[:POINTS]:
        words, tone = state_words(event)
        properties = {
            "title": public_title(event),
            "text": words,
            "tone": tone,
            "url": reverse("citizen-around-one", args=(event.number,)),
        }
        where = {"type": "Point", "coordinates": [event.place_x, event.place_y]}
        features.append({"type": "Feature", "geometry": where, "properties": properties})
    return JsonResponse({"type": "FeatureCollection", "features": features})


def public_one(number: str) -> Event:
    """The public event. Raises Http404 for any other, so that nothing tells which there are."""
    event = Event.objects.filter(number=number).select_related("organisation", "area").first()
    head = head_of(event) if event is not None else None
    found = public_events().filter(pk=head.pk).first() if head is not None else None
    if found is None:
        raise Http404(_("Nothing public is at this address."))
    return found


@public
@require_safe
def one(request: HttpRequest, number: str) -> HttpResponse:
    """One public event: how far it is, what was done, where; and following it."""
    event = public_one(number)
    journal = list(Step.objects.filter(event=event).order_by("number"))
    signal = event.signals.order_by("received_at").first()
    panels: list[Panel] = []
    if signal is not None:
        steps = milestones(signal, event, journal)
        panels.append(Milestones(title=_("How far it is"), steps=Vouched(steps, PUBLIC)))
    after = tuple(
        Picture(pgettext("photo", "After"), reverse("citizen-around-photo", args=(event.number, file.pk)), at=file.at)
        for file in taken_after(event, journal)
    )
    if after and event.state in DONE:
        panels.append(Pictures(title=_("Photos"), pictures=Vouched(after, PUBLIC)))
    panels.append(facts(event))
    if event.place_x is not None:
        where = {"type": "Point", "coordinates": [event.place_x, event.place_y]}
        feature = {"type": "Feature", "geometry": where, "properties": {"title": kind_name(event)}}
        layer = Layer(key="here", title=_("Place"), data={"type": "FeatureCollection", "features": [feature]})
        panels.append(Map(key="map", layers=(layer,), centre=(event.place_x, event.place_y)))
    follow = f"{reverse('citizen-report-problem')}?join={event.number}"
    doing = (Action(title=_("I see it too: follow it"), url=follow, icon="bell", is_main=True),)
    done = (Notice(text=_("It looks otherwise? Report it anew; say that it is not fixed."), tone="quiet"),)
    return Page(
        title=kind_name(event),
        lead=" · ".join((public_title(event), state_words(event)[0])),
        body=(*panels, *(() if event.is_open else done)),
        crumbs=(Link(title=_("Around me"), url=reverse("citizen-around")),),
        actions=doing if event.is_open else (),
        shell="citizen",
    ).respond(request)


def facts(event: Event) -> Facts:
    """Numbers, bodies, the result: nothing anybody wrote who is not an official."""
    rows = [
        Fact(title=_("Number"), value=event.number),
        Fact(title=_("First told"), value=event.opened_at, cell=cells.moment),
        Fact(title=_("Told by"), value=ngettext("%d person", "%d people", event.signal_count) % event.signal_count),
        Fact(title=_("Handled by"), value=body_name(event.organisation) if event.state != State.ACCEPTED else ""),
        Fact(title=_("Result"), value=result_words(event)),
        Fact(title=_("What was done"), value=event.public_text, is_wide=True),
    ]
    return Facts(title=_("Facts"), of=Vouched((event,), PUBLIC), facts=tuple(row for row in rows if row.value))


@public
@require_safe
def photo(request: HttpRequest, number: str, file: int) -> HttpResponse:
    """A photo of the work done."""
    event = public_one(number)
    journal = list(Step.objects.filter(event=event).order_by("number"))
    found = next((one for one in taken_after(event, journal) if one.pk == file and event.state in DONE), None)
    if found is None:
        raise Http404(_("Nothing public is at this address."))
    return drawn(found, is_small=False)
