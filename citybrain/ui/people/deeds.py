"""What the lines of the security log say was done, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

DEEDS = {
    "sign-in": _("Signed in"),
    "sign-in-refused": _("Sign-in refused"),
    "sign-out": _("Signed out"),
    "locked": _("Locked out"),
    "unlocked": _("Unlocked"),
    "session-ended": _("Session ended"),
    "password-changed": _("Password changed"),
    "password-issued": _("Password issued"),
    "second-factor-set": _("Second factor set up"),
    "second-factor-removed": _("Second factor taken away"),
    "recovery-codes-made": _("Recovery codes made"),
    "recovery-code-used": _("Recovery code used"),
    "identity-linked": _("Identity linked"),
    "identity-unlinked": _("Identity unlinked"),
    "account-opened": _("Account of a citizen opened"),
    "take-post": _("Acts under another post"),
    "make-main": _("Chose the main post"),
    "open-organisation": _("Organisation opened"),
    "change-organisation": _("Organisation changed"),
    "move-organisation": _("Organisation moved"),
    "dissolve-organisation": _("Organisation dissolved"),
    "revive-organisation": _("Organisation opened again"),
    "register-person": _("Person registered"),
    "change-person": _("Person changed"),
    "close-account": _("Account closed"),
    "open-account": _("Account opened again"),
    "open-post": _("Post opened"),
    "change-post": _("Post changed"),
    "close-post": _("Post closed"),
    "grant-roles": _("Roles granted"),
    "appoint": _("Appointed"),
    "end-appointment": _("Appointment ended"),
    "delegate": _("Lets somebody stand in"),
    "revoke-delegation": _("Standing in revoked"),
    "disclose": _("Personal values shown"),
    "export": _("Exported"),
}
"""Action -> words; an action that is not here is shown as its key."""

THINGS = {
    "user": _("Person"),
    "post": _("Post"),
    "organisation": _("Organisation"),
    "area": _("Area of the county"),
    "role": _("Role"),
}
"""Kinds of things as words; a kind that is not here is shown as its key."""

FACTS = {
    "action": _("action"),
    "area": _("territory"),
    "bodies": _("bodies"),
    "deputy": _("deputy"),
    "ended": _("ended appointments"),
    "english": _("English name"),
    "fields": _("fields"),
    "holder": _("holder"),
    "method": _("by"),
    "name": _("called"),
    "organisation": _("Organisation"),
    "parent": _("Part of"),
    "path": _("place in the tree"),
    "person": _("Person"),
    "posts": _("Posts"),
    "reason": _("reason"),
    "roles": _("Roles"),
    "schedule": _("Working hours"),
    "short": _("Short name"),
    "since": _("begins"),
    "until": _("ends"),
    "why": _("why"),
    "chinese": _("Chinese name"),
    "kind": _("Kind"),
}
"""Keys of a line's details as words; others are shown as they are."""

BAD_NEWS = {"sign-in-refused", "locked", "second-factor-refused"}
"""Actions an auditor looks at first."""


def deed(action: str) -> str:
    """The words for an action."""
    return str(DEEDS.get(action, action))
