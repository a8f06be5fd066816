"""Tests of declarations: every example of an element and of a rule, run through the reference reading."""

from __future__ import annotations

import datetime

from citybrain.declare.element import Element, Example
from citybrain.declare.rule import Rule
from citybrain.kernel.standards.reference import as_text, failures, rule_passes, standardise

__all__ = ["as_text", "example_faults", "failures", "rule_example_faults", "rule_passes", "standardise"]


def example_faults(element: Element, example: Example, today: datetime.date) -> list[str]:
    """What an element's example says and the reference does not do; empty when they agree.

    An example that breaks a check need not say what it was standardised to.
    """
    found = as_text(standardise(element, example.given).value)
    failed = failures(element, example.given, today)
    faults = []
    if example.fails and example.fails not in failed:
        faults.append(f"{element.key}: {example.given!r} should break {example.fails}, it breaks {failed}")
    if not example.fails and failed:
        faults.append(f"{element.key}: {example.given!r} should pass, it breaks {failed}")
    if found != example.standard and (not example.fails or example.standard is not None):
        faults.append(f"{element.key}: {example.given!r} becomes {found!r}, not {example.standard!r}")
    return faults


def rule_example_faults(rule: Rule) -> list[str]:
    """The rule's example rows that the reference judges otherwise."""
    return [
        f"{rule.key}: {example.row} should {'pass' if example.passes else 'fail'}"
        for example in rule.examples
        if rule_passes(rule, example.row) != example.passes
    ]
