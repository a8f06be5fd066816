from django.apps import AppConfig


class UnderstandingConfig(AppConfig):
    name = "citybrain.centre.understanding"
    label = "understanding"
