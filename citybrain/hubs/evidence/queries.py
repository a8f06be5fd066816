"""Questions: leaves by record, checkpoints, proofs. A proof reads some tiles, however large the log is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from citybrain.hubs.evidence.keys import verifiers
from citybrain.hubs.evidence.models import Checkpoint, Leaf, Log
from citybrain.hubs.evidence.notes import NoteError, opened_checkpoint, proof_text
from citybrain.hubs.evidence.tiles import TileReader
from citybrain.hubs.evidence.tree import (
    ProofError,
    consistency_proof,
    entry_of,
    inclusion_proof,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)


@dataclass(frozen=True, slots=True)
class Inclusion:
    """That a leaf stands in the tree of a checkpoint."""

    leaf: Leaf
    path: tuple[bytes, ...]
    """From the leaf's sibling upwards."""
    checkpoint: Checkpoint

    @property
    def entry(self) -> bytes:
        """What the leaf says."""
        return entry_of(self.leaf.kind, self.leaf.reference, self.leaf.digest)

    @property
    def hash(self) -> bytes:
        """The leaf's hash."""
        return leaf_hash(self.entry)

    @property
    def text(self) -> str:
        """The proof as a file outsiders can check: C2SP tlog-proof, the entry as its extra line."""
        return proof_text(self.leaf.index or 0, self.path, self.checkpoint.note, extra=self.entry)


@dataclass(frozen=True, slots=True)
class Consistency:
    """That a later checkpoint only added leaves to an earlier one."""

    old: Checkpoint
    new: Checkpoint
    path: tuple[bytes, ...]


def last_checkpoint(log: str) -> Checkpoint | None:
    """The checkpoint in force; None before the first."""
    found: Checkpoint | None = Checkpoint.objects.filter(log=log).order_by("-size").first()
    return found


def checkpoint_at(log: str, size: int | None) -> Checkpoint:
    """The checkpoint over `size` leaves, or the one in force. Raises Checkpoint.DoesNotExist."""
    found = last_checkpoint(log) if size is None else Checkpoint.objects.filter(log=log, size=size).first()
    if found is None:
        raise Checkpoint.DoesNotExist(
            _("The log has no checkpoint over %s leaves.") % (size if size is not None else 0)
        )
    return found


def waiting(log: str) -> int:
    """Leaves that have no place yet."""
    return int(Leaf.objects.filter(log=log, index=None).count())


def leaves_of(log: str, references: Iterable[str]) -> QuerySet[Leaf]:
    """A log's leaves about some records, in the order they were written."""
    found: QuerySet[Leaf] = Leaf.objects.filter(log=log, reference__in=list(references)).order_by("id")
    return found


def inclusion(leaf: Leaf, checkpoint: Checkpoint | None = None, reader: TileReader | None = None) -> Inclusion | None:
    """The proof of a leaf in a checkpoint, by default the one in force; None while it waits for its place.

    Raises ValueError for a checkpoint that is older than the leaf. A `reader` kept over several proofs reads less.
    """
    checkpoint = checkpoint or last_checkpoint(leaf.log)
    if leaf.index is None or checkpoint is None:
        return None
    path = inclusion_proof(reader or TileReader(leaf.log), leaf.index, checkpoint.size)
    return Inclusion(leaf=leaf, path=tuple(path), checkpoint=checkpoint)


def consistency(old: Checkpoint, new: Checkpoint) -> Consistency:
    """The proof between two checkpoints of one log. Raises ValueError when the first is the larger one."""
    path = consistency_proof(TileReader(new.log), old.size, new.size)
    return Consistency(old=old, new=new, path=tuple(path))


def logs() -> QuerySet[Log]:
    """Every log that has begun."""
    return Log.objects.order_by("key")


def covered(index: int, size: int) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Which leaves each step of an inclusion proof joins, from the leaf upwards: what came up, and its neighbour.

    Each as the first leaf and the one behind the last.
    """
    steps: list[tuple[tuple[int, int], tuple[int, int]]] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + (1 << ((end - start - 1).bit_length() - 1))
        left, right = (start, middle), (middle, end)
        steps.append((left, right) if index < middle else (right, left))
        start, end = left if index < middle else right
    return steps[::-1]


def fault_of(found: Inclusion | Consistency, origin: str) -> str:
    """What is wrong with a proof, in words; empty when it holds, and every checkpoint in it is signed."""
    keys = verifiers(origin)
    try:
        if isinstance(found, Inclusion):
            head = opened_checkpoint(found.checkpoint.note, keys)
            verify_inclusion(found.hash, found.leaf.index or 0, head.size, found.path, head.root)
        else:
            old, new = opened_checkpoint(found.old.note, keys), opened_checkpoint(found.new.note, keys)
            verify_consistency(old.size, new.size, old.root, new.root, found.path)
    except (NoteError, ProofError) as error:
        return str(error)
    return ""
