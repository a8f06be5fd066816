"""The ledger's rows: logs, their leaves, the tiles of their trees, the checkpoints that were signed (存证账本)."""

from __future__ import annotations

from typing import Any, ClassVar, Never

from django.db import models
from django.utils import timezone

from citybrain.kernel.identity.scope import Scope

REFUSED = "Lines of a ledger are never changed or removed: append a line that corrects the earlier one."


class OnlyAdded(models.QuerySet[Any]):
    """Lines that can be added and read."""

    def update(self, **changes: Any) -> Never:
        """Refused."""
        raise TypeError(REFUSED)

    def delete(self) -> Never:
        """Refused."""
        raise TypeError(REFUSED)


class Log(models.Model):
    """A log (日志): one append-only tree. Its row is the lock of whoever seals it."""

    key = models.CharField(max_length=32, primary_key=True)
    """`events`: what `append` calls it and what its addresses carry."""
    origin = models.CharField(max_length=200, unique=True)
    """First line of its checkpoints, fixed when it begins: the name under which outsiders know it."""
    size = models.BigIntegerField(default=0)
    """Leaves that have their place; equal to the size of its last checkpoint."""
    began_at = models.DateTimeField(default=timezone.now)

    scope: ClassVar[Scope] = Scope(everyone=True)

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key


class Leaf(models.Model):
    """A leaf (存证条目): that a record had this digest. Written with the record, placed in the tree by the sealer."""

    log = models.CharField(max_length=32)
    index = models.BigIntegerField(null=True)
    """Place in the log from 0; None until it is sealed, afterwards never changed."""
    kind = models.CharField(max_length=32)
    """Kind of record, as `SUBJECTS` knows it: `step`."""
    reference = models.CharField(max_length=128)
    """Which record: `SJ-20261121-0001#3`."""
    digest = models.CharField(max_length=64)
    """SHA-256 of the record's canonical form, hexadecimal."""

    scope: ClassVar[Scope] = Scope(everyone=True)
    objects = OnlyAdded.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["log", "id"], condition=models.Q(index=None), name="leaf_waiting"),
            models.Index(fields=["log", "reference"], name="leaf_reference"),
        ]
        constraints = [models.UniqueConstraint(fields=["log", "index"], name="one_leaf_a_place")]

    def __str__(self) -> str:
        return f"{self.log}: {self.kind} {self.reference}"


class Tile(models.Model):
    """A tile (哈希瓦片, C2SP tlog-tiles): up to 256 hashes of complete subtrees beside one another.

    Hash i of tile n at level l covers the 256**l leaves from (n * 256 + i) * 256**l. A tile grows at its end until it
    is full; what stands in it never changes.
    """

    log = models.CharField(max_length=32)
    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hashes = models.BinaryField()
    """32 bytes a hash."""

    scope: ClassVar[Scope] = Scope(everyone=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "level", "index"], name="one_tile_a_place")]

    def __str__(self) -> str:
        return f"{self.log}: {self.level}/{self.index}"


class Checkpoint(models.Model):
    """A checkpoint (检查点): size and root of a log at one time, signed (C2SP tlog-checkpoint)."""

    log = models.CharField(max_length=32)
    size = models.BigIntegerField()
    root = models.CharField(max_length=64)
    """Root hash, hexadecimal."""
    note = models.TextField()
    """The signed note as outsiders get it."""
    made_at = models.DateTimeField(default=timezone.now)

    scope: ClassVar[Scope] = Scope(everyone=True)
    objects = OnlyAdded.as_manager()

    class Meta:
        ordering = ["log", "size"]
        constraints = [models.UniqueConstraint(fields=["log", "size"], name="one_checkpoint_a_size")]

    def __str__(self) -> str:
        return f"{self.log}: {self.size}"
