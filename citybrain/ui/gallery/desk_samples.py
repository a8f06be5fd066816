"""The panels of a desk with made-up words: stations of a way, the drawer."""

from __future__ import annotations

from django.utils.translation import gettext as _

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import vouched
from citybrain.ui.gallery import samples
from citybrain.ui.gallery.permissions import VIEW
from citybrain.ui.panels.drawers import Drawer
from citybrain.ui.panels.panel import Action, Panel, Tab, Tag
from citybrain.ui.panels.prose import Prose
from citybrain.ui.panels.ways import Station, Way


def panels(actor: Actor) -> tuple[Panel, ...]:
    """Both of them."""
    stations = (
        Station(title="Demo 1", state="done", at=samples.NOW),
        Station(title="Demo 2", state="now"),
        Station(title="Demo 3", state="ahead"),
        Station(title="Demo 4", state="stopped"),
    )
    return (
        Way(label=_("Stations of a way"), stations=vouched(stations, actor, VIEW)),
        Drawer(
            key="drawer",
            of=vouched(("Demo",), actor, VIEW),
            title="Demo",
            under="DEMO-1",
            tags=(Tag("Demo", "fair"), Tag("Demo", "data", is_state=True)),
            tabs=(Tab("one", "Demo 1"), Tab("two", "Demo 2", 3)),
            tab="one",
            body=(Prose(text="Demo", is_markdown=False),),
            actions=(Action("Demo 1", "/gallery/"), Action("Demo 2", "/gallery/", "check", is_main=True)),
            more=(Action("Demo 3", "/gallery/"),),
        ),
    )
