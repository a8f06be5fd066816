"""What kinds of jobs exist, and what the clock starts: rooms declare both beside their verbs."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, TypeVar

from django.db import OperationalError
from django.utils.translation import gettext as _

F = TypeVar("F", bound=Callable[..., Any])

RESERVED = frozenset({"requested_by", "parent", "not_before"})
"""Words `enqueue` keeps for itself."""

PASSING_FAULTS: tuple[type[Exception], ...] = (ConnectionError, TimeoutError, OperationalError)
"""Errors that are worth another try without anybody's help."""


class UnknownJob(LookupError):
    """A job was asked for, or found in the queue, that no room declares."""


@dataclass(frozen=True, kw_only=True)
class JobType:
    """One kind of work the worker can do."""

    key: str
    """Name in the queue: `gather`."""
    title: str
    """Shown on pages; a marked, untranslated string."""
    function: Callable[..., Any]
    """Called with the Run and the job's arguments; returns a JSON-able dict or None. Must bear being repeated."""
    lane: str = ""
    """Template of the lane over the arguments, `gather:{source}`: jobs of one lane never run at the same time."""
    transient: tuple[type[Exception], ...] = PASSING_FAULTS
    """Errors after which it is tried again."""
    tries: int = 4
    """How often it is tried in all when such errors persist."""
    pause: float = 5.0
    """Seconds before the second try; doubled with each further one, at most ten minutes."""

    def bind(self, arguments: Mapping[str, Any]) -> None:
        """Raise TypeError when the function does not take `arguments`, or a queue cannot keep them (JSON)."""
        try:
            inspect.signature(self.function).bind(None, **arguments)
            json.dumps(arguments)
        except TypeError as error:
            raise TypeError(
                _("Job “%(job)s” cannot take these arguments: %(error)s.") % {"job": self.key, "error": error}
            ) from error

    def lane_of(self, arguments: Mapping[str, Any]) -> str:
        """The lane of a job with `arguments`."""
        return self.lane.format_map(arguments)[:200]


_types: dict[str, JobType] = {}


def job(
    *,
    key: str,
    title: str,
    lane: str = "",
    transient: tuple[type[Exception], ...] = PASSING_FAULTS,
    tries: int = 4,
    pause: float = 5.0,
) -> Callable[[F], F]:
    """Declare a function as a kind of job: `@job(key="gather", title=_("Gather"))`. See `JobType` for the options."""

    def declare(function: F) -> F:
        names = set(inspect.signature(function).parameters)
        if taken := names & RESERVED:
            raise ValueError(f"Job {key!r}: a parameter cannot be called {sorted(taken)}; rename it.")
        known = _types.get(key)
        if known is not None and known.function.__qualname__ != function.__qualname__:
            raise ValueError(f"Job {key!r} is declared twice: by {known.function!r} and by {function!r}.")
        _types[key] = JobType(
            key=key, title=title, function=function, lane=lane, transient=transient, tries=tries, pause=pause
        )
        return function

    return declare


def job_type(name: str) -> JobType:
    """The kind of job called `name`. Raises UnknownJob, which names the nearest one."""
    try:
        return _types[name]
    except KeyError:
        near = get_close_matches(name, _types, n=1)
        hint = (
            _("Did you mean “%(name)s”?") % {"name": near[0]} if near else _("Known: %s.") % ", ".join(sorted(_types))
        )
        raise UnknownJob(_("There is no job called “%(name)s”. %(hint)s") % {"name": name, "hint": hint}) from None


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """A job that a clock asks for, in the county's time (settings.TIME_ZONE)."""

    key: str
    """Stable name: `gather:police`."""
    cron: str
    """Five fields: minute, hour, day of month, month, day of week."""
    job: str
    """Key of the job type."""
    arguments: Mapping[str, Any] = field(default_factory=dict)


ScheduleSource = Callable[[], Iterable[Schedule]]
_sources: list[ScheduleSource] = []


def schedules(source: ScheduleSource) -> ScheduleSource:
    """Register a function that says which schedules hold now; the worker asks it again and again."""
    if source not in _sources:
        _sources.append(source)
    return source


def schedule_sources() -> tuple[ScheduleSource, ...]:
    """Every registered source of schedules."""
    return tuple(_sources)
