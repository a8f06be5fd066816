from django.apps import AppConfig


class WarehouseConfig(AppConfig):
    name = "citybrain.warehouse"
    label = "warehouse"
