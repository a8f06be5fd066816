"""The roles a county begins with (角色): bundles of permissions that posts carry, each with how far it reaches.

A pattern such as `*:view` covers every register there is and will be; what changes rights, opens the log or shows more
of a person is never named so that such a pattern covers it (`administer`, `appoint`, `grant`, `audit`, `disclose`).
Of two patterns that cover a permission the wider reach wins, so that a role for few things names each of them.
"""

from citybrain.declare.role import Permit, Reach, Role
from citybrain.declare.words import Grade, _

SYSTEM_ADMINISTRATOR = Role(
    key="system-administrator",
    title=_("System administrator"),
    help=_("Keeps organisations, people and posts; decides about nobody's rights and reads no log."),
    permits=(
        Permit("message:administer", Reach.COUNTY),
        Permit("peer:administer", Reach.COUNTY),
        Permit("organisation:*", Reach.COUNTY),
        Permit("area:*", Reach.COUNTY),
        Permit("person:*", Reach.COUNTY),
        Permit("post:*", Reach.COUNTY),
        Permit("role:view", Reach.COUNTY),
        Permit("calendar:view", Reach.COUNTY),
    ),
    second_factor=True,
    excludes=("security-administrator", "auditor"),
)

SECURITY_ADMINISTRATOR = Role(
    key="security-administrator",
    title=_("Security administrator"),
    help=_("Decides which roles posts carry and unlocks accounts; makes no accounts and reads no log."),
    permits=(
        Permit("role:*", Reach.COUNTY),
        Permit("sign-in:*", Reach.COUNTY),
        Permit("organisation:view", Reach.COUNTY),
        Permit("person:view", Reach.COUNTY),
        Permit("post:view", Reach.COUNTY),
        Permit("area:view", Reach.COUNTY),
        Permit("calendar:view", Reach.COUNTY),
    ),
    second_factor=True,
    excludes=("system-administrator", "auditor", "data-steward"),
)

AUDITOR = Role(
    key="auditor",
    title=_("Auditor"),
    help=_("Reads the security log and who holds what; changes nothing."),
    permits=(
        Permit("security-log:audit", Reach.COUNTY),
        Permit("evidence:view", Reach.COUNTY),
        Permit("organisation:view", Reach.COUNTY),
        Permit("person:view", Reach.COUNTY),
        Permit("post:view", Reach.COUNTY),
        Permit("role:view", Reach.COUNTY),
        Permit("area:view", Reach.COUNTY),
        Permit("calendar:view", Reach.COUNTY),
    ),
    second_factor=True,
    excludes=("system-administrator", "security-administrator", "data-steward"),
)

DATA_STEWARD = Role(
    key="data-steward",
    title=_("Data steward"),
    help=_("Answers for the county's data in the data bureau: the whole warehouse and every register."),
    permits=(
        Permit("message:send", Reach.COUNTY),
        Permit("announcement:publish", Reach.COUNTY),
        Permit("warehouse:*", Reach.COUNTY),
        Permit("*:view", Reach.COUNTY),
        Permit("*:create", Reach.COUNTY),
        Permit("*:edit", Reach.COUNTY),
        Permit("*:remove", Reach.COUNTY),
        Permit("*:import", Reach.COUNTY),
        Permit("*:export", Reach.COUNTY),
        # Named one by one: plain personal values are no matter of a pattern.
        Permit("service-point:disclose", Reach.COUNTY),
        Permit("feedback:disclose", Reach.COUNTY),
        Permit("understanding:teach", Reach.COUNTY),
    ),
    clearance=Grade.L3,
    second_factor=True,
    excludes=("security-administrator", "auditor"),
)

DEPARTMENT_DATA_OFFICER = Role(
    key="department-data-officer",
    title=_("Department data officer"),
    help=_("Answers for the data of one department: its sources, its problems, its registers."),
    permits=(
        Permit("message:send", Reach.ORGANISATION),
        Permit("announcement:publish", Reach.ORGANISATION),
        Permit("*:view", Reach.ORGANISATION),
        Permit("organisation:view", Reach.COUNTY),
        Permit("calendar:view", Reach.COUNTY),
        Permit("warehouse:decide", Reach.ORGANISATION),
        Permit("warehouse:start", Reach.ORGANISATION),
        Permit("warehouse:quarantine", Reach.ORGANISATION),
        Permit("*:create", Reach.ORGANISATION),
        Permit("*:edit", Reach.ORGANISATION),
        Permit("*:remove", Reach.ORGANISATION),
        Permit("*:import", Reach.ORGANISATION),
        Permit("*:export", Reach.ORGANISATION),
    ),
    clearance=Grade.L3,
)

DEPARTMENT_STAFF = Role(
    key="department-staff",
    title=_("Department staff"),
    help=_("Keeps the registers of their own organisation."),
    permits=(
        Permit("*:view", Reach.ORGANISATION),
        Permit("organisation:view", Reach.COUNTY),
        Permit("calendar:view", Reach.COUNTY),
        Permit("*:create", Reach.ORGANISATION),
        Permit("*:edit", Reach.ORGANISATION),
        Permit("*:export", Reach.ORGANISATION),
        Permit("event:report", Reach.ORGANISATION),
        Permit("event:handle", Reach.ORGANISATION),
        Permit("event:assign", Reach.ORGANISATION),
    ),
)

