"""The group of the side menu that says how well events are handled."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from citybrain.centre.events.permissions import APPRAISAL
from citybrain.ui.menu import MenuGroup, MenuItem

LINES = (
    MenuItem(title=_("Appraisal"), icon="chart-bar", url_name="appraisal", permission=APPRAISAL),
    MenuItem(title=_("Ratings by reporters"), icon="star", url_name="appraisal-ratings", permission=APPRAISAL),
    MenuItem(title=_("Channel precision"), icon="checks", url_name="appraisal-precision", permission=APPRAISAL),
)


def menu(*more: MenuItem) -> MenuGroup:
    """The group of appraisal, with the lines of other rooms after its own."""
    return MenuGroup(title=_("Appraisal and analysis"), items=(*LINES, *more))
