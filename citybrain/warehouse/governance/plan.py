"""Binds elements and rules to the columns of one table: what a pass checks, and every finding it can have."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from typing import Any

from citybrain.declare.element import Element
from citybrain.declare.rule import BirthMatches, InOrder, RequiredWhen, Rule, Severity, SexMatches
from citybrain.declare.words import _
from citybrain.warehouse.governance.element_plan import ElementPlan, PlanError, plan_element

ENGINE = "1"
"""Raised when the same declarations begin to mean something else, so that versions of rules differ too."""


@dataclass(frozen=True, eq=False)
class Finding:
    """One kind of finding a dataset can have: the constant part of its problem rows."""

    field: str
    element: str
    rule: str
    clause: str
    severity: Severity
    remedy: str


@dataclass(frozen=True, eq=False)
class RulePlan:
    """A cross-field rule bound to columns, by position in the table."""

    rule: Rule
    columns: tuple[int, int]
    finding: int


KEY_MISSING = "key-missing"
KEY_CONFLICT = "key-conflict"
DUPLICATE = "duplicate"
SUPERSEDED = "superseded"
ORPHAN = "orphan"


@dataclass(frozen=True, eq=False)
class TablePlan:
    """Everything one pass over a table needs to know."""

    columns: tuple[str, ...]
    elements: tuple[ElementPlan | None, ...]
    """One a column; None where no element was matched."""
    first_finding: tuple[int, ...]
    """Number in `findings` of each column's bit 0."""
    rules: tuple[RulePlan, ...]
    key: tuple[int, ...]
    """Positions of the primary key's columns; empty when the dataset has none."""
    watermark: int
    """Position of the watermark column; -1 for none."""
    references: tuple[tuple[int, int], ...]
    """Column and finding of each foreign key."""
    findings: tuple[Finding, ...]
    marks: Mapping[str, int]
    """Number of the finding of each rule about whole rows: `duplicate`, `key-conflict`, ..."""
    version: str
    """Hash of every declaration the pass follows."""


def plan_table(
    columns: Sequence[str],
    *,
    elements: Mapping[str, Element],
    rules: Iterable[Rule] = (),
    key: Sequence[str] = (),
    watermark: str = "",
    references: Sequence[str] = (),
) -> TablePlan:
    """Bind elements and rules to the columns of a table. A key or watermark the table lacks is left out."""
    plans = tuple(plan_element(elements[name]) if name in elements else None for name in columns)
    findings: list[Finding] = []
    first: list[int] = []
    for name, plan in zip(columns, plans, strict=True):
        first.append(len(findings))
        if plan is not None:
            findings += [
                Finding(name, plan.element.key, f"{plan.element.key}.{check.name}", check.clause, level, check.remedy)
                for check, level in zip(plan.checks, plan.severities, strict=True)
            ]
    where: dict[str, int] = {}
    for position, plan in enumerate(plans):
        if plan is not None:
            where.setdefault(plan.element.key, position)
    bound: list[RulePlan] = []
    for rule in rules:
        pair = operands(rule)
        if all(element.key in where for element in pair):
            first_column, second_column = (where[element.key] for element in pair)
            findings.append(
                Finding(
                    f"{columns[first_column]}, {columns[second_column]}",
                    ", ".join(element.key for element in pair),
                    rule.key,
                    rule.check.clause,
                    rule.check.severity,
                    rule.check.remedy,
                )
            )
            bound.append(RulePlan(rule, (first_column, second_column), len(findings) - 1))
    places = {name: position for position, name in enumerate(columns)}
    keyed = tuple(places[name] for name in key) if all(name in places for name in key) else ()
    pointed = []
    for name in references:
        if name in places:
            findings.append(_row_finding(ORPHAN, name, plans[places[name]]))
            pointed.append((places[name], len(findings) - 1))
    marks: dict[str, int] = {}
    for rule_key in (DUPLICATE, SUPERSEDED, KEY_MISSING, KEY_CONFLICT):
        marks[rule_key] = len(findings)
        about = ", ".join(columns[position] for position in keyed) if rule_key != DUPLICATE else ""
        findings.append(_row_finding(rule_key, about, None))
    return TablePlan(
        columns=tuple(columns),
        elements=plans,
        first_finding=tuple(first),
        rules=tuple(bound),
        key=keyed,
        watermark=places.get(watermark, -1) if keyed else -1,
        references=tuple(pointed),
        findings=tuple(findings),
        marks=marks,
        version=_version(columns, elements, [plan.rule for plan in bound], key, watermark, references),
    )


def operands(rule: Rule) -> tuple[Element, Element]:
    """The two elements a rule compares."""
    match rule.check:
        case InOrder(first=first, second=second):
            return first, second
        case BirthMatches(identifier=identifier, birth=birth):
            return identifier, birth
        case SexMatches(identifier=identifier, sex=sex):
            return identifier, sex
        case RequiredWhen(when=when, then=then):
            return when, then
    raise PlanError(f"Rule {rule.key}: no kernel for {type(rule.check).__name__}; add one to every back end.")


_ROW_FINDINGS = {
    DUPLICATE: (
        Severity.NOTICE,
        _("Deliver each row once: this one repeats an earlier row; it was counted, not kept."),
    ),
    SUPERSEDED: (Severity.NOTICE, _("Nothing to mend: a newer delivery of the same row was kept.")),
    KEY_MISSING: (Severity.ERROR, _("Fill in the key: without it the row cannot be told from others.")),
    KEY_CONFLICT: (Severity.ERROR, _("Rows with one key say different things: decide which is right and deliver it.")),
    ORPHAN: (Severity.NOTICE, _("The other dataset holds no such row: deliver it there, or correct the value here.")),
}
"""Severity and remedy of the findings about whole rows."""


def _row_finding(rule: str, field: str, plan: ElementPlan | None) -> Finding:
    level, remedy = _ROW_FINDINGS[rule]
    return Finding(field, plan.element.key if plan else "", rule, "", level, remedy)


def _version(
    columns: Sequence[str],
    elements: Mapping[str, Element],
    rules: Sequence[Rule],
    key: Sequence[str],
    watermark: str,
    references: Sequence[str],
) -> str:
    told = [
        ENGINE,
        [[name, _element_print(elements[name]) if name in elements else ""] for name in columns],
        [[rule.key, _plain(rule.check)] for rule in rules],
        [*key],
        watermark,
        [*references],
    ]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()[:16]


_PRINTS: dict[int, tuple[Element, str]] = {}


def _element_print(element: Element) -> str:
    """A hash of what an element does to values."""
    found = _PRINTS.get(id(element))
    if found is None or found[0] is not element:
        told = [element.key, element.type.value, _plain(element.steps), _plain(element.checks), _plain(element.codes)]
        digest = hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()
        found = _PRINTS[id(element)] = (element, digest)
    return found[1]


def _plain(value: Any) -> Any:
    """A declaration as lists and texts, in the order of its fields."""
    if isinstance(value, Element):
        return value.key
    if is_dataclass(value):
        return [type(value).__name__, *(_plain(getattr(value, field.name)) for field in fields(value))]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value
