"""Which data element a column stands for: proposed by its name and its values, with a score and reasons.

    score = (1 - (1 - 0.9 * name) * (1 - 0.8 * strength * share)) * fit

`name` is how much the column's name is like a name of the element, `share` the part of a sample that standardises and
passes the element's checks, `strength` how much passing them says (a check digit: 1; any text: 0), and `fit` punishes
values that do not pass, types that do not suit, and empty values of an element that must be filled in.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.translation import gettext_noop as _

from citybrain.declare.element import DataType, Element
from citybrain.declare.rule import CheckDigit, Pattern, Required, Severity, Step
from citybrain.declare.words import Grade
from citybrain.kernel.standards.reference import as_text, broken, severity, standardise
from citybrain.kernel.standards.vocabulary import code_words, lower
from citybrain.warehouse.catalogue.sentences import Sentence
from citybrain.warehouse.governance.naming import Likeness, NameIndex

THRESHOLD = 0.85
"""A proposal at or above it is taken without a person."""

FLOOR = 0.5
"""A proposal below it is not worth a person's look."""

SAMPLE = 200
"""Distinct values looked at, at most."""

FIRST_LOOK = 30
"""Distinct values every candidate is tried on; only the best one is tried on the whole sample."""

CANDIDATES = 5
"""Elements tried on the values of one column."""

ENOUGH = 0.9
"""Share of passing values from which a misfit is taken for bad rows, not for the wrong element."""

LIKE = 0.5
"""Share of values that must look like the element's own."""

FEW_EMPTY = 0.2
"""Share of empty values above which an element that must be filled in is doubted."""

BACKGROUND = (
    *("王小明", "永康市五金有限公司", "浙江省金华市永康市东城街道金城路25号", "路灯不亮，请派人查看。", "是", "正常"),
    *("1", "3.5", "-7", "120", "99999", "2026", "20261121", "2026-11-21 08:30:00", "13812345678", "057987101234"),
    *(
        "330784001002",
        "11010519491231002X",
        "91330100799655058B",
        "GD20261121000001",
        "A01-3",
        "浙G12345",
        "C1",
        "a@b.cn",
    ),
)
"""Ordinary values of all sorts: the more of them a pattern refuses, the more it says when values match it."""


Counted = tuple[str, int]
"""A value, and how often the sample holds it: one mistyped code among three must not weigh a third."""


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """One element proposed for a column."""

    element: Element
    score: float
    """0 to 1, see the formula above."""
    reasons: tuple[Sentence, ...]
    """The weightiest first."""
    name: float
    """What the column's name alone says, 0 to 1."""


@dataclass(frozen=True, kw_only=True)
class Content:
    """What the values of a column say about one element."""

    looked_at: int
    share: float
    strength: float
    looks_right: bool = True
    """Whether enough values look as the element says they mostly do."""


