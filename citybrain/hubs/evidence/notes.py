"""Signed notes and checkpoints as others write them: C2SP signed-note, tlog-checkpoint, tlog-proof. No database.

yongkang.citybrain/evidence/events      origin
1042                                    size
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=     root

— yongkang.citybrain/evidence/events Az3grl…      signature
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from citybrain.hubs.evidence.tree import HASH

ED25519 = 1
"""Signature type 0x01 of C2SP signed-note."""

MOST_SIGNATURES = 100
PROOF_HEAD = "c2sp.org/tlog-proof@v1"
SIGNATURE_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")


class NoteError(ValueError):
    """A note is malformed, or not signed by whom it should be; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key under the name it signs by."""

    name: str
    key_id: bytes
    verify: Callable[[bytes, bytes], bool]
    """(signature, text) -> whether it is theirs."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Size and root of a log, as the text of its note says them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The note's text."""
        return f"{self.origin}\n{self.size}\n{_encoded(self.root)}\n"


def _encoded(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _decoded(text: str) -> bytes:
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteError(f"{text[:80]!r} is no Base64.") from None
    # Unused bits at the end would let one value be written in several ways.
    if _encoded(value) != text:
        raise NoteError(f"{text[:80]!r} is no canonical Base64.")
    return value


def demand_name(name: str) -> None:
    """Raises NoteError for what cannot be the name of a key."""
    if not name or "+" in name or any(letter.isspace() or not letter.isprintable() for letter in name):
        raise NoteError(f"{name!r} is no name of a key: no spaces, no plus sign.")


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """The four bytes that stand for a key in signatures."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def verifier_key(name: str, kind: int, public: bytes) -> str:
    """A public key as text: `name+c74f20a3+ARpc2Qc…`."""
    demand_name(name)
    return f"{name}+{key_id(name, kind, public).hex()}+{_encoded(bytes([kind]) + public)}"


def verifier_of(text: str) -> Verifier:
    """Reads a public key. Raises NoteError for a malformed one, or a kind that is not known here."""
    parts = text.split("+", 2)
    if len(parts) != 3:
        raise NoteError("A public key is written name+id+key.")
    name, written, encoded = parts
    demand_name(name)
    key = _decoded(encoded)
    if not re.fullmatch(r"[0-9a-f]{8}", written) or not key:
        raise NoteError(f"The public key of {name} is malformed.")
    kind, public = key[0], key[1:]
    if bytes.fromhex(written) != key_id(name, kind, public):
        raise NoteError(f"The public key of {name} does not have the id {written}.")
    if kind != ED25519 or len(public) != 32:
        raise NoteError(f"The public key of {name} is of a kind ({kind}) that is not known here.")
    return Verifier(name=name, key_id=bytes.fromhex(written), verify=_ed25519(public))


def _ed25519(public: bytes) -> Callable[[bytes, bytes], bool]:
    key = Ed25519PublicKey.from_public_bytes(public)

    def verify(signature: bytes, text: bytes) -> bool:
        try:
            key.verify(signature, text)
        except InvalidSignature:
            return False
        return True

    return verify


def note_of(text: str, signatures: Iterable[tuple[str, bytes, bytes]]) -> str:
    """A signed note: its text, and (name, key id, signature) of everybody who signed."""
    lines = [f"— {name} {_encoded(found + signature)}\n" for name, found, signature in signatures]
    return text + "\n" + "".join(lines)


def opened(note: str, verifiers: Sequence[Verifier]) -> tuple[str, tuple[str, ...]]:
    """The text of a note and the names of the known keys that signed it.

    Raises NoteError when it is malformed, when a known key's signature is wrong, or when no known key signed.
    """
    text, gap, tail = note.rpartition("\n\n")
    if not gap or not tail.endswith("\n") or any(letter < " " and letter != "\n" for letter in note):
        raise NoteError("The note is malformed: text, an empty line, signatures.")
    try:
        text = text + "\n"
        written = text.encode()
    except UnicodeEncodeError:
        raise NoteError("The note is no UTF-8.") from None
    lines = tail[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise NoteError(f"The note has more than {MOST_SIGNATURES} signatures.")
    known = {(found.name, found.key_id): found for found in verifiers}
    signed: dict[tuple[str, bytes], None] = {}
    for line in lines:
        match = SIGNATURE_LINE.fullmatch(line)
        if match is None:
            raise NoteError(f"A signature of the note is malformed: {line[:80]!r}.")
        name, signature = match[1], _decoded(match[2])
        if len(signature) < 5:
            raise NoteError(f"The signature of {name} is too short.")
        key = (name, signature[:4])
        if key not in known or key in signed:
            continue
        if not known[key].verify(signature[4:], written):
            raise NoteError(f"The signature of {name} is not over this text.")
        signed[key] = None
    if not signed:
        raise NoteError("None of the known keys signed the note.")
    return text, tuple(name for name, _id in signed)


def checkpoint_of(text: str) -> Checkpoint:
    """Reads the text of a checkpoint. Raises NoteError for a malformed one."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
        raise NoteError("A checkpoint has three lines: origin, size, root.")
    origin, size, root = lines[:3]
    if not NUMBER.fullmatch(size):
        raise NoteError(f"{size[:40]!r} is no size of a log.")
    found = _decoded(root)
    if len(found) != HASH:
        raise NoteError("The root of a checkpoint has 32 bytes.")
    return Checkpoint(origin=origin, size=int(size), root=found)


def opened_checkpoint(note: str, verifiers: Sequence[Verifier]) -> Checkpoint:
    """A checkpoint whose signature holds. Raises NoteError otherwise."""
    text, signed = opened(note, verifiers)
    found = checkpoint_of(text)
    if found.origin not in signed:
        raise NoteError(f"The checkpoint of {found.origin} is not signed by its own key.")
    return found


def proof_text(index: int, proof: Iterable[bytes], note: str, *, extra: bytes = b"") -> str:
    """A proof that can be checked off-line, as C2SP tlog-proof: place, path, and the checkpoint it leads to."""
    lines = [PROOF_HEAD, *([f"extra {_encoded(extra)}"] if extra else []), f"index {index}", *map(_encoded, proof)]
    return "\n".join(lines) + "\n\n" + note


@dataclass(frozen=True, slots=True)
class Proof:
    """What a `.tlog-proof` says."""

    index: int
    path: tuple[bytes, ...]
    note: str
    extra: bytes = b""
    """Not signed by anybody; ours carries the entry."""


def proof_of(text: str) -> Proof:
    """Reads a `.tlog-proof`. Raises NoteError for a malformed one."""
    head, gap, note = text.partition("\n\n")
    lines = head.split("\n")
    if not gap or lines.pop(0) != PROOF_HEAD:
        raise NoteError(f"A proof begins with {PROOF_HEAD}.")
    extra = b""
    if lines and lines[0].startswith("extra "):
        extra = _decoded(lines.pop(0).removeprefix("extra "))
    if not lines or not (match := re.fullmatch(r"index (\S+)", lines.pop(0))) or not NUMBER.fullmatch(match[1]):
        raise NoteError("A proof says the index of its leaf.")
    path = tuple(_decoded(line) for line in lines)
    if len(path) > 63 or any(len(step) != HASH for step in path):
        raise NoteError("The hashes of a proof have 32 bytes each, and there are at most 63.")
    return Proof(index=int(match[1]), path=path, note=note, extra=extra)
