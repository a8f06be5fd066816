"""Our settings with two peers beside us on the same tables: Django's admin, and a generic list in NetBox's manner."""

from citybrain.site.settings import *  # noqa: F403
from citybrain.site.settings import INSTALLED_APPS, MIDDLEWARE

INSTALLED_APPS = [*INSTALLED_APPS, "django.contrib.admin", "django_tables2", "django_filters"]
PEER_MIDDLEWARE = [name for name in MIDDLEWARE if name != "citybrain.ui.access.AccessMiddleware"]
"""The peers' views carry no rules of ours, so the middleware that would close them is left out."""
