"""Every word a reader sees is there in Chinese too: found in the sources, compared with the catalogues."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.messages import (
    Message,
    helps_of,
    messages_of,
    messages_of_template,
    missing,
    quoted,
    translated,
    wanted,
)
from tests.architecture.sources import PACKAGE

PLACE = re.compile(r"%\((\w+)\)[sdif]|%[sd]|\{(\w*)[^{}]*\}")
"""A hole in a sentence, of either kind of formatting."""


def test_the_sources_are_read() -> None:
    assert len(wanted()) > 100


def test_every_message_is_translated() -> None:
    assert missing() == {}, "`make messages` lists them for a django.po; empty and fuzzy do not count"


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


def test_the_help_of_a_record_type_is_a_message() -> None:
    code = 'class Tree(Record):\n    """A tree (树).\n\n    Old ones.\n    """\n\nclass Leaf:\n    """No message."""\n'
    assert [message for _line, message in helps_of(ast.parse(code))] == [("", "A tree (树).\n\nOld ones.")]


def test_a_message_is_written_as_a_catalogue_has_it() -> None:
    assert quoted('a "b"\nc\\') == '"a \\"b\\"\\nc\\\\"'


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
