"""The role that comes with city management; posts carry it beside the office's roles."""

from citybrain.declare.role import Permit, Reach, Role
from citybrain.declare.words import Grade, _

CITY_PATROLLER = Role(
    key="city-patroller",
    title=_("City patroller"),
    help=_("Walks grids: sees their patrol plans and parts, keeps the parts of the own body."),
    permits=(
        Permit("part:view", Reach.AREA),
        Permit("part:create", Reach.ORGANISATION),
        Permit("part:edit", Reach.ORGANISATION),
        Permit("patrol-plan:view", Reach.AREA),
    ),
    clearance=Grade.L2,
)

ROLES = (CITY_PATROLLER,)
