"""An archive is checked by a stranger: off-line, without this system, and whatever was changed in it is named."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from citybrain.centre.events.actions import act
from citybrain.centre.events.archive import verify
from citybrain.centre.events.archive.making import EXPORTS, make
from citybrain.centre.events.drafts import ReporterDraft, SignalDraft
from citybrain.centre.events.machine import Verb
from citybrain.centre.events.models import Channel, Event
from citybrain.centre.events.orders import Media, Order
from citybrain.centre.events.receiving import receive
from citybrain.centre.events.refusals import Refused
from citybrain.centre.events.tasks import finish_task, sign_task
from citybrain.centre.events.tests.county import PIT, County
from citybrain.hubs.evidence.checking import check
from citybrain.hubs.evidence.keys import public_key
from citybrain.hubs.evidence.models import Log
from citybrain.hubs.evidence.sealing import seal
from citybrain.kernel.identity.models import SecurityEvent, User
from citybrain.kernel.records.attachments import attach

Case = Callable[..., Event]
V = Verb
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63606060000000040001"
    "f61738550000000049454e44ae426082"
)
MOBILE = "13800000000"


@pytest.fixture(autouse=True)
def own_home(settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path / "home"
    settings.ATTACHMENTS = tmp_path / "attachments"


def do(event: Event, verb: Verb, actor: Any, **order: Any) -> None:
    act(event, Order(verb=verb, **order), actor, seen=event.steps)


@pytest.fixture
def done(county: County, case: Case) -> Event:
    """A case told twice, handled with a picture and reported done."""
    event = case(reporter=ReporterDraft(name="王小明", contact=MOBILE))
    receive(SignalDraft(channel=Channel.HOTLINE, text="还是那个坑，没人管"), county.agent, join=event)
    event.refresh_from_db()
    do(event, V.ACCEPT, county.desk, type=PIT.key)
    do(event, V.DISPATCH, county.desk, organisation=county.road, assistants=(county.water,))
    do(event, V.SIGN, county.road_worker)
    picture = attach(event, SimpleUploadedFile("after.png", PNG), county.road_worker)
    task = event.tasks.get(organisation=county.water)
    finish(task, county)
    event.refresh_from_db()
    do(
        event,
        V.REPORT_DONE,
        county.road_worker,
        text="已修补",
        media=(Media(attachment=picture.pk, role="after"),),
        result="fixed_with_proof",
    )
    return event


def finish(task: Any, county: County) -> None:
    sign_task(task, county.water_worker)
    task.refresh_from_db()
    finish_task(task, county.water_worker, "已配合断水")


@pytest.fixture
def folder(done: Event, county: County, tmp_path: Path) -> Path:
    """The archive, unpacked at the stranger's."""
    made = make(done, county.desk, "移送复核")
    place = tmp_path / "unpacked"
    with zipfile.ZipFile(made.file) as file:
        file.extractall(place)
    return place


def stranger(place: Path, *words: str) -> tuple[int, str]:
    """Exit status and words of the script, without site-packages, environment or this system."""
    script = place / "verify.py"
    command = [sys.executable, "-I", "-S", str(script), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", env={"PYTHONUTF8": "1"})
    return done.returncode, done.stdout + done.stderr


def test_an_honest_archive_holds(folder: Path) -> None:
    status, said = stranger(folder)
    assert status == 0, said
    assert "The archive holds." in said and "档案核验通过" in said
    assert "The key came with the archive" in said
    key = (folder / "public-key.txt").read_text().split()[0]
    assert key == public_key(Log.objects.get(pk="events").origin)
    status, said = stranger(folder, "--key", key)
    assert status == 0 and "The key is the one you gave." in said


def test_the_zip_is_checked_as_it_was_sent(done: Event, county: County, tmp_path: Path, folder: Path) -> None:
    made = make(done, county.desk, "移送复核")
    sent = tmp_path / made.name
    sent.write_bytes(made.file.read())
    assert stranger(folder, str(sent))[0] == 0
    sent.write_bytes(sent.read_bytes()[:-40])
    assert stranger(folder, str(sent))[0] == 1


def test_it_names_nobody_who_told(folder: Path) -> None:
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file()).decode("utf-8", "ignore")
    assert "王小明" not in everything and MOBILE not in everything
    signals = json.loads((folder / "signals.json").read_text())
    assert [signal["reporter"][:1] for signal in signals] == ["R", ""]
    assert "还是那个坑" in everything and "移送复核" in (folder / "README.md").read_text()


