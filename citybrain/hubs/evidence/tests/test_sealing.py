"""Leaves get their places once, in order, and every checkpoint continues the one before."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from citybrain.hubs.evidence.actions import Leaf, append
from citybrain.hubs.evidence.keys import verifiers
from citybrain.hubs.evidence.models import Checkpoint, Log, Tile
from citybrain.hubs.evidence.models import Leaf as Row
from citybrain.hubs.evidence.notes import opened_checkpoint, proof_of
from citybrain.hubs.evidence.queries import (
    checkpoint_at,
    consistency,
    inclusion,
    last_checkpoint,
    leaves_of,
    waiting,
)
from citybrain.hubs.evidence.sealing import copy_path, seal, seal_waiting, waiting_logs
from citybrain.hubs.evidence.tests.conftest import LOG, Things, digest
from citybrain.hubs.evidence.tiles import Damaged, TileReader
from citybrain.hubs.evidence.tree import Growing, entry_of, leaf_hash, verify_consistency, verify_inclusion

pytestmark = pytest.mark.django_db


def head(size: int | None = None) -> Any:
    found = checkpoint_at(LOG, size)
    return opened_checkpoint(found.note, verifiers(Log.objects.get(pk=LOG).origin))


def test_leaves_wait_until_they_are_sealed(things: Things) -> None:
    things.add(3)
    assert (waiting(LOG), waiting_logs(), last_checkpoint(LOG)) == (3, [LOG], None)
    assert inclusion(leaves_of(LOG, ["T-1"])[0]) is None

    made = seal(LOG)

    assert made is not None and made.size == 3
    assert list(Row.objects.order_by("index").values_list("index", "reference")) == [(0, "T-0"), (1, "T-1"), (2, "T-2")]
    assert seal(LOG) is None
    assert waiting_logs() == []
    assert Log.objects.get().origin.endswith(".citybrain/evidence/things")


def test_leaves_stand_or_fall_with_their_record(things: Things) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        append(LOG, [Leaf("thing", "T-0", digest("thing 0"))])
        Log.objects.create(key="x", origin="x")
        Log.objects.create(key="y", origin="x")
    assert seal(LOG) is None


@pytest.mark.parametrize(
    ("log", "leaf"),
    [
        ("Things", Leaf("thing", "T-1", digest("x"))),
        (LOG, Leaf("a thing", "T-1", digest("x"))),
        (LOG, Leaf("thing", "T 1", digest("x"))),
        (LOG, Leaf("thing", "T\n1", digest("x"))),
        (LOG, Leaf("thing", "", digest("x"))),
        (LOG, Leaf("thing", "T" * 129, digest("x"))),
        (LOG, Leaf("thing", "T-1", digest("x")[:-1])),
        (LOG, Leaf("thing", "T-1", digest("x").upper())),
    ],
)
def test_what_cannot_be_a_leaf_is_refused(log: str, leaf: Leaf) -> None:
    with pytest.raises(ValueError, match=r"log|Leaf"):
        append(log, [leaf])
    assert not Row.objects.exists()


def test_rows_are_only_added(things: Things) -> None:
    things.add(1)
    seal(LOG)
    for rows in (Row.objects.all(), Checkpoint.objects.all()):
        with pytest.raises(TypeError, match="never changed"):
            rows.update(log="other")
        with pytest.raises(TypeError, match="never changed"):
            rows.delete()


@pytest.mark.parametrize("batches", [(1,) * 20, (255, 1, 1), (256, 256), (257, 600, 1), (1000,), (70_000,)])
def test_the_tree_in_tiles_is_the_tree_of_its_leaves(things: Things, batches: tuple[int, ...]) -> None:
    for number in batches:
        things.add(number)
        while seal(LOG, 4096):
            pass
    growing = Growing()
    for reference, text in things.rows.items():
        growing.add(leaf_hash(entry_of("thing", reference, digest(text))))
    assert (head().size, head().root) == (growing.size, growing.root)
    widths = {(tile.level, tile.index): len(tile.hashes) // 32 for tile in Tile.objects.filter(log=LOG)}
    size = sum(batches)
    for level in range(3):
        full, partial = divmod(size >> (8 * level), 256)
        expected = {(level, index): 256 for index in range(full)} | ({(level, full): partial} if partial else {})
        assert {place: width for place, width in widths.items() if place[0] == level} == expected


@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, 400), min_size=1, max_size=5), st.data())
def test_every_checkpoint_continues_every_earlier_one(
    things: Things, tmp_path: Path, batches: list[int], data: st.DataObject
) -> None:
    with transaction.atomic():
        for number in batches:
            things.add(number)
            seal(LOG)
        sizes = list(Checkpoint.objects.values_list("size", flat=True))
        old = data.draw(st.sampled_from(sizes))
        new = data.draw(st.sampled_from([size for size in sizes if size >= old]))
        first, second = head(old), head(new)
        proof = consistency(checkpoint_at(LOG, old), checkpoint_at(LOG, new))
        verify_consistency(first.size, second.size, first.root, second.root, proof.path)

        place = data.draw(st.integers(0, new - 1))
        found = inclusion(Row.objects.get(log=LOG, index=place), checkpoint_at(LOG, new))
        assert found is not None
        verify_inclusion(found.hash, place, new, found.path, second.root)
        read = proof_of(found.text)
        assert (read.index, read.path, read.extra) == (place, found.path, found.entry)
        assert opened_checkpoint(read.note, verifiers(second.origin)) == second
        transaction.set_rollback(True)
    things.rows.clear()
    shutil.rmtree(tmp_path / "evidence", ignore_errors=True)


def test_a_proof_reads_a_few_rows_however_large_the_log_is(things: Things, django_assert_max_num_queries: Any) -> None:
    things.add(70_000)
    while seal(LOG, 40_000):
        pass
    leaf = Row.objects.get(log=LOG, index=12_345)
    with django_assert_max_num_queries(6):
        inclusion(leaf)
    with django_assert_max_num_queries(8):
        consistency(checkpoint_at(LOG, 40_000), checkpoint_at(LOG, 70_000))


def test_a_checkpoint_nobody_made_is_not_found(things: Things) -> None:
    with pytest.raises(Checkpoint.DoesNotExist, match="0 leaves"):
        checkpoint_at(LOG, None)
    things.add(2)
    seal(LOG)
    with pytest.raises(Checkpoint.DoesNotExist, match="1 leaves"):
        checkpoint_at(LOG, 1)


@pytest.mark.django_db(transaction=True)
def test_the_last_checkpoint_lies_beside_the_database(things: Things) -> None:
    things.add(2)
    seal(LOG)
    assert copy_path(LOG).read_text() == checkpoint_at(LOG, 2).note
    things.add(2)
    seal(LOG)
    assert copy_path(LOG).read_text() == checkpoint_at(LOG, 4).note


@pytest.mark.django_db(transaction=True)
def test_a_database_from_an_older_backup_does_not_begin_a_second_history(things: Things) -> None:
    things.add(5)
    seal(LOG, 3)
    seal(LOG, 3)
    given_out = copy_path(LOG).read_text()
    # The backup: the rows as they were at 3.
    Row.objects.all()._raw_delete("default")
    Checkpoint.objects.all()._raw_delete("default")
    Tile.objects.all().delete()
    Log.objects.update(size=0)
    copy_path(LOG).unlink()
    things.rows.clear()
    things.add(3)
    seal(LOG)
    copy_path(LOG).write_text(given_out)

    append(LOG, [Leaf("thing", "T-other", digest("another history"))])
    with pytest.raises(Damaged, match="5 leaves was given out, and the database knows 3"):
        seal(LOG)
    assert waiting(LOG) == 1


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sealed_on_a_tree_that_was_changed_and_other_logs_go_on(things: Things) -> None:
    things.add(300)
    seal(LOG)
    tile = Tile.objects.get(log=LOG, level=0, index=1)
    tile.hashes = bytes(tile.hashes)[:-32]
    tile.save()
    things.add(1)
    append("zzz-others", [Leaf("other", "O-1", digest("other"))])

    with pytest.raises(Damaged, match=r"tile 0/1"):
        seal_waiting()

    assert waiting(LOG) == 1
    assert checkpoint_at("zzz-others", None).size == 1


def test_reading_behind_the_end_is_refused(things: Things) -> None:
    things.add(3)
    seal(LOG)
    with pytest.raises(Damaged, match="ends before"):
        TileReader(LOG)(0, 3)
