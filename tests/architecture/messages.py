"""The messages of the sources and their translations: `python -m tests.architecture.messages [part of a path]` lists
those that have no Chinese yet, ready to be pasted into a `django.po`."""

from __future__ import annotations

import ast
import inspect
import io
import sys
from collections.abc import Iterator
from functools import cache

from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from tests.architecture.sources import PACKAGE, ROOT, is_test, modules

SINGULAR = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}

TEMPLATE_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}

Message = tuple[str, str]
"""Context (empty for none) and text as the source has it."""


@cache
def wanted() -> dict[Message, str]:
    """Every message of the sources, and one place where it stands."""
    found: dict[Message, str] = {}
    for path, tree in modules().items():
        if not is_test(path):
            for line, message in (*messages_of(tree), *helps_of(tree)):
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


def helps_of(tree: ast.Module) -> Iterator[tuple[int, Message]]:
    """Line and docstring of every record type of a module: the help of its pages."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and any(getattr(base, "id", "") == "Record" for base in node.bases):
            help_text = ast.get_docstring(node, clean=False)
            if help_text:
                yield node.lineno, ("", inspect.cleandoc(help_text))


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


def missing(part: str = "") -> dict[Message, str]:
    """Messages without a Chinese translation, with the place of each; only those of paths that hold `part`."""
    known = translated()
    return {
        message: place for message, place in wanted().items() if part in place and not all(known.get(message) or ("",))
    }


def main(part: str = "") -> int:
    """Prints what is missing as entries of a `django.po`; exit code 1 when anything is."""
    found = missing(part)
    for (context, text), place in found.items():
        lines = [f"#: {place}"]
        lines += [f"msgctxt {quoted(context)}"] if context else []
        print("\n".join([*lines, f"msgid {quoted(text)}", 'msgstr ""', ""]))
    return 1 if found else 0


def quoted(text: str) -> str:
    """A text as a `.po` file writes it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