def test_every_file_that_is_changed_is_named(folder: Path) -> None:
    for path in sorted(found for found in folder.rglob("*") if found.is_file()):
        name = path.relative_to(folder).as_posix()
        honest = path.read_bytes()
        if name == "verify.py":
            path.write_bytes(honest + b"\n# changed\n")
        else:
            path.write_bytes(honest[:-2] + bytes([honest[-2] ^ 1]) + honest[-1:])
        status, said = stranger(folder)
        path.write_bytes(honest)
        assert status == 1, name
        # A key whose bytes changed is a malformed or an unknown "public key"; one cut short, bad Base64 in the file.
        assert name in said or (name == "public-key.txt" and "public key" in said), (name, said)
    assert stranger(folder)[0] == 0


def test_every_file_that_is_gone_or_added_is_named(folder: Path) -> None:
    for path in sorted(found for found in folder.rglob("*") if found.is_file() and found.name != "verify.py"):
        honest = path.read_bytes()
        path.unlink()
        status, said = stranger(folder)
        path.write_bytes(honest)
        assert status == 1 and path.name in said
    (folder / "extra.txt").write_text("x")
    status, said = stranger(folder)
    assert status == 1 and "extra.txt is not in the manifest" in said


def test_a_key_that_was_exchanged_is_found_by_who_has_the_right_one(folder: Path) -> None:
    honest = (folder / "public-key.txt").read_text().split()[0]
    forged = verify_key(Ed25519PrivateKey.generate().public_key().public_bytes_raw(), honest.split("+")[0])
    status, said = stranger(folder, "--key", forged)
    assert status == 1 and "not the one you gave" in said


def verify_key(public: bytes, name: str) -> str:
    identity = hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]
    return f"{name}+{identity.hex()}+{base64.b64encode(bytes([1]) + public).decode()}"


# The layers below the manifest: whoever had the key could sign another manifest, and would still be found.

Change = Callable[[Path], None]


def edited(name: str, old: str, new: str) -> Change:
    def change(folder: Path) -> None:
        path = folder / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))

    return change


def lines(name: str, order: Callable[[list[str]], list[str]]) -> Change:
    def change(folder: Path) -> None:
        path = folder / name
        path.write_text("".join(order(path.read_text().splitlines(keepends=True))))

    return change


def swapped_proofs(folder: Path) -> None:
    one, two = folder / "proofs" / "0001.tlog-proof", folder / "proofs" / "0002.tlog-proof"
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)


def other_picture(folder: Path) -> None:
    path = next((folder / "media").iterdir())
    path.write_bytes(b"another picture")


def no_picture(folder: Path) -> None:
    next((folder / "media").iterdir()).unlink()


FORGED = {
    "a step's words": (edited("journal.jsonl", "已修补", "未修补"), "Step"),
    "a step left out": (lines("journal.jsonl", lambda found: [found[0], *found[2:]]), "Line 2"),
    "two steps exchanged": (lines("journal.jsonl", lambda found: [found[1], found[0], *found[2:]]), "Line 1"),
    "the last step cut off": (lines("journal.jsonl", lambda found: found[:-1]), "The case's"),
    "a blank in a line": (edited("journal.jsonl", '"verb":', '"verb" :'), "malformed"),
    "the case's title": (edited("case.json", "路面有个大坑", "路面平整"), "The case's"),
    "the case's state": (edited("case.json", "reported_done", "closed"), "The case's state"),
    "a task's result": (edited("tasks.json", '"state": "done"', '"state": "waiting"'), "The tasks are not"),
    "a signal's words": (edited("signals.json", "没人管", "已处理"), "The words of signal"),
    "a signal's id": (edited("signals.json", '"id": ', '"id": 9'), "The signals are not"),
    "proofs exchanged": (swapped_proofs, "Step 1 is not the one on the ledger"),
    "a proof's index": (edited("proofs/0003.tlog-proof", "index 2", "index 1"), "Step 3"),
    "a checkpoint's size": (edited("checkpoint.txt", "\n8\n", "\n9\n"), "checkpoint.txt is not signed"),
    "another picture": (other_picture, "was changed"),
    "no picture": (no_picture, "is missing"),
}


