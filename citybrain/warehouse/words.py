"""Words for the short names the engine writes: kinds of checks, standardising steps, dimensions of quality."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from citybrain.declare.rule import Rule, Step
from citybrain.kernel.registry.registry import registry

CHECKS = {
    "required": _("Missing value"),
    "length": _("Wrong length"),
    "pattern": _("Wrong form"),
    "check-digit": _("Wrong check character"),
    "embedded-check-digit": _("Wrong check character inside"),
    "embedded-date": _("Impossible day inside"),
    "embedded-code": _("Unknown code inside"),
    "between": _("Number out of range"),
    "date-between": _("Day out of range"),
    "readable": _("Not readable as its type"),
    "in-list": _("Not in the code list"),
    "mojibake": _("Garbled text"),
    "in-order": _("Dates out of order"),
    "birth-matches": _("Birth date differs from the number"),
    "sex-matches": _("Sex differs from the number"),
    "required-when": _("Missing though another field asks for it"),
    "key-conflict": _("Same key, different content"),
    "key-missing": _("Key is empty"),
    "orphan": _("Refers to a row that does not exist"),
    "duplicate": _("Delivered twice"),
    "superseded": _("Replaced by a newer row"),
}
"""Name of a check, as it stands in the problem table -> what is wrong."""

STEPS = {
    Step.HALF_WIDTH: _("Full width to half width"),
    Step.TRIM: _("White space trimmed"),
    Step.NULL_WORDS: _("Words for nothing made empty"),
    Step.UPPER: _("Upper case"),
    Step.LOWER: _("Lower case"),
    Step.SEPARATORS: _("Separators taken out"),
    Step.CITIZEN_ID_18: _("15 digits made 18"),
    Step.PHONE: _("Phone number in one form"),
    Step.NAME: _("Name in one form"),
    Step.ADDRESS: _("Address completed"),
    Step.DATE: _("Date in one layout"),
    Step.DATETIME: _("Time stamp in one layout"),
    Step.NUMBER: _("Text to number"),
    Step.AMOUNT: _("Words to an amount"),
    Step.CODE: _("Word to code"),
}
"""Standardising step -> what it did."""


def check_words(rule: str) -> str:
    """Untranslated words for a rule of the problem table: a rule's key, `<element>.<check>`, or a check's name."""
    declared = registry().find(Rule, rule)
    if declared is not None:
        return declared.title
    name = rule.rsplit(".", 1)[-1]
    return CHECKS.get(name, name)


def step_words(step: str) -> str:
    """Untranslated words for a standardising step."""
    return STEPS.get(Step(step), step) if step in set(Step) else step
