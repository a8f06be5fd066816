"""How many rows a list has, counted no further than anybody reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

EXACT = 10_000
"""Rows counted exactly; beyond, a list says “10,000+”, and its pages end there: narrow the question to see others."""


@dataclass(frozen=True, kw_only=True)
class Count:
    """A number of rows."""

    total: int
    is_capped: bool
    """Whether there are more than `total`."""


def counted(rows: QuerySet[Any], exact: int = EXACT) -> Count:
    """The number of `rows`, up to `exact`."""
    found = rows.order_by().values("pk")[: exact + 1].count()
    return Count(total=min(found, exact), is_capped=found > exact)
