"""An application: one folder, one value, a flat tuple of declarations of any kind."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from citybrain.declare.words import _


class Platform(StrEnum):
    """The plan's eight command platforms (八大平台), and the base under them."""

    BASE = "base"
    EMERGENCY = "emergency"
    ENVIRONMENT = "environment"
    SOCIAL_GOVERNANCE = "social-governance"
    CITY_OPERATION = "city-operation"
    TRAFFIC = "traffic"
    GOVERNMENT = "government"
    CITIZEN_SERVICE = "citizen-service"
    INDUSTRY = "industry"

    @property
    def label(self) -> str:
        """English label, marked for translation."""
        return {
            Platform.BASE: _("Common base"),
            Platform.EMERGENCY: _("Emergency"),
            Platform.ENVIRONMENT: _("Environment"),
            Platform.SOCIAL_GOVERNANCE: _("Social governance"),
            Platform.CITY_OPERATION: _("City operation"),
            Platform.TRAFFIC: _("Traffic"),
            Platform.GOVERNMENT: _("Government operation"),
            Platform.CITIZEN_SERVICE: _("Citizen service"),
            Platform.INDUSTRY: _("Industry"),
        }[self]


@dataclass(frozen=True, kw_only=True)
class Application:
    """What one folder under `applications/` exports as `APPLICATION` in its `manifest.py`."""

    key: str
    """Stable key, equal to the folder's name."""
    title: str
    """English title, marked for translation."""
    platform: Platform
    """The command platform it belongs to."""
    declares: tuple[Any, ...] = ()
    """Every declaration, of any kind, in one flat tuple; the registry groups them by type."""
