"""What the ledger adds to the side menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from citybrain.hubs.evidence.permissions import VIEW
from citybrain.ui.menu import MenuGroup, MenuItem

MENU = MenuGroup(
    title=_("Evidence"),
    items=(MenuItem(title=_("Evidence ledger"), icon="shield-check", url_name="evidence", permission=VIEW),),
)
