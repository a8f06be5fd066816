from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "citybrain.kernel.identity"
    label = "identity"
