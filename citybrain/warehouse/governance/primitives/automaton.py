"""A regular expression as a table: one look-up a byte of UTF-8, whatever the pattern."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numba import njit

from citybrain.warehouse.governance.primitives.regex import (
    Characters,
    Choice,
    Node,
    Ranges,
    RegexError,
    Sequence,
    parse,
)

STATES = 4096
"""Largest automaton; a pattern that needs more is refused when it is compiled, never while rows run."""


ByteRanges = tuple[tuple[int, int], ...]
"""One run of bytes, each from a range."""
Sequences = tuple[ByteRanges, ...]


class Automaton(NamedTuple):
    """A complete automaton over bytes: state 0 is dead, state 1 the start."""

    table: np.ndarray
    """uint16, states x classes, flat: the next state."""
    classes: np.ndarray
    """uint8[256]: bytes the pattern never tells apart share a class."""
    accepting: np.ndarray
    """uint8, one a state."""


def byte_sequences(low: int, high: int) -> list[ByteRanges]:
    """The UTF-8 encodings of [low, high] as sequences of byte ranges."""
    out: list[ByteRanges] = []
    todo = [(low, high)]
    while todo:
        first, last = todo.pop()
        for limit in (0x7F, 0x7FF, 0xFFFF):
            if first <= limit < last:
                todo += [(first, limit), (limit + 1, last)]
                break
        else:
            for shift in (6, 12, 18):
                block = (1 << shift) - 1
                if last <= 0x7F or first >> shift == last >> shift:
                    continue
                if first & block:
                    todo += [(first, first | block), ((first | block) + 1, last)]
                    break
                if last & block != block:
                    todo += [(first, (last & ~block) - 1), (last & ~block, last)]
                    break
            else:
                out.append(tuple(zip(chr(first).encode(), chr(last).encode(), strict=True)))
    return out


class _Graph:
    """Thompson's construction: states with byte-range edges and free edges."""

    def __init__(self) -> None:
        self.edges: list[list[tuple[int, int, int]]] = []
        self.free: list[list[int]] = []

    def state(self) -> int:
        if len(self.edges) > 64 * STATES:
            raise RegexError("The pattern is too large: its repeats multiply; use Length for long texts.")
        self.edges.append([])
        self.free.append([])
        return len(self.edges) - 1

    def add(self, node: Node, start: int) -> int:
        """Lay `node` behind `start` and return its end."""
        if isinstance(node, Characters):
            return self.characters(node.ranges, start)
        if isinstance(node, Sequence):
            for part in node.parts:
                start = self.add(part, start)
            return start
        end = self.state()
        if isinstance(node, Choice):
            for branch in node.branches:
                self.free[self.add(branch, self.fork(start))].append(end)
            return end
        for _ in range(node.least):
            start = self.add(node.part, start)
        if node.most is None:
            loop = self.fork(start)
            self.free[self.add(node.part, loop)].append(loop)
            self.free[loop].append(end)
            return end
        self.free[start].append(end)
        for _ in range(node.most - node.least):
            start = self.add(node.part, self.fork(start))
            self.free[start].append(end)
        return end

    def fork(self, start: int) -> int:
        state = self.state()
        self.free[start].append(state)
        return state

    def characters(self, ranges: Ranges, start: int) -> int:
        end = self.state()
        sequences = tuple(sequence for low, high in ranges for sequence in byte_sequences(low, high))
        self.spread(start, sequences, end, {(): end})
        return end

    def spread(self, start: int, sequences: Sequences, end: int, known: dict[Sequences, int]) -> None:
        """Edges for `sequences` from `start` to `end`; equal continuations share their states."""
        rests: dict[tuple[int, int], list[ByteRanges]] = {}
        for first, *rest in sequences:
            rests.setdefault(first, []).append(tuple(rest))
        for (low, high), behind in rests.items():
            key = tuple(behind) if behind != [()] else ()
            if key not in known:
                known[key] = self.state()
                self.spread(known[key], key, end, known)
            self.edges[start].append((low, high, known[key]))

    def closure(self, states: frozenset[int]) -> frozenset[int]:
        todo = list(states)
        seen = set(states)
        while todo:
            for other in self.free[todo.pop()]:
                if other not in seen:
                    seen.add(other)
                    todo.append(other)
        return frozenset(seen)


def determinise(graph: _Graph, start: int, end: int) -> Automaton:
    """The subset construction over classes of bytes the pattern never tells apart."""
    cuts = {0, 256}
    for edges in graph.edges:
        for low, high, _ in edges:
            cuts |= {low, high + 1}
    bounds = sorted(cuts)
    classes = np.zeros(256, np.uint8)
    for number, (low, high) in enumerate(pairwise(bounds)):
        classes[low:high] = number
    width = len(bounds) - 1
    numbers: dict[frozenset[int], int] = {frozenset(): 0}
    order: list[frozenset[int]] = [frozenset()]

    def number_of(states: frozenset[int]) -> int:
        if states not in numbers:
            if len(order) >= STATES:
                raise RegexError(f"The pattern needs more than {STATES} states: make it simpler.")
            numbers[states] = len(order)
            order.append(states)
        return numbers[states]

    @cache
    def closures(states: frozenset[int]) -> int:
        return number_of(graph.closure(states))

    closures(frozenset({start}))
    rows: list[list[int]] = [[0] * width]
    while len(rows) < len(order):
        reached: list[set[int]] = [set() for _ in range(width)]
        for state in order[len(rows)]:
            for low, high, to in graph.edges[state]:
                for number in range(classes[low], classes[high] + 1):
                    reached[number].add(to)
        rows.append([closures(frozenset(states)) if states else 0 for states in reached])
    return Automaton(
        np.array(rows, np.uint16).reshape(-1),
        classes,
        np.array([end in states for states in order], np.uint8),
    )


@cache
def compile_pattern(pattern: str) -> Automaton:
    """The automaton of `pattern`, matched against the whole text. Raises RegexError outside the safe subset."""
    graph = _Graph()
    start = graph.state()
    return determinise(graph, start, graph.add(parse(pattern), start))


def lay_out(automata: list[Automaton]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Several automata end to end: next states by state and byte, accepting flags, and where each one starts.

    States are numbered by the place of their row in the table, so that a step is one addition and one look-up; the dead
    state of every automaton is 0, a row of its own.
    """
    tables: list[np.ndarray] = [np.zeros(256, np.uint32)]
    accepting: list[np.ndarray] = [np.zeros(1, np.uint8)]
    starts = np.zeros(len(automata), np.int64)
    states = 1
    for number, automaton in enumerate(automata):
        width = len(automaton.table) // len(automaton.accepting)
        narrow = automaton.table.reshape(-1, width)[1:].astype(np.uint32)
        moved = np.where(narrow == 0, 0, (narrow + np.uint32(states - 1)) * np.uint32(256)).astype(np.uint32)
        tables.append(moved[:, automaton.classes].reshape(-1))
        accepting.append(automaton.accepting[1:])
        starts[number] = states * 256
        states += len(narrow)
    return np.concatenate(tables), np.concatenate(accepting), starts


@njit(cache=True, nogil=True)
def matches(data, start, end, table, accepting, state):  # type: ignore[no-untyped-def]
    """Whether the whole of `data[start:end]` is accepted from `state`, one of the starts."""
    state = np.uint64(state)
    for at in range(start, end):
        state = np.uint64(table[state + np.uint64(data[at])])
        if state == 0:
            return False
    return accepting[state >> np.uint64(8)] == 1
