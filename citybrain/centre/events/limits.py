"""How long each step of an event may take (时限): the type's own limit, the county's table, the level's usual one.

Of a type that says its own limit, that one holds; once the event's level was raised above the type's, the level's limit
holds instead where it is shorter. Without one the level's holds, longer for events that several bodies handle. A county
sets its own in `county.toml`:

    [limits.blue]
    verify = "4 working-hours"

    [limits.wide.blue]       # small and large loops
    handle = "15 days"

    [limits.types.pothole]
    handle = "24 working-hours"
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from citybrain.centre.events.types import event_types
from citybrain.declare.event import Clock, Counting, Days, Hours, Level, Loop, TimeLimit, WorkingDays, WorkingHours

if TYPE_CHECKING:
    from citybrain.centre.events.models import Event

C, L = Clock, Level

USUAL: Mapping[Level, Mapping[Clock, TimeLimit]] = {
    L.RED: {
        C.VERIFY: Hours(0.5),
        C.DISPATCH: Hours(0.5),
        C.SIGN: Hours(0.5),
        C.HANDLE: Hours(2),
        C.CHECK: Hours(4),
        C.WHOLE: Hours(12),
    },
    L.ORANGE: {
        C.VERIFY: Hours(1),
        C.DISPATCH: Hours(0.5),
        C.SIGN: Hours(1),
        C.HANDLE: Hours(24),
        C.CHECK: Hours(24),
        C.WHOLE: Hours(72),
    },
    L.YELLOW: {
        C.VERIFY: WorkingHours(2),
        C.DISPATCH: WorkingHours(1),
        C.SIGN: WorkingHours(4),
        C.HANDLE: Days(3),
        C.CHECK: WorkingDays(1),
        C.WHOLE: Days(7),
    },
    L.BLUE: {
        C.VERIFY: WorkingHours(4),
        C.DISPATCH: WorkingHours(2),
        C.SIGN: WorkingDays(1),
        C.HANDLE: Days(7),
        C.CHECK: WorkingDays(2),
        C.WHOLE: Days(12),
    },
}
"""Limits by level: the hours of the hotlines' draft (emergency 2 h, water, power, gas 24 h, others 7 days), 待核."""

USUAL_WIDE: Mapping[Level, Mapping[Clock, TimeLimit]] = {
    L.YELLOW: {C.HANDLE: Days(7), C.WHOLE: Days(12)},
    L.BLUE: {C.HANDLE: Days(15), C.WHOLE: Days(22)},
}
"""Limits of the small and large loop where they differ: difficult matters of several bodies have 15 days."""

HOURS = {Counting.CLOCK: 1.0, Counting.WORKING_HOURS: 3.0, Counting.WORKING_DAYS: 33.6, Counting.CALENDAR_DAYS: 24.0}
"""Hours by the clock that one of each counting takes on average; only to tell which of two limits is shorter."""

WORDS = {
    "minutes": Counting.CLOCK,
    "hours": Counting.CLOCK,
    "working-hours": Counting.WORKING_HOURS,
    "working-days": Counting.WORKING_DAYS,
    "days": Counting.CALENDAR_DAYS,
}


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The county's table."""

    levels: Mapping[Level, Mapping[Clock, TimeLimit]]
    wide: Mapping[Level, Mapping[Clock, TimeLimit]]
    types: Mapping[str, Mapping[Clock, TimeLimit]]


def limit(event: Event, clock: Clock) -> TimeLimit:
    """The limit that holds for a clock of an event as it is now."""
    return limit_of(clock, event.type, Level(event.level), Loop(event.loop))


def limit_of(clock: Clock, type_key: str, level: Level, loop: Loop) -> TimeLimit:
    """The limit of a clock by type, level and loop. A type that is no longer declared has the level's."""
    return _limit_of(Path(settings.COUNTY), clock, type_key, level, loop)


