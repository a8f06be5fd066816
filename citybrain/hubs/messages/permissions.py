"""What may be done with messages; views and verbs refer to these symbols. One's own inbox needs none."""

from __future__ import annotations

from citybrain.declare.role import Permission
from citybrain.declare.words import _

SEND = Permission(key="message:send", title=_("Write messages to others"))
PUBLISH = Permission(key="announcement:publish", title=_("Publish announcements"))
ADMINISTER = Permission(key="message:administer", title=_("Keep group robots and see what was delivered"))
