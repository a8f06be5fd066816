"""Reads the safe subset of regular expressions and writes it in the one spelling that RE2, Java and Rust read alike.

Literals, classes, groups, alternation, greedy plain or bounded repeats. What an engine could read differently, or what
can take exponential time, is refused with a sentence that says where: look-around, back-references, lazy or possessive
repeats, flags, anchors inside, `\\b`, `\\p`.
"""

from __future__ import annotations

from dataclasses import dataclass

LAST = 0x10FFFF
SURROGATES = (0xD800, 0xDFFF)
REPEATS = 256
"""Largest bound a repeat may have."""

Ranges = tuple[tuple[int, int], ...]
"""Characters as sorted, disjoint, inclusive code point ranges."""


class RegexError(ValueError):
    """The pattern is outside the safe subset."""


@dataclass(frozen=True)
class Characters:
    """One character out of `ranges`."""

    ranges: Ranges


@dataclass(frozen=True)
class Sequence:
    """All parts in order; none is the empty text."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Choice:
    """One of the branches."""

    branches: tuple[Node, ...]


@dataclass(frozen=True)
class Repeat:
    """`part` between `least` and `most` times; `most` None is without end."""

    part: Node
    least: int
    most: int | None


Node = Characters | Sequence | Choice | Repeat


def normalise(ranges: list[tuple[int, int]]) -> Ranges:
    """Sorted, merged, without surrogates."""
    merged: list[list[int]] = []
    for low, high in sorted(ranges):
        if merged and low <= merged[-1][1] + 1:
            merged[-1][1] = max(merged[-1][1], high)
        else:
            merged.append([low, high])
    clean: list[tuple[int, int]] = []
    for low, high in merged:
        if low < SURROGATES[0]:
            clean.append((low, min(high, SURROGATES[0] - 1)))
        if high > SURROGATES[1]:
            clean.append((max(low, SURROGATES[1] + 1), high))
    return tuple(clean)


def complement(ranges: Ranges) -> Ranges:
    """Every character that is not in `ranges`."""
    out: list[tuple[int, int]] = []
    start = 0
    for low, high in ranges:
        if low > start:
            out.append((start, low - 1))
        start = high + 1
    if start <= LAST:
        out.append((start, LAST))
    return normalise(out)


DIGIT: Ranges = ((48, 57),)
WORD: Ranges = ((48, 57), (65, 90), (95, 95), (97, 122))
SPACE: Ranges = ((9, 13), (32, 32))
ESCAPES: dict[str, Ranges] = {
    "d": DIGIT,
    "D": complement(DIGIT),
    "w": WORD,
    "W": complement(WORD),
    "s": SPACE,
    "S": complement(SPACE),
    "n": ((10, 10),),
    "t": ((9, 9),),
    "r": ((13, 13),),
    "f": ((12, 12),),
    "v": ((11, 11),),
}


class _Reader:
    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def fail(self, why: str) -> RegexError:
        return RegexError(f"Pattern {self.pattern!r}, character {self.at + 1}: {why}.")

    def peek(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def take(self) -> str:
        character = self.peek()
        self.at += 1
        return character

    def read(self) -> Node:
        # Anchors at the two ends say nothing new: the whole text has to match anyway.
        if self.pattern.startswith("^"):
            self.at = 1
        if self.pattern.endswith("$") and not self.pattern.endswith("\\$"):
            self.pattern = self.pattern[:-1]
        node = self.choice()
        if self.peek():
            raise self.fail(f"{self.peek()!r} closes nothing")
        return node

    def choice(self) -> Node:
        branches = [self.sequence()]
        while self.peek() == "|":
            self.at += 1
            branches.append(self.sequence())
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def sequence(self) -> Node:
        parts: list[Node] = []
        while self.peek() not in ("", "|", ")"):
            parts.append(self.repeat(self.atom()))
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def atom(self) -> Node:
        character = self.take()
        if character == "(":
            if self.peek() == "?":
                if self.pattern[self.at : self.at + 2] != "?:":
                    raise self.fail("look-around, named groups and flags are not in the safe subset")
                self.at += 2
            inside = self.choice()
            if self.take() != ")":
                raise self.fail("a group is not closed")
            return inside
        if character == "[":
            return Characters(self.bracket())
        if character == ".":
            return Characters(complement(()))
        if character == "\\":
            return Characters(self.escape())
        if character in "^$":
            self.at -= 1
            raise self.fail("anchors are allowed at the two ends only")
        if character in "*+?{":
            self.at -= 1
            raise self.fail("a repeat has nothing to repeat")
        return Characters(((ord(character), ord(character)),))

    def escape(self) -> Ranges:
        character = self.take()
        if character in ESCAPES:
            return ESCAPES[character]
        digits = {"x": 2, "u": 4}.get(character)
        if digits:
            code = self.pattern[self.at : self.at + digits]
            self.at += digits
            try:
                return ((int(code, 16), int(code, 16)),)
            except ValueError:
                raise self.fail(f"\\{character} needs {digits} hexadecimal digits") from None
        if not character or (character.isascii() and character.isalnum()):
            raise self.fail(f"\\{character} is not in the safe subset (back-references, \\b and \\p are refused)")
        return ((ord(character), ord(character)),)

    def bracket(self) -> Ranges:
        negated = self.peek() == "^"
        if negated:
            self.at += 1
        ranges: list[tuple[int, int]] = []
        first = True
        while True:
            character = self.take()
            if not character:
                raise self.fail("a character class is not closed")
            if character == "]" and not first:
                break
            first = False
            if character == "[" and self.peek() in (":", ".", "="):
                raise self.fail("POSIX classes are not in the safe subset")
            low = self.escape() if character == "\\" else ((ord(character), ord(character)),)
            if self.peek() == "-" and self.pattern[self.at + 1 : self.at + 2] not in ("]", ""):
                self.at += 1
                other = self.take()
                high = self.escape() if other == "\\" else ((ord(other), ord(other)),)
                if len(low) != 1 or len(high) != 1 or low[0][0] != low[0][1] or high[0][0] < low[0][0]:
                    raise self.fail("the range in the character class runs backwards or joins classes")
                ranges.append((low[0][0], high[0][0]))
            else:
                ranges.extend(low)
        found = normalise(ranges)
        return complement(found) if negated else found

    def repeat(self, part: Node) -> Node:
        bounds = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        while (character := self.peek()) and character in "*+?{":
            self.at += 1
            least, most = bounds[character] if character != "{" else self.braces()
            if self.peek() and self.peek() in "?+":
                raise self.fail("lazy and possessive repeats are not in the safe subset")
            if least > REPEATS or (most or 0) > REPEATS:
                raise self.fail(f"a repeat is bounded by {REPEATS}: use Length for longer texts")
            part = Repeat(part, least, most)
        return part

    def braces(self) -> tuple[int, int | None]:
        end = self.pattern.find("}", self.at)
        least, comma, most = self.pattern[self.at : end].partition(",")
        self.at = end + 1
        if end < 0 or not least.isdecimal() or not (most.isdecimal() or most == ""):
            raise self.fail("a bounded repeat reads {2}, {2,} or {2,5}")
        low = int(least)
        high = (int(most) if most else None) if comma else low
        if high is not None and high < low:
            raise self.fail("a repeat's upper bound is below its lower bound")
        return low, high


def parse(pattern: str) -> Node:
    """`pattern` as a tree. Raises RegexError outside the safe subset."""
    return _Reader(pattern).read()


def _class(ranges: Ranges) -> str:
    inside = "".join(f"\\x{{{low:X}}}" + (f"-\\x{{{high:X}}}" if high > low else "") for low, high in ranges)
    if not inside:
        return "[^\\x{0}-\\x{10FFFF}]"
    return f"[{inside}]"


def spell(node: Node) -> str:
    """The tree as a regular expression RE2, Java and Rust agree on: explicit classes, non-capturing groups."""
    if isinstance(node, Characters):
        (low, high) = node.ranges[0] if len(node.ranges) == 1 else (0, LAST)
        plain = low == high and (chr(low).isalnum() and low < 128)
        return chr(low) if plain else _class(node.ranges)
    if isinstance(node, Sequence):
        return "".join(spell(part) if not isinstance(part, Choice) else f"(?:{spell(part)})" for part in node.parts)
    if isinstance(node, Choice):
        return "|".join(spell(branch) for branch in node.branches)
    inner = spell(node.part) if isinstance(node.part, Characters) else f"(?:{spell(node.part)})"
    if node.most is None:
        return inner + {0: "*", 1: "+"}.get(node.least, f"{{{node.least},}}")
    return f"{inner}{{{node.least},{node.most}}}"
