"""The folder does what every application does."""

from citybrain.applications.standards.manifest import APPLICATION
from citybrain.testing.applications import ApplicationTestCase


class StandardsTest(ApplicationTestCase):
    """Declarations, words, event types, sample rows: inherited."""

    application = APPLICATION
