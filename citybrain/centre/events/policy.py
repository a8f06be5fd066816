"""What the county decided about the loop (事件规则): `[events]` of `county.toml`, over these defaults."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from citybrain.declare.event import Level
from citybrain.kernel.identity.models import Organisation


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Numbers the guards and the backstop go by."""

    centre: str = ""
    """Key of the command centre's body: where events land that nobody else received; the last backstop."""
    hotline: str = ""
    """Key of the hotline's body."""
    spot_check_share: float = 0.1
    """Share of self-closed micro events that somebody else must check all the same, 0 to 1."""
    redo_days: int = 90
    """Days after closing within which an event may be reopened."""
    merge_days: int = 7
    """Days after a merge within which it may be undone."""
    pause_hours: float = 240.0
    """Hours a handler may pause by themself; longer needs approval."""
    returns: int = 2
    """Returns from which only the arbiter dispatches."""
    backstop_minutes: Mapping[str, float] = field(
        default_factory=lambda: {"red": 15.0, "orange": 30.0, "yellow": 120.0, "blue": 240.0}
    )
    """Minutes an event may be without somebody who took it (to verify, to dispatch, to sign), by level."""
    leader_roles: tuple[str, ...] = ("leader",)
    """Roles whose raising only they lower."""
    injury_words: tuple[str, ...] = (
        "受伤",
        "伤亡",
        "死亡",
        "昏迷",
        "流血",
        "被困",
        "溺水",
        "触电",
        "中毒",
        "爆炸",
        "坍塌",
        "起火",
        "着火",
    )
    """Words by which a signal tells of harm to people."""
    public_numbers: tuple[str, ...] = ()
    """Telephones of offices, which texts may name: all others are taken for somebody's and masked."""
    words_days: int = 365
    """Days after an event ended for which the words of its signals are kept as they were said, numbers and all."""

    def minutes(self, level: str) -> float:
        """Minutes of the backstop at a level."""
        return float(self.backstop_minutes.get(level, self.backstop_minutes.get(Level.BLUE, 240.0)))


@cache
def policy_of(county: str) -> Policy:
    """The policy in a county's folder. Raises ValueError for a name nobody knows."""
    facts: dict[str, Any] = tomllib.loads((Path(county) / "county.toml").read_text(encoding="utf-8")).get("events", {})
    known = {one.name for one in fields(Policy)}
    if odd := sorted(set(facts) - known):
        raise ValueError(f"{county}/county.toml, [events]: nobody knows {', '.join(odd)}; known are {sorted(known)}.")
    return Policy(**{name: tuple(value) if isinstance(value, list) else value for name, value in facts.items()})


def policy() -> Policy:
    """The county's policy."""
    return policy_of(str(settings.COUNTY))


def centre() -> Organisation:
    """The command centre's body; where the county names none, the county itself. Raises LookupError without any."""
    key = policy().centre
    found = Organisation.objects.filter(key=key).first() if key else None
    found = found or Organisation.objects.filter(parent=None).order_by("position", "pk").first()
    if found is None:
        raise LookupError("There is no organisation: load the county first (citybrain county load).")
    return found
