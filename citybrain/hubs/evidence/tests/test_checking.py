"""Whatever is changed behind the ledger's back is found, and named."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection

from citybrain.hubs.evidence import keys
from citybrain.hubs.evidence.actions import append
from citybrain.hubs.evidence.checking import Fault, Report, check
from citybrain.hubs.evidence.keys import verifiers
from citybrain.hubs.evidence.models import Checkpoint, Leaf, Log, Tile
from citybrain.hubs.evidence.notes import Checkpoint as Head
from citybrain.hubs.evidence.notes import key_id, note_of, opened_checkpoint
from citybrain.hubs.evidence.sealing import copy_path, seal
from citybrain.hubs.evidence.subjects import SUBJECTS, Subject
from citybrain.hubs.evidence.tests.conftest import LOG, Things, leaf
from citybrain.hubs.evidence.tiles import joined, split
from citybrain.hubs.evidence.tree import entry_of, leaf_hash

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def ledger(things: Things) -> None:
    """600 leaves under three checkpoints, and two that wait."""
    for number in (200, 300, 100):
        things.add(number)
        seal(LOG)
    things.add(2)


def fault(*against: str) -> Fault:
    found = check(LOG, against).fault
    assert found is not None
    return found


def sql(statement: str, *values: object) -> None:
    """What somebody with the database's password can do."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount >= 1


def test_an_honest_ledger_holds() -> None:
    told: list[tuple[int, int]] = []
    report = check(LOG, [checkpoint.note for checkpoint in Checkpoint.objects.all()], lambda *now: told.append(now))
    assert report == Report(log=LOG, leaves=600, waiting=2, checkpoints=3, root=Checkpoint.objects.last().root)
    assert told == [(600, 600)]


def test_a_changed_record_is_named(things: Things) -> None:
    things.rows["T-417"] += ", changed"
    things.rows["T-500"] += ", changed"
    found = fault()
    assert (found.index, found.kind, found.reference) == (417, "thing", "T-417")
    assert "record was changed" in str(found) and str(found).startswith("Leaf 417 (thing T-417)")


def test_a_record_that_is_gone_is_named(things: Things) -> None:
    del things.rows["T-3"]
    assert (fault().index, fault().reference) == (3, "T-3")
    assert "gone" in fault().text


def test_a_changed_record_is_named_while_its_leaf_waits(things: Things) -> None:
    things.rows["T-601"] = "changed"
    assert (fault().index, fault().reference) == (None, "T-601")
    assert str(fault()).startswith("A waiting leaf (thing T-601)")


def test_a_record_past_the_ledger_is_named(things: Things) -> None:
    things.rows["T-smuggled"] = "never appended"
    assert "T-smuggled has no leaf" in str(fault())


def test_what_no_longer_follows_from_the_records_is_named(things: Things) -> None:
    broken = ["T-1: its total is 4, its lines add up to 3.", "T-2: another."]
    subject = Subject(title="Thing", digests=things.digests, follows=lambda: broken)
    SUBJECTS.install("thing", subject)
    assert str(fault()) == broken[0]


def test_a_leaf_changed_together_with_its_record_is_named(things: Things) -> None:
    things.rows["T-250"] = "forged"
    sql("UPDATE evidence_leaf SET digest = %s WHERE reference = %s", leaf("T-250", "forged").digest, "T-250")
    assert (fault().index, fault().reference) == (250, "T-250")
    assert "leaf was changed" in fault().text


@pytest.mark.parametrize("place", [0, 199, 255, 256, 598])
def test_a_deleted_leaf_is_named(place: int) -> None:
    sql('DELETE FROM evidence_leaf WHERE "index" = %s', place)
    assert fault().index == place
    assert str(fault()) == f"Leaf {place} is missing; the next one there is stands at {place + 1}."


def test_leaves_cut_off_at_the_end_are_named() -> None:
    sql('DELETE FROM evidence_leaf WHERE "index" >= 590')
    assert fault().index == 590
    assert "there are 590, and 600 were sealed" in str(fault())


def test_two_leaves_that_changed_places_are_named() -> None:
    sql('UPDATE evidence_leaf SET "index" = 9999 WHERE "index" = 100')
    sql('UPDATE evidence_leaf SET "index" = 100 WHERE "index" = 300')
    sql('UPDATE evidence_leaf SET "index" = 300 WHERE "index" = 9999')
    assert (fault().index, fault().reference) == (100, "T-300")
    assert "another put in its place" in fault().text


def test_a_changed_hash_in_a_tile_is_named_and_the_leaf_not_accused() -> None:
    tile = Tile.objects.get(log=LOG, level=0, index=1)
    tile.hashes = b"\0" * 32 + bytes(tile.hashes)[32:]
    tile.save()
    assert fault().index == 256
    assert "hash in the tile was changed; the leaf is the one" in fault().text


def test_a_changed_tile_above_is_named() -> None:
    tile = Tile.objects.get(log=LOG, level=1, index=0)
    tile.hashes = bytes(tile.hashes)[:32] + b"\0" * 32
    tile.save()
    assert "Tile 1/0 was changed: its hash 1" in str(fault())


