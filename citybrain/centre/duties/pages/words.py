"""Words of the map's pages that mean something else elsewhere."""

from __future__ import annotations

from django.utils.translation import pgettext


def of_class() -> str:
    """事项类别."""
    return pgettext("of events", "Class")


def classes() -> str:
    """事项类别."""
    return pgettext("of events", "Classes")


def kind() -> str:
    """事件类型."""
    return pgettext("of events", "Kind")


def town() -> str:
    """镇街."""
    return pgettext("place of an event", "Town")


def place() -> str:
    """地点."""
    return pgettext("place of an event", "Place")


def nobody() -> str:
    """无牵头单位."""
    return pgettext("who is responsible", "Nobody")


def body() -> str:
    """责任单位."""
    return pgettext("who is responsible", "Body")


def bodies() -> str:
    """责任单位."""
    return pgettext("who is responsible", "Bodies")


def lead() -> str:
    """牵头单位."""
    return pgettext("who is responsible", "Lead")


def leads() -> str:
    """牵头单位."""
    return pgettext("who is responsible", "Leads")


def assist() -> str:
    """配合单位."""
    return pgettext("who is responsible", "Assist")


def ask() -> str:
    """查询."""
    return pgettext("who is responsible", "Ask")


def answer() -> str:
    """结论."""
    return pgettext("who is responsible", "Answer")


def where() -> str:
    """范围."""
    return pgettext("of a responsibility", "Where")


def everywhere() -> str:
    """全市."""
    return pgettext("of a responsibility", "Everywhere")


def state() -> str:
    """状态."""
    return pgettext("of a responsibility", "State")
