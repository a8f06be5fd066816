"""What people may do at the doors of the loop, beside the permissions of events."""

from citybrain.declare.role import Permission
from citybrain.declare.words import _

CONNECT = Permission(key="peer:administer", title=_("Connect other systems"))
"""对接: addresses and keys of peer systems. Named so that no pattern such as `*:view` covers it."""
MEND = Permission(key="intake:mend", title=_("Mend messages put aside"))
"""隔离区: look at messages that could not be taken, take them again, or drop them."""
