"""Our settings with two peers beside us on the same tables: Django's admin, and a generic list in NetBox's manner."""

import os

from citybrain.site.settings import *  # noqa: F403
from citybrain.site.settings import INSTALLED_APPS, MIDDLEWARE, STORAGES

INSTALLED_APPS = [*INSTALLED_APPS, "django.contrib.admin", "django_tables2", "django_filters"]
PEER_MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith("citybrain.")]
"""The peers' views carry no rules of ours, so the middleware that would close them is left out."""

if os.environ.get("DJANGO_SETTINGS_MODULE") == "benchmarks.peer_settings":
    # Nothing is collected when pages are asked for in one process.
    STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
