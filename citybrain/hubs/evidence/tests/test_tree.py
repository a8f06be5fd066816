"""The tree against another implementation, its proofs against every mutation."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from citybrain.hubs.evidence.tree import (
    EMPTY,
    Growing,
    ProofError,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

MOST = 700
LEAVES = [leaf_hash(str(number).encode()) for number in range(MOST)]


def read(level: int, index: int) -> bytes:
    """Hashes of complete subtrees, by the definition of RFC 6962 2.1."""
    if level == 0:
        return LEAVES[index]
    return node_hash(read(level - 1, 2 * index), read(level - 1, 2 * index + 1))


def oracle(size: int) -> InmemoryTree:
    tree = InmemoryTree(algorithm="sha256")
    for number in range(size):
        tree.append_entry(str(number).encode())
    return tree


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 8, 9, 100, 255, 256, 257, 511, 512, 513, 700])
def test_roots_are_those_of_another_implementation(size: int) -> None:
    assert root_of(read, 0, size) == oracle(size).get_state()


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert root_of(read, 0, 0) == EMPTY == Growing().root
    assert EMPTY.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_roots_of_the_certificate_transparency_vectors() -> None:
    # The eight inputs and roots that Google's certificate-transparency tests are known by.
    inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    roots = {
        1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    }
    growing = Growing()
    for value in inputs:
        growing.add(leaf_hash(bytes.fromhex(value)))
        if growing.size in roots:
            assert growing.root.hex() == roots[growing.size]


@settings(deadline=None)
@given(st.integers(1, MOST))
def test_a_tree_that_grows_leaf_by_leaf_has_the_same_root(size: int) -> None:
    growing = Growing()
    for leaf in LEAVES[:size]:
        growing.add(leaf)
    assert growing.root == root_of(read, 0, size)


@settings(deadline=None)
@given(st.data())
def test_inclusion_is_proved_and_nothing_else_is(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, MOST))
    index = data.draw(st.integers(0, size - 1))
    root, proof = root_of(read, 0, size), inclusion_proof(read, index, size)

    verify_inclusion(LEAVES[index], index, size, proof, root)
    assert len(proof) <= (size - 1).bit_length()

    other = data.draw(st.integers(0, size - 1).filter(lambda number: number != index)) if size > 1 else None
    if other is not None:
        refused(lambda: verify_inclusion(LEAVES[other], index, size, proof, root))
        refused(lambda: verify_inclusion(LEAVES[index], other, size, proof, root))
    refused(lambda: verify_inclusion(LEAVES[index], index, size, [*proof, LEAVES[0]], root))
    refused(lambda: verify_inclusion(LEAVES[index], index, size, proof, hashlib.sha256(root).digest()))
    refused(lambda: verify_inclusion(LEAVES[index], size, size, proof, root))
    refused(lambda: verify_inclusion(LEAVES[index], -1, size, proof, root))
    for mutated in mutations(data, proof):
        refused(lambda mutated=mutated: verify_inclusion(LEAVES[index], index, size, mutated, root))


@settings(deadline=None)
@given(st.data())
def test_consistency_is_proved_and_nothing_else_is(data: st.DataObject) -> None:
    new = data.draw(st.integers(1, MOST))
    old = data.draw(st.integers(0, new))
    first, second = root_of(read, 0, old), root_of(read, 0, new)
    proof = consistency_proof(read, old, new)

    verify_consistency(old, new, first, second, proof)

    wrong = hashlib.sha256(first).digest()
    refused(lambda: verify_consistency(old, new, wrong, second, proof))
    if old:
        refused(lambda: verify_consistency(old, new, first, wrong, proof))
    refused(lambda: verify_consistency(old, new, first, second, [*proof, first]))
    for mutated in mutations(data, proof):
        refused(lambda mutated=mutated: verify_consistency(old, new, first, second, mutated))


@settings(deadline=None)
@given(st.data())
def test_a_proof_between_two_sizes_is_the_one_of_another_implementation(data: st.DataObject) -> None:
    new = data.draw(st.integers(2, 80))
    old = data.draw(st.integers(1, new - 1))
    tree = oracle(new)

    path = tree.prove_inclusion(old, new).path  # the oracle counts leaves from 1
    assert inclusion_proof(read, old - 1, new) == [bytes(step) for step in path[1:]]


def mutations(data: st.DataObject, proof: list[bytes]) -> list[list[bytes]]:
    """Proofs that are nearly the right one."""
    if not proof:
        return []
    place = data.draw(st.integers(0, len(proof) - 1))
    bit = data.draw(st.integers(0, 255))
    flipped = bytearray(proof[place])
    flipped[bit // 8] ^= 1 << bit % 8
    found = [
        [*proof[:place], bytes(flipped), *proof[place + 1 :]],
        [*proof[:place], *proof[place + 1 :]],
        [*proof[:place], proof[place][:-1], *proof[place + 1 :]],
        [*proof[:place], proof[place], *proof[place:]],
    ]
    if len(proof) > 1 and len(set(proof)) > 1:
        found.append(proof[1:] + proof[:1])
    return found


def refused(check: object) -> None:
    with pytest.raises(ProofError):
        check()  # type: ignore[operator]


def test_proofs_outside_the_tree_are_not_made() -> None:
    with pytest.raises(ValueError, match="does not lie"):
        inclusion_proof(read, 5, 5)
    with pytest.raises(ValueError, match="does not come before"):
        consistency_proof(read, 6, 5)
