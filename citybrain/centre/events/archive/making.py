"""Makes the archive of a case: a ZIP that a stranger checks off-line with the script inside (可验证案卷档案).

Every step must stand on the ledger first; what waits is sealed now. That it was taken out, by whom and what for stands
in the security log and, with the manifest's hash, on the ledger's log `exports`.
"""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citybrain.centre.events.archive import contents
from citybrain.centre.events.journal import LOG, digest_of, reference_of
from citybrain.centre.events.models import Event, Step
from citybrain.centre.events.pages.steps import done_words
from citybrain.centre.events.refusals import Refused
from citybrain.declare.words import Grade
from citybrain.hubs.evidence.actions import Leaf, append
from citybrain.hubs.evidence.keys import public_key, signed_text
from citybrain.hubs.evidence.models import Checkpoint, Log
from citybrain.hubs.evidence.models import Leaf as Logged
from citybrain.hubs.evidence.queries import inclusion, last_checkpoint, leaves_of
from citybrain.hubs.evidence.sealing import seal
from citybrain.hubs.evidence.subjects import SUBJECTS, Subject
from citybrain.hubs.evidence.tiles import Damaged, TileReader
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import SecurityEvent
from citybrain.kernel.identity.scope import scoped_one
from citybrain.kernel.identity.security_log import log_security
from citybrain.kernel.records import blobs
from citybrain.kernel.records.shape import shape_of

EXPORT = shape_of(Event).permission("export")
EXPORTS = "exports"
"""The ledger's log of what was taken out."""
KIND = "archive"
ACTION = "export"
"""How the security log calls it."""
HEAD = "citybrain-archive/v1"
HERE = Path(__file__).parent
IN_MEMORY = 8 * 1024 * 1024
"""Bytes of a ZIP up to which it needs no file."""


@dataclass(frozen=True)
class Archive:
    """An archive that was made."""

    name: str
    """File name."""
    file: IO[bytes]
    """The ZIP, at its beginning."""
    manifest: str
    """SHA-256 of the manifest: its leaf on the log `exports`."""


def make(event: Event, actor: Actor, purpose: str) -> Archive:
    """The archive of a case. Raises PermissionDenied, ValidationError without a purpose, Refused when it cannot hold.

    The words of a case may speak of people: the clearance must reach them, and the purpose is written down.
    """
    purpose = " ".join(purpose.split())[:200]
    if not purpose:
        raise ValidationError({"purpose": _("Say what you need the archive for.")})
    told = actor.for_purpose(purpose)
    event = scoped_one(Event.objects.select_related("organisation"), told, EXPORT, pk=event.pk)
    if not told.sees(Grade.L2):
        raise PermissionDenied(_("The words of the case lie above your clearance."))
    steps = list(event.journal.order_by("number"))
    checkpoint, leaves = sealed(event, steps)
    files = dict(texts(event, steps, told, checkpoint, leaves))
    media = dict(pictures(steps))
    note = manifest(event, files, media, checkpoint)
    digest = hashlib.sha256(note.encode()).hexdigest()
    file = packed(files | {"manifest.txt": note.encode()}, media)
    with transaction.atomic():
        line = log_security(
            told, ACTION, thing="event", thing_id=event.number, detail={"format": KIND, "manifest": digest}
        )
        append(EXPORTS, [Leaf(KIND, f"{event.number}/{line.pk}", digest)])
    return Archive(name=f"{event.number}.zip", file=file, manifest=digest)


def sealed(event: Event, steps: Sequence[Step]) -> tuple[Checkpoint, list[Logged]]:
    """The checkpoint in force and the leaves of the steps, all of which have their place. Raises Refused."""
    for step in steps:
        if digest_of(step, event.number) != step.hash:
            raise Refused(
                "journal",
                _("Step %d does not have the hash that was written with it.") % step.number,
                _("Have the ledger checked: “citybrain evidence verify” names what was changed."),
            )
    wanted = [reference_of(step, event.number) for step in steps]
    try:
        while leaves_of(LOG, wanted).filter(index=None).exists():
            seal(LOG)
    except Damaged as error:
        raise Refused("ledger", str(error)) from None
    by_digest = {leaf.digest: leaf for leaf in leaves_of(LOG, wanted)}
    missing = next((step for step in steps if step.hash not in by_digest), None)
    checkpoint = last_checkpoint(LOG)
    if missing is not None or checkpoint is None:
        place = missing.number if missing is not None else 1
        raise Refused("ledger", _("Step %d has no leaf on the ledger.") % place, _("Have the ledger checked."))
    return checkpoint, [by_digest[step.hash] for step in steps]


