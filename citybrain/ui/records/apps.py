"""The pages of records as a Django application: it keeps the access tokens of the API."""

from django.apps import AppConfig


class RecordPagesConfig(AppConfig):
    """Pages, API and access tokens of every record type."""

    name = "citybrain.ui.records"
    label = "record_pages"
