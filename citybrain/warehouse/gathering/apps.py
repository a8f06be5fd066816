from django.apps import AppConfig


class GatheringConfig(AppConfig):
    name = "citybrain.warehouse.gathering"
    label = "gathering"