def texts(
    event: Event, steps: Sequence[Step], actor: Actor, checkpoint: Checkpoint, leaves: Sequence[Logged]
) -> Iterator[tuple[str, bytes]]:
    """Every file but pictures and manifest."""
    folded = contents.tasks(steps)
    known = contents.names(steps, folded)
    yield "case.json", contents.as_json(contents.case(event, steps))
    yield "case.txt", contents.reading(event, steps, known, done_words)
    yield "journal.jsonl", contents.journal(event, steps)
    yield "tasks.json", contents.as_json(folded)
    yield "signals.json", contents.as_json(contents.signals(event))
    yield "names.json", contents.as_json(known)
    yield "checkpoint.txt", checkpoint.note.encode()
    # One reader for all: neighbouring leaves lie in the same tiles.
    reader = TileReader(LOG)
    for step, leaf in zip(steps, leaves, strict=True):
        found = inclusion(leaf, checkpoint, reader)
        assert found is not None
        yield f"proofs/{step.number:04d}.tlog-proof", found.text.encode()
    origin = Log.objects.get(pk=LOG).origin
    yield "public-key.txt", f"{public_key(origin)}\n{public_key(signing_name(origin))}\n".encode()
    yield "verify.py", (HERE / "verify.py").read_bytes()
    words = (HERE / "README.md").read_text(encoding="utf-8")
    said = {
        "number": event.number,
        "title": " ".join(event.title.split()),
        "made_at": timezone.localtime().strftime("%Y-%m-%d %H:%M"),
        "organisation": contents.body_name(actor.organisation_id),
        "purpose": actor.purpose,
    }
    for name, value in said.items():
        words = words.replace(f"{{{name}}}", value, 1)
    yield "README.md", words.encode()


def signing_name(origin: str) -> str:
    """Name under which manifests are signed, beside the log's own."""
    return f"{origin.rpartition('/')[0]}/archives"


def pictures(steps: Sequence[Step]) -> Iterator[tuple[str, Path]]:
    """Files the journal names, where their bytes lie. Raises Refused for bytes that are gone."""
    for step in steps:
        for one in step.media:
            path = blobs.path_of(one["sha256"])
            if not path.exists():
                raise Refused("media", _("The file %s of step %d is gone.") % (one.get("name", ""), step.number))
            yield f"media/{one['sha256']}{suffix(one.get('name', ''))}", path


def suffix(name: str) -> str:
    """End of a file's name, if it is a plain one: `.jpg`."""
    found = Path(name).suffix.lower()
    return found if found[1:].isalnum() and found.isascii() and len(found) <= 6 else ""


def manifest(event: Event, files: Mapping[str, bytes], media: Mapping[str, Path], checkpoint: Checkpoint) -> str:
    """The signed list of every file with its SHA-256."""
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    digests |= {name: path.name for name, path in media.items()}
    lines = [HEAD, event.number, *(f"{digests[name]}  {name}" for name in sorted(digests))]
    return signed_text(signing_name(checkpoint.note.split("\n", 1)[0]), "\n".join(lines) + "\n")


def packed(files: Mapping[str, bytes], media: Mapping[str, Path]) -> IO[bytes]:
    """The ZIP."""
    # The answer closes it when it was sent.
    file: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # type: ignore[assignment]  # noqa: SIM115
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in sorted(files.items()):
            made.writestr(name, content)
        for name, path in sorted(media.items()):
            # Pictures are compressed already.
            made.write(path, name, zipfile.ZIP_STORED)
    file.seek(0)
    return file


# --------------------------------------------------------------------------- what the ledger asks of archives


def digests(references: Sequence[str]) -> Mapping[str, str]:
    """Manifest hash of each archive, as the security log has it now."""
    lines = {reference.rpartition("/")[2]: reference for reference in references}
    found = SecurityEvent.objects.filter(pk__in=[key for key in lines if key.isdecimal()], action=ACTION)
    return {
        lines[str(line.pk)]: str(line.detail.get("manifest", ""))
        for line in found
        if lines[str(line.pk)] == f"{line.thing_id}/{line.pk}"
    }


SUBJECTS.install(KIND, Subject(title=gettext_lazy("Archive of an event"), digests=digests))
