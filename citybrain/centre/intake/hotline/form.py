"""The form of one call at the hotline, and what is offered while somebody fills it in."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django import forms
from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from citybrain.centre.events.drafts import SignalDraft
from citybrain.centre.events.duplicates import Likeness, alike
from citybrain.centre.events.models import Channel, Event, Reporter
from citybrain.centre.events.permissions import REPORT
from citybrain.centre.events.private import MASKED_HERE
from citybrain.centre.events.queries import events
from citybrain.centre.events.types import event_type, event_types, name_of
from citybrain.centre.intake.models import StandardAnswer
from citybrain.centre.intake.reporters import caller
from citybrain.centre.understanding.reading import Understanding, understand
from citybrain.declare.event import Level
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Area
from citybrain.kernel.identity.scope import Vouched, vouched
from citybrain.kernel.records.places import check_geometry
from citybrain.kernel.records.spelling import normal
from citybrain.ui.panels.offers import Offer, Offers
from citybrain.ui.panels.panel import Tag, Tone

TONES: dict[str, Tone] = {Level.BLUE: "data", Level.YELLOW: "fair", Level.ORANGE: "fair", Level.RED: "bad"}
FEWEST = 4
"""Characters of a text from which something is offered."""
ANSWERS = 3


class CallForm(forms.Form):
    """What an agent writes down."""

    number = forms.CharField(max_length=40, required=False, widget=forms.TextInput({"autofocus": True}))
    name = forms.CharField(max_length=40, required=False)
    text = forms.CharField(max_length=4000, widget=forms.Textarea({"rows": 6}))
    type = forms.ChoiceField(required=False)
    level = forms.ChoiceField(required=False)
    area = forms.ModelChoiceField(Area.objects.none(), required=False)
    address = forms.CharField(max_length=200, required=False)
    wants_answer = forms.BooleanField(required=False, initial=True)
    answer = forms.CharField(max_length=2000, required=False, widget=forms.Textarea({"rows": 3}))
    place = forms.CharField(max_length=2000, required=False, widget=forms.HiddenInput())
    title = forms.CharField(max_length=120, required=False, widget=forms.HiddenInput())
    join = forms.CharField(max_length=40, required=False)
    key = forms.UUIDField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        labels = {
            "number": _("Caller's number"),
            "name": _("Caller's name"),
            "text": _("What they say"),
            "type": pgettext("of an event", "Class"),
            "level": _("Level"),
            "area": _("Town or village"),
            "address": _("Where exactly"),
            "wants_answer": _("Wants to be called back"),
            "answer": _("Answer given now"),
            "join": _("Belongs to event"),
        }
        for name, label in labels.items():
            fields[name].label = label
        fields["number"].widget.attrs |= {"inputmode": "tel", "autocomplete": "off"}
        fields["text"].help_text = MASKED_HERE
        fields["join"].help_text = _("Number of an event that is known already.")
        kinds = sorted(event_types().values(), key=lambda kind: (kind.kind.value, kind.code))
        fields["type"].choices = [("", "---------"), *((kind.key, name_of(kind)) for kind in kinds)]
        fields["level"].choices = [("", _("As the class says")), *((one.value, _(one.label)) for one in Level)]
        places = Area.objects.filter(kind__in=(Area.Kind.TOWN, Area.Kind.ZONE, Area.Kind.VILLAGE)).order_by("path")
        fields["area"].queryset = places
        fields["area"].label_from_instance = lambda area: area.chinese
        fields["key"].initial = uuid.uuid4

    def clean_place(self) -> dict[str, Any] | None:
        """The point as GeoJSON; None for none."""
        text = self.cleaned_data["place"].strip()
        if not text:
            return None
        try:
            return check_geometry(json.loads(text))
        except ValueError as error:
            raise forms.ValidationError(_("This is no place.")) from error


def offered(given: dict[str, str], actor: Actor, reporter: Reporter | None, before: list[Event]) -> tuple[Offers, ...]:
    """What is offered for what stands in the form now: the caller's earlier matters, class, place, level, the same
    matter, standard answers.
    """
    text = given.get("text", "").strip()
    groups = [earlier_matters(given, before, actor)] if reporter is not None else []
    if len(text) >= FEWEST:
        understood = understand(text, place=point(given))
        kind = given.get("type", "") or understood.type_key
        groups += [
            classes(given, understood, actor),
            places(given, understood, actor),
            levels(given, understood, kind, actor),
            same_matter(given, understood, kind, actor),
            standard_answers(text, kind, actor),
        ]
    return tuple(groups)


def point(given: dict[str, str]) -> dict[str, Any] | None:
    """The point in the form; None while there is none."""
    try:
        return check_geometry(json.loads(given.get("place") or "null"))
    except ValueError:
        return None


def opened_by(given: dict[str, str]) -> Reporter | None:
    """The reporter whose number stands in the form; None for a first call."""
    return caller(given.get("number", ""))[1]


def door(event: Event) -> str:
    """Address of an event's page; empty where there is none."""
    try:
        return reverse("event-page", args=(event.number,))
    except NoReverseMatch:
        return ""