def test_a_tile_that_was_lengthened_is_named() -> None:
    tile = Tile.objects.get(log=LOG, level=0, index=2)
    tile.hashes = bytes(tile.hashes) + b"\0" * 32
    tile.save()
    assert "behind the last leaf" in str(fault())


def test_a_whole_tree_computed_anew_does_not_have_the_signed_root(things: Things) -> None:
    """Record, leaf and every tile agree with one another; the key was not at hand."""
    things.rows["T-5"] = "forged"
    forge_tree("T-5", "forged")
    assert "The first 200 leaves give the root" in str(fault())
    assert "the checkpoint over 200 leaves signed" in str(fault())


def forge_tree(reference: str, text: str) -> None:
    """Change a leaf among the first 256, and every tile above it as it should be."""
    sql("UPDATE evidence_leaf SET digest = %s WHERE reference = %s", leaf(reference, text).digest, reference)
    forged = Leaf.objects.get(reference=reference)
    hashes = split(bytes(Tile.objects.get(log=LOG, level=0, index=0).hashes))
    hashes[forged.index] = leaf_hash(entry_of("thing", reference, forged.digest))
    above = split(bytes(Tile.objects.get(log=LOG, level=1, index=0).hashes))
    above[0] = joined(b"".join(hashes))
    Tile.objects.filter(log=LOG, level=0, index=0).update(hashes=b"".join(hashes))
    Tile.objects.filter(log=LOG, level=1, index=0).update(hashes=b"".join(above))


def test_a_checkpoint_signed_by_another_key_is_named() -> None:
    last = Checkpoint.objects.last()
    origin = Log.objects.get(pk=LOG).origin
    text = Head(origin=origin, size=last.size, root=b"\1" * 32).text
    key = Ed25519PrivateKey.generate()
    name = key_id(origin, 1, keys.signer().public)
    sql(
        "UPDATE evidence_checkpoint SET note = %s WHERE size = 600",
        note_of(text, [(origin, name, key.sign(text.encode()))]),
    )
    assert str(fault()).startswith("Forged: the checkpoint over 600 leaves")


def test_a_checkpoint_row_that_differs_from_its_note_is_named() -> None:
    sql("UPDATE evidence_checkpoint SET root = %s WHERE size = 500", "00" * 32)
    assert "The checkpoint over 500 leaves was changed" in str(fault())


def test_checkpoints_that_were_removed_are_missed() -> None:
    sql("DELETE FROM evidence_checkpoint WHERE size = 600")
    assert "No checkpoint covers the leaves from 500 on" in str(fault())
    sql("DELETE FROM evidence_checkpoint")
    assert "No checkpoint covers the leaves from 0 on" in str(fault())


def test_an_operator_with_the_key_cannot_hide_from_a_checkpoint_kept_elsewhere(things: Things) -> None:
    kept = Checkpoint.objects.get(size=500).note
    sql("DELETE FROM evidence_leaf")
    sql("DELETE FROM evidence_checkpoint")
    Tile.objects.all().delete()
    Log.objects.all().delete()
    copy_path(LOG).unlink()
    things.rows["T-5"] = "another history"
    append(LOG, [leaf(reference, text) for reference, text in things.rows.items()])
    seal(LOG)

    assert check(LOG).fault is None
    assert "the checkpoint number 1 that was given signed" in str(fault(kept))


def test_the_copy_beside_the_database_is_held_against_it(own_home: Path) -> None:
    origin = Log.objects.get(pk=LOG).origin
    copy_path(LOG).write_text(keys.signed(Head(origin=origin, size=600, root=b"\2" * 32)))
    assert "things.checkpoint signed" in str(fault())
    copy_path(LOG).write_text(keys.signed(Head(origin=origin, size=900, root=b"\2" * 32)))
    assert "900" in str(fault())
    copy_path(LOG).write_text("nothing")
    assert "no checkpoint of this log" in str(fault())


def test_a_log_that_was_shortened_is_named() -> None:
    sql("UPDATE evidence_log SET size = 500")
    sql('DELETE FROM evidence_leaf WHERE "index" >= 500')
    assert "600" in str(fault())


def test_a_kind_nobody_answers_for_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SUBJECTS, "_subjects", {})
    report = check(LOG)
    assert (report.fault, report.unanswered) == (None, {"thing"})


def test_former_keys_still_hold(settings: object, own_home: Path) -> None:
    origin = Log.objects.get(pk=LOG).origin
    settings.EVIDENCE_FORMER_KEYS = [keys.public_key(origin)]  # type: ignore[attr-defined]
    (own_home / "evidence" / "ed25519.pem").unlink()
    keys._signer.cache_clear()
    assert check(LOG).fault is None
    seal(LOG)
    assert check(LOG).fault is None
    assert opened_checkpoint(Checkpoint.objects.last().note, verifiers(origin)).size == 602


def test_an_unknown_log_is_not_there() -> None:
    with pytest.raises(Log.DoesNotExist):
        check("unknown")
