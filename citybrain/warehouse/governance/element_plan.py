"""Compiles an element into what the kernels run: numbers, tables and automata. Done once for each element."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from citybrain.declare.codelist import CodeList
from citybrain.declare.element import DataType, Element
from citybrain.declare.rule import (
    Algorithm,
    Between,
    Check,
    CheckDigit,
    DateBetween,
    EmbeddedCheckDigit,
    EmbeddedCode,
    EmbeddedDate,
    InList,
    Length,
    NoMojibake,
    Pattern,
    Readable,
    Required,
    Severity,
    Step,
)
from citybrain.kernel.standards.mojibake import MOJIBAKE, OPENERS
from citybrain.kernel.standards.vocabulary import address_beginnings, code_words
from citybrain.warehouse.governance.primitives import automaton, characters, checks, scan, steps

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
        return characters.no_words()
    table = dict(code_words(element.codes))
    table.update({code.value: code.value for code in element.codes.codes})
    if max((len(value) for value in table.values()), default=0) > steps.GROWTH:
        raise PlanError(f"Code list {element.codes.key}: a code is longer than {steps.GROWTH} characters.")
    return characters.words(table)


_BEGINNINGS: dict[int, tuple[CodeList, characters.Words]] = {}


def _beginnings(element: Element) -> characters.Words:
    if Step.ADDRESS not in element.steps or element.codes is None:
        return characters.no_words()
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
