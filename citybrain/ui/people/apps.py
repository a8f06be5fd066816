from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Brings the Chinese of these pages."""

    name = "citybrain.ui.people"
    label = "people"
