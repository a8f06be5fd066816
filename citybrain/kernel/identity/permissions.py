"""What may be done about people and organisations, each named once; views and verbs refer to these symbols.

Verbs that change who may do what are called `administer`, `appoint` and `grant`, so that a role which may edit
every record (`*:edit`) gets none of them by its pattern.
"""

from __future__ import annotations

from citybrain.declare.role import Permission
from citybrain.declare.words import _

VIEW_ORGANISATIONS = Permission(key="organisation:view", title=_("See organisations"))
ADMINISTER_ORGANISATIONS = Permission(key="organisation:administer", title=_("Change the tree of organisations"))
VIEW_AREAS = Permission(key="area:view", title=_("See areas"))
ADMINISTER_AREAS = Permission(key="area:administer", title=_("Change boundaries of areas"))
VIEW_PEOPLE = Permission(key="person:view", title=_("See people"))
ADMINISTER_PEOPLE = Permission(key="person:administer", title=_("Register people and close accounts"))
VIEW_POSTS = Permission(key="post:view", title=_("See posts and who holds them"))
ADMINISTER_POSTS = Permission(key="post:administer", title=_("Open and close posts"))
APPOINT = Permission(key="post:appoint", title=_("Appoint people to posts"))
GRANT_ROLES = Permission(key="role:grant", title=_("Decide which roles a post carries"))
VIEW_ROLES = Permission(key="role:view", title=_("See roles and what they permit"))
VIEW_CALENDAR = Permission(key="calendar:view", title=_("See the working calendar"))
AUDIT = Permission(key="security-log:audit", title=_("Read the security log"))

PERMISSIONS = (
    VIEW_ORGANISATIONS,
    ADMINISTER_ORGANISATIONS,
    VIEW_AREAS,
    ADMINISTER_AREAS,
    VIEW_PEOPLE,
    ADMINISTER_PEOPLE,
    VIEW_POSTS,
    ADMINISTER_POSTS,
    APPOINT,
    GRANT_ROLES,
    VIEW_ROLES,
    VIEW_CALENDAR,
    AUDIT,
)
"""Every permission of this room."""
