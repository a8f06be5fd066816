"""Pages of the standards: data elements (公共数据元) and code lists (代码集), straight from the declarations."""

from __future__ import annotations

import dataclasses
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from citybrain.declare.codelist import Code, CodeList
from citybrain.declare.element import DataType, Element, Example
from citybrain.declare.rule import Check, Rule, Severity
from citybrain.declare.words import Grade
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import vouched
from citybrain.kernel.registry.registry import references, registry
from citybrain.ui import formats
from citybrain.ui.access import requires
from citybrain.ui.paging import paging
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import Fact, Facts
from citybrain.ui.panels.panel import Link, Row, Stack, Tag
from citybrain.ui.panels.tables import Choice, Column, Filters, Table
from citybrain.ui.templatetags.shown import titled, tone
from citybrain.warehouse import queries
from citybrain.warehouse.catalogue.models import Score
from citybrain.warehouse.catalogue.queries import latest_scores, score_history
from citybrain.warehouse.pages import parts
from citybrain.warehouse.permissions import VIEW
from citybrain.warehouse.words import check_words, step_words

CODES_ON_PAGE = 200


@requires(VIEW)
def elements(request: HttpRequest) -> HttpResponse:
    """Every data element with its format, list, grade, and how many fields are bound to it."""
    asked = {name: request.GET.get(name, "") for name in ("q", "class", "grade")}
    words = asked["q"].strip().lower()
    use, scores = queries.fields_by_element(), latest_scores(Score.Subject.ELEMENT)
    everything = registry().of(Element)
    found = [
        element
        for element in everything
        if (not words or words in searchable(element))
        and asked["class"] in ("", element.object_class)
        and asked["grade"] in ("", element.grade)
    ]
    classes = sorted({element.object_class for element in everything if element.object_class})
    return parts.page(
        _("Data elements"),
        note=f"{_('%(shown)s of %(total)s') % {'shown': len(found), 'total': len(everything)}} · DB33/T 2426-2022",
        body=(
            Filters(
                asked=asked,
                search=_("Name, column name or definition"),
                choices=(
                    Choice("class", _("All object classes"), [(name, name) for name in classes]),
                    Choice("grade", _("All grades"), [(one, f"{one} {_(one.label)}") for one in Grade]),
                ),
            ),
            Table(
                key="found",
                rows=vouched(found, request.actor, VIEW),  # type: ignore[attr-defined]
                columns=(
                    Column(_("Element"), titled, link=parts.to("element", lambda one: one.key), sort="name"),
                    Column(_("Identifier"), "key", cells.mono, sort="key", weight=2),
                    Column(_("Object class"), "object_class", sort="class", weight=3),
                    Column(_("Format"), "format", cells.mono, weight=2),
                    Column(_("Value domain"), domain, weight=3),
                    Column(_("Grade"), lambda one: parts.grade_tag(one.grade), cells.tag),
                    Column(_("Fields"), lambda one: use.get(one.key, 0), cells.number, sort="fields", weight=2),
                    Column(
                        _("Score"),
                        lambda one: scores[one.key].score if one.key in scores else None,
                        cells.score,
                        align="right",
                        sort="score",
                    ),
                    Column(_("Standard"), "standard", weight=4),
                ),
                empty=_("No element matches"),
                empty_icon="search",
            ),
        ),
        fills=True,
    ).respond(request)


def searchable(element: Element) -> str:
    """Everything an element is looked up by, lower case."""
    return " ".join((element.key, element.title, element.chinese, element.definition, *element.names)).lower()


def domain(element: Element) -> str | SafeString:
    """The values an element may have: its code list, or words."""
    if element.codes is None:
        return element.domain
    return cells.link(titled(element.codes), reverse("codelist", args=[element.codes.key]))


