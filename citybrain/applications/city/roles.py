"""The roles that come with city management; posts carry them beside the office's roles."""

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

CITY_INSPECTOR = Role(
    key="city-inspector",
    title=_("City inspector"),
    help=_("Inspects the grids that others walk: says what stands there and what the patrol should have told."),
    permits=(
        Permit("part:view", Reach.COUNTY),
        Permit("patrol-plan:view", Reach.COUNTY),
        Permit("patrol-inspection:*", Reach.COUNTY),
        Permit("patrol-finding:*", Reach.COUNTY),
        Permit("event:view", Reach.COUNTY),
        Permit("event:report", Reach.ORGANISATION),
        Permit("event:inspect", Reach.COUNTY),
        Permit("signal:view", Reach.OWN),
        Permit("appraisal:view", Reach.COUNTY),
        Permit("organisation:view", Reach.COUNTY),
        Permit("area:view", Reach.COUNTY),
        Permit("calendar:view", Reach.COUNTY),
    ),
    clearance=Grade.L2,
)

ROLES = (CITY_PATROLLER, CITY_INSPECTOR)
