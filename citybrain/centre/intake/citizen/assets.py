"""The page behind an asset's QR code (一物一码): what everybody may know of it, and reporting something about it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from citybrain.centre.events.models import Event
from citybrain.centre.intake.citizen.words import kind_name, public_events, state_words
from citybrain.kernel.identity.scope import Vouched
from citybrain.kernel.records.models import Record
from citybrain.kernel.records.shape import Shape
from citybrain.ui.access import public
from citybrain.ui.citizen.pages import fact_of
from citybrain.ui.citizen.queries import PUBLIC, open_fields, place_of, public_rows, public_type, said, title_of
from citybrain.ui.panels.items import Item, Items
from citybrain.ui.panels.kinds import Facts, Layer, Map
from citybrain.ui.panels.panel import Action, Link, Page, Panel, Tag

LATEST = 5
"""Events shown of one asset."""


def public_asset(key: str, number: str) -> Record | None:
    """The living row of a public type; None for any other."""
    shape = public_type(key) if key else None
    return public_rows(shape).filter(number=number).first() if shape is not None and number else None


def report_url(shape: Shape, row: Record) -> str:
    """Address of the report form with the asset and its place filled in."""
    asked = {"asset_kind": shape.key, "asset_number": row.number}
    place = place_of(shape)
    if place and getattr(row, f"{place}_x") is not None:
        asked["place"] = f"{getattr(row, f'{place}_x'):.6f}, {getattr(row, f'{place}_y'):.6f}"
    asked["address"] = title_of(shape, row)[:100]
    return f"{reverse('citizen-report-problem')}?{urlencode(asked)}"


@public
@require_safe
def asset(request: HttpRequest, key: str, number: str) -> HttpResponse:
    """An asset's open facts, its open matters, and the button that reports something about it."""
    shape = public_type(key)
    row = public_asset(key, number)
    if shape is None or row is None:
        raise Http404(_("Nothing public is at this address."))
    facts = tuple(fact_of(field, row) for field in open_fields(shape) if said(field, row) and field.name != shape.place)
    panels: list[Panel] = [matters(shape.key, row.number)]
    panels.append(Facts(title=capfirst(shape.title), of=Vouched((row,), PUBLIC), facts=facts))
    place = place_of(shape)
    geometry: Any = getattr(row, place) if place else None
    if geometry:
        feature = {"type": "Feature", "geometry": geometry, "properties": {"title": title_of(shape, row)}}
        layer = Layer(key="here", title=shape.title, data={"type": "FeatureCollection", "features": [feature]})
        point = getattr(row, f"{place}_x"), getattr(row, f"{place}_y")
        panels.append(Map(key="map", layers=(layer,), centre=point if point[0] is not None else None))
    report = Action(title=_("Report something about it"), url=report_url(shape, row), icon="camera", is_main=True)
    return Page(
        title=title_of(shape, row),
        lead=f"{capfirst(shape.title)} {row.number}",
        body=tuple(panels),
        crumbs=(Link(title=_("Home"), url=reverse("citizen-home")),),
        actions=(report,),
        shell="citizen",
    ).respond(request)


def matters(key: str, number: str) -> Items:
    """What is known in public of events at an asset, the newest first."""
    events = public_events().filter(asset_kind=key, asset_number=number).order_by("-opened_at")[:LATEST]
    return Items(
        title=_("Known matters"),
        items=Vouched(tuple(line_of(event) for event in events), PUBLIC),
        empty=_("Nothing is known to be wrong with it."),
    )


def line_of(event: Event) -> Item:
    """An event as a line for everybody."""
    words, tone = state_words(event)
    return Item(
        title=kind_name(event),
        url=reverse("citizen-around-one", args=(event.number,)),
        under=event.public_text[:80],
        at=event.opened_at,
        tags=(Tag(title=words, tone=tone, is_state=True),),
    )
