"""Records in the palette: types by their names, new records as doors, rows by the search index."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citybrain.declare.role import Permission
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.records.search import Found, search
from citybrain.ui.finding import Door, Hit, found_doors
from citybrain.ui.records.pages import RecordPages
from citybrain.ui.records.registered import all_pages, pages_of


class RecordTypes:
    """Registers, and making a new record, by the type's names and keywords."""

    key = "registers"
    title: str | Promise = gettext_lazy("Registers")
    icon = "clipboard-list"
    permission: Permission | None = None

    def find(self, text: str, actor: Actor, limit: int) -> list[Hit]:
        """Lists and forms that `text` names."""
        doors = [door for pages in all_pages() for door in self.doors(pages)]
        return found_doors(doors, text, actor, limit)

    def doors(self, pages: RecordPages) -> tuple[Door, ...]:
        """The list of a type, and its form."""
        shape = pages.shape
        names = (shape.title, shape.key, *shape.face.keywords)
        icon = shape.face.icon
        whole = Door(
            title=shape.plural, url=pages.url("list"), icon=icon, permission=pages.permission("view"), names=names
        )
        if not shape.takes("create"):
            return (whole,)
        return (
            whole,
            Door(
                title=_("New: %s") % shape.title,
                url=pages.url("new"),
                icon="plus",
                permission=pages.permission("create"),
                names=names,
            ),
        )


class RecordRows:
    """Records by number, title and their other words."""

    key = "records"
    title: str | Promise = gettext_lazy("Records")
    icon = "table"
    permission: Permission | None = None

    def find(self, text: str, actor: Actor, limit: int) -> list[Hit]:
        """Records that `text` names; none for an empty text."""
        if not text:
            return []
        return [self.hit(found) for found in search(text, actor, limit=limit)]

    def hit(self, found: Found) -> Hit:
        """A line of the index as a hit."""
        pages = pages_of(found.kind)
        under = f"{pages.shape.title} {found.note}" if found.note != found.title else pages.shape.title
        return Hit(
            title=found.title,
            url=pages.url("detail", found.note),
            under=under,
            icon=pages.shape.face.icon,
            score=found.score,
        )


RECORD_SEARCH = (RecordTypes(), RecordRows())
"""What the composition root installs."""
