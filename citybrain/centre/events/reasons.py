"""Codes of reasons (理由代码), with the words people choose them by."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

REASONS: dict[str, str | Promise] = {
    # Why an event is not accepted.
    "not-government": _("Not a matter of government"),
    "no-fact": _("Nothing found to be so"),
    "out-of-county": _("Outside the county"),
    "repeated": _("Reported before"),
    "insufficient": _("Too little is known"),
    # Why it rests.
    "waiting-reporter": _("Waiting for the reporter"),
    "waiting-material": _("Waiting for material"),
    "scheduled": pgettext_lazy("why an event rests", "Planned for later"),
    "force-majeure": _("Force majeure"),
    "other-body": _("Waiting for another body"),
    # Why the house did something.
    "level": _("Its level asks for it"),
    "returns": _("Sent back twice"),
    "many": _("Many people report it"),
    "injury": _("People are hurt or in danger"),
    "overdue": _("Twice over its limit"),
    "order": _("By order"),
    "upper-level": _("From a higher level"),
    "backstop": _("Nobody took it in time"),
    "unsolved": _("Not solved, says the reporter"),
    "ended": _("The event went on without it"),
}
"""Code -> words."""


def words_of(code: str) -> str:
    """The words of a code; the code itself where nobody knows it any more."""
    return str(REASONS.get(code, code))