@cache
def _limit_of(county: Path, clock: Clock, type_key: str, level: Level, loop: Loop) -> TimeLimit:
    table = read_limits(county)
    declared = event_types().get(type_key)
    own = table.types.get(type_key, {}).get(clock) or (declared.limit(clock) if declared else None)
    usual = table.levels[level][clock]
    if loop is not Loop.MICRO:
        usual = table.wide.get(level, {}).get(clock, usual)
    if own is not None:
        raised = declared is not None and level.height > declared.level.height
        return min(own, usual, key=length) if raised else own
    if clock is not Clock.WHOLE:
        return usual
    # Whoever may handle for longer than usual may be under way for longer.
    handling = length(_limit_of(county, Clock.HANDLE, type_key, level, loop)) / 24
    return (
        usual if handling + 3 <= length(usual) / 24 or level.height > L.YELLOW.height else Days(math.ceil(handling) + 5)
    )


def length(found: TimeLimit) -> float:
    """Hours by the clock that a limit takes on average."""
    return found.amount * HOURS[found.counting]


@cache
def read_limits(county: Path) -> Limits:
    """The table of a county's folder: `limits` of its county.toml over the usual ones.

    Raises ValueError that names file and place for what cannot be read.
    """
    path = county / "county.toml"
    declared = tomllib.loads(path.read_text(encoding="utf-8")).get("limits", {}) if path.is_file() else {}
    where = f"{path}, limits"
    wide, types = _table(where, declared, "wide"), _table(where, declared, "types")
    levels = {key: value for key, value in declared.items() if key not in {"wide", "types"}}
    for key in (*levels, *wide):
        if key not in set(Level):
            raise ValueError(f"{where}: there is no level {key}; levels are {', '.join(Level)}.")
    return Limits(
        levels={level: {**USUAL[level], **_clocks(where, level, levels.get(level, {}))} for level in Level},
        wide={
            level: {**USUAL_WIDE.get(level, {}), **_clocks(where, f"wide.{level}", wide.get(level, {}))}
            for level in Level
        },
        types={key: _clocks(where, f"types.{key}", facts) for key, facts in types.items()},
    )


def _table(where: str, declared: Any, key: str) -> Mapping[str, Any]:
    found = declared.get(key, {}) if isinstance(declared, Mapping) else None
    if not isinstance(found, Mapping):
        raise ValueError(f"{where}: {key} must be a table.")
    return found


def _clocks(where: str, name: str, facts: Any) -> dict[Clock, TimeLimit]:
    if not isinstance(facts, Mapping):
        raise ValueError(f"{where}.{name} must be a table of clocks: {', '.join(Clock)}.")
    found = {}
    for key, text in facts.items():
        if key not in set(Clock):
            raise ValueError(f"{where}.{name}: there is no clock {key}; clocks are {', '.join(Clock)}.")
        try:
            found[Clock(key)] = parse(str(text))
        except ValueError as error:
            raise ValueError(f"{where}.{name}.{key}: {error}") from error
    return found


def parse(text: str) -> TimeLimit:
    """A limit written as `30 minutes`, `2 hours`, `4 working-hours`, `7 days`, `15 working-days`; ValueError else."""
    amount, _space, unit = text.strip().partition(" ")
    unit = unit.strip()
    hint = f"“{text}” is no time limit: write an amount and one of {', '.join(WORDS)}, such as 4 working-hours."
    if unit not in WORDS:
        raise ValueError(hint)
    try:
        number = float(amount)
    except ValueError as error:
        raise ValueError(hint) from error
    if not (math.isfinite(number) and 0 < number <= 10_000):
        raise ValueError(f"“{text}”: a time limit is above 0 and at most 10000.")
    counting = WORDS[unit]
    if counting in {Counting.WORKING_DAYS, Counting.CALENDAR_DAYS} and not number.is_integer():
        raise ValueError(f"“{text}”: days are counted whole.")
    return TimeLimit(number / 60 if unit == "minutes" else number, counting)
