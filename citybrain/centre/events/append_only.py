"""Rows that are added and read, never changed or removed."""

from __future__ import annotations

from typing import Any, Never

from django.db import models

REFUSED = "Lines of a journal are never changed or removed: add a line that corrects the earlier one."


class OnlyAdded(models.QuerySet[Any]):
    """Lines that can be added and read."""

    def update(self, **changes: Any) -> Never:
        """Refused."""
        raise TypeError(REFUSED)

    def delete(self) -> Never:
        """Refused."""
        raise TypeError(REFUSED)


class AppendOnly(models.Model):
    """Abstract base of such rows."""

    objects = OnlyAdded.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Adds the line; one that stands already is refused."""
        if not self._state.adding:
            raise TypeError(REFUSED)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        """Refused."""
        raise TypeError(REFUSED)
