"""Compiles elements and rules into what the kernels run: numbers, tables and automata. Done once for each element."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from typing import Any

import numpy as np

from citybrain.declare.codelist import CodeList
from citybrain.declare.element import DataType, Element
from citybrain.declare.rule import (
    Algorithm,
    Between,
    BirthMatches,
    Check,
    CheckDigit,
    DateBetween,
    EmbeddedCheckDigit,
    EmbeddedCode,
    EmbeddedDate,
    InList,
    InOrder,
    Length,
    NoMojibake,
    Pattern,
    Readable,
    Required,
    RequiredWhen,
    Rule,
    Severity,
    SexMatches,
    Step,
)
from citybrain.declare.words import _
from citybrain.warehouse.governance.mojibake import MOJIBAKE, OPENERS
from citybrain.warehouse.governance.primitives import automaton, characters, checks, scan, steps
from citybrain.warehouse.governance.vocabulary import address_beginnings, code_words

ENGINE = "1"
"""Raised when the same declarations begin to mean something else, so that versions of rules differ too."""

CHECKS_PER_COLUMN = 32
"""Findings of one value are bits of a uint32."""

TEXT_STEPS = {
    Step.HALF_WIDTH: steps.HALF_WIDTH,
    Step.TRIM: steps.TRIM,
    Step.NULL_WORDS: steps.NULL_WORDS,
    Step.UPPER: steps.UPPER,
    Step.LOWER: steps.LOWER,
    Step.SEPARATORS: steps.SEPARATORS,
    Step.CITIZEN_ID_18: steps.CITIZEN_ID_18,
    Step.PHONE: steps.PHONE,
    Step.NAME: steps.NAME,
    Step.ADDRESS: steps.ADDRESS,
    Step.CODE: steps.CODE,
}
"""Steps that leave a text."""

READERS = {
    Step.DATE: {DataType.DATE},
    Step.DATETIME: {DataType.DATETIME},
    Step.NUMBER: {DataType.INTEGER, DataType.DECIMAL},
    Step.AMOUNT: {DataType.INTEGER, DataType.DECIMAL},
}
"""Steps that make a text a value of a type."""

SIGNS = {
    Step.HALF_WIDTH: scan.EXOTIC,
    Step.TRIM: scan.BLANKS | scan.EXOTIC,
    Step.NULL_WORDS: scan.NOTHING_WORDS,
    Step.UPPER: scan.LOWER_CASE,
    Step.LOWER: scan.UPPER_CASE,
    Step.SEPARATORS: scan.ANY_BLANK | scan.EXOTIC | scan.MARKS,
    Step.CITIZEN_ID_18: scan.FIFTEEN,
    Step.PHONE: scan.ANY_BLANK | scan.EXOTIC | scan.MARKS | scan.DIALLED,
    Step.NAME: scan.ANY_BLANK | scan.EXOTIC | scan.MARKS,
    Step.ADDRESS: scan.ANY_BLANK | scan.EXOTIC,
    Step.CODE: scan.EVERY,
}
"""What a value that a step changes shows at least."""

KINDS = {
    DataType.TEXT: steps.AS_TEXT,
    DataType.DATE: steps.AS_DATE,
    DataType.DATETIME: steps.AS_DATETIME,
    DataType.INTEGER: steps.AS_INTEGER,
    DataType.DECIMAL: steps.AS_DECIMAL,
    DataType.BOOLEAN: steps.AS_BOOLEAN,
}

ALGORITHMS = {
    Algorithm.CITIZEN_ID: checks.CITIZEN_ID,
    Algorithm.CREDIT_CODE: checks.CREDIT_CODE,
    Algorithm.ORGANISATION_CODE: checks.ORGANISATION_CODE,
    Algorithm.LUHN: checks.LUHN,
}

OPENER_FLAGS = np.zeros(0x10000, np.uint8)
OPENER_FLAGS[[ord(character) for character in OPENERS]] = 1


class PlanError(ValueError):
    """A declaration asks for something the engine does not do; the message names it and the remedy."""


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
class ElementPlan:
    """One element in the kernels' form. Bit i of a value's findings is `checks[i]`."""

    element: Element
    steps: np.ndarray
    """int64: the text steps in order."""
    step_names: tuple[Step, ...]
    """Bit i of a value's changes; the reading step, where there is one, stands last."""
    signs: int
    """Flags of the scan."""
    reads_plain: bool
    """Whether a value in plain form may be read before any step ran."""
    kind: int
    writing: int
    reader_bit: int
    codes: characters.Words
    beginnings: characters.Words
    longest: int
    checks: tuple[Check, ...]
    severities: tuple[Severity, ...]
    errors: np.uint32
    """Bits of the checks that hold a row back."""
    readable: int
    """Bit of `Readable`; -1 for texts."""
    required: int
    """Bit of `Required`; -1 when a value may be missing."""
    program: np.ndarray
    """int64, checks of texts x 5."""
    automata: tuple[np.ndarray, np.ndarray, np.ndarray]
    tables: characters.Tables
    ranges: tuple[tuple[int, Between | DateBetween], ...]
    """Bits and checks of typed values."""


