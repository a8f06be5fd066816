"""The folder does what every application does."""

from citybrain.applications.office.manifest import APPLICATION
from citybrain.testing.applications import ApplicationTestCase


class OfficeTest(ApplicationTestCase):
    """Declarations, words, event types, sample rows: inherited."""

    application = APPLICATION
