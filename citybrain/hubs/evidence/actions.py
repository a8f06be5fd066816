"""Verb: put records on the ledger. Writes rows in the caller's transaction, nothing else; the sealer does the rest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from citybrain.hubs.evidence import models

KEY = re.compile(r"[a-z][a-z0-9-]{0,31}")
DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Leaf:
    """That the record `reference` of `kind` has this digest (SHA-256, 64 lower-case hexadecimal digits)."""

    kind: str
    reference: str
    digest: str


def append(log: str, leaves: Sequence[Leaf]) -> None:
    """Put records on a log, in the caller's transaction: the leaves stand or fall with the records.

    The sealer gives them their places within about a second after the commit. Raises ValueError for what cannot be a
    leaf: it names the record.
    """
    if not KEY.fullmatch(log):
        raise ValueError(f"{log!r} is no name of a log: lower-case letters, digits and hyphens, at most 32.")
    for leaf in leaves:
        if not KEY.fullmatch(leaf.kind):
            raise ValueError(f"Leaf {leaf.kind!r} {leaf.reference!r}: a kind is lower-case letters, digits, hyphens.")
        # A line of the entry is read by splitting at its spaces.
        if not leaf.reference or len(leaf.reference) > 128 or not leaf.reference.isprintable() or " " in leaf.reference:
            raise ValueError(f"Leaf {leaf.kind} {leaf.reference!r}: a reference is 1 to 128 letters without spaces.")
        if not DIGEST.fullmatch(leaf.digest):
            raise ValueError(f"Leaf {leaf.kind} {leaf.reference}: {leaf.digest!r} is no SHA-256 in hexadecimal.")
    models.Leaf.objects.bulk_create(
        models.Leaf(log=log, kind=leaf.kind, reference=leaf.reference, digest=leaf.digest) for leaf in leaves
    )
