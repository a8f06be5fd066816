"""What the pages about people add to the side menu."""

from django.utils.translation import gettext_lazy as _

from citybrain.kernel.identity.permissions import (
    AUDIT,
    VIEW_AREAS,
    VIEW_CALENDAR,
    VIEW_ORGANISATIONS,
    VIEW_PEOPLE,
    VIEW_ROLES,
)
from citybrain.ui.menu import MenuGroup, MenuItem

MENU = (
    MenuGroup(
        title=_("Administration"),
        items=(
            MenuItem(
                title=_("Organisations"),
                icon="sitemap",
                url_name="people:organisations",
                permission=VIEW_ORGANISATIONS,
                key="o",
            ),
            MenuItem(title=_("People"), icon="users", url_name="people:people", permission=VIEW_PEOPLE, key="p"),
            MenuItem(title=_("Roles"), icon="shield-check", url_name="people:roles", permission=VIEW_ROLES),
            MenuItem(title=_("Areas"), icon="map-2", url_name="people:areas", permission=VIEW_AREAS),
            MenuItem(title=_("Calendar"), icon="calendar", url_name="people:calendar", permission=VIEW_CALENDAR),
            MenuItem(title=_("Security log"), icon="history", url_name="people:log", permission=AUDIT, key="l"),
        ),
    ),
)
