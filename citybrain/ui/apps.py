from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "citybrain.ui"
    label = "ui"
