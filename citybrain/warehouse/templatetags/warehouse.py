"""Tags and filters of the warehouse's pages."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from citybrain.declare.element import Element
from citybrain.declare.words import Grade, OpenType, ShareType, UpdateCycle
from citybrain.kernel.registry.registry import registry
from citybrain.ui.formats import NOTHING, is_chinese
from citybrain.warehouse.catalogue.freshness import FreshnessState
from citybrain.warehouse.gathering.quarantine import REASONS
from citybrain.warehouse.governance.quality import Dimension
from citybrain.warehouse.words import check_words, step_words

register = template.Library()

GRADE_TONES = {"L1": "good", "L2": "data", "L3": "fair", "L4": "bad"}


@register.filter
def check_title(rule: str) -> str:
    """What a rule of the problem table says is wrong."""
    return _(check_words(rule))


@register.filter
def step_title(step: str) -> str:
    """What a standardising step did."""
    return _(step_words(step))


@register.filter
def grade_title(grade: str) -> str:
    """Words for a security grade."""
    return _(Grade(grade).label) if grade in set(Grade) else ""


@register.filter
def grade_tone(grade: str) -> str:
    """Colour class of a security grade."""
    return GRADE_TONES.get(str(grade), "quiet")


@register.filter
def share_title(name: str) -> str:
    """Words for a share attribute's name."""
    return _(ShareType[name].title) if name in ShareType.__members__ else name


@register.filter
def open_title(name: str) -> str:
    """Words for an open attribute's name."""
    return _(OpenType[name].title) if name in OpenType.__members__ else name


@register.filter
def cycle_title(cycle: str) -> str:
    """Words for an update cycle."""
    return _(UpdateCycle(cycle).label) if cycle in set(UpdateCycle) else cycle


@register.filter
def element_of(key: str) -> Element | None:
    """The declared element with a key."""
    return registry().find(Element, key) if key else None


@register.filter
def reason_title(reason: str) -> str:
    """Why bytes were put in quarantine."""
    return _(REASONS.get(reason, reason))


@register.filter
def split_words(text: str) -> list[str]:
    """The words of a comma-separated text: a short list of choices in a template."""
    return text.split(",")


@register.filter
def dimension_title(name: str) -> str:
    """The word for a dimension of quality, from its key."""
    if name not in set(Dimension):
        return name
    return Dimension(name).chinese if is_chinese() else _(Dimension(name).label)


@register.filter
def stage_title(namespace: str) -> str:
    """The word for a station of a dataset's way."""
    words = {"raw": _("Raw table"), "standard": _("Standard table"), "held": _("Held back"), "problem": _("Findings")}
    return words.get(namespace, namespace)


@register.filter
def freshness_title(state: FreshnessState) -> str:
    """How a dataset stands against its promised cycle."""
    return _(FreshnessState(state).label)


@register.filter
def points(change: float | None) -> str:
    """A change of a share in percentage points, with its sign."""
    return NOTHING if change is None else f"{change * 100:+.2f} pp"