@requires(VIEW)
def element(request: HttpRequest, key: str) -> HttpResponse:
    """One data element: its attributes, what is done to its values, its examples, and the fields bound to it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    shown = registry().find(Element, key)
    if shown is None:
        raise Http404(f"element {key}")
    history = score_history(Score.Subject.ELEMENT, key)
    steps = [f"{number}. {_(step_words(step))} {step}" for number, step in enumerate(shown.steps, 1)]
    declared = vouched([shown], actor, VIEW)
    known = [Tag(name) for name in shown.names]
    return parts.page(
        titled(shown),
        Link(_("Data elements"), reverse("elements")),
        tags=tuple(filter(None, (parts.grade_tag(shown.grade, whole=True),))),
        note=cells.score(history[-1].score) if history else "",
        lead=cells.chinese(shown.definition),
        body=(
            Row(
                Stack(
                    checks_table(shown, actor),
                    *rules_tables(shown, actor),
                    examples_table(shown, actor),
                    fields_table(key, actor),
                ),
                Stack(
                    attributes(shown, actor),
                    Facts(
                        title=_("Standardising"),
                        note=_("in this order"),
                        of=declared,
                        facts=(Fact(_("Steps"), "\n".join(steps) or _("Taken as delivered"), cells.long),),
                    ),
                    Facts(
                        title=_("Known column names"),
                        of=declared,
                        facts=(Fact(_("Names"), cells.with_tags("", *known) if known else None),),
                    ),
                ),
                widths="main",
            ),
        ),
    ).respond(request)


def checks_table(shown: Element, actor: Actor) -> Table:
    """What is asked of an element's values, by which clause, and what happens when one does not answer."""
    own = {field.name for field in dataclasses.fields(Check)}

    def asks(check: Check) -> SafeString:
        limits = [
            cells.joined(" ", (limit_words(field.name), cells.seen(limit_value(value))))
            for field in dataclasses.fields(check)
            if field.name not in own and (value := getattr(check, field.name)) is not None
        ]
        return format_html("<span>{}</span>", cells.joined(" ", limits)) if limits else cells.text(None)

    rows = [
        (check.name, asks(check), check.clause, check.severity, _(check.remedy) if check.remedy else "")
        for check in shown.checks
    ]
    if shown.type != DataType.TEXT:
        readable = cells.joined(" ", (_("every value can be read as"), cells.seen(shown.type)))
        remedy = _("The text is not a value of this type: write it in one of the accepted layouts.")
        rows.append(("readable", readable, "", Severity.ERROR, remedy))
    return Table(
        title=_("Checks"),
        note=formats.number(len(shown.checks)),
        rows=vouched(rows, actor, VIEW),
        columns=(
            Column(_("Check"), lambda row: _(check_words(row[0])), under=lambda row: cells.mono(row[0])),
            Column(_("Asks"), lambda row: row[1], wraps=True),
            Column(_("Clause"), lambda row: row[2], weight=2),
            Column(_("If broken"), lambda row: consequence(row[3]), cells.state),
            Column(_("Remedy"), lambda row: row[4], weight=2, wraps=True),
        ),
        empty=_("Any text is accepted"),
        empty_icon="circle-check",
        is_two_lines=True,
    )


def consequence(severity: Severity) -> tuple[str, str]:
    """What happens to a row that breaks a check."""
    return (_("Row held back") if severity == Severity.ERROR else _("Noted")), tone(severity)


def rules_tables(shown: Element, actor: Actor) -> tuple[Table, ...]:
    """Rules that hold an element against other fields of the row; nothing where there are none."""
    rules = [rule for rule in registry().of(Rule) if shown in tuple(references(rule.check))]
    if not rules:
        return ()
    table = Table(
        title=_("Rules with other fields of the row"),
        note=formats.number(len(rules)),
        rows=vouched(rules, actor, VIEW),
        columns=(
            Column(_("Rule"), lambda rule: _(rule.title), under=lambda rule: cells.mono(rule.key)),
            Column(_("Clause"), "check.clause", weight=2),
            Column(_("Remedy"), lambda rule: _(rule.check.remedy or "—"), weight=2, wraps=True),
        ),
        is_two_lines=True,
    )
    return (table,)


def examples_table(shown: Element, actor: Actor) -> Table:
    """Values as delivered, what becomes of them, and whether they pass."""

    def given(example: Example) -> SafeString:
        return cells.text(_("empty")) if example.given is None else cells.seen(example.given)

    def standard(example: Example) -> SafeString:
        if example.standard is None:
            return cells.text(None if example.fails else _("empty"))
        return cells.seen(example.standard)

    def result(example: Example) -> tuple[str, str]:
        return (_(check_words(example.fails)), "bad") if example.fails else (_("Passes"), "good")

    return Table(
        title=_("Examples"),
        note=_("they are also its tests"),
        rows=vouched(shown.examples, actor, VIEW),
        columns=(
            Column(_("As delivered"), given),
            Column(_("Standardised"), standard),
            Column(_("Result"), result, cells.state),
        ),
    )


def fields_table(key: str, actor: Actor) -> Table:
    """The fields of all departments that are bound or proposed to an element."""
    found = queries.fields_of_element(key, actor)
    return Table(
        title=_("Fields bound to it"),
        note=formats.number(len(found)),
        rows=found,
        columns=(
            Column(_("Field"), "name", cells.mono, under=lambda field: field.chinese, sort="field"),
            parts.dataset_column(lambda field: field.dataset),
            Column(_("Department"), lambda field: titled(field.dataset.provider), sort="department", weight=2),
            Column(_("Match"), parts.state_of("match"), cells.state, weight=2),
            Column(_("Score"), "score", cells.score, align="right", sort="score"),
        ),
        empty=_("No field is bound to this element yet"),
    )


