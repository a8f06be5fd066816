"""Ledgers of their own for every test: key and copies of checkpoints in a folder that is thrown away."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from citybrain.hubs.evidence import subjects
from citybrain.hubs.evidence.actions import Leaf, append
from citybrain.hubs.evidence.subjects import SUBJECTS, Subject

LOG = "things"


class Things:
    """Records of a room that puts them on the ledger: reference -> text."""

    def __init__(self) -> None:
        self.rows: dict[str, str] = {}

    def add(self, number: int) -> None:
        """Write as many more, as one transaction of the room does."""
        new = {f"T-{place}": f"thing {place}" for place in range(len(self.rows), len(self.rows) + number)}
        self.rows |= new
        append(LOG, [leaf(reference, text) for reference, text in new.items()])

    def digests(self, references: Sequence[str]) -> Mapping[str, str]:
        """As the room answers the ledger."""
        return {reference: digest(self.rows[reference]) for reference in references if reference in self.rows}


def leaf(reference: str, text: str) -> Leaf:
    """What a room puts on the ledger."""
    return Leaf("thing", reference, digest(text))


def digest(text: str) -> str:
    """Digest of a record."""
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture(autouse=True)
def own_home(settings: Any, tmp_path: Path) -> Path:
    """A home without a key yet."""
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def things(monkeypatch: pytest.MonkeyPatch) -> Things:
    """A room whose records are on the ledger, the only one there is."""
    found = Things()
    monkeypatch.setattr(SUBJECTS, "_subjects", {})
    SUBJECTS.install("thing", Subject(title="Thing", digests=found.digests, references=lambda: list(found.rows)))
    assert subjects.SUBJECTS.of("thing")
    return found
