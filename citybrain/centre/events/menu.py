"""What the event centre adds to the side menu; rooms beside and above it hand in lines of their own."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from citybrain.centre.events.pages.views import RECOUNT, lines
from citybrain.centre.events.permissions import DISPATCH, VIEW
from citybrain.centre.events.queues import counts
from citybrain.kernel.identity.actor import Actor
from citybrain.ui.menu import MenuGroup, MenuItem


def counted(key: str) -> Callable[[Actor], int]:
    """How many events a queue has for the person."""
    return lambda actor: counts(actor).get(key, 0)


def line(title: object, icon: str, queue: str, **options: object) -> MenuItem:
    """A line that opens a queue of the desk."""
    return MenuItem(
        title=title,  # type: ignore[arg-type]
        icon=icon,
        url_name="event-desk",
        query=f"queue={queue}",
        permission=VIEW,
        count=counted(queue),
        recount=RECOUNT,
        **options,  # type: ignore[arg-type]
    )


DESK = (
    MenuItem(
        title=_("All events"),
        icon="clipboard-list",
        url_name="event-desk",
        permission=VIEW,
        count=counted("open"),
        recount=RECOUNT,
        key="v",
        on_phone=True,
    ),
    line(pgettext_lazy("queue of events", "Mine"), "user", "mine", key="i", below=lines),
    line(_("Hotline 12345"), "phone-call", "hotline"),
    line(_("Device warnings"), "broadcast", "sensing"),
    line(_("Overdue"), "clock", "overdue", key="x", is_news=True),
    line(_("Taken by nobody"), "alert-triangle", "unowned", is_news=True),
)
MAPS = (
    MenuItem(title=_("Map of events"), icon="map", url_name="event-map", permission=VIEW),
    MenuItem(title=_("Dispatch map"), icon="ambulance", url_name="event-dispatch-map", permission=DISPATCH),
    MenuItem(title=_("Supervision board"), icon="eye", url_name="event-supervision", permission=VIEW, key="q"),
)


def menu(*more: MenuItem) -> MenuGroup:
    """The group of events, with the lines of other rooms after its own."""
    return MenuGroup(title=_("Event centre"), items=(*DESK, *MAPS, *more))