def attributes(shown: Element, actor: Actor) -> Facts:
    """The attributes of an element, as DB33/T 2426-2022 names them."""
    version = " · ".join(filter(None, (str(shown.version), str(shown.issued or ""))))
    optional = [(_("Unit"), shown.unit), (_("Relation"), shown.relation), (_("Remark"), shown.remark)]
    return Facts(
        title=_("Attributes"),
        note="DB33/T 2426-2022",
        of=vouched([shown], actor, VIEW),
        facts=(
            Fact(_("Identifier"), shown.key, cells.mono),
            Fact(_("Chinese name"), shown.chinese, cells.chinese),
            Fact(_("English name"), shown.title),
            Fact(_("Data type"), shown.type),
            Fact(_("Format"), shown.format, cells.mono),
            Fact(_("Value domain"), domain(shown)),
            Fact(_("Object class"), shown.object_class),
            Fact(_("Representation"), shown.representation),
            Fact(_("Masking"), shown.masking),
            Fact(_("Standard"), shown.standard),
            Fact(_("Source"), shown.source),
            Fact(_("Declared by"), registry().application_of(shown), cells.mono),
            Fact(_("Version"), version),
            *(Fact(title, value) for title, value in optional if value),
        ),
    )


def limit_words(name: str) -> str:
    """Words for the name of a check's option."""
    words = {
        "minimum": _("at least"),
        "maximum": _("at most"),
        "regex": _("form"),
        "algorithm": _("algorithm"),
        "start": _("from character"),
        "length": _("characters"),
        "codes": _("list"),
        "earliest": _("not before"),
        "latest": _("not after"),
    }
    return words.get(name, name)


def limit_value(value: Any) -> Any:
    """A check's option as it is shown: a code list by its key."""
    return value.key if isinstance(value, CodeList) else value


@requires(VIEW)
def codelists(request: HttpRequest) -> HttpResponse:
    """Every code list with its standard and how many elements use it."""
    use: dict[str, int] = {}
    for declared in registry().of(Element):
        if declared.codes is not None:
            use[declared.codes.key] = use.get(declared.codes.key, 0) + 1
    found = registry().of(CodeList)
    return parts.page(
        _("Code lists"),
        note=formats.number(len(found)),
        body=(
            Table(
                rows=vouched(found, request.actor, VIEW),  # type: ignore[attr-defined]
                columns=(
                    Column(_("Code list"), titled, link=parts.to("codelist", lambda one: one.key), sort="name"),
                    Column(_("Identifier"), "key", cells.mono, sort="key", weight=2),
                    Column(_("Standard"), "standard", sort="standard"),
                    Column(_("Codes"), lambda one: len(one.codes), cells.number, sort="codes"),
                    Column(_("Elements"), lambda one: use.get(one.key, 0), cells.number, sort="elements", weight=2),
                    Column(_("Extent"), whole_or_part, cells.state, weight=2),
                ),
            ),
        ),
        fills=True,
    ).respond(request)


def whole_or_part(codes: CodeList) -> tuple[str, str]:
    """Whether a list holds every code of its standard."""
    return (_("Whole list"), "good") if codes.complete else (_("Part in use"), "fair")


@requires(VIEW)
def codelist(request: HttpRequest, key: str) -> HttpResponse:
    """One code list, searched and paged, with the words that are understood as each code."""
    shown = registry().find(CodeList, key)
    if shown is None:
        raise Http404(f"code list {key}")
    words = request.GET.get("q", "").strip().lower()
    codes = [code for code in shown.codes if not words or words in code_text(code)]
    place = paging(request.GET.get("page"), len(codes), CODES_ON_PAGE)
    users = [parts.element_link(one) for one in registry().of(Element) if one.codes == shown]
    used = cells.joined(" ", (_("Used by"), cells.joined(_(", "), users))) if users else ""
    part = Tag(_("Part in use: an unlisted code is only noted"), "fair")
    columns = [Column(_("Code"), "value", cells.mono), Column(_("Name"), "title", cells.chinese)]
    if any(code.english for code in shown.codes):
        columns.append(Column(_("English"), "english", weight=2))
    if any(code.parent for code in shown.codes):
        columns.append(Column(_("Above"), "parent", cells.mono))
    columns.append(Column(_("Also understood as"), synonyms, weight=2, wraps=True))
    return parts.page(
        titled(shown),
        Link(_("Code lists"), reverse("codelists")),
        tags=() if shown.complete else (part,),
        note=shown.standard,
        lead=cells.joined(" · ", filter(None, (used, shown.source))),
        body=(
            Filters(asked={"q": request.GET.get("q", "")}, search=_("Code or name"), choices=()),
            Table(
                key="found",
                rows=vouched(codes[place.offset : place.offset + place.size], request.actor, VIEW),  # type: ignore[attr-defined]
                columns=tuple(columns),
                paging=place,
                empty=_("No code matches"),
                empty_icon="search",
            ),
        ),
    ).respond(request)


def synonyms(code: Code) -> SafeString:
    """The words that are understood as a code."""
    return cells.with_tags("", *(Tag(word) for word in code.synonyms))


def code_text(code: Code) -> str:
    """Everything a code is looked up by, lower case."""
    return " ".join((code.value, code.title, code.english, *code.synonyms)).lower()
