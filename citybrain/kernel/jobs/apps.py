from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "citybrain.kernel.jobs"
    label = "jobs"
