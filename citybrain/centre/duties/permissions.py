"""What people may do with the responsibility map; `duty:view` and `:export` come with the record type."""

from citybrain.declare.role import Permission
from citybrain.declare.words import _

VIEW = Permission(key="duty:view", title=_("See the responsibility map"))
DECIDE = Permission(key="duty:decide", title=_("Decide responsibilities"))
"""裁决: accept or refuse a rule that an arbitration proposed."""
