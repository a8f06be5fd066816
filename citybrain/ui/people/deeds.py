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

BAD_NEWS = {"sign-in-refused", "locked", "second-factor-refused"}
"""Actions an auditor looks at first."""


def deed(action: str) -> str:
    """The words for an action."""
    return str(DEEDS.get(action, action))
