"""Every word a reader sees is there in Chinese too: found in the sources, compared with the catalogues."""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from tests.architecture.sources import PACKAGE, ROOT, is_test, modules

SINGULAR = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}

TEMPLATE_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}

PLACE = re.compile(r"%\((\w+)\)[sdif]|%[sd]|\{(\w*)[^{}]*\}")
"""A hole in a sentence, of either kind of formatting."""

Message = tuple[str, str]
"""Context (empty for none) and text as the source has it."""


@cache
def wanted() -> dict[Message, str]:
    """Every message of the sources, and one place where it stands."""
    found: dict[Message, str] = {}
    for path, tree in modules().items():
        if not is_test(path):
            for line, message in messages_of(tree):
                found.setdefault(message, f"{path}:{line}")
    for template in sorted(PACKAGE.rglob("templates/**/*.*")):
        text = template.read_text(encoding="utf-8")
        for line, message in messages_of_template(text):
            found.setdefault(message, f"{template.relative_to(ROOT)}:{line}")
    return found


def messages_of(tree: ast.Module) -> Iterator[tuple[int, Message]]:
    """Line and message of every marked string of a module."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if name in SINGULAR | PLURAL and texts:
            yield node.lineno, ("", texts[0])
        elif name in CONTEXT and len(texts) > 1:
            yield node.lineno, (texts[0], texts[1])


def messages_of_template(text: str) -> Iterator[tuple[int, Message]]:
    """Line and message of every `translate` and `blocktranslate` of a Django template."""
    code = io.BytesIO(templatize(text).encode())
    for line, function, strings, _comments in extract_python(code, list(TEMPLATE_KEYWORDS), [], {"encoding": "utf-8"}):
        texts = [strings] if isinstance(strings, str) else [part for part in strings if part]
        if function == "pgettext":
            yield line, (texts[0], texts[1])
        elif texts:
            yield line, ("", texts[0])


@cache
def translated() -> dict[Message, tuple[str, ...]]:
    """Every message of the Chinese catalogues with its translations, one for each plural form."""
    found = {}
    for path in sorted(PACKAGE.rglob("locale/zh_Hans/LC_MESSAGES/django.po")):
        for message in read_po(io.BytesIO(path.read_bytes())):
            if message.id and not message.fuzzy:
                identifier = message.id if isinstance(message.id, str) else message.id[0]
                texts = (message.string,) if isinstance(message.string, str) else tuple(message.string)
                found[(message.context or "", identifier)] = texts
    return found


def test_the_sources_are_read() -> None:
    assert len(wanted()) > 100


def test_every_message_is_translated() -> None:
    missing = {text: place for (context, text), place in wanted().items() if not all(of(context, text))}
    assert missing == {}, "translate them in citybrain/locale/zh_Hans; empty and fuzzy do not count"


def test_no_translation_is_left_over() -> None:
    assert sorted(text for context, text in translated() if (context, text) not in wanted()) == []


def test_translations_have_the_holes_of_their_sources() -> None:
    wrong = [
        text
        for (context, text) in wanted()
        for translation in of(context, text)
        if translation and holes(translation) != holes(text)
    ]
    assert wrong == []


def of(context: str, text: str) -> tuple[str, ...]:
    return translated().get((context, text)) or ("",)


def holes(text: str) -> list[tuple[str, ...]]:
    """The holes of a sentence, sorted: languages order them differently. `%%` is no hole."""
    return sorted(PLACE.findall(text.replace("%%", "")))


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("_('a' 'b')", [("", "ab")]),
        ("title = translation.gettext_lazy('a')", [("", "a")]),
        ("ngettext('one', 'many', n)", [("", "one")]),
        ("pgettext('month', 'May')", [("month", "May")]),
        ("for _ in x: pass\n_(variable)", []),
    ],
)
def test_marked_strings_of_python_are_found(code: str, expected: list[Message]) -> None:
    assert [message for _line, message in messages_of(ast.parse(code))] == expected


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{% load i18n %}<p title=\"{% translate 'Rows' %}\">", [("", "Rows")]),
        ("{% trans 'May' context 'month' %}", [("month", "May")]),
        ("{% blocktranslate with n=rows %}{{ n }} rows{% endblocktranslate %}", [("", "%(n)s rows")]),
        (
            "{% blocktranslate count n=n %}{{ n }} row{% plural %}{{ n }} rows{% endblocktranslate %}",
            [("", "%(n)s row")],
        ),
        ("{{ _('Plain') }}", [("", "Plain")]),
        ("<p>Not marked</p>", []),
    ],
)
def test_marked_strings_of_templates_are_found(template: str, expected: list[Message]) -> None:
    assert [message for _line, message in messages_of_template(template)] == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("%(a)s of {b:d}", [("", "b"), ("a", "")]), ("100%%", []), ("%s", [("", "")])]
)
def test_holes_are_found(text: str, expected: list[tuple[str, ...]]) -> None:
    assert holes(text) == expected


NO_WORDS = re.compile(
    r"""(?sx) <(script|style|svg|kbd|code)\b.*?</\1>  # what machines read, and keys as they are printed
    | <(\w+)[^>]*(?:lang=|class="[^"]*\bmono\b)[^>]*>.*?</\2>  # words of one language, and names as machines spell them
    | &\w+;  # signs
    | {%\s*blocktrans.*?endblocktrans(?:late)?\s*%} | {%.*?%} | {{.*?}} | {\#.*?\#} | <!--.*?-->"""
)
WORDS = re.compile(r">([^<>]*[a-z]{3}[^<>]*)<")


@pytest.mark.parametrize("template", sorted(PACKAGE.rglob("templates/**/*.html")), ids=lambda path: path.stem)
def test_templates_mark_their_words(template: Path) -> None:
    assert unmarked(template.read_text(encoding="utf-8")) == [], "write {% translate %} around them"


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("<p class='a'>All <b>rows</b></p>", ["rows"]),
        ("<h1>{{ title }} of {{ name }} rows</h1>", ["of  rows"]),
        ("<p>{% translate 'Yes' %} {% blocktranslate %}a few{% endblocktranslate %}</p>", []),
        ("<i>SHA-256</i><kbd>Enter</kbd><code>id</code><button lang='en'>English</button>", []),
    ],
)
def test_an_unmarked_word_is_noticed(template: str, expected: list[str]) -> None:
    assert unmarked(template) == expected


def unmarked(template: str) -> list[str]:
    """Words of a template that no translation will ever replace."""
    return [words.strip() for words in WORDS.findall(NO_WORDS.sub("", template))]