_PLANS: dict[int, ElementPlan] = {}
"""Plans by identity of their element: it lives as long as the registry, and hashing one means hashing its lists."""


def plan_element(element: Element) -> ElementPlan:
    """The plan of `element`. Raises PlanError when a step or check does not fit its type."""
    found = _PLANS.get(id(element))
    if found is None or found.element is not element:
        found = _PLANS[id(element)] = _compile(element)
    return found


def severity(check: Check) -> Severity:
    """How grave a broken check is: a code outside a list that is not complete is never an error."""
    if isinstance(check, InList | EmbeddedCode) and not check.codes.complete:
        return Severity.NOTICE
    return check.severity


def _compile(element: Element) -> ElementPlan:
    kind = KINDS[element.type]
    names: list[Step] = []
    numbers: list[int] = []
    writing = steps.PLAIN
    reader_bit = -1
    for step in element.steps:
        if reader_bit >= 0:
            raise PlanError(f"Element {element.key}: step {step.value} stands behind the reading step; put it before.")
        if step in READERS:
            if element.type not in READERS[step]:
                raise PlanError(f"Element {element.key}: step {step.value} does not fit type {element.type.value}.")
            reader_bit = len(names)
            writing = {Step.NUMBER: steps.NUMBER, Step.AMOUNT: steps.AMOUNT}.get(step, steps.PLAIN)
        else:
            numbers.append(TEXT_STEPS[step])
        names.append(step)
    all_checks = element.checks
    if kind != steps.AS_TEXT and not any(isinstance(check, Readable) for check in all_checks):
        all_checks = (*all_checks, Readable())
    if len(all_checks) > CHECKS_PER_COLUMN:
        raise PlanError(f"Element {element.key}: more than {CHECKS_PER_COLUMN} checks; join some into one pattern.")
    severities = tuple(severity(check) for check in all_checks)
    errors = sum(1 << bit for bit, level in enumerate(severities) if level is Severity.ERROR)
    program, automata, tables, ranges = _compile_checks(element, all_checks, kind)
    beginnings = _beginnings(element)
    signs = 0
    for step in names:
        signs |= SIGNS.get(step, 0)
    if Step.ADDRESS in names and len(beginnings.flags):
        signs |= scan.EVERY
    return ElementPlan(
        element=element,
        steps=np.array(numbers, np.int64),
        step_names=tuple(names),
        signs=signs,
        reads_plain=set(names) <= {Step.HALF_WIDTH, Step.TRIM, Step.NULL_WORDS, *READERS},
        kind=kind,
        writing=writing,
        reader_bit=reader_bit,
        codes=_code_table(element),
        beginnings=beginnings,
        longest=int(np.diff(beginnings.offsets).max(initial=0)),
        checks=all_checks,
        severities=severities,
        errors=np.uint32(errors),
        readable=_bit_of(all_checks, Readable) if kind != steps.AS_TEXT else -1,
        required=_bit_of(all_checks, Required),
        program=program,
        automata=automata,
        tables=tables,
        ranges=ranges,
    )


