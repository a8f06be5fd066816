"""What just happened, kept for a day so that a page that lost its connection can catch up."""

from __future__ import annotations

from typing import Any

from django.db import models

from citybrain.kernel.identity.scope import Holders
from citybrain.kernel.live.audience import Audience

FORGOTTEN = ""
"""Topic of the one event that marks up to where events were forgotten."""


class LiveEvent(models.Model):
    """One thing that just happened (实时事件): which topic, and who may hear of it.

    The row commits or rolls back with the business transaction that announced it.
    """

    transaction = models.BigIntegerField(default=0)
    """Number of the writing transaction in PostgreSQL, 0 in SQLite, which writes one after the other. Events are read
    in the order (transaction, id) and only below the oldest open transaction: a number drawn early but committed late
    is never passed over."""
    topic = models.CharField(max_length=120)
    """What it is about: `inbox`, `job:<id>`, `old-tree`."""
    payload: models.JSONField[Any, Any] = models.JSONField(default=dict)
    """A few plain values, never personal ones."""
    user_id = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField(null=True)
    permission = models.CharField(max_length=96, blank=True)
    holders: models.JSONField[Any, Any] = models.JSONField(null=True)
    """Whose the row is that it tells of, as `holders_as_json` writes it; null for what is of no row."""
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        ordering = ["transaction", "id"]
        indexes = [models.Index(fields=["transaction", "id"], name="live_event_position")]

    def __str__(self) -> str:
        return f"{self.transaction}-{self.pk} {self.topic}"

    @property
    def audience(self) -> Audience:
        """Who may hear of it."""
        return Audience(
            user=self.user_id,
            organisation=self.organisation_id,
            permission=self.permission,
            holders=holders_from_json(self.holders),
        )


def holders_as_json(holders: Holders | None) -> dict[str, list[int]] | None:
    """Holders as a column keeps them: {"organisations": [3], "areas": [8], "people": []}."""
    if holders is None:
        return None
    return {name: sorted(getattr(holders, name)) for name in ("organisations", "areas", "people")}


def holders_from_json(kept: dict[str, list[int]] | None) -> Holders | None:
    """What `holders_as_json` wrote."""
    return None if kept is None else Holders(**{name: frozenset(ids) for name, ids in kept.items()})
