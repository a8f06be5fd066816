"""Tags of the ends: size of type, whose device it is, the bars at the foot of the phone shells."""

from __future__ import annotations

from typing import Any

from django import template
from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from citybrain.kernel.identity.actor import ANONYMOUS
from citybrain.ui.bell import BELL
from citybrain.ui.preferences import has_large_type
from citybrain.ui.pwa.revision import device_owner
from citybrain.ui.todo import TODOS

register = template.Library()

Door = tuple[str, str, str, int, bool]
"""Title, icon, address, count and whether it is the page open now."""


@register.simple_tag(takes_context=True)
def large_type(context: template.Context) -> bool:
    """Whether the page is shown in large type."""
    request = context.get("request")
    try:
        return request is not None and hasattr(request, "user") and has_large_type(request)
    except DatabaseError:
        # The page that says so must not fail where the database has.
        return False


@register.simple_tag(takes_context=True)
def whose_device(context: template.Context) -> str:
    """Pseudonym under which this browser keeps the person's drafts; empty for nobody."""
    request = context.get("request")
    try:
        return device_owner(getattr(request, "actor", ANONYMOUS))
    except DatabaseError:
        return ""


@register.simple_tag(takes_context=True)
def official_doors(context: template.Context) -> list[Door]:
    """The five doors at the foot of the officials' phone."""
    request: HttpRequest = context["request"]
    bell = BELL.of(request)
    return opened(
        request.path,
        [
            (_("To do"), "checklist", reverse("phone-work"), TODOS.count(request.actor)),  # type: ignore[attr-defined]
            (_("Messages"), "bell", reverse("phone-messages"), bell.count if bell else 0),
            (_("Report"), "plus", reverse("phone-report"), 0),
            (_("Search"), "search", reverse("phone-find"), 0),
            (_("Me"), "user", reverse("phone-me"), 0),
        ],
    )


@register.simple_tag(takes_context=True)
def citizen_doors(context: template.Context) -> list[Door]:
    """The doors at the foot of the citizens' phone."""
    doors = [
        (_("Home"), "home", reverse("citizen-home"), 0),
        (_("Look up"), "list-search", reverse("citizen-look-up"), 0),
        (_("Have your say"), "message-report", reverse("citizen-report"), 0),
        (_("Mine"), "user", reverse("citizen-mine"), 0),
    ]
    return opened(context["request"].path, doors)


def opened(path: str, doors: list[tuple[str, str, str, int]]) -> list[Door]:
    """The doors with which of them is open: the one with the longest address that the page lies under."""
    here = max((url for _title, _icon, url, _count in doors if covers(url, path)), key=len, default="")
    return [(*door, door[2] == here) for door in doors]


def covers(url: str, path: str) -> bool:
    """Whether a page lies under a door; the first door of a shell, `/m/` or `/c/`, covers only itself."""
    return path == url if url.count("/") == 2 else path.startswith(url)


@register.filter
def capped(count: Any) -> str:
    """A count for a badge: `99+` above ninety-nine."""
    return "99+" if count > 99 else str(count)
