"""The key that signs checkpoints, and the names logs sign by. Kept beside the database, readable by its owner only."""

from __future__ import annotations

import functools
import os
import tempfile
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings

from citybrain.hubs.evidence.notes import ED25519, Checkpoint, Verifier, key_id, note_of, verifier_key, verifier_of
from citybrain.kernel.registry.registry import named

FOLDER = "evidence"
"""Folder in the home that holds the key and the last checkpoints."""


class Signer(Protocol):
    """Who signs checkpoints: a key in a file, or a machine that keeps one (密码机) and may use another algorithm."""

    kind: int
    """Signature type of C2SP signed-note: 1 for Ed25519."""
    public: bytes
    """The public key as that type encodes it."""

    def sign(self, text: bytes) -> bytes:
        """The signature over a note's text."""


class Ed25519Signer:
    """An Ed25519 key in a PEM file of the home (RFC 8032, RFC 8410), made when it is first needed."""

    kind = ED25519

    def __init__(self) -> None:
        self._key = kept_key(folder() / "ed25519.pem")
        self.public = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def sign(self, text: bytes) -> bytes:
        """64 bytes; the same text always gets the same ones."""
        return self._key.sign(text)


def folder() -> Path:
    """Where key and last checkpoints lie."""
    return Path(settings.HOME) / FOLDER


def kept_key(path: Path) -> Ed25519PrivateKey:
    """The key in `path`, made when there is none: of several processes that make one, the first one's stays."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        # A file made by mkstemp is its owner's only; the link appears with all its bytes, or not at all.
        descriptor, draft = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            Path(draft).unlink()
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{path} holds no Ed25519 key: put the key back that signed this ledger.")
    return key


@functools.cache
def _signer(name: str, home: str) -> Signer:
    made: Signer = named(name)()
    return made


def signer() -> Signer:
    """Who signs here, as the setting EVIDENCE_SIGNER says."""
    return _signer(settings.EVIDENCE_SIGNER, str(settings.HOME))


def origin_of(log: str) -> str:
    """The name a new log gets for all time: `www.yk.gov.cn/evidence/events`."""
    host = settings.EVIDENCE_ORIGIN or urlsplit(settings.SITE_ADDRESS).hostname or f"{settings.COUNTY.name}.citybrain"
    return f"{host}/{FOLDER}/{log}"


def public_key(origin: str) -> str:
    """The key in use, as text to hand to outsiders."""
    found = signer()
    return verifier_key(origin, found.kind, found.public)


def verifiers(origin: str) -> tuple[Verifier, ...]:
    """The keys a log's checkpoints may be signed by: the one in use and former ones."""
    former = [text for text in settings.EVIDENCE_FORMER_KEYS if text.startswith(f"{origin}+")]
    return tuple(verifier_of(text) for text in (public_key(origin), *former))


def signed(checkpoint: Checkpoint) -> str:
    """The note of a checkpoint, signed."""
    return signed_text(checkpoint.origin, checkpoint.text)


def signed_text(name: str, text: str) -> str:
    """A note with any text that ends in a line break, signed under a name. Its second line must not be a number:

    that would make it a checkpoint. Raises ValueError for such a text.
    """
    lines = text.split("\n")
    if not text.endswith("\n") or (name != lines[0] and len(lines) > 1 and lines[1].isdecimal()):
        raise ValueError("This text cannot be signed: it has no line break at its end, or could pass for a checkpoint.")
    found = signer()
    return note_of(text, [(name, key_id(name, found.kind, found.public), found.sign(text.encode()))])
