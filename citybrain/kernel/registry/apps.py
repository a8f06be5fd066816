from django.apps import AppConfig

from citybrain.kernel.registry import checks


class RegistryConfig(AppConfig):
    """Brings the declarations' checks to Django's check command."""

    name = "citybrain.kernel.registry"
    label = "registry"
    checks = checks
