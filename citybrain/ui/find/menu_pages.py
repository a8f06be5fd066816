"""Pages of the menu, and what can be begun from anywhere, as things the palette finds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from citybrain.declare.role import Permission
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.records.shape import Shape, record_types
from citybrain.ui.finding import Door, Hit, address_of, found_doors, matching, ranked
from citybrain.ui.menu import MENU, MenuItem


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
                url = reverse(item.url_name)
                hits.append(Hit(title=str(item.title), under=heading, url=url, icon=item.icon, score=score))
        return ranked(hits, limit) if text else hits[:limit]

    def items(self, actor: Actor) -> Iterator[tuple[str, MenuItem]]:
        """Heading and line, without what the person may not open."""
        for group in MENU.groups:
            for item in group.items:
                if item.permission is None or actor.may(item.permission):
                    yield str(group.title), item


@dataclass(frozen=True)
class Beginnings:
    """What can be begun: a record of every type the person may create, and what rooms add."""

    doors: tuple[Door, ...] = ()
    key = "actions"
    title = _("Actions")
    icon = "plus"
    permission: Permission | None = None

    def find(self, text: str, actor: Actor, limit: int) -> list[Hit]:
        """Actions that `text` names; a verb alone (“new”, 新增, xinzeng) names all of them."""
        return found_doors((*self.records(), *self.doors), text, actor, limit)

    def records(self) -> Iterable[Door]:
        """A door to the form of every record type."""
        for shape in record_types():
            url = form_of(shape)
            if url:
                title = _("New: %(type)s") % {"type": shape.title}
                names = (*in_every_language(shape.model._meta.verbose_name or ""), *shape.face.keywords, *NEW)
                yield Door(title=title, url=url, icon="plus", permission=shape.permission("create"), names=names)


NEW = ("new", "create", "add", "新建", "新增", "登记")
"""Words people begin with when they want to make something."""


def form_of(shape: Shape) -> str:
    """Address of the form that makes a record; empty for a type without pages."""
    return address_of(f"records:{shape.key}:create")