class Matcher:
    """The elements of an installation, arranged to match many columns quickly; threads may share it."""

    def __init__(self, elements: Sequence[Element], today: datetime.date) -> None:
        self.names = NameIndex(elements)
        self.elements = tuple(elements)
        self.today = today
        self._strengths: dict[int, float] = {}
        self._places = {id(element): place for place, element in enumerate(self.elements)}

    def propose(
        self, column: str, chinese: str = "", arrow_type: str = "string", values: Sequence[str | None] = ()
    ) -> list[Proposal]:
        """Elements for one column, the best first; empty when nothing speaks for any.

        `values` is a sample of the column as text; `arrow_type` the type it was gathered in (`string`, `date32[day]`).
        """
        likenesses = self.names.likenesses(column)
        for number, likeness in self.names.likenesses(chinese).items() if chinese and chinese != column else ():
            if number not in likenesses or likenesses[number].score < likeness.score:
                likenesses[number] = likeness
        counts = Counter(value for value in values if value)
        filled = list(counts.items())[:SAMPLE]
        empty = 1 - counts.total() / len(values) if values else 0.0

        def judged(number: int, sample: Sequence[Counted]) -> Proposal:
            return self._judge(self.elements[number], likenesses.get(number), arrow_type, sample, empty)

        numbers = sorted(likenesses, key=lambda number: -likenesses[number].score)[:CANDIDATES]
        found = [judged(number, filled[:FIRST_LOOK]) for number in numbers]
        if all(proposal.score < THRESHOLD for proposal in found):
            numbers = [number for number in self._by_content(filled, arrow_type) if number not in numbers]
            found += [judged(number, filled[:FIRST_LOOK]) for number in numbers]
        found.sort(key=_order)
        if found and len(filled) > FIRST_LOOK:
            found[0] = judged(self._places[id(found[0].element)], filled)
            found.sort(key=_order)
        return [proposal for proposal in _undecided(found) if proposal.score >= FLOOR]

    def _judge(
        self, element: Element, likeness: Likeness | None, arrow_type: str, sample: Sequence[Counted], empty: float
    ) -> Proposal:
        content = self._content(element, sample)
        name = likeness.score if likeness else 0.0
        reasons = [likeness.reason] if likeness else []
        fit = 1.0
        if content.looked_at:
            reasons.append(
                Sentence(
                    _("%(share).0f%% of the values looked at are valid, %(count)d different ones."),
                    {"share": content.share * 100, "count": content.looked_at},
                )
            )
            fit *= min(1.0, content.share / ENOUGH)
        else:
            reasons.append(Sentence(_("There are no values to look at.")))
            fit *= 0.9
        if not suits(element, arrow_type):
            reasons.append(Sentence(_("The column's type %(type)s does not suit the element."), {"type": arrow_type}))
            fit *= 0.5
        if content.looked_at and not content.looks_right:
            reasons.append(Sentence(_("Few values look like those of the element.")))
            fit *= 0.8
        if element.type is DataType.DATE and _has_times(sample):
            reasons.append(Sentence(_("The values carry a time of day.")))
            fit *= 0.8
        if element.type is DataType.DATETIME and sample and not _has_times(sample):
            reasons.append(Sentence(_("The values carry no time of day.")))
            fit *= 0.95
        if empty > FEW_EMPTY and any(isinstance(check, Required) for check in element.checks):
            reasons.append(
                Sentence(
                    _("%(share).0f%% of the values are empty, and the element must be filled in."),
                    {"share": empty * 100},
                )
            )
            fit *= 0.8
        score = (1 - (1 - 0.9 * name) * (1 - 0.8 * content.strength * content.share)) * fit
        return Proposal(element=element, score=round(score, 4), reasons=tuple(reasons), name=name)

    def _content(self, element: Element, sample: Sequence[Counted]) -> Content:
        """Try the sample on the element; null words are no evidence either way."""
        looked_at = passing = looking = words = 0
        distinct = 0
        looks = re.compile(element.looks) if element.looks else None
        for given, count in sample:
            value = standardise(element, given).value
            if value is None:
                continue
            distinct += 1
            looked_at += count
            if any(severity(check) is Severity.ERROR for check in broken(element, value, self.today)):
                continue
            if element.codes is not None and Step.CODE in element.steps:
                # A list that is not complete lets any code pass as a notice: for matching only its own codes count.
                known = lower(str(value)) in code_words(element.codes)
                passing += count * known
                words += count * (known and not given.strip().isdigit())
                continue
            passing += count
            looking += count * (looks is not None and looks.search(as_text(value) or "") is not None)
        if not looked_at:
            return Content(looked_at=0, share=0.0, strength=0.0)
        share = passing / looked_at
        if element.codes is not None and Step.CODE in element.steps:
            return Content(looked_at=distinct, share=share, strength=0.4 + 0.4 * words / looked_at)
        if looks is not None:
            alike = looking / max(1, passing)
            strength = 0.7 * min(1.0, alike / ENOUGH) if alike >= LIKE else 0.0
            return Content(looked_at=distinct, share=share, strength=strength, looks_right=alike >= LIKE)
        return Content(looked_at=distinct, share=share, strength=self._strength(element))

    def _strength(self, element: Element) -> float:
        """How much it says that values pass the checks of `element`, 0 to 1."""
        known = self._strengths.get(id(element))
        if known is None:
            known = self._strengths[id(element)] = self._measured_strength(element)
        return known

    def _measured_strength(self, element: Element) -> float:
        if any(isinstance(check, CheckDigit) for check in element.checks):
            return 1.0
        if element.type in (DataType.DATE, DataType.DATETIME):
            return 0.7
        if element.type in (DataType.INTEGER, DataType.DECIMAL):
            return 0.45
        if any(isinstance(check, Pattern) for check in element.checks):
            refused = sum(1 for value in BACKGROUND if broken(element, standardise(element, value).value, self.today))
            return 0.85 * (refused / len(BACKGROUND)) ** 2
        return 0.0

    def _by_content(self, filled: Sequence[Counted], arrow_type: str) -> list[int]:
        """Elements whose values say more than their names: those with telling checks that the first values pass."""
        few = filled[:8]
        if len(few) < 2:
            return []
        telling = []
        for number in self._telling:
            element = self.elements[number]
            # Two values that fail say enough; most elements are out after them.
            if not suits(element, arrow_type) or self._content(element, few[:2]).share == 0:
                continue
            content = self._content(element, few)
            if content.share >= 0.75 and content.strength >= 0.6:
                telling.append((-content.share * content.strength, number))
        return [number for _score, number in sorted(telling)[:3]]

    @cached_property
    def _telling(self) -> tuple[int, ...]:
        """Elements that can be told by their values alone: check digits, telling patterns, words of a list."""
        return tuple(
            number
            for number, element in enumerate(self.elements)
            if Step.CODE in element.steps
            or element.looks != ""
            or (element.type is DataType.TEXT and self._strength(element) >= 0.6)
        )


