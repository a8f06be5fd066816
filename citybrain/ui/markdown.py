"""Markdown written by people, as HTML that is safe to show: parsed without HTML, then held against a list of tags."""

from __future__ import annotations

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {
    *("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "strong", "em", "s", "code", "pre", "blockquote"),
    *("ul", "ol", "li", "a", "table", "thead", "tbody", "tr", "th", "td"),
}
"""What may stand in a text. No pictures: they would be fetched from wherever somebody wrote."""

SCHEMES = {"http", "https", "mailto", "tel"}

_parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def rendered(text: str) -> SafeString:
    """The text as HTML. Its first level of headings is the page's second."""
    lowered = "\n".join(f"#{line}" if line.startswith("#") else line for line in text.replace("\r\n", "\n").split("\n"))
    html = nh3.clean(
        _parser.render(lowered),
        tags=TAGS,
        attributes={"a": {"href", "title"}, "ol": {"start"}},
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )
    return mark_safe(html)  # noqa: S308 - sanitised one line above


def excerpt(text: str, length: int = 120) -> str:
    """The first words of the text, without marks, for a list."""
    words = " ".join(nh3.clean(_parser.render(text), tags=set()).split())
    words = words.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    return words if len(words) <= length else words[: length - 1] + "…"
