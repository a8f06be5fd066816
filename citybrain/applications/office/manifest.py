"""The office: what every county keeps about its own site and the people who work with it."""

from citybrain.applications.office.roles import ROLES
from citybrain.declare.application import Application, Platform
from citybrain.declare.words import _

APPLICATION = Application(key="office", title=_("Office"), platform=Platform.BASE, declares=ROLES)
