"""Makes Django ready when it is imported: the command imports it before any room."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "citybrain.site.settings")
django.setup()
