"""What the pages about people add to the side menu."""

from collections.abc import Sequence

from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.locks import UNLOCK
from citybrain.kernel.identity.permissions import (
    AUDIT,
    VIEW_AREAS,
    VIEW_CALENDAR,
    VIEW_ORGANISATIONS,
    VIEW_PEOPLE,
    VIEW_ROLES,
)
from citybrain.ui.access import APPOINTMENT
from citybrain.ui.formats import is_chinese
from citybrain.ui.menu import MenuGroup, MenuItem
from citybrain.ui.person import OwnPage, PersonMenu, PostChoice

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
            MenuItem(title=_("People"), icon="users", url_name="people:people", permission=VIEW_PEOPLE, key="u"),
            MenuItem(title=_("Roles"), icon="shield-check", url_name="people:roles", permission=VIEW_ROLES),
            MenuItem(title=_("Areas"), icon="map-2", url_name="people:areas", permission=VIEW_AREAS),
            MenuItem(title=_("Calendar"), icon="calendar", url_name="people:calendar", permission=VIEW_CALENDAR),
            MenuItem(title=_("Locked out"), icon="lock", url_name="account-locks", permission=UNLOCK),
            MenuItem(title=_("Security log"), icon="history", url_name="people:log", permission=AUDIT, key="l"),
        ),
    ),
)

MY_POSTS = OwnPage(title=_("My posts"), icon="id-badge-2", url_name="people:mine")
"""One's own page, behind one's name."""


def install_posts(person: PersonMenu) -> None:
    """Lets a person act under another post from the header."""
    person.install_posts("people:switch", APPOINTMENT, present_post, other_posts)


def present_post(actor: Actor) -> str:
    """The post acted under, and for whom."""
    chinese, english = actor.post_names
    post = chinese if is_chinese() else english
    if actor.on_behalf_of:
        return now("%(organisation)s, for %(name)s") % {"organisation": post, "name": actor.on_behalf_of}
    return post


def other_posts(actor: Actor) -> Sequence[PostChoice]:
    """The posts to choose from."""
    return [
        PostChoice(value=str(number), title=chinese if is_chinese() else english)
        for number, chinese, english in actor.other_posts
    ]
