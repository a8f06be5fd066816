"""What the model of texts adds to the menu of events."""

from django.utils.translation import gettext_lazy as _

from citybrain.centre.understanding.permissions import VIEW
from citybrain.ui.menu import MenuItem

UNDERSTANDING = MenuItem(title=_("Text recognition"), icon="letter-case", url_name="understanding", permission=VIEW)