def _order(proposal: Proposal) -> tuple[float, float]:
    """The best first; of two as good, the one whose name says more."""
    return (-proposal.score, -proposal.name)


def _undecided(found: list[Proposal]) -> list[Proposal]:
    """Where two elements are as good as each other by name and by content neither is taken: a person decides."""
    if len(found) < 2 or found[0].score < THRESHOLD:
        return found
    first, second, *rest = found
    if first.score - second.score > 0.02 or first.name - second.name > 0.05:
        return found
    reason = Sentence(_("The element “%(other)s” fits as well."), {"other": second.element.chinese})
    return [
        replace(first, score=THRESHOLD - 0.01, reasons=(*first.reasons, reason)),
        replace(second, score=THRESHOLD - 0.01),
        *rest,
    ]


def suits(element: Element, arrow_type: str) -> bool:
    """Whether a column gathered as `arrow_type` can hold the element at all."""
    if arrow_type.startswith(("date", "timestamp")):
        return element.type in (DataType.DATE, DataType.DATETIME)
    if arrow_type.startswith(("float", "double", "decimal", "halffloat")):
        return element.type in (DataType.DECIMAL, DataType.INTEGER)
    if arrow_type.startswith("bool"):
        return element.type is DataType.BOOLEAN or element.codes is not None
    if arrow_type.startswith(("int", "uint")):
        return element.type is not DataType.DATETIME
    return True


def _has_times(sample: Sequence[Counted]) -> bool:
    """Whether more than a tenth of the values carry a time of day that is not midnight."""
    timed = [value for value, _count in sample if re.search(r"\d[ T]\d{1,2}:\d{2}", value)]
    return sum(1 for value in timed if not re.search(r"[ T]0?0:00(:00)?", value)) > len(sample) / 10


def suggest_grade(elements: Sequence[Element], *, otherwise: Grade = Grade.L2) -> Grade:
    """The grade of a dataset: the highest among its items (DB33/T 2351-2021); `otherwise` for one without elements."""
    return max((element.grade for element in elements), default=otherwise)
