"""The ledger's pages, API and tiles: for whom they are, and that what they hand out can be checked elsewhere."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from citybrain.declare.role import Reach
from citybrain.hubs.evidence.actions import Leaf, append
from citybrain.hubs.evidence.keys import verifiers
from citybrain.hubs.evidence.models import Log
from citybrain.hubs.evidence.notes import opened_checkpoint, proof_of, verifier_of
from citybrain.hubs.evidence.permissions import VIEW
from citybrain.hubs.evidence.queries import covered
from citybrain.hubs.evidence.sealing import seal
from citybrain.hubs.evidence.tests.conftest import LOG, Things, digest
from citybrain.hubs.evidence.tree import leaf_hash, verify_consistency, verify_inclusion

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]


@pytest.fixture
def auditor(official: Make, allowed: Make, signed_in_client: Make) -> Client:
    client: Client = signed_in_client(official("auditor", roles=[allowed(VIEW, reach=Reach.COUNTY)]))
    return client


@pytest.fixture
def ledger(things: Things) -> Things:
    """300 leaves under two checkpoints, and one that waits."""
    things.add(200)
    seal(LOG)
    things.add(100)
    seal(LOG)
    things.add(1)
    return things


def test_an_empty_ledger_says_so(auditor: Client) -> None:
    assert "Nothing was put on the ledger yet" in auditor.get("/evidence/").content.decode()


def test_the_ledger_shows_size_key_and_how_to_check(auditor: Client, ledger: Things) -> None:
    page = auditor.get("/evidence/").content.decode()
    log = Log.objects.get()
    assert log.origin in page and "citybrain evidence verify" in page
    assert f"{log.origin}+" in page
    assert f"/evidence/{LOG}/leaves/299/" in page and f"/evidence/{LOG}/leaves/285/" in page
    assert f"/evidence/{LOG}/consistency/?old=200&amp;new=300" in page


def test_a_record_is_found_by_its_number(auditor: Client, ledger: Things) -> None:
    page = auditor.get("/evidence/?q=T-123").content.decode()
    assert f"/evidence/{LOG}/leaves/123/" in page
    assert "No leaf is about such a record" in auditor.get("/evidence/?q=nothing").content.decode()
    assert auditor.get("/evidence/of/things/T-123/")["Location"] == f"/evidence/{LOG}/leaves/123/"
    assert auditor.get("/evidence/of/things/T-300/").status_code == 200
    assert auditor.get("/evidence/of/things/T-999/").status_code == 404


def test_a_record_with_several_leaves_shows_them_all(auditor: Client, ledger: Things) -> None:
    append(LOG, [Leaf("thing", "T-5", digest("a later state"))])
    seal(LOG)
    page = auditor.get("/evidence/of/things/T-5/").content.decode()
    assert f"/evidence/{LOG}/leaves/5/" in page and f"/evidence/{LOG}/leaves/301/" in page


@pytest.mark.parametrize("index", [0, 123, 255, 256, 299])
def test_a_proof_page_draws_the_way_to_the_root(auditor: Client, ledger: Things, index: int) -> None:
    page = auditor.get(f"/evidence/{LOG}/leaves/{index}/").content.decode()
    assert "Holds" in page and "Does not hold" not in page
    assert page.count('class="rung') == 3 * len(covered(index, 300))
    root = opened_checkpoint(auditor.get(f"/evidence/{LOG}/checkpoint").content.decode(), keys()).root.hex()
    assert f"{root[:8]}…{root[-4:]}" in page
    assert auditor.get(f"/evidence/{LOG}/leaves/300/").status_code == 404


def keys() -> Any:
    return verifiers(Log.objects.get().origin)


def test_the_taken_proof_holds_elsewhere(auditor: Client, ledger: Things) -> None:
    answer = auditor.get(f"/evidence/{LOG}/leaves/77/proof")
    assert answer["Content-Disposition"] == 'attachment; filename="things-77.tlog-proof"'
    proof = proof_of(answer.content.decode())
    head = opened_checkpoint(proof.note, keys())
    assert proof.extra.decode() == f"thing T-77 {digest('thing 77')}\n"
    verify_inclusion(leaf_hash(proof.extra), proof.index, head.size, proof.path, head.root)


def test_a_forged_proof_page_says_so(auditor: Client, ledger: Things) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE evidence_leaf SET digest = %s WHERE reference = 'T-77'", [digest("forged")])
    page = auditor.get(f"/evidence/{LOG}/leaves/77/").content.decode()
    assert "Does not hold" in page and "another root" in page


def test_consistency_is_shown(auditor: Client, ledger: Things) -> None:
    page = auditor.get(f"/evidence/{LOG}/consistency/?old=200&new=300").content.decode()
    assert "Holds" in page and "begins with the earlier one" in page
    for asked in ("old=300&new=200", "old=199&new=300", "old=x"):
        assert auditor.get(f"/evidence/{LOG}/consistency/?{asked}").status_code == 404


def test_the_api_hands_out_what_can_be_checked(auditor: Client, ledger: Things) -> None:
    base = f"/api/v1/evidence/{LOG}"
    log = auditor.get("/api/v1/evidence/").json()["logs"][0]
    key = [verifier_of(log["public_key"])]
    assert (log["key"], log["size"]) == (LOG, 300)

    head = opened_checkpoint(auditor.get(f"{base}/checkpoint").json()["note"], key)
    found = auditor.get(f"{base}/inclusion?index=42").json()
    path = [bytes.fromhex(step) for step in found["path"]]
    verify_inclusion(bytes.fromhex(found["leaf_hash"]), 42, head.size, path, head.root)
    assert found["leaf"] == {"index": 42, "kind": "thing", "reference": "T-42", "digest": digest("thing 42")}

    between = auditor.get(f"{base}/consistency?old=200").json()
    old, new = (opened_checkpoint(between[name]["note"], key) for name in ("old", "new"))
    verify_consistency(200, 300, old.root, new.root, [bytes.fromhex(step) for step in between["path"]])

    assert auditor.get(f"{base}/leaves?reference=T-300").json()["leaves"][0]["index"] is None
    assert [leaf["index"] for leaf in auditor.get(f"{base}/leaves?start=297").json()["leaves"]] == [297, 298, 299]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("things/checkpoint?size=7", 404),
        ("things/checkpoint?size=x", 400),
        ("others/checkpoint", 404),
        ("others/leaves?start=0", 404),
        ("things/leaves?start=-1", 400),
        ("things/leaves", 400),
        ("things/inclusion?index=300", 404),
        ("things/inclusion?index=250&size=200", 400),
        ("things/inclusion?index=99999999999999999999", 400),
        ("things/consistency?old=300&new=200", 400),
    ],
)
def test_what_is_asked_wrongly_is_named(auditor: Client, ledger: Things, asked: str, status: int) -> None:
    answer = auditor.get(f"/api/v1/evidence/{asked}")
    assert answer.status_code == status
    assert answer.json()["detail"]


def test_heads_and_hashes_are_everybodys_and_entries_are_not(client: Client, auditor: Client, ledger: Things) -> None:
    base = f"/evidence/{LOG}"
    head = opened_checkpoint(client.get(f"{base}/checkpoint").content.decode(), keys())
    lowest = client.get(f"{base}/tile/0/000").content + client.get(f"{base}/tile/0/001.p/44").content
    assert len(lowest) == 300 * 32 and head.size == 300
    assert len(client.get(f"{base}/tile/1/000.p/1").content) == 32

    assert client.get(f"{base}/tile/entries/001.p/44").status_code == 302
    bundle = auditor.get(f"{base}/tile/entries/001.p/44").content
    hashes = b""
    while bundle:
        (length,) = struct.unpack(">H", bundle[:2])
        hashes, bundle = hashes + leaf_hash(bundle[2 : 2 + length]), bundle[2 + length :]
    assert hashes == lowest[256 * 32 :]


@pytest.mark.parametrize(
    "place",
    [
        *("0/001", "0/001.p/45", "0/001.p/0", "0/001.p/256", "0/000.p/044"),
        *("0/1", "0/x000/000", "0/x001/000", "8/000", "1/000"),
    ],
)
def test_tiles_that_do_not_stand_are_not_found(client: Client, ledger: Things, place: str) -> None:
    assert client.get(f"/evidence/{LOG}/tile/{place}").status_code == 404


def test_who_may_not_see_the_ledger_sees_nothing(
    official: Make, allowed: Make, signed_in_client: Make, ledger: Things
) -> None:
    client = signed_in_client(official("li", roles=[allowed("x:view")]))
    for address in ("/evidence/", f"/evidence/{LOG}/leaves/1/", f"/api/v1/evidence/{LOG}/checkpoint"):
        assert client.get(address).status_code == 403
