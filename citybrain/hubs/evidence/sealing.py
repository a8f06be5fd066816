"""The sealer: gives waiting leaves their places, grows the tree, signs a checkpoint. All of it in one transaction.

Whoever holds the log's row seals; everybody else waits, and finds the log grown. A checkpoint is signed only over a
tree that continues the last one, in the database and in the copy that lies beside it: a database put back from an
older backup would otherwise sign a second history.
"""

from __future__ import annotations

import logging
import os
import tempfile
from pathlib import Path

from django.db import connection, transaction
from django.db.models import F

from citybrain.hubs.evidence.keys import folder, origin_of, signed, verifiers
from citybrain.hubs.evidence.models import Checkpoint, Leaf, Log
from citybrain.hubs.evidence.notes import Checkpoint as Head
from citybrain.hubs.evidence.notes import NoteError, opened_checkpoint
from citybrain.hubs.evidence.tiles import Damaged, TileReader, grow
from citybrain.hubs.evidence.tree import EMPTY, entry_of, leaf_hash, root_of

log = logging.getLogger(__name__)

BATCH = 4096
"""Leaves sealed in one transaction: about a tenth of a second."""

PLACE = """
UPDATE evidence_leaf SET "index" = placed.place
FROM (
    SELECT id AS leaf, %s + row_number() OVER (ORDER BY id) - 1 AS place
    FROM (SELECT id FROM evidence_leaf WHERE log = %s AND "index" IS NULL ORDER BY id LIMIT %s) AS waiting
) AS placed
WHERE evidence_leaf.id = placed.leaf
"""
"""One statement for SQLite and PostgreSQL. Leaves of one transaction keep their order."""


def waiting_logs() -> list[str]:
    """Logs with leaves that have no place yet."""
    found: list[str] = []
    last = ""
    while True:
        # One step in the index a log, however many leaves wait.
        name = Leaf.objects.filter(index=None, log__gt=last).order_by("log").values_list("log", flat=True).first()
        if name is None:
            return found
        found.append(name)
        last = name


def seal(key: str, most: int = BATCH) -> Checkpoint | None:
    """Seal up to `most` waiting leaves of a log; the new checkpoint, or None when nothing waits.

    Raises Damaged when the stored tree is not the one that was signed last.
    """
    with transaction.atomic():
        Log.objects.get_or_create(key=key, defaults={"origin": origin_of(key)})
        row = Log.objects.select_for_update().get(key=key)
        if not Leaf.objects.filter(log=key, index=None).exists():
            return None
        demand_unbroken(row)
        with connection.cursor() as cursor:
            cursor.execute(PLACE, [row.size, key, most])
        placed = Leaf.objects.filter(log=key, index__gte=row.size).order_by("index")
        leaves = list(placed.values_list("index", "kind", "reference", "digest"))
        if [leaf[0] for leaf in leaves] != list(range(row.size, row.size + len(leaves))):
            raise Damaged(f"Log {key}: behind the {row.size} sealed leaves stand leaves that no checkpoint knows.")
        grow(key, row.size, [leaf_hash(entry_of(*leaf[1:])) for leaf in leaves])
        size = row.size + len(leaves)
        head = Head(origin=row.origin, size=size, root=root_of(TileReader(key), 0, size))
        made = Checkpoint(log=key, size=size, root=head.root.hex(), note=signed(head))
        made.save(force_insert=True)
        Log.objects.filter(pk=key).update(size=F("size") + len(leaves))
        transaction.on_commit(lambda: keep_copy(key, made.note, size))
    return made


def demand_unbroken(row: Log) -> None:
    """Raises Damaged unless the stored tree is the one of the last checkpoint, and continues the copy beside it."""
    last = Checkpoint.objects.filter(log=row.key).order_by("size").last()
    root = root_of(TileReader(row.key), 0, row.size)
    if row.size != (last.size if last else 0) or root.hex() != (last.root if last else EMPTY.hex()):
        raise Damaged(
            f"Log {row.key}: the tree of {row.size} leaves is not the one of its last checkpoint. "
            "Run “citybrain evidence verify”, which names the first record that differs."
        )
    copy = kept_copy(row)
    if copy is None:
        return
    if copy.size > row.size:
        raise Damaged(
            f"Log {row.key}: a checkpoint over {copy.size} leaves was given out, and the database knows {row.size}. "
            f"It was put back from an older backup: bring the missing rows back, or begin a new log and say so."
        )
    if root_of(TileReader(row.key), 0, copy.size) != copy.root:
        raise Damaged(f"Log {row.key}: the tree of {copy.size} leaves has another root than the one given out.")


def copy_path(key: str) -> Path:
    """Where the last checkpoint lies as a file."""
    return folder() / f"{key}.checkpoint"


def kept_copy(row: Log) -> Head | None:
    """The checkpoint that lies beside the database; None before the first. Raises Damaged for a forged one."""
    try:
        note = copy_path(row.key).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    try:
        head = opened_checkpoint(note, verifiers(row.origin))
    except NoteError as error:
        raise Damaged(f"{copy_path(row.key)} is no checkpoint of this log: {error}") from None
    if head.origin != row.origin:
        raise Damaged(f"{copy_path(row.key)} is a checkpoint of {head.origin}, not of {row.origin}.")
    return head


def keep_copy(key: str, note: str, size: int) -> None:
    """Writes a checkpoint that was committed beside the database; a larger one stays."""
    path = copy_path(key)
    try:
        if path.exists() and int(path.read_text(encoding="utf-8").split("\n")[1]) >= size:
            return
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, draft = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(note)
        Path(draft).replace(path)
    except (OSError, ValueError, IndexError):
        # The ledger is whole without it; the next seal says what is wrong with the copy.
        log.exception("The copy of the checkpoint of log %s could not be written", key)


def seal_waiting() -> bool:
    """One batch of every log with waiting leaves; True when more wait.

    A damaged log keeps its leaves waiting. Raises its Damaged when every other log had its turn.
    """
    more = False
    damaged: list[Damaged] = []
    for key in waiting_logs():
        try:
            made = seal(key)
        except Damaged as error:
            damaged.append(error)
        else:
            more |= made is not None and Leaf.objects.filter(log=key, index=None).exists()
    if damaged:
        raise damaged[0]
    return more
