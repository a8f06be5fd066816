"""Makes Django ready when it is imported: the command imports it before any room."""

import os
import warnings

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "citybrain.site.settings")
# The bundled PostgreSQL of the rehearsal county asks for a folder it does not need on a server without a desktop.
warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
django.setup()