def earlier_matters(given: dict[str, str], before: list[Event], actor: Actor) -> Offers:
    """What this caller told before; what is still open can be joined."""
    lines = [
        Offer(
            title=event.title or event.number,
            under=f"{event.number} · {timezone.localdate(event.opened_at):%Y-%m-%d} · {event.organisation}",
            side=event.get_state_display(),  # type: ignore[attr-defined]
            values=(("join", event.number),) if event.is_open else (),
            is_chosen=given.get("join") == event.number,
            url=door(event),
        )
        for event in before
    ]
    return Offers(
        title=_("Earlier matters of this caller"),
        hint=_("Opened for this call; the caller can see that you looked."),
        offers=vouched(lines, actor, REPORT),
    )


def classes(given: dict[str, str], understood: Understanding, actor: Actor) -> Offers:
    """Classes the words may mean."""
    lines = [
        Offer(
            title=name_of(event_type(one.key)),
            under="、".join(one.reasons),
            side=f"{one.probability:.0%}",
            values=(("type", one.key), ("title", understood.title)),
            is_chosen=given.get("type") == one.key,
        )
        for one in understood.types[:4]
        if one.key in event_types()
    ]
    return Offers(title=pgettext("of an event", "Class"), offers=vouched(lines, actor, REPORT))


def places(given: dict[str, str], understood: Understanding, actor: Actor) -> Offers:
    """Places the words may mean."""
    lines = []
    for one in understood.places[:3]:
        spot = json.dumps(dict(one.point), separators=(",", ":")) if one.point else ""
        values = (("address", one.address), ("area", str(one.area_id or "")), ("place", spot))
        lines.append(
            Offer(
                title=one.address or one.area_name,
                under=" · ".join((one.area_name, *one.reasons)),
                side=f"± {one.accuracy:.0f} m" if one.accuracy else "",
                values=values,
                is_chosen=given.get("address") == one.address,
            )
        )
    return Offers(title=_("Place"), offers=vouched(lines, actor, REPORT))


def levels(given: dict[str, str], understood: Understanding, kind: str, actor: Actor) -> Offers:
    """A level above the class's own that the words ask for."""
    own = event_types()[kind].level if kind in event_types() else Level.BLUE
    if understood.level.height <= own.height:
        return Offers(title=_("Level"), offers=vouched((), actor, REPORT))
    line = Offer(
        title=_(understood.level.label),
        under="、".join(understood.level_reasons),
        values=(("level", understood.level.value),),
        is_chosen=given.get("level") == understood.level.value,
        tag=Tag(title=_("Raised"), tone=TONES[understood.level]),
    )
    return Offers(title=_("Level"), offers=vouched((line,), actor, REPORT))


def draft_of(given: dict[str, str], understood: Understanding, kind: str) -> SignalDraft:
    """What stands in the form, as a draft that events are compared with."""
    first = understood.places[0] if understood.places else None
    spot = dict(first.point) if first is not None and first.point else None
    area = given.get("area", "") or (str(first.area_id or "") if first is not None else "")
    return SignalDraft(
        channel=Channel.HOTLINE,
        text=given.get("text", ""),
        type=kind if kind in event_types() else "",
        place=point(given) or spot,
        accuracy=first.accuracy if first is not None else None,
        address=given.get("address", "") or (first.address if first is not None else ""),
        area=Area.objects.filter(pk=area).first() if area.isdecimal() else None,
        asset_kind=first.asset_kind if first is not None else "",
        asset_number=first.asset_number if first is not None else "",
    )


def same_matter(given: dict[str, str], understood: Understanding, kind: str, actor: Actor) -> Offers:
    """Open events that may be the same: others called about it, or it is a known outage."""
    found = alike(draft_of(given, understood, kind), limit=4, rows=events(actor) if actor.may("event:view") else None)
    lines = [
        Offer(
            title=one.event.title or one.event.number,
            under=" · ".join((one.event.number, *one.reasons)),
            side=f"{one.score:.0%}",
            values=(("join", one.event.number),),
            is_chosen=given.get("join") == one.event.number,
            url=door(one.event),
            tag=many_tag(one),
        )
        for one in found
    ]
    return Offers(title=_("Perhaps the same matter"), offers=vouched(lines, actor, REPORT))


def many_tag(one: Likeness) -> Tag | None:
    """How many told of it already."""
    if one.event.signal_count < 2:
        return None
    return Tag(title=_("%d reports") % one.event.signal_count, tone="fair")


def standard_answers(text: str, kind: str, actor: Actor) -> Offers:
    """Standard answers for the class, or with one of their words in the text."""
    today = timezone.localdate()
    rows = StandardAnswer.objects.filter(removed_at=None).filter(Q(valid_until=None) | Q(valid_until__gte=today))
    said = normal(text)
    scored = []
    for row in rows.order_by("-pk")[:500]:
        words = [word for word in row.words.replace("，", ",").replace("、", ",").split(",") if word.strip()]
        hits = [word.strip() for word in words if normal(word.strip()) in said]
        score = 2 * len(hits) + (row.type == kind and bool(kind))
        if score:
            scored.append((score, row, hits))
    scored.sort(key=lambda one: -one[0])
    lines = [
        Offer(
            title=row.answer, under=" · ".join(filter(None, (row.title, row.ground))), values=(("answer", row.answer),)
        )
        for _score, row, _hits in scored[:ANSWERS]
    ]
    offers: Vouched[Offer] = vouched(lines, actor, REPORT)
    return Offers(title=_("Standard answers"), offers=offers)
