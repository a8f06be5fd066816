"""Computes a log anew from the records it is about, and names the first thing that differs (存证核验).

In the order of the leaves: the record gives the digest of its leaf; the leaf has the hash in the tile; the tiles follow
from one another; the tree has the root that every checkpoint signed. Which of two was changed can be told, because a
hash that leads to a signed root is the one that was sealed. Sealing may go on meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.db.models import Sum
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from citybrain.hubs.evidence.keys import verifiers
from citybrain.hubs.evidence.models import Checkpoint, Leaf, Log, Tile
from citybrain.hubs.evidence.notes import Checkpoint as Head
from citybrain.hubs.evidence.notes import NoteError, opened_checkpoint
from citybrain.hubs.evidence.sealing import copy_path, kept_copy
from citybrain.hubs.evidence.subjects import SUBJECTS
from citybrain.hubs.evidence.tiles import HEIGHT, WIDTH, Damaged, TileReader, joined, split
from citybrain.hubs.evidence.tree import (
    EMPTY,
    HASH,
    Growing,
    ProofError,
    entry_of,
    inclusion_proof,
    leaf_hash,
    verify_inclusion,
)

CHUNK = 2048
"""Leaves read at a time."""

Progress = Callable[[int, int], None]
"""Told how many leaves of how many are done."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """The first thing that does not hold."""

    text: str
    """What differs, and from what."""
    index: int | None = None
    """Place of the leaf; None for one that waits, or where it is not about a leaf."""
    kind: str = ""
    reference: str = ""

    def __str__(self) -> str:
        if not self.kind:
            return self.text
        where = _("Leaf %d") % self.index if self.index is not None else _("A waiting leaf")
        return f"{where} ({self.kind} {self.reference}): {self.text}"


@dataclass
class Report:
    """What a check of one log found."""

    log: str
    leaves: int = 0
    """Sealed leaves that were computed anew."""
    waiting: int = 0
    """Leaves without a place that were held against their records."""
    checkpoints: int = 0
    root: str = ""
    """Root over the leaves, as computed; hexadecimal."""
    unanswered: set[str] = field(default_factory=set)
    """Kinds that no room computes anew; their leaves were only held against the tree."""
    fault: Fault | None = None


class _Found(Exception):
    def __init__(self, text: str, leaf: Leaf | None = None, index: int | None = None) -> None:
        named = {} if leaf is None else {"index": leaf.index, "kind": leaf.kind, "reference": leaf.reference}
        self.fault = Fault(text=text, **({"index": index} | named))


def check(key: str, against: Sequence[str] = (), on_progress: Progress = lambda done, size: None) -> Report:
    """Checks a whole log; `against` are notes of checkpoints kept elsewhere. Raises Log.DoesNotExist."""
    row = Log.objects.get(pk=key)
    report = Report(log=key)
    try:
        _Check(row, report, against, on_progress).run()
    except _Found as found:
        report.fault = found.fault
    except Damaged as error:
        report.fault = Fault(text=str(error))
    return report


class _Check:
    """One run over one log; what was sealed after it began is left to the next run."""

    def __init__(self, row: Log, report: Report, against: Sequence[str], on_progress: Progress) -> None:
        self._row, self._report, self._on_progress = row, report, on_progress
        self._verifiers = verifiers(row.origin)
        self._tree = Growing()
        self._complete: list[list[bytes]] = [[]]
        """Hashes of the tile that is being filled at each level."""
        self._tiles: dict[int, tuple[int, list[bytes]]] = {}
        self._last = Checkpoint.objects.filter(log=row.key).order_by("size").last()
        self._signed = self._signed_heads()
        self._next = next(self._signed, None)
        self._others = self._other_heads(against)

    def run(self) -> None:
        """Raises _Found at the first fault."""
        self._heads()
        for chunk in self._chunks(sealed=True):
            digests = self._digests(chunk)
            for leaf in chunk:
                self._one(leaf, digests)
            self._on_progress(self._tree.size, self._row.size)
        self._end()
        self._report.root = self._tree.root.hex()
        for chunk in self._chunks(sealed=False):
            self._report.waiting += len(chunk)
            digests = self._digests(chunk)
            for leaf in chunk:
                self._record(leaf, digests)
        self._unlogged()
        self._follows()

    def _chunks(self, *, sealed: bool) -> Iterator[list[Leaf]]:
        rows = Leaf.objects.filter(log=self._row.key)
        rows, name = (rows.filter(index__lt=self._row.size), "index") if sealed else (rows.filter(index=None), "id")
        last = -1
        while chunk := list(rows.filter(**{f"{name}__gt": last}).order_by(name)[:CHUNK]):
            yield chunk
            last = getattr(chunk[-1], name)

    # Records

    def _digests(self, chunk: Sequence[Leaf]) -> Mapping[str, Mapping[str, str]]:
        """Kind -> reference -> digest of the record as it stands now."""
        references: dict[str, list[str]] = {}
        for leaf in chunk:
            references.setdefault(leaf.kind, []).append(leaf.reference)
        answered = {kind: subject for kind in references if (subject := SUBJECTS.of(kind)) is not None}
        self._report.unanswered |= references.keys() - answered.keys()
        return {kind: subject.digests(references[kind]) for kind, subject in answered.items()}

    def _record(self, leaf: Leaf, digests: Mapping[str, Mapping[str, str]]) -> None:
        if leaf.kind not in digests:
            return
        now = digests[leaf.kind].get(leaf.reference)
        if now is None:
            raise _Found(_("the record is gone, or bears another reference."), leaf)
        if now != leaf.digest:
            words = _(
                "the record was changed after it was put on the ledger: it gives %(now)s, the leaf says %(then)s."
            )
            raise _Found(words % {"now": now, "then": leaf.digest}, leaf)

    def _unlogged(self) -> None:
        """Records that were slipped past the ledger."""
        for kind, subject in SUBJECTS.all().items():
            if subject.references is None or not Leaf.objects.filter(log=self._row.key, kind=kind).exists():
                continue
            leaves = Leaf.objects.filter(log=self._row.key, kind=kind)
            for some in _batched(subject.references()):
                known = set(leaves.filter(reference__in=some).values_list("reference", flat=True))
                if missing := next((reference for reference in some if reference not in known), None):
                    words = _("The record %(kind)s %(reference)s has no leaf: it was written past the ledger.")
                    raise _Found(words % {"kind": kind, "reference": missing})

    def _follows(self) -> None:
        """What rooms know to follow from the records that are on the ledger."""
        for kind, subject in SUBJECTS.all().items():
            if subject.follows is None or not Leaf.objects.filter(log=self._row.key, kind=kind).exists():
                continue
            if (broken := next(iter(subject.follows()), None)) is not None:
                raise _Found(broken)

    # The tree

    def _one(self, leaf: Leaf, digests: Mapping[str, Mapping[str, str]]) -> None:
        place = self._tree.size
        if leaf.index != place:
            words = _("Leaf %(index)d is missing; the next one there is stands at %(next)d.")
            raise _Found(words % {"index": place, "next": leaf.index}, index=place)
        found = leaf_hash(entry_of(leaf.kind, leaf.reference, leaf.digest))
        stored = self._stored(0, place)
        if stored != found:
            raise _Found(self._which(place, found, stored), leaf)
        self._record(leaf, digests)
        self._add(found)
        self._report.leaves += 1
        self._heads()

    def _add(self, found: bytes) -> None:
        """Adds a leaf's hash, and holds every tile hash that becomes complete with it against the stored one."""
        self._tree.add(found)
        level = 0
        while True:
            row = self._complete[level]
            row.append(found)
            if len(row) < WIDTH:
                return
            found = joined(b"".join(row))
            row.clear()
            level += 1
            if level == len(self._complete):
                self._complete.append([])
            place = (self._tree.size >> (HEIGHT * level)) - 1
            if self._stored(level, place) != found:
                words = _(
                    "Tile %(level)d/%(tile)d was changed: its hash %(place)d does not follow from the leaves below."
                )
                raise _Found(words % {"level": level, "tile": place // WIDTH, "place": place % WIDTH})

    def _stored(self, level: int, place: int) -> bytes:
        """A hash as its tile has it; empty when the tile ends before."""
        index, offset = divmod(place, WIDTH)
        if self._tiles.get(level, (-1, []))[0] != index:
            self._tiles[level] = (index, split(TileReader(self._row.key).tile(level, index)))
        hashes = self._tiles[level][1]
        return hashes[offset] if offset < len(hashes) else b""

    def _which(self, place: int, found: bytes, stored: bytes) -> str:
        """Which was changed: the leaf, or the tile."""
        if self._leads(place, stored):
            return _("the leaf was changed, or another put in its place, after it was sealed.")
        if self._leads(place, found):
            return _("its hash in the tile was changed; the leaf is the one that was sealed.")
        return _(
            "the leaf and the tiles above it contradict one another, and neither leads to the root that was signed."
        )

    def _leads(self, place: int, hash_: bytes) -> bool:
        """Whether a hash leads by the stored tiles to the last signed root."""
        if self._last is None:
            return False
        try:
            path = inclusion_proof(TileReader(self._row.key), place, self._last.size)
            verify_inclusion(hash_, place, self._last.size, path, bytes.fromhex(self._last.root))
        except (Damaged, ProofError, ValueError):
            return False
        return True

    def _end(self) -> None:
        """The tree is as large as everything that was signed says."""
        size = self._tree.size
        ahead = [self._row.size, *self._others, *([self._next[1].size] if self._next else [])]
        if max(ahead) > size:
            words = _("Leaves are missing at the end: there are %(size)d, and %(signed)d were sealed.")
            raise _Found(words % {"size": size, "signed": max(ahead)}, index=size)
        covered = self._last.size if self._last else 0
        if covered < size:
            raise _Found(_("No checkpoint covers the leaves from %d on.") % covered, index=covered)
        if covered > Log.objects.get(pk=self._row.key).size:
            raise _Found(
                _("The log's row says it has %(size)d leaves, and %(signed)d were signed.")
                % {"size": size, "signed": covered}
            )
        if self._overhanging():
            raise _Found(_("The tiles hold hashes behind the last leaf that was sealed."))

    def _overhanging(self) -> bool:
        """Whether tiles are longer than the log; its size is asked last, so that sealing meanwhile is no fault."""
        rows = Tile.objects.filter(log=self._row.key).values("level").annotate(bytes=Sum(Length("hashes")))
        held = {row["level"]: row["bytes"] // HASH for row in rows}
        size = Log.objects.get(pk=self._row.key).size
        return any(hashes > size >> (HEIGHT * level) for level, hashes in held.items())

    # What was signed

    def _signed_heads(self) -> Iterator[tuple[str, Head]]:
        """The log's own checkpoints by size, each opened with the log's key."""
        rows = Checkpoint.objects.filter(log=self._row.key, size__lte=self._row.size)
        for stored in rows.order_by("size").iterator(CHUNK):
            name = _("the checkpoint over %d leaves") % stored.size
            head = self._opened(stored.note, name)
            if (head.size, head.root.hex()) != (stored.size, stored.root):
                raise _Found(
                    _("The checkpoint over %d leaves was changed: its note says something else.") % stored.size
                )
            self._report.checkpoints += 1
            yield name, head

    def _other_heads(self, against: Sequence[str]) -> dict[int, list[tuple[str, Head]]]:
        """Checkpoints from outside the database, by size."""
        heads: dict[int, list[tuple[str, Head]]] = {}
        for number, note in enumerate(against, 1):
            name = _("the checkpoint number %d that was given") % number
            head = self._opened(note, name)
            heads.setdefault(head.size, []).append((name, head))
        copy = kept_copy(self._row)
        # A larger one may have been sealed since the row was read.
        if copy is not None and not self._row.size < copy.size <= Log.objects.get(pk=self._row.key).size:
            heads.setdefault(copy.size, []).append((copy_path(self._row.key).name, copy))
        return heads

    def _opened(self, note: str, name: str) -> Head:
        try:
            head = opened_checkpoint(note, self._verifiers)
        except NoteError as error:
            raise _Found(_("Forged: %(name)s. %(error)s") % {"name": name, "error": error}) from None
        if head.origin != self._row.origin:
            raise _Found(_("Another log's: %(name)s is of %(origin)s.") % {"name": name, "origin": head.origin})
        return head

    def _heads(self) -> None:
        """Holds the tree against everything that was signed over just this many leaves."""
        size = self._tree.size
        heads = self._others.pop(size, [])
        if self._next is not None and self._next[1].size == size:
            heads.append(self._next)
            self._next = next(self._signed, None)
        for name, head in heads:
            root = self._tree.root if size else EMPTY
            if head.root != root:
                words = _("The first %(size)d leaves give the root %(root)s; %(name)s signed %(signed)s.")
                raise _Found(words % {"size": size, "root": root.hex(), "name": name, "signed": head.root.hex()})


def _batched(references: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(references)
    while some := list(islice(rest, CHUNK)):
        yield some