def _bit_of(all_checks: Sequence[Check], kind: type[Check]) -> int:
    return next((bit for bit, check in enumerate(all_checks) if isinstance(check, kind)), -1)


def _code_table(element: Element) -> characters.Words:
    if Step.CODE not in element.steps or element.codes is None:
        return characters.NO_WORDS
    table = dict(code_words(element.codes))
    table.update({code.value: code.value for code in element.codes.codes})
    if max((len(value) for value in table.values()), default=0) > steps.GROWTH:
        raise PlanError(f"Code list {element.codes.key}: a code is longer than {steps.GROWTH} characters.")
    return characters.words(table)


_BEGINNINGS: dict[int, tuple[CodeList, characters.Words]] = {}


def _beginnings(element: Element) -> characters.Words:
    if Step.ADDRESS not in element.steps or element.codes is None:
        return characters.NO_WORDS
    found = _BEGINNINGS.get(id(element.codes))
    if found is None or found[0] is not element.codes:
        found = _BEGINNINGS[id(element.codes)] = (element.codes, characters.words(address_beginnings(element.codes)))
    return found[1]


def _compile_checks(
    element: Element, all_checks: Sequence[Check], kind: int
) -> tuple[
    np.ndarray,
    tuple[np.ndarray, np.ndarray, np.ndarray],
    characters.Tables,
    tuple[tuple[int, Between | DateBetween], ...],
]:
    rows: list[tuple[int, int, int, int, int]] = []
    automata: list[automaton.Automaton] = []
    tables: list[characters.Words] = []
    ranges: list[tuple[int, Between | DateBetween]] = []
    for bit, check in enumerate(all_checks):
        if isinstance(check, Required):
            rows.append((checks.REQUIRED, 0, 0, 0, bit))
        elif isinstance(check, Readable):
            continue
        elif isinstance(check, Between | DateBetween):
            _demand(element, check, kind in _RANGED[type(check)])
            ranges.append((bit, check))
        else:
            _demand(element, check, kind == steps.AS_TEXT)
            rows.append((*_text_check(check, automata, tables), bit))
    program = np.array(rows, np.int64).reshape(-1, 5)
    return program, automaton.lay_out(automata), characters.lay_out(tables), tuple(ranges)


_RANGED: dict[type[Check], set[int]] = {
    Between: {steps.AS_INTEGER, steps.AS_DECIMAL},
    DateBetween: {steps.AS_DATE, steps.AS_DATETIME},
}


def _demand(element: Element, check: Check, fits: bool) -> None:
    if not fits:
        raise PlanError(
            f"Element {element.key}: check {check.name} does not fit type {element.type.value}; change either."
        )


def _text_check(
    check: Check, automata: list[automaton.Automaton], tables: list[characters.Words]
) -> tuple[int, int, int, int]:
    match check:
        case Length(minimum=minimum, maximum=maximum):
            return checks.LENGTH, minimum, maximum, 0
        case Pattern(regex=regex):
            automata.append(automaton.compile_pattern(regex))
            return checks.PATTERN, len(automata) - 1, 0, 0
        case CheckDigit(algorithm=algorithm):
            return checks.CHECK_DIGIT, ALGORITHMS[algorithm], 0, checks.WHOLE
        case EmbeddedCheckDigit(algorithm=algorithm, start=start, length=length):
            return checks.CHECK_DIGIT, ALGORITHMS[algorithm], start, length
        case EmbeddedDate(start=start):
            return checks.EMBEDDED_DATE, start, 0, 0
        case EmbeddedCode(start=start, length=length, codes=codes):
            tables.append(_values(codes))
            return checks.EMBEDDED_CODE, start, length, len(tables) - 1
        case InList(codes=codes):
            tables.append(_values(codes))
            return checks.IN_LIST, 0, 0, len(tables) - 1
        case NoMojibake():
            automata.append(automaton.compile_pattern(MOJIBAKE))
            return checks.MOJIBAKE, len(automata) - 1, 0, 0
    raise PlanError(f"No kernel for {type(check).__name__}: add one to every back end.")


def _values(codes: CodeList) -> characters.Words:
    return characters.words({code.value: "" for code in codes.codes})


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
