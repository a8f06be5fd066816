"""What may be done in the warehouse, each named once; routes, verbs and questions refer to these symbols."""

from __future__ import annotations

from citybrain.declare.role import Permission
from citybrain.declare.words import _

VIEW = Permission(key="warehouse:view", title=_("See the data warehouse"))
DECIDE = Permission(key="warehouse:decide", title=_("Decide on matches and changed columns"))
START = Permission(key="warehouse:start", title=_("Start and stop gathering and governance"))
QUARANTINE = Permission(key="warehouse:quarantine", title=_("Fetch quarantined bytes as delivered"))

PERMISSIONS = (VIEW, DECIDE, START, QUARANTINE)
"""Every permission of this room."""
