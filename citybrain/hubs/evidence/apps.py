from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "citybrain.hubs.evidence"
    label = "evidence"
