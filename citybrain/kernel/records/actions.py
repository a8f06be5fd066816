"""Verbs on records of any type: check, write, keep the change, in one transaction; the only way a record is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.records.models import Record
from citybrain.kernel.records.shape import Shape


def create(
    shape: Shape, values: Mapping[str, Any], actor: Actor, *, request_key: UUID | None = None, reason: str = ""
) -> Record:
    """Makes a record with its number and first change. A `request_key` seen before returns the record it made."""
    raise NotImplementedError


def edit(record: Record, values: Mapping[str, Any], actor: Actor, *, revision: int, reason: str = "") -> Record:
    """Changes fields. Raises Conflict when the record is no longer at `revision`."""
    raise NotImplementedError
