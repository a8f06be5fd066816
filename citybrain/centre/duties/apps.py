from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "citybrain.centre.duties"
    label = "duties"
