"""What differs between two values, marked word by word (逐词比较)."""

from __future__ import annotations

import difflib
import re
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from citybrain.ui import formats

WORDS = re.compile(r"[A-Za-z0-9_]+|\s+|.", re.DOTALL)
"""Latin words and runs of space are kept whole; every Chinese character stands for itself."""

LONGEST = 20_000
"""Characters up to which texts are compared word by word; longer ones are shown whole."""


def compared(before: Any, after: Any) -> tuple[SafeString, SafeString]:
    """Both values as HTML: what went away in `del` on the left, what came in `ins` on the right."""
    old, new = written(before), written(after)
    if old == new:
        return format_html("{}", old), format_html("{}", new)
    if before in (None, "") or after in (None, "") or len(old) + len(new) > LONGEST:
        return whole("del", before, old), whole("ins", after, new)
    olds, news = WORDS.findall(old), WORDS.findall(new)
    steps = difflib.SequenceMatcher(None, olds, news, autojunk=False)
    if steps.quick_ratio() < 0.3 or steps.ratio() < 0.3:
        return whole("del", before, old), whole("ins", after, new)
    return side(steps, olds, "del"), side(steps, news, "ins")


def side(steps: difflib.SequenceMatcher[str], words: list[str], mark: str) -> SafeString:
    """One side of a comparison: its words, what only it has in `mark`."""
    parts = []
    for kind, old_from, old_to, new_from, new_to in steps.get_opcodes():
        text = "".join(words[old_from:old_to] if mark == "del" else words[new_from:new_to])
        if text:
            parts.append((text if kind == "equal" else format_html("<{0}>{1}</{0}>", mark, text),))
    return format_html_join("", "{}", parts)


def whole(mark: str, value: Any, text: str) -> SafeString:
    """A value that is marked as one; a dash when there is none."""
    if value in (None, ""):
        return format_html('<span class="quiet">{}</span>', formats.NOTHING)
    return format_html("<{0}>{1}</{0}>", mark, text)


def written(value: Any) -> str:
    """A value as text; a dash for none."""
    return formats.NOTHING if value in (None, "") else str(value)
