"""What the lines of the security log say was done, in words."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

from citybrain.kernel.identity.models import UserSession
from citybrain.kernel.records.shape import record_types

FINGERPRINT = re.compile(r"[0-9a-f]{40,64}")
"""A digest as hexadecimal digits."""

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
    "import": _("Imported"),
    "erase": _("Erased for good"),
    "second-factor-refused": _("Second factor refused"),
    "token-issue": _("Access token made"),
    "token-revoke": _("Access token ended"),
    "citizen-report": _("Report of a citizen received"),
    "announcement-published": _("Announcement published"),
    "announcement-withdrawn": _("Announcement withdrawn"),
    "message-robot": _("Group robot registered"),
    "message-robot-stopped": _("Group robot stopped"),
    "message-again": _("Message delivered again"),
}
"""Action -> words; an action that is not here is shown as its key."""

THINGS = {
    "user": _("Person"),
    "post": _("Post"),
    "organisation": _("Organisation"),
    "area": _("Area of the county"),
    "role": _("Role"),
    "name": _("Sign-in name"),
    "lock": _("Lock"),
    "robot": _("Group robot"),
    "delivery": _("Delivery"),
    "apitoken": _("Access token"),
    "quarantineitem": _("Quarantined item"),
}
"""Kinds of things as words; record types have their own, any other kind is shown as its key."""

FIELDS = {"earlier": _("earlier events")}
"""What of a person was shown that is no field of a record, as words."""

FACTS = {
    "action": _("action"),
    "area": _("territory"),
    "bodies": _("bodies"),
    "deputy": _("deputy"),
    "ended": _("ended appointments"),
    "english": _("English name"),
    "events": _("events"),
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
    "reporter": _("reporter"),
    "roles": _("Roles"),
    "schedule": _("Working hours"),
    "short": _("Short name"),
    "since": _("begins"),
    "until": _("ends"),
    "why": _("why"),
    "chinese": _("Chinese name"),
    "kind": _("Kind"),
    "rows": _("rows"),
    "file": _("fingerprint of the file"),
    "sha256": _("fingerprint of the file"),
    "format": _("format"),
    "export": _("number of the export"),
    "plain": _("personal values in clear"),
    "revision": _("version"),
    "host": _("host"),
    "days": _("days"),
    "scopes": _("permissions"),
    "left": _("left"),
    "provider": _("provider"),
    "dataset": _("dataset"),
    "bytes": _("bytes"),
}
"""Keys of a line's details as words; others are shown as they are."""

VALUES = {
    "password": _("Password"),
    "code": _("One-time code"),
    "recovery-code": _("Recovery code"),
    "locked": _("Locked"),
    "closed": _("Account closed"),
}
"""Ways of signing in, and reasons it was refused, as words; others are shown as they are."""

ENDS = dict(UserSession.End.choices)
"""Why a session ended, as words."""

BAD_NEWS = {"sign-in-refused", "locked", "second-factor-refused"}
"""Actions an auditor looks at first."""


def deed(action: str) -> str:
    """The words for an action."""
    return str(DEEDS.get(action, action))


def kind_words(thing: str) -> str:
    """The words for a kind of thing."""
    records = {shape.key: shape.title for shape in record_types()}
    return str(THINGS.get(thing) or records.get(thing, thing))


def value_words(key: str, value: str) -> str:
    """A text of a line's details in words; a fingerprint by its beginning, which is enough to compare."""
    if key == "reason":
        return str(ENDS.get(value, value))
    if key == "fields":
        return str(FIELDS.get(value, value))
    if key in ("method", "why"):
        return " + ".join(str(VALUES.get(part, part)) for part in value.split("+"))
    return f"{value[:12]}…" if FINGERPRINT.fullmatch(value) else value
