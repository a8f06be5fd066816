"""Why a verb refuses: each says what stands against it and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from citybrain.centre.events.models import Event, Step


class NotLegal(ValidationError):
    """The event's state has no such transition."""

    def __init__(self, verb: str, state: str) -> None:
        super().__init__(_("This cannot be done with the event in its present state."), code="not-legal")
        self.verb, self.state = verb, state


class Refused(ValidationError):
    """A guard stands against it (办理条件不满足)."""

    def __init__(self, guard: str, text: str, remedy: str = "") -> None:
        super().__init__(f"{text} {remedy}".strip(), code=guard)
        self.guard = guard
        """Key of the guard: `verifier`, `proof`, `tasks`; see `guards.py`."""
        self.text, self.remedy = text, remedy


class Stale(Exception):
    """Somebody else took a step since the event was looked at."""

    def __init__(self, event: Event, steps: Sequence[Step]) -> None:
        super().__init__(_("Somebody else worked on %s meanwhile: look at it again.") % event.number)
        self.event = event
        """The event as it stands now."""
        self.steps = tuple(steps)
        """The steps made meanwhile, the first first."""
