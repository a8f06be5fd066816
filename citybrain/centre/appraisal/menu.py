"""What the appraisal adds to the group of events in the side menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from citybrain.centre.events.permissions import APPRAISAL
from citybrain.ui.menu import MenuItem

APPRAISAL_MENU = (
    MenuItem(title=_("Appraisal"), icon="chart-bar", url_name="appraisal", permission=APPRAISAL),
    MenuItem(title=_("Ratings by reporters"), icon="star", url_name="appraisal-ratings", permission=APPRAISAL),
    MenuItem(
        title=_("Precision of channels and rules"), icon="checks", url_name="appraisal-precision", permission=APPRAISAL
    ),
)