def test_every_layer_holds_by_itself(folder: Path, tmp_path: Path) -> None:
    for number, (what, (change, named)) in enumerate(FORGED.items()):
        copy = Path(shutil.copytree(folder, tmp_path / f"copy-{number}"))
        change(copy)
        found = verify.Check(verify.Archive(copy), "", lambda _words: None)
        found.keys()
        found.number = json.loads((copy / "case.json").read_text())["number"]
        with pytest.raises(verify.Fault) as fault:
            for layer in (found.journal, found.proofs, found.case, found.tasks, found.signals, found.media):
                layer()
        assert named in str(fault.value), what


def test_taking_out_leaves_evidence(folder: Path, done: Event, county: County) -> None:
    line = SecurityEvent.objects.get(action="export")
    assert (line.thing_id, line.purpose, line.user_id) == (done.number, "移送复核", county.desk.user_id)
    seal(EXPORTS)
    assert check(EXPORTS).fault is None
    SecurityEvent.objects.filter(pk=line.pk)._raw_delete("default")
    assert f"{done.number}/{line.pk}" in str(check(EXPORTS).fault)


def test_a_purpose_a_permission_and_a_reach_are_needed(done: Event, county: County) -> None:
    with pytest.raises(ValidationError, match="what you need the archive for"):
        make(done, county.desk, "  ")
    with pytest.raises(PermissionDenied):
        make(done, county.agent, "x")
    with pytest.raises(Event.DoesNotExist):
        make(done, county.power_worker, "x")
    assert not SecurityEvent.objects.filter(action="export").exists()


def test_a_journal_that_was_changed_is_not_archived(done: Event, county: County) -> None:
    step = done.journal.get(number=2)
    sql("UPDATE events_step SET text = 'forged' WHERE id = %s", step.pk)
    with pytest.raises(Refused, match="Step 2 does not have the hash"):
        make(done, county.desk, "x")


def test_a_step_without_a_leaf_is_not_archived(done: Event, county: County) -> None:
    sql("DELETE FROM evidence_leaf WHERE reference = %s", f"{done.number}/3")
    with pytest.raises(Refused, match="Step 3 has no leaf"):
        make(done, county.desk, "x")


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


# Ed25519 in the script


@settings(max_examples=15, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200), st.integers(0, 511))
def test_the_script_takes_the_signatures_cryptography_makes(seed: bytes, text: bytes, bit: int) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(text)
    assert verify.is_signed(public, text, signature)
    assert not verify.is_signed(public, text + b"x", signature)
    flipped = bytearray(signature)
    flipped[bit // 8] ^= 1 << bit % 8
    assert not verify.is_signed(public, text, bytes(flipped))


# RFC 8032, section 7.1: TEST 1, TEST 2, TEST 3.
VECTORS = (
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
)


@pytest.mark.parametrize(("public", "text", "signature"), VECTORS)
def test_the_script_takes_the_vectors_of_the_standard(public: str, text: str, signature: str) -> None:
    assert verify.is_signed(bytes.fromhex(public), bytes.fromhex(text), bytes.fromhex(signature))


def test_the_script_refuses_what_is_no_key_and_no_signature() -> None:
    public, text, signature = (bytes.fromhex(part) for part in VECTORS[1])
    order = (2**252 + 27742317777372353535851937790883648493).to_bytes(32, "little")
    number = int.from_bytes(signature[32:], "little") + int.from_bytes(order, "little")
    # The same signature with its number lifted by the order of the group, which a lax check would take.
    assert not verify.is_signed(public, text, signature[:32] + number.to_bytes(32, "little"))
    assert not verify.is_signed(b"\xff" * 32, text, signature)
    assert not verify.is_signed(public[:31], text, signature)
    assert not verify.is_signed(public, text, signature[:63])


def test_the_page_asks_for_a_purpose_and_hands_the_archive_out(
    done: Event, county: County, signed_in_client: Callable[..., Any]
) -> None:
    client = signed_in_client(User.objects.get(pk=county.desk.user_id))
    address = f"/events/{done.number}/archive/"
    assert "What do you need the archive for?" in client.get(address).content.decode()
    assert client.post(address, {"purpose": " "}).status_code == 422
    answer = client.post(address, {"purpose": "移送复核"})
    assert answer["Content-Type"] == "application/zip" and answer["Cache-Control"] == "no-store"
    assert "verify.py" in zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).namelist()
    outsider = signed_in_client(User.objects.get(pk=county.power_worker.user_id))
    assert outsider.get(address).status_code == 404
    agent = signed_in_client(User.objects.get(pk=county.agent.user_id))
    assert agent.get(address).status_code == 403
