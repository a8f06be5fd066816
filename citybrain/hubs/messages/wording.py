"""The words of a message in a reader's language: a declared notice filled with its values, or what a person wrote."""

from __future__ import annotations

from dataclasses import dataclass
from string import Formatter
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from citybrain.declare.notice import Notice
from citybrain.hubs.messages.models import Message
from citybrain.kernel.registry.registry import registry

LONGEST_VALUE = 200
"""Characters of one value in a message; longer ones are cut."""


@dataclass(frozen=True)
class Words:
    """What a reader sees."""

    title: str
    text: str


class Plain(Formatter):
    """Fills `{name}` and nothing else: no attributes, no items, no conversions."""

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> tuple[Any, str]:
        """The value called `field_name`."""
        return self.get_value(field_name, args, kwargs), field_name


def filled(words: str, values: dict[str, Any]) -> str:
    """`words`, translated into the language that is active, with `values` in it. Raises KeyError for a missing one."""
    known = {name: shown(value) for name, value in values.items()}
    return Plain().vformat(_(words), (), known) if words else ""


def shown(value: Any) -> str:
    """One value as words, in one line."""
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def words_of(message: Message, language: str = "") -> Words:
    """Title and text in `language` (the active one); as they were sent when the notice is no longer declared."""
    notice = registry().find(Notice, message.notice) if message.notice else None
    if notice is None:
        return Words(message.title, message.text)
    with translation.override(language or translation.get_language()):
        try:
            return Words(filled(notice.title, message.values), filled(notice.text, message.values))
        except KeyError:
            return Words(message.title, message.text)


def sms_of(message: Message, language: str = "") -> str:
    """What leaves the house as a text message: the notice's own words for it, or only that there is a message."""
    notice = registry().find(Notice, message.notice) if message.notice else None
    with translation.override(language or settings.LANGUAGE_CODE):
        if notice is not None and notice.sms:
            return filled(notice.sms, message.values)
        return _("You have a new message on the city brain. Sign in to read it.")


def sms_values(message: Message) -> dict[str, str]:
    """The values that the words of the text message name, and no others: what a gateway's template is filled with."""
    notice = registry().find(Notice, message.notice) if message.notice else None
    if notice is None:
        return {}
    holes = {hole for _text, hole, _format, _conversion in Formatter().parse(notice.sms) if hole}
    return {name: shown(message.values[name]) for name in sorted(holes)}
