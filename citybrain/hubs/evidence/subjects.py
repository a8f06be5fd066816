"""What the ledger's leaves are about: each room says how the digest of its records is computed anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

Digests = Callable[[Sequence[str]], Mapping[str, str]]
"""References -> digest of each record as it stands in the database now; a record that is gone is left out."""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One kind of record on the ledger."""

    title: str | Promise
    """What such a record is called: “Step of an event”."""
    digests: Digests
    references: Callable[[], Iterable[str]] | None = None
    """Every record there is, to find those that were slipped past the ledger; None where that cannot be listed."""
    follows: Callable[[], Iterable[str]] | None = None
    """What else follows from such records and does not hold, a sentence each: columns that a journal adds up to."""
    url: Callable[[str], str] | None = None
    """Page that shows a record."""


class Subjects:
    """The kinds of records, by the `kind` of their leaves."""

    def __init__(self) -> None:
        self._subjects: dict[str, Subject] = {}

    def install(self, kind: str, subject: Subject) -> None:
        """Add a kind; the composition root calls it."""
        self._subjects[kind] = subject

    def of(self, kind: str) -> Subject | None:
        """The kind's subject; None for one that no room answers for."""
        return self._subjects.get(kind)

    def all(self) -> Mapping[str, Subject]:
        """Every kind."""
        return dict(self._subjects)


SUBJECTS = Subjects()
