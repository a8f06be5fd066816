"""How an event came to its area, and what speaks against it: words for the desk, where a person decides."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from citybrain.centre.events.pages.looking import Case
from citybrain.centre.understanding.reading import Understanding, understand
from citybrain.centre.understanding.whereabouts import POSITION, doubt, in_words, is_same_way, position_of
from citybrain.ui.panels.kinds import Notice


def area_source(case: Case) -> str:
    """By what the event got its area when it was told; empty where the teller named it."""
    where = case.journal[0].facts.get("where") if case.journal else None
    if not where:
        return ""
    words = pgettext("area", "by position") if where.get("by") == POSITION else pgettext("area", "by the words")
    return f"{words} · {_('made-up boundary')}" if where.get("synthetic") else words


def about_area(case: Case, read: Understanding | None = None) -> list[Notice]:
    """Where the position lies, and what differs from it: the area kept, a place the words name."""
    event = case.event
    found = position_of(event.place)
    if found is None:
        return []
    lines = [in_words(found)]
    if event.area is not None and not is_same_way(event.area, found):
        lines.append(_("The event is kept under %s: correct its area, or its position.") % event.area)
    read = read or understand(" ".join(filter(None, (event.title, event.description))))
    told = doubt(found, read.places)
    if told is not None:
        lines.append(_("The words name %s: decide which of the two is meant.") % (told.address or told.area_name))
    return [Notice(text=" ".join(lines), tone="fair" if len(lines) > 1 else "data", key="where")]
