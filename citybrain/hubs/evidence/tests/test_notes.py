"""Signed notes against the vectors of Go's sumdb/note; checkpoints and proofs written and read."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from citybrain.hubs.evidence.keys import kept_key, origin_of, public_key, signed, verifiers
from citybrain.hubs.evidence.notes import (
    Checkpoint,
    NoteError,
    checkpoint_of,
    key_id,
    note_of,
    opened,
    opened_checkpoint,
    proof_of,
    proof_text,
    verifier_of,
)

# Keys, text and signatures of golang.org/x/mod/sumdb/note, note_test.go (BSD).
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETERS_SEED = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
BY_PETER = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
BY_ENOCH = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"


def test_a_note_is_signed_as_go_signs_it() -> None:
    kind, seed = (raw := base64.b64decode(PETERS_SEED))[0], raw[1:]
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public = key.public_key().public_bytes_raw()
    assert key_id("PeterNeumann", kind, public).hex() == "c74f20a3"
    note = note_of(TEXT, [("PeterNeumann", bytes.fromhex("c74f20a3"), key.sign(TEXT.encode()))])
    assert note == TEXT + "\n" + BY_PETER


def test_signatures_of_known_keys_are_checked_and_others_passed_over() -> None:
    note = TEXT + "\n" + BY_PETER + BY_ENOCH
    peter, enoch = verifier_of(PETER), verifier_of(ENOCH)
    assert opened(note, [peter]) == (TEXT, ("PeterNeumann",))
    assert opened(note, [peter, enoch]) == (TEXT, ("PeterNeumann", "EnochRoot"))
    assert opened(TEXT + "\n" + BY_PETER + BY_PETER + BY_ENOCH, [peter]) == (TEXT, ("PeterNeumann",))
    with pytest.raises(NoteError, match="None of the known keys"):
        opened(note, [])
    with pytest.raises(NoteError, match="not over this text"):
        opened(note.replace("answer", "Answer"), [peter])
    with pytest.raises(NoteError, match="more than 100"):
        opened(TEXT + "\n" + BY_PETER * 101, [peter])


@pytest.mark.parametrize(
    "note",
    [
        TEXT,
        TEXT + "\n",
        TEXT + "\n" + BY_PETER[:-1],
        "\x01" + TEXT + "\n" + BY_PETER,
        "\udcff" + TEXT + "\n" + BY_PETER,
        TEXT + "\n" + BY_PETER.replace("PeterNeumann", "Bad Name"),
        TEXT + "\n" + BY_PETER + "Unexpected line.\n",
        TEXT + "\n" + BY_PETER[:60] + "ABCD" + BY_PETER[60:],
    ],
)
def test_malformed_notes_are_refused(note: str) -> None:
    with pytest.raises(NoteError):
        opened(note, [verifier_of(PETER)])


def test_no_part_and_no_neighbour_of_a_key_is_a_key() -> None:
    for start in range(len(PETER)):
        for end in range(start + 1, len(PETER) + 1):
            if (start, end) != (0, len(PETER)):
                with pytest.raises(NoteError):
                    verifier_of(PETER[start:end])
    for place, letter in enumerate(PETER):
        with pytest.raises(NoteError):
            verifier_of(PETER[:place] + chr(ord(letter) + 1) + PETER[place + 1 :])
    with pytest.raises(NoteError, match="kind"):
        verifier_of("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")


@settings(deadline=None)
@given(st.integers(0, 10**18), st.binary(min_size=32, max_size=32))
def test_checkpoints_are_read_as_they_were_written(size: int, root: bytes) -> None:
    head = Checkpoint(origin="yk.example/evidence/events", size=size, root=root)
    assert checkpoint_of(head.text) == head


@pytest.mark.parametrize(
    "text",
    [
        "",
        "log\n1\n",
        "log\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "log\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n",
        "log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=",
        "log\n1\nAAAA\n",
        "log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",
        "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
    ],
)
def test_malformed_checkpoints_are_refused(text: str) -> None:
    with pytest.raises(NoteError):
        checkpoint_of(text)


def test_our_checkpoints_open_with_our_key_only() -> None:
    head = Checkpoint(origin=origin_of("things"), size=3, root=b"r" * 32)
    note = signed(head)
    assert opened_checkpoint(note, verifiers(head.origin)) == head
    assert verifier_of(public_key(head.origin)).name == head.origin
    with pytest.raises(NoteError):
        opened_checkpoint(note, verifiers(origin_of("others")))
    with pytest.raises(NoteError):
        opened_checkpoint(note.replace("\n3\n", "\n4\n"), verifiers(head.origin))


def test_the_key_is_made_once_and_its_owners_only(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "evidence" / "ed25519.pem"
    first = kept_key(path)
    assert kept_key(path).private_bytes_raw() == first.private_bytes_raw()
    assert path.stat().st_mode & 0o777 == 0o600
    assert [found.name for found in path.parent.iterdir()] == ["ed25519.pem"]


@settings(deadline=None)
@given(
    st.integers(0, 10**18),
    st.lists(st.binary(min_size=32, max_size=32), max_size=63),
    st.binary(max_size=80),
)
def test_proofs_are_read_as_they_were_written(index: int, path: list[bytes], extra: bytes) -> None:
    note = TEXT + "\n" + BY_PETER
    found = proof_of(proof_text(index, path, note, extra=extra))
    assert (found.index, list(found.path), found.note, found.extra) == (index, path, note, extra)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "c2sp.org/tlog-proof@v1\n\nnote",
        "c2sp.org/tlog-proof@v2\nindex 1\n\nnote",
        "c2sp.org/tlog-proof@v1\nindex 01\n\nn",
    ],
)
def test_malformed_proofs_are_refused(text: str) -> None:
    with pytest.raises(NoteError):
        proof_of(text)
