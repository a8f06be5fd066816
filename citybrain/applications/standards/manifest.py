"""National and provincial standards: data elements, code lists and rules."""

from citybrain.declare.application import Application, Platform
from citybrain.declare.words import _

APPLICATION = Application(key="standards", title=_("Standards"), platform=Platform.BASE, declares=())
