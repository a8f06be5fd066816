from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "citybrain.warehouse.catalogue"
    label = "catalogue"
