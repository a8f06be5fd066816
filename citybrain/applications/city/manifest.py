"""City management (数字城管): classes of what is told and handled, the city's components, patrols of the grids."""

from citybrain.applications.city.classes import CODE_LISTS, EVENT_TYPES
from citybrain.applications.city.roles import ROLES
from citybrain.declare.application import Application, Platform
from citybrain.declare.words import _

APPLICATION = Application(
    key="city",
    title=_("City management"),
    platform=Platform.CITY_OPERATION,
    declares=(*CODE_LISTS, *EVENT_TYPES, *ROLES),
)