TOWN_STAFF = Role(
    key="town-staff",
    title=_("Town staff"),
    help=_("Works for a town, subdistrict or zone: whatever lies in its area, whoever it belongs to."),
    permits=(
        Permit("message:send", Reach.ORGANISATION),
        Permit("*:view", Reach.AREA),
        Permit("organisation:view", Reach.COUNTY),
        Permit("calendar:view", Reach.COUNTY),
        Permit("*:create", Reach.ORGANISATION),
        Permit("*:edit", Reach.ORGANISATION),
        Permit("*:export", Reach.ORGANISATION),
        Permit("event:report", Reach.ORGANISATION),
        Permit("event:accept", Reach.AREA),
        Permit("event:dispatch", Reach.AREA),
        Permit("event:handle", Reach.ORGANISATION),
        Permit("event:assign", Reach.ORGANISATION),
        Permit("event:check", Reach.AREA),
    ),
)

GRID_WORKER = Role(
    key="grid-worker",
    title=_("Grid worker"),
    help=_("Walks one grid with a phone: sees what lies in it, changes what they made or were given."),
    permits=(
        Permit("organisation:view", Reach.COUNTY),
        Permit("area:view", Reach.AREA),
        Permit("calendar:view", Reach.COUNTY),
        Permit("service-point:view", Reach.AREA),
        Permit("feedback:view", Reach.AREA),
        Permit("feedback:create", Reach.ORGANISATION),
        Permit("feedback:edit", Reach.OWN),
        Permit("event:view", Reach.AREA),
        Permit("event:edit", Reach.OWN),
        Permit("event:report", Reach.ORGANISATION),
        Permit("event:handle", Reach.OWN),
        Permit("event:check", Reach.AREA),
        Permit("signal:view", Reach.OWN),
        Permit("signal:edit", Reach.OWN),
    ),
    clearance=Grade.L2,
)

LEADER = Role(
    key="leader",
    title=_("County leader"),
    help=_("Sees the whole county and changes nothing."),
    permits=(
        Permit("*:view", Reach.COUNTY),
        Permit("message:send", Reach.COUNTY),
        Permit("announcement:publish", Reach.COUNTY),
        Permit("event:supervise", Reach.COUNTY),
    ),
)

EVENT_DESK = Role(
    key="event-desk",
    title=_("Event desk"),
    help=_("Verifies, accepts, dispatches and checks events for the whole county; day and night."),
    permits=(
        Permit("event:*", Reach.COUNTY),
        Permit("signal:*", Reach.COUNTY),
        Permit("team:*", Reach.COUNTY),
        Permit("evidence:view", Reach.COUNTY),
        Permit("duty:view", Reach.COUNTY),
        Permit("appraisal:view", Reach.COUNTY),
        Permit("understanding:view", Reach.COUNTY),
        Permit("organisation:view", Reach.COUNTY),
        Permit("area:view", Reach.COUNTY),
        Permit("calendar:view", Reach.COUNTY),
        Permit("message:send", Reach.COUNTY),
        Permit("reporter:disclose", Reach.COUNTY),
        Permit("signal:disclose", Reach.COUNTY),
        Permit("intake:mend", Reach.COUNTY),
        Permit("standard-answer:view", Reach.COUNTY),
        Permit("standard-answer:edit", Reach.COUNTY),
    ),
    clearance=Grade.L3,
)

HOTLINE_AGENT = Role(
    key="hotline-agent",
    title=_("Hotline agent"),
    help=_("Takes calls of the 12345 hotline, writes down what people say, and calls them back."),
    permits=(
        Permit("event:view", Reach.COUNTY),
        Permit("event:report", Reach.COUNTY),
        Permit("event:edit", Reach.COUNTY),
        Permit("signal:view", Reach.COUNTY),
        Permit("signal:edit", Reach.COUNTY),
        Permit("evidence:view", Reach.COUNTY),
        Permit("understanding:view", Reach.COUNTY),
        Permit("organisation:view", Reach.COUNTY),
        Permit("calendar:view", Reach.COUNTY),
        Permit("reporter:disclose", Reach.COUNTY),
        Permit("signal:disclose", Reach.COUNTY),
        Permit("intake:mend", Reach.ORGANISATION),
        Permit("standard-answer:view", Reach.COUNTY),
        Permit("standard-answer:create", Reach.ORGANISATION),
        Permit("standard-answer:edit", Reach.ORGANISATION),
        Permit("standard-answer:export", Reach.COUNTY),
    ),
    clearance=Grade.L3,
)

ARBITER = Role(
    key="arbiter",
    title=_("Arbiter of responsibilities"),
    help=_("Decides who is responsible when bodies send an event back, and keeps the responsibility map."),
    permits=(
        Permit("event:*", Reach.COUNTY),
        Permit("signal:view", Reach.COUNTY),
        Permit("team:view", Reach.COUNTY),
        Permit("duty:*", Reach.COUNTY),
        Permit("evidence:view", Reach.COUNTY),
        Permit("appraisal:view", Reach.COUNTY),
        Permit("understanding:view", Reach.COUNTY),
        Permit("organisation:view", Reach.COUNTY),
        Permit("calendar:view", Reach.COUNTY),
        Permit("message:send", Reach.COUNTY),
    ),
)

CITIZEN = Role(
    key="citizen",
    title=_("Citizen"),
    help=_("Everybody who signs in as a citizen, without any post: what is theirs, and what is public."),
    permits=(Permit("feedback:view", Reach.OWN), Permit("feedback:create", Reach.OWN)),
    carried_by="citizen",
    clearance=Grade.L1,
)

ROLES = (
    SYSTEM_ADMINISTRATOR,
    SECURITY_ADMINISTRATOR,
    AUDITOR,
    DATA_STEWARD,
    DEPARTMENT_DATA_OFFICER,
    DEPARTMENT_STAFF,
    TOWN_STAFF,
    GRID_WORKER,
    LEADER,
    EVENT_DESK,
    HOTLINE_AGENT,
    ARBITER,
    CITIZEN,
)
"""Every role of this folder."""
