"""The live room as a Django application."""

from django.apps import AppConfig


class LiveConfig(AppConfig):
    """What just happened, told to open pages."""

    name = "citybrain.kernel.live"
    label = "live"
