"""Classes of characters and tables of words in the form the kernels read."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import numpy as np
from numba import njit

from citybrain.declare.rule import NULL_WORDS
from citybrain.kernel.standards.vocabulary import (
    AMOUNT_PREFIXES,
    BRACKETS,
    CURRENCY_WORDS,
    HAN_RANGES,
    INVISIBLE,
    MULTIPLIERS,
    NAME_DOTS,
    SEPARATORS,
    WHITE,
)
from citybrain.warehouse.governance.primitives.hashing import hash_bytes

IS_WHITE = 1
IS_INVISIBLE = 2
IS_SEPARATOR = 4
IS_BRACKET = 8
IS_DOT = 16
IS_HAN = 32

SEED = np.uint64(0x5851F42D4C957F2D)
"""Seed of the tables' own hashes; keys of rows use one drawn per run."""


def _classes() -> np.ndarray:
    table = np.zeros(0x10000, np.uint8)
    for characters, flag in (
        (WHITE, IS_WHITE),
        (INVISIBLE, IS_INVISIBLE),
        (SEPARATORS, IS_SEPARATOR),
        (BRACKETS, IS_BRACKET),
        (NAME_DOTS, IS_DOT),
    ):
        for character in characters:
            table[ord(character)] |= flag
    for low, high in HAN_RANGES:
        if high < 0x10000:
            table[low : high + 1] |= IS_HAN
    return table


CLASSES = _classes()
"""Flags of every character of the basic plane, by code point."""

HAN_BEYOND = next((low, high) for low, high in HAN_RANGES if low > 0xFFFF)
"""The Chinese characters outside the basic plane."""


class Words(NamedTuple):
    """A set of words with a target each: an open-addressing table over their UTF-8 bytes."""

    slots: np.ndarray
    """int32, a power of two of them: number of the word plus one, 0 when empty."""
    offsets: np.ndarray
    """int32, words + 1."""
    data: np.ndarray
    """uint8, the words end to end."""
    target_offsets: np.ndarray
    target_data: np.ndarray
    flags: np.ndarray
    """uint8, one a word; what they mean is the step's business."""


def _packed(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    encoded = [text.encode() for text in texts]
    offsets = np.zeros(len(encoded) + 1, np.int32)
    np.cumsum([len(text) for text in encoded], out=offsets[1:])
    return offsets, np.frombuffer(b"".join(encoded) + bytes(8), np.uint8).copy()


def words(targets: Mapping[str, str], flags: Mapping[str, int] | None = None) -> Words:
    """The table of `targets`: word to what it becomes."""
    offsets, data = _packed(list(targets))
    target_offsets, target_data = _packed(list(targets.values()))
    slots = np.zeros(1 << max(2, (2 * len(targets)).bit_length()), np.int32)
    _fill(slots, offsets, data)
    marks = np.array([(flags or {}).get(word, 0) for word in targets], np.uint8)
    return Words(slots, offsets, data, target_offsets, target_data, marks)


class Tables(NamedTuple):
    """Several sets of words laid end to end, for checks that look values up."""

    slots: np.ndarray
    offsets: np.ndarray
    data: np.ndarray
    places: np.ndarray
    """int64, a row a set: first slot, number of slots, first offset."""


def lay_out(sets: list[Words]) -> Tables:
    """`sets` in one piece; their numbers are the rows of `places`."""
    places = np.zeros((len(sets), 3), np.int64)
    slots: list[np.ndarray] = [np.zeros(0, np.int32)]
    offsets: list[np.ndarray] = [np.zeros(0, np.int32)]
    data: list[np.ndarray] = [np.zeros(0, np.uint8)]
    slot = word = byte = 0
    for number, one in enumerate(sets):
        places[number] = (slot, len(one.slots), word)
        slots.append(one.slots)
        offsets.append(one.offsets + np.int32(byte))
        data.append(one.data)
        slot += len(one.slots)
        word += len(one.offsets)
        byte += len(one.data)
    return Tables(np.concatenate(slots), np.concatenate(offsets), np.concatenate(data), places)


@njit(cache=True, nogil=True)
def _fill(slots, offsets, data):  # type: ignore[no-untyped-def]
    mask = len(slots) - 1
    for number in range(len(offsets) - 1):
        slot = np.int64(hash_bytes(data, offsets[number], offsets[number + 1], SEED)) & mask
        while slots[slot] != 0:
            slot = (slot + 1) & mask
        slots[slot] = number + 1


@njit(cache=True, nogil=True)
def find(source, start, end, slots, offsets, data):  # type: ignore[no-untyped-def]
    """Number of the word equal to `source[start:end]`, -1 when it is none."""
    return find_among(source, start, end, slots, offsets, data, 0, len(slots), 0)


@njit(cache=True, nogil=True)
def find_among(source, start, end, slots, offsets, data, first_slot, slot_count, first_word):  # type: ignore[no-untyped-def]
    """The same in one of several tables laid end to end."""
    mask = slot_count - 1
    slot = np.int64(hash_bytes(source, start, end, SEED)) & mask
    while slots[first_slot + slot] != 0:
        number = slots[first_slot + slot] - 1
        at = offsets[first_word + number]
        if offsets[first_word + number + 1] - at == end - start:
            same = True
            for i in range(end - start):
                if data[at + i] != source[start + i]:
                    same = False
                    break
            if same:
                return np.int64(number)
        slot = (slot + 1) & mask
    return np.int64(-1)


@cache
def no_words() -> Words:
    """The table without a word."""
    return words({})


class Phrases(NamedTuple):
    """A few words as code points, the longest first, each with a number."""

    characters: np.ndarray
    """int32, the words end to end."""
    offsets: np.ndarray
    """int64, words + 1."""
    values: np.ndarray
    """int64, one a word."""


def phrases(numbered: Mapping[str, int]) -> Phrases:
    """`numbered` in the kernels' form, longest word first."""
    ordered = sorted(numbered, key=lambda word: (-len(word), word))
    offsets = np.zeros(len(ordered) + 1, np.int64)
    np.cumsum([len(word) for word in ordered], out=offsets[1:])
    characters = np.array([ord(character) for word in ordered for character in word], np.int32)
    return Phrases(characters, offsets, np.array([numbered[word] for word in ordered], np.int64))


NULLS = phrases(dict.fromkeys(NULL_WORDS, 0))
PREFIXES = phrases(dict.fromkeys(AMOUNT_PREFIXES, 0))
CURRENCIES = phrases(dict.fromkeys(CURRENCY_WORDS, 0))
POWERS = phrases({word: len(str(times)) - 1 for word, times in MULTIPLIERS.items() if word})
"""万 and its like as powers of ten."""


@cache
def null_bytes() -> Words:
    """The same words as bytes, for the scan that looks for values to change; made, as `no_words`, by the first plan."""
    return words(dict.fromkeys(NULL_WORDS, ""))


NULL_BYTES_LONGEST = max(len(word.encode()) for word in NULL_WORDS)
