"""Pages of the menu as things the palette finds."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from citybrain.declare.role import Permission
from citybrain.kernel.identity.actor import Actor
from citybrain.ui.finding import Hit, matching, ranked
from citybrain.ui.menu import MENU, MenuItem, address


def in_every_language(text: str | Promise) -> tuple[str, ...]:
    """A text as each of the site's languages says it, so that `Sources` finds 数据源 too."""
    found = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            found.append(str(text))
    return tuple(dict.fromkeys(found))


class MenuPages:
    """The lines of the side menu."""

    key = "pages"
    title = _("Pages")
    icon = "list-details"
    permission: Permission | None = None

    def find(self, text: str, actor: Actor, limit: int) -> list[Hit]:
        """The lines the person may open; those of the menu's first groups when nothing is asked."""
        hits = []
        for heading, item in self.items(actor):
            score = matching(text, in_every_language(item.title)) if text else 0.5
            if score:
                url = address(item)
                hits.append(Hit(title=str(item.title), under=heading, url=url, icon=item.icon, score=score))
        return ranked(hits, limit) if text else hits[:limit]

    def items(self, actor: Actor) -> Iterator[tuple[str, MenuItem]]:
        """Heading and line, without what the person may not open."""
        for group in MENU.groups:
            for item in group.items:
                if item.permission is None or actor.may(item.permission):
                    yield str(group.title), item
