from django.apps import AppConfig


class AppraisalConfig(AppConfig):
    name = "citybrain.centre.appraisal"
    label = "appraisal"
