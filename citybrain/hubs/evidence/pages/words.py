"""How hashes, places and records are written on the ledger's pages."""

from __future__ import annotations

from django.urls import reverse

from citybrain.hubs.evidence.models import Leaf
from citybrain.hubs.evidence.subjects import SUBJECTS


def brief(digest: str) -> str:
    """A hash that is recognised by its ends: `6e340b9c…a01d`."""
    return f"{digest[:8]}…{digest[-4:]}" if len(digest) > 16 else digest


def kind_of(leaf: Leaf) -> str:
    """What a leaf is about."""
    subject = SUBJECTS.of(leaf.kind)
    return str(subject.title) if subject is not None else leaf.kind


def page_of(leaf: Leaf) -> str:
    """Page of the record a leaf is about; empty where it has none."""
    subject = SUBJECTS.of(leaf.kind)
    return subject.url(leaf.reference) if subject is not None and subject.url is not None else ""


def proof_page(leaf: Leaf) -> str:
    """Page of a leaf's proof; empty while it waits for its place."""
    return "" if leaf.index is None else reverse("evidence-leaf", args=(leaf.log, leaf.index))
