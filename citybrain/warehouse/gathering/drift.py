"""Drift (结构漂移): how the columns of a delivery differ from the version served."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

ADDED, LOST, TYPE = "added", "lost", "type"


@dataclass(frozen=True, kw_only=True)
class Drift:
    """One column that differs."""

    kind: str
    column: str
    before: str = ""
    after: str = ""

    @property
    def needs_decision(self) -> bool:
        """New columns are taken; a lost or changed one is held, for what reads it would break in silence."""
        return self.kind != ADDED


def drift(served: Sequence[Sequence[str]], delivered: pa.Schema) -> list[Drift]:
    """Compare a version's [[column, type], ...] with a delivery's schema; nothing served yet means no drift."""
    if not served:
        return []
    before = {column[0]: column[1] for column in served}
    after = {item.name: str(item.type) for item in delivered}
    return [
        *(Drift(kind=LOST, column=name, before=type_) for name, type_ in before.items() if name not in after),
        *(
            Drift(kind=TYPE, column=name, before=before[name], after=type_)
            for name, type_ in after.items()
            if name in before and before[name] != type_
        ),
        *(Drift(kind=ADDED, column=name, after=type_) for name, type_ in after.items() if name not in before),
    ]
