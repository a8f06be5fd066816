"""Hash trees after RFC 6962 section 2.1 (默克尔树): roots, proofs, and their verification. Standard library only.

Hashes of subtrees come from a `Reader`: `read(level, index)` is the hash over the 2**level leaves from
index * 2**level. Only complete subtrees are asked for, so what a reader has once stored never changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence

HASH = 32
"""Bytes of a hash."""

EMPTY = hashlib.sha256(b"").digest()
"""Root of the empty tree."""

Reader = Callable[[int, int], bytes]


class ProofError(ValueError):
    """A proof does not show what it should; the message says which part."""


def leaf_hash(entry: bytes) -> bytes:
    """Hash of a leaf."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def entry_of(kind: str, reference: str, digest: str) -> bytes:
    """What a leaf of our logs says: kind, reference and digest of a record, on one line."""
    return f"{kind} {reference} {digest}\n".encode()


def subtrees(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Level and index of the complete subtrees that make up the leaves from `start` to before `end`, left to right.

    `start` is a multiple of the largest power of two below the length: where every subtree of RFC 6962 begins.
    """
    while start < end:
        level = (end - start).bit_length() - 1
        yield level, start >> level
        start += 1 << level


def root_of(read: Reader, start: int, end: int) -> bytes:
    """MTH(D[start:end]); the empty tree's root for none."""
    parts = [read(level, index) for level, index in subtrees(start, end)]
    return fold(parts) if parts else EMPTY


def fold(parts: Sequence[bytes]) -> bytes:
    """One root over subtrees that become smaller to the right."""
    root = parts[-1]
    for part in reversed(parts[:-1]):
        root = node_hash(part, root)
    return root


def _split(size: int) -> int:
    """The largest power of two smaller than `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_proof(read: Reader, index: int, size: int) -> list[bytes]:
    """PATH(index, D[size]) of RFC 6962 2.1.1, from the leaf's sibling upwards. Raises ValueError for a leaf outside."""
    if not 0 <= index < size:
        raise ValueError(f"Leaf {index} does not lie in a tree of {size}.")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(root_of(read, middle, end))
            end = middle
        else:
            path.append(root_of(read, start, middle))
            start = middle
    return path[::-1]


def consistency_proof(read: Reader, old: int, new: int) -> list[bytes]:
    """PROOF(old, D[new]) of RFC 6962 2.1.2; empty between equal sizes and from the empty tree. ValueError backwards."""
    if not 0 <= old <= new:
        raise ValueError(f"A tree of {old} does not come before one of {new}.")
    if old in (0, new):
        return []
    path: list[bytes] = []
    start, end, whole = 0, new, True
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(root_of(read, middle, end))
            end = middle
        else:
            path.append(root_of(read, start, middle))
            start, whole = middle, False
    if not whole:
        path.append(root_of(read, start, end))
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Raises ProofError unless the leaf hash stands at `index` of a tree of this size and root (RFC 9162 2.1.3.2)."""
    if not 0 <= index < size:
        raise ProofError(f"Leaf {index} does not lie in a tree of {size}.")
    _demand_hashes([leaf, root, *proof])
    place, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            raise ProofError(f"The proof of leaf {index} is longer than a tree of {size} is high.")
        if place & 1 or place == last:
            found = node_hash(step, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, step)
        place, last = place >> 1, last >> 1
    if last:
        raise ProofError(f"The proof of leaf {index} is shorter than a tree of {size} is high.")
    if found != root:
        raise ProofError(f"The proof of leaf {index} leads to another root than the tree of {size} has.")


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Raises ProofError unless the new tree only adds leaves to the old one (RFC 9162 2.1.4.2)."""
    if not 0 <= old <= new:
        raise ProofError(f"A tree of {old} does not come before one of {new}.")
    _demand_hashes([old_root, new_root, *proof])
    if old in (0, new):
        if proof:
            raise ProofError("Between these two sizes there is nothing to prove, and the proof is not empty.")
        if old == new and old_root != new_root:
            raise ProofError(f"There are two different trees of size {old}.")
        if old == 0 and old_root != EMPTY:
            raise ProofError("The empty tree has another root.")
        return
    steps = list(proof)
    # A complete old tree is itself the first node, and is left out of the proof.
    if old & (old - 1) == 0:
        steps.insert(0, old_root)
    if not steps:
        raise ProofError(f"The proof from {old} to {new} is empty.")
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise ProofError(f"The proof from {old} to {new} is too long.")
        if place & 1 or place == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            second = node_hash(second, step)
        place, last = place >> 1, last >> 1
    if last:
        raise ProofError(f"The proof from {old} to {new} is too short.")
    if first != old_root:
        raise ProofError(f"The proof does not lead to the root that the tree of {old} had.")
    if second != new_root:
        raise ProofError(f"The proof does not lead to the root that the tree of {new} has.")


def _demand_hashes(hashes: Iterable[bytes]) -> None:
    if any(len(found) != HASH for found in hashes):
        raise ProofError(f"A hash has {HASH} bytes.")


class Growing:
    """A tree that is computed leaf by leaf and keeps only its right edge: what checks hold a stored tree against."""

    def __init__(self) -> None:
        self.size = 0
        self._edge: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """One more leaf hash."""
        self._edge.append(leaf)
        self.size += 1
        for _level in range(((self.size & -self.size).bit_length()) - 1):
            right = self._edge.pop()
            self._edge.append(node_hash(self._edge.pop(), right))

    @property
    def root(self) -> bytes:
        """Root of what was added so far."""
        return fold(self._edge) if self._edge else EMPTY
