"""The records room as a Django application."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Numbering, history, attachments, comments, drafts, search of every record type."""

    name = "citybrain.kernel.records"
    label = "records"
