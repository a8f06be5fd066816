from django.apps import AppConfig

from citybrain.kernel.identity import checks


class IdentityConfig(AppConfig):
    """Brings the calendar's check to Django's check command."""

    name = "citybrain.kernel.identity"
    label = "identity"
    checks = checks
