"""Pages of the standards: data elements (公共数据元) and code lists (代码集), straight from the declarations."""

from __future__ import annotations

import dataclasses
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from citybrain.declare.codelist import Code, CodeList
from citybrain.declare.element import Element
from citybrain.declare.rule import Check, Rule
from citybrain.declare.words import Grade
from citybrain.kernel.registry.registry import references, registry
from citybrain.ui.access import requires
from citybrain.ui.paging import paging
from citybrain.warehouse import queries
from citybrain.warehouse.catalogue.models import Score
from citybrain.warehouse.catalogue.queries import latest_scores, score_history
from citybrain.warehouse.permissions import VIEW

CODES_ON_PAGE = 200


@requires(VIEW)
def elements(request: HttpRequest) -> HttpResponse:
    """Every data element with its format, list, grade, and how many fields are bound to it."""
    words = request.GET.get("q", "").strip().lower()
    kind, grade = request.GET.get("class", ""), request.GET.get("grade", "")
    use = queries.fields_by_element()
    scores = latest_scores(Score.Subject.ELEMENT)
    everything = registry().of(Element)
    rows = [
        {
            "element": element,
            "use": use.get(element.key, 0),
            "score": scores[element.key].score if element.key in scores else None,
        }
        for element in everything
        if (not words or words in searchable(element))
        and (not kind or element.object_class == kind)
        and (not grade or element.grade == grade)
    ]
    context = {
        "rows": rows,
        "total": len(everything),
        "classes": sorted({element.object_class for element in everything if element.object_class}),
        "grades": list(Grade),
    }
    return render(request, "warehouse/elements.html", context)


def searchable(element: Element) -> str:
    """Everything an element is looked up by, lower case."""
    return " ".join((element.key, element.title, element.chinese, element.definition, *element.names)).lower()


@requires(VIEW)
def element(request: HttpRequest, key: str) -> HttpResponse:
    """One data element: its attributes, what is done to its values, its examples, and the fields bound to it."""
    shown = registry().find(Element, key)
    if shown is None:
        raise Http404(f"element {key}")
    context = {
        "element": shown,
        "checks": [check_line(check) for check in shown.checks],
        "rules": [rule for rule in registry().of(Rule) if shown in tuple(references(rule.check))],
        "fields": queries.fields_of_element(key),
        "history": score_history(Score.Subject.ELEMENT, key),
        "application": registry().application_of(shown),
    }
    return render(request, "warehouse/element.html", context)


def check_line(check: Check) -> dict[str, Any]:
    """A check as the page lists it: its kind, what it asks, its clause, severity and remedy."""
    own = {field.name for field in dataclasses.fields(Check)}
    limits = [
        (field.name, value)
        for field in dataclasses.fields(check)
        if field.name not in own and (value := getattr(check, field.name)) is not None
    ]
    return {"check": check, "limits": [(limit_words(name), limit_value(value)) for name, value in limits]}


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


def limit_value(value: object) -> object:
    """A check's option as it is shown: a code list by its key."""
    return value.key if isinstance(value, CodeList) else value


@requires(VIEW)
def codelists(request: HttpRequest) -> HttpResponse:
    """Every code list with its standard and how many elements use it."""
    use: dict[str, int] = {}
    for declared in registry().of(Element):
        if declared.codes is not None:
            use[declared.codes.key] = use.get(declared.codes.key, 0) + 1
    rows = [{"list": codes, "use": use.get(codes.key, 0)} for codes in registry().of(CodeList)]
    return render(request, "warehouse/codelists.html", {"rows": rows})


@requires(VIEW)
def codelist(request: HttpRequest, key: str) -> HttpResponse:
    """One code list, searched and paged, with the words that are understood as each code."""
    shown = registry().find(CodeList, key)
    if shown is None:
        raise Http404(f"code list {key}")
    words = request.GET.get("q", "").strip().lower()
    codes = [code for code in shown.codes if not words or words in code_text(code)]
    place = paging(request.GET.get("page"), len(codes), CODES_ON_PAGE)
    context = {
        "list": shown,
        "codes": codes[place.offset : place.offset + place.size],
        "paging": place,
        "elements": [declared for declared in registry().of(Element) if declared.codes == shown],
        "has_english": any(code.english for code in shown.codes),
        "has_parents": any(code.parent for code in shown.codes),
    }
    return render(request, "warehouse/codelist.html", context)


def code_text(code: Code) -> str:
    """Everything a code is looked up by, lower case."""
    return " ".join((code.value, code.title, code.english, *code.synonyms)).lower()
