from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "citybrain.centre.intake"
    label = "intake"
