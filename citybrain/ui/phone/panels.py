"""Panels that only the phone has: who I am, the field form, what waits to be sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from django.forms import BaseForm, BoundField
from django.http import HttpRequest

from citybrain.kernel.identity.scope import Vouched, demand_scoped
from citybrain.ui.panels.kinds import Map, identity
from citybrain.ui.panels.panel import Panel, PanelError, Text

PHOTOS = 9
"""Most photos of one form."""


@dataclass(frozen=True, kw_only=True)
class Me(Panel):
    """Who is signed in, and this device's settings: language, type, installing, signing out."""

    template: ClassVar[str] = "ui/phone/me.html"

    who: str
    under: str = ""
    """The post they act under."""


@dataclass(frozen=True, kw_only=True)
class Photos:
    """What a field form asks photos for."""

    title: Text = ""
    """Empty says “Photos”."""
    hint: Text = ""
    """Empty says what becomes of photos on which time and position are written."""
    is_first: bool = False
    """Whether they are asked for before anything else."""
    mark: Literal["drawn", "told", "none"] = "drawn"
    """drawn: the device writes time and position on them; told: it sends both beside them, with the SHA-256 of the
    file as the camera made it, and the server writes them on a copy; none: no mark."""
    most: int = PHOTOS
    files: bool = False
    """Whether a voice note or a film may be added."""


@dataclass(frozen=True, kw_only=True)
class Proposals:
    """What is proposed while somebody writes: what kind of thing it is, and whether others told of it before."""

    url: str
    """Takes the text and the place by POST, answers JSON: {"choices": [{"value", "title", "under"}],
    "alike": [{"value", "title", "under", "side", "url"}]}."""
    text: str
    """Name of the field that is read; the proposals stand under it."""
    place: str
    choice: str
    """Name of the field a proposal fills in; it is shown only when somebody wants another one."""
    join: str
    """Name of the hidden field that takes what the form joins."""
    title: Text
    other: Text
    """On the button that opens the whole choice."""
    alike: Text
    hint: Text
    same: Text
    """On the button that joins."""


@dataclass(frozen=True, kw_only=True)
class FieldForm(Panel):
    """A form that works without network (外勤表单): what is filled in stays on the device until it can be sent."""

    template: ClassVar[str] = "ui/phone/field_form.html"

    form: BaseForm
    name: str
    """Kebab-case name of what is filled in."""
    heading: Text
    """What it is, in the list of what waits."""
    groups: tuple[tuple[Text, tuple[str, ...]], ...]
    """Headings with the names of their fields."""
    send: str
    """Address that takes what was filled in, again and again under one request key."""
    outbox: str
    """Address of the page that shows what waits."""
    places: tuple[str, ...] = ()
    """Names of the fields that are places."""
    brand: str = ""
    """Words of the mark on photos, before the time."""
    photos: Photos | None = Photos()
    """None asks for none."""
    map: Map | None = None
    """A map whose middle is the place; without it a place is typed, or found by the device."""
    proposals: Proposals | None = None
    case: str = ""
    """Name of the hidden field with the number of what the form is about, given in the address; empty for none.

    What is known of it comes from what the device keeps sealed (`casefile.js`), so that the page itself names nothing.
    """
    submit: Text = ""
    """On its button; empty says “Send”."""

    def __post_init__(self) -> None:
        super().__post_init__()
        named = [name for _heading, names in self.groups for name in names]
        if missing := [name for name in named if name not in self.form.fields]:
            raise PanelError(f"FieldForm {self.name!r} lays out {missing}, which the form does not have.")

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """The fields by heading, each with whether it is a place."""
        drawn: list[tuple[Text, list[tuple[BoundField, bool]]]] = []
        for heading, names in self.groups:
            fields = [(self.form[name], name in self.places) for name in names]
            if fields:
                drawn.append((heading, fields))
        return {"drawn": drawn}


@dataclass(frozen=True, kw_only=True)
class Outbox(Panel):
    """What this device keeps: forms begun, waiting, refused, and what was received just now. The browser fills it."""

    template: ClassVar[str] = "ui/phone/outbox.html"

    again: str
    """Address of another form."""
    again_title: Text
    follows: bool = False
    """Whether the page goes on to what was received as soon as it is."""
    note: Text = ""
    """What becomes of what waits; empty speaks to people who signed in."""


@dataclass(frozen=True, kw_only=True)
class KeptCase(Panel):
    """Nothing to be seen: a case as its device keeps it, sealed, so that its forms open without network."""

    template: ClassVar[str] = "ui/phone/kept_case.html"

    case: Vouched[dict[str, Any]]
    """One, as JSON values: `number`, `title`, `address`, `seen`, `ways` and what else its forms need."""
    pages: tuple[str, ...] = ()
    """Addresses of forms to be kept as well."""

    def __post_init__(self) -> None:
        super().__post_init__()
        demand_scoped(self.case)

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """The id and content of the block of data."""
        return {"identity": identity(self, "case", request), "content": list(self.case)}


@dataclass(frozen=True, kw_only=True)
class CaseList(Panel):
    """The cases this device keeps: fetched while there is network, drawn by the browser where there is none."""

    template: ClassVar[str] = "ui/phone/case_list.html"

    source: str = ""
    """Address of the cases as JSON, kept whenever the page is opened; empty fetches none."""
    page: str = ""
    """Address of the page that shows them without network."""
    pages: tuple[str, ...] = ()
    """Addresses of forms to be kept as well."""
    is_shown: bool = False
    """Whether the list itself is drawn here; otherwise the panel only keeps."""
