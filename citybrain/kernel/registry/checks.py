"""Every option of a declaration is checked; each finding has a stable id.

E001 duplicate application key · E002 not a declaration · E003 bad key · E004 duplicate key of one kind ·
E005 refers to a declaration that no application declares · E010 code list without codes · E011 duplicate code ·
E012 code's parent missing · E020 element's format and type disagree · E021 element's step needs a code list ·
E022 pattern is no regular expression · E023 impossible bounds · E024 element without examples ·
E030 rule relates an element to itself ·
E040 role permits nothing · E041 role excludes itself or one that nobody declares · E042 permit is no `<thing>:<verb>` ·
E043 role is carried by a kind of person there is not · W049 holidays of a year are missing in the county's calendar ·
E070 notice's words name a value it does not declare · E071 notice's words cannot be filled ·
E072 value of a notice that its words never use · E073 notice breaks quiet hours and is not urgent, or escalates to a
role that nobody declares ·
E080 event type's time limit cannot be kept · E081 event type's near, within, many or weight is not above 0 ·
E082 event type's CAP category is none · E083 event type has an empty word · E084 event type's code is in no declared
list · E085 two event types have one code ·
E900 a store cannot be reached (`citybrain check`)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import is_dataclass
from string import Formatter
from typing import Any

from django.core import checks

from citybrain.declare.codelist import CodeList
from citybrain.declare.element import DataType, Element
from citybrain.declare.event import Clock, Counting, EventType
from citybrain.declare.notice import Notice, Urgency
from citybrain.declare.role import Role
from citybrain.declare.rule import Between, DateBetween, InOrder, Length, Pattern, Rule, Step
from citybrain.kernel.registry.registry import Registry, did_you_mean, references, registry

KEY = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
PERMIT = re.compile(r"\*|([a-z0-9-]+|\*):([a-z0-9-]+|\*)")
CARRIERS = ("", "official", "citizen")
"""Kinds of people who may carry a role without a post; empty for posts only."""
FORMAT = re.compile(r"(an|a|n|d|t|dt|b|ul)?(\.\.)?\d*(,\d+)?|boolean|ul")
LETTERS = {
    DataType.TEXT: ("an", "a", "n", "ul"),
    DataType.INTEGER: ("n",),
    DataType.DECIMAL: ("n",),
    DataType.DATE: ("d",),
    DataType.DATETIME: ("d", "t"),
    DataType.BOOLEAN: ("b", "n", "a"),
}


def finding(number: str, subject: str, text: str, remedy: str) -> checks.Error:
    """An error with a stable id, the thing it is about, and what to do."""
    return checks.Error(f"{subject} {text}", hint=remedy, id=f"citybrain.E{number}")


CAP_CATEGORIES = (
    *("Geo", "Met", "Safety", "Security", "Rescue", "Fire"),
    *("Health", "Env", "Transport", "Infra", "CBRNE", "Other"),
)


def check_registry(found: Registry) -> list[checks.Error]:
    """Every finding about the applications and declarations of `found`."""
    errors = list(_applications(found))
    for kind, check in KINDS.items():
        declarations: tuple[Any, ...] = found.of(kind)
        errors += [error for declaration in declarations for error in check(declaration)]
    errors += [*_excluded_roles(found), *_escalation(found), *_classes(found)]
    return errors


def _applications(found: Registry) -> Iterator[checks.Error]:
    seen: set[str] = set()
    for application in (*found.applications, *found.rooms):
        name = f'Application "{application.key}"'
        if application.key in seen:
            yield finding("001", name, "is declared twice.", "Give one of them another key.")
        seen.add(application.key)
        keys: dict[tuple[type, str], object] = {}
        for position, declaration in enumerate(application.declares):
            key = getattr(declaration, "key", None)
            if not is_dataclass(declaration) or not isinstance(key, str):
                text = f"declares at position {position} something that is no declaration: {declaration!r}."
                yield finding("002", name, text, "Unpack tuples with * and leave out plain values.")
                continue
            kind = type(declaration)
            subject = f'{kind.__name__} "{key}" of application "{application.key}"'
            if not KEY.fullmatch(key):
                yield finding("003", subject, "has a key that is not kebab-case.", "Use a-z, 0-9 and single hyphens.")
            first = keys.setdefault((kind, key), declaration)
            if first is not declaration or found.find(kind, key) is not declaration:
                yield finding("004", subject, "is declared twice.", "Give one of them another key, or drop it.")
            for target in references(declaration):
                if found.find(type(target), target.key) is not target:
                    known: list[str] = [other.key for other in found.of(type(target))]
                    text = f'refers to {type(target).__name__} "{target.key}", which no application declares.'
                    yield finding("005", subject, text, "Add it to `declares`." + did_you_mean(target.key, known))


def _code_list(codes: CodeList) -> Iterator[checks.Error]:
    name = f'CodeList "{codes.key}"'
    if not codes.codes:
        yield finding("010", name, "has no codes.", "List them, or drop the list.")
    values: set[str] = set()
    for code in codes.codes:
        if code.value in values:
            yield finding("011", name, f'lists the code "{code.value}" twice.', "Keep one.")
        values.add(code.value)
    for code in codes.codes:
        if code.parent is not None and code.parent not in values:
            text = (
                f'puts "{code.value}" under "{code.parent}", which it does not list.{did_you_mean(code.parent, values)}'
            )
            yield finding("012", name, text, "Correct the parent.")


def _element(element: Element) -> Iterator[checks.Error]:
    name = f'Element "{element.key}"'
    match = FORMAT.fullmatch(element.format)
    if match is None or (match[1] or element.format) not in (*LETTERS[element.type], "boolean"):
        text = f'has the format "{element.format}", which does not suit the type {element.type}.'
        yield finding("020", name, text, "Write it in GB/T 18391 notation: an18, n..10,2, d8.")
    if Step.CODE in element.steps and element.codes is None:
        yield finding("021", name, "has the step CODE and no code list.", "Set `codes`, or drop the step.")
    for check in element.checks:
        match check:
            case Pattern(regex=regex):
                try:
                    re.compile(regex)
                except re.error as error:
                    yield finding("022", name, f"has a pattern that cannot be read: {error}.", "Correct the pattern.")
            case Length(minimum=low, maximum=high) if low > high:
                yield finding("023", name, f"asks for {low} to {high} characters.", "Put the smaller bound first.")
            case Between(minimum=least, maximum=most) if least is not None and most is not None and least > most:
                yield finding("023", name, f"asks for {least} to {most}.", "Put the smaller bound first.")
            case DateBetween(earliest=first, latest=last) if last is not None and first > last:
                yield finding("023", name, f"asks for {first} to {last}.", "Put the earlier day first.")
    if not element.examples:
        yield finding("024", name, "has no examples.", "Give at least one value that passes.")


def _rule(rule: Rule) -> Iterator[checks.Error]:
    if isinstance(rule.check, InOrder) and rule.check.first is rule.check.second:
        yield finding("030", f'Rule "{rule.key}"', "compares an element with itself.", "Name two elements.")


def _role(role: Role) -> Iterator[checks.Error]:
    name = f'Role "{role.key}"'
    if not role.permits:
        yield finding("040", name, "permits nothing.", "Give it permits, or drop it.")
    for permit in role.permits:
        if not PERMIT.fullmatch(permit.permission):
            text = f'permits "{permit.permission}", which is no permission.'
            yield finding("042", name, text, "Write `<thing>:<verb>`, either of them `*` for any.")
    if role.carried_by not in CARRIERS:
        text = f'is carried by "{role.carried_by}", which is no kind of person.'
        yield finding("043", name, text, "Write official or citizen." + did_you_mean(role.carried_by, CARRIERS))


def _notice(notice: Notice) -> Iterator[checks.Error]:
    name = f'Notice "{notice.key}"'
    used: set[str] = set()
    for words in (notice.title, notice.text, notice.sms):
        try:
            holes = {hole for _text, hole, _format, _conversion in Formatter().parse(words) if hole is not None}
        except ValueError as error:
            yield finding("071", name, f"has words that cannot be filled: {error}.", "Write {name}, or {{ for a brace.")
            continue
        for hole in sorted(holes):
            if not hole.isidentifier():
                text = f'has the place "{{{hole}}}" in its words, which is no plain name.'
                yield finding("071", name, text, "Write {name} only: no attributes, no positions.")
            elif hole not in notice.values:
                text = f'names the value "{hole}", which it does not declare.{did_you_mean(hole, notice.values)}'
                yield finding("070", name, text, "Add it to `values`, or correct the words.")
        used |= holes
    for value in notice.values:
        if value not in used:
            yield finding("072", name, f'never uses its value "{value}".', "Use it in the words, or drop it.")
    if notice.breaks_quiet and notice.urgency is not Urgency.URGENT:
        yield finding("073", name, "breaks quiet hours and is not urgent.", "Make it urgent, or let it wait.")


def _event_type(declared: EventType) -> Iterator[checks.Error]:
    name = f'EventType "{declared.key}"'
    for clock in Clock:
        limit = declared.limit(clock)
        if limit is None:
            continue
        if not limit.amount > 0:
            text = f"gives {limit.amount:g} for the clock {clock}: nobody can keep that."
            yield finding("080", name, text, "Give an amount above 0, or none: the county's default holds then.")
        elif limit.counting in (Counting.WORKING_DAYS, Counting.CALENDAR_DAYS) and limit.amount % 1:
            text = f"gives {limit.amount:g} days for the clock {clock}."
            yield finding("080", name, text, "Whole days only: write parts of a day as hours.")
    if not (declared.near > 0 and declared.within > 0 and declared.many > 0 and declared.weight > 0):
        yield finding("081", name, "has a near, within, many or weight of 0 or less.", "Give amounts above 0.")
    if declared.cap_category not in CAP_CATEGORIES:
        text = f'has the CAP category "{declared.cap_category}", which the standard does not know.'
        yield finding("082", name, text, "Write one of CAP 1.2." + did_you_mean(declared.cap_category, CAP_CATEGORIES))
    for word in declared.words:
        if word != word.strip() or not word:
            yield finding(
                "083", name, f'has the word "{word}" with blanks around it, or an empty one.', "Write it bare."
            )


def _classes(found: Registry) -> Iterator[checks.Error]:
    """Codes of event types are codes of a declared list, each taken once."""
    taken: dict[tuple[str, str], str] = {}
    for declared in found.of(EventType):
        name = f'EventType "{declared.key}"'
        if not declared.code_set:
            if declared.code:
                yield finding("084", name, f'has the code "{declared.code}" of no code set.', "Name its `code_set`.")
            continue
        codes = found.find(CodeList, declared.code_set)
        if codes is None:
            known = [one.key for one in found.of(CodeList)]
            text = f'is of the code set "{declared.code_set}", which no application declares.'
            yield finding("084", name, text, "Correct the key." + did_you_mean(declared.code_set, known))
        elif declared.code not in (values := {code.value for code in codes.codes}):
            text = f'has the code "{declared.code}", which "{codes.key}" does not list.'
            yield finding("084", name, text, "Correct the code." + did_you_mean(declared.code, values))
        elif (first := taken.setdefault((declared.code_set, declared.code), declared.key)) != declared.key:
            yield finding("085", name, f'has the code of "{first}", {declared.code}.', "Give one of them its own.")


def _escalation(found: Registry) -> Iterator[checks.Error]:
    known = [role.key for role in found.of(Role)]
    for notice in found.of(Notice):
        if notice.escalate_after and notice.escalate_to not in known:
            text = f'escalates to the role "{notice.escalate_to}", which no application declares.'
            remedy = "Correct `escalate_to`." + did_you_mean(notice.escalate_to, known)
            yield finding("073", f'Notice "{notice.key}"', text, remedy)


def _excluded_roles(found: Registry) -> Iterator[checks.Error]:
    known = [role.key for role in found.of(Role)]
    for role in found.of(Role):
        for key in role.excludes:
            if key == role.key:
                yield finding("041", f'Role "{role.key}"', "excludes itself.", "Name the other role.")
            elif key not in known:
                text = f'excludes "{key}", which no application declares.'
                yield finding("041", f'Role "{role.key}"', text, "Correct the key." + did_you_mean(key, known))


KINDS: dict[type, Callable[[Any], Iterator[checks.Error]]] = {
    CodeList: _code_list,
    Element: _element,
    Rule: _rule,
    Role: _role,
    Notice: _notice,
    EventType: _event_type,
}
"""The checks of each kind; a new kind adds its own here by one line."""


@checks.register("citybrain")
def check_applications(app_configs: object, **options: object) -> list[checks.Error]:
    """Django's door to `check_registry`."""
    return check_registry(registry())
