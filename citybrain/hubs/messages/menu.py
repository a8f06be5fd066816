"""What messages add to the side menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from citybrain.hubs.messages.permissions import ADMINISTER
from citybrain.ui.menu import MenuGroup, MenuItem
from citybrain.ui.todo import TODOS

MINE = MenuGroup(
    title=_("Mine"),
    items=(
        MenuItem(
            title=_("My work"),
            icon="checklist",
            url_name="work",
            key="w",
            count=TODOS.count,
            is_news=True,
            on_phone=True,
        ),
        MenuItem(title=_("Messages"), icon="mail", url_name="messages", key="m"),
        MenuItem(title=_("Announcements"), icon="speakerphone", url_name="news", key="a"),
    ),
)
"""First in the menu: what is the person's own."""

ADMINISTRATION = MenuGroup(
    title=_("Message delivery"),
    items=(MenuItem(title=_("Deliveries"), icon="send", url_name="message-deliveries", permission=ADMINISTER),),
)
"""Last in the menu."""
