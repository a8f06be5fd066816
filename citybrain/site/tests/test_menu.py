"""The side menu as the site puts it together."""

from django.urls import get_resolver
from django.utils import translation

from citybrain.ui.menu import MENU

ROOM = 21
"""Letters that fit on one line of the side menu in English; a line with a count has room for three fewer."""


def test_every_line_fits_in_one() -> None:
    get_resolver().url_patterns  # noqa: B018 - rooms put their lines into the menu when their addresses are read
    with translation.override("en"):
        long = [
            str(item.title)
            for group in MENU.groups
            for item in group.items
            if len(str(item.title)) > ROOM - (3 if item.count else 0)
        ]
    assert MENU.groups
    assert not long
