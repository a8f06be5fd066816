from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "citybrain.warehouse.governance"
    label = "governance"
