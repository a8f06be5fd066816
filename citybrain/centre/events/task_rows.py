"""Tasks as a step changes them: the rows, and what the step's facts say of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from citybrain.centre.events import journal
from citybrain.centre.events.folding import TASK_COLUMNS
from citybrain.centre.events.models import Event, Task


class TaskRows:
    """Collects what one step does to tasks; `facts` goes into the step."""

    def __init__(self, event: Event, at: datetime) -> None:
        self.event, self.at = event, at
        self.facts: dict[str, dict[str, Any]] = {}

    def ask(self, **columns: Any) -> Task:
        """A new task."""
        task = Task(event=self.event, asked_at=self.at, **columns)
        task.save(force_insert=True)
        self._note(task, TASK_COLUMNS)
        return task

    def change(self, task: Task, **columns: Any) -> None:
        """Gives a task other values."""
        for name, value in columns.items():
            setattr(task, name, value)
        task.save(update_fields=list(columns))
        self._note(task, tuple(columns))

    def end(self, tasks: list[Task], state: str = Task.State.CANCELLED) -> None:
        """Ends tasks that nobody needs any more."""
        for task in tasks:
            self.change(task, state=state, ended_at=self.at)

    def _note(self, task: Task, names: tuple[str, ...]) -> None:
        noted = self.facts.setdefault(str(task.pk), {})
        for name in names:
            column = name.removesuffix("_id")
            attribute = f"{column}_id" if Task._meta.get_field(column).is_relation else column
            noted[column] = journal.plain(getattr(task, attribute))
