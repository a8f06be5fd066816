"""Files attached to records (附件): told apart by content, cleaned of hidden data, reached through their record."""

from __future__ import annotations

import re
import time
import unicodedata
from typing import Any, BinaryIO

import filetype
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import Vouched, scoped_one, vouched, was_scoped
from citybrain.kernel.records import blobs, pictures
from citybrain.kernel.records.models import Attachment, Import, Record
from citybrain.kernel.records.shape import record_type, shape_of

MOST = 20 * 1024 * 1024
"""Largest file, bytes."""

MOST_FILES = 50
"""Files of one record."""

KINDS = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "mp4": "video/mp4",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "amr": "audio/amr",
    "ogg": "audio/ogg",
    "txt": "text/plain",
    "csv": "text/csv",
}
"""Kinds that are taken, by the name of the kind, with their media type."""

ACCEPTS = ",".join([*(f".{kind}" for kind in KINDS), ".jpeg"])
"""As a file input names them."""

WORDS = ("txt", "csv")
"""Kinds without a signature: told by their name, and by being text."""

DAY = 86_400


def attach(record: Record, upload: UploadedFile[Any], actor: Actor) -> Attachment:
    """Attaches a file; it is durable when this returns. The person must be allowed to edit the record.

    Raises ValidationError that names size, kind or damage with its remedy; the record's DoesNotExist out of reach.
    """
    shape = shape_of(type(record))
    name = clean_name(upload.name or "")
    if upload.size is None or upload.size > MOST:
        text = _("“%(name)s” is larger than %(most)d MB: make it smaller, or split it.")
        raise ValidationError(text % {"name": name, "most": MOST // 1024 // 1024})
    content = upload.read()
    kind = kind_of(content, name)
    small = b""
    if kind in pictures.FORMATS:
        content = pictures.cleaned(content, kind)
        small = pictures.thumbnail(content)
    with transaction.atomic():
        own = scoped_one(shape.model._default_manager.all(), actor, shape.permission("edit"), pk=record.pk)
        if _files(own).count() >= MOST_FILES:
            raise ValidationError(_("A record holds at most %d files: remove one first.") % MOST_FILES)
        blob = blobs.keep([content])
        if small:
            _keep_small(blob.digest, small)
        return Attachment.objects.create(
            record_kind=shape.key,
            record_id=own.pk,
            name=name,
            kind=kind,
            size=blob.size,
            digest=blob.digest,
            has_thumbnail=bool(small),
            user_id=actor.user_id,
        )


def detach(attachment: Attachment, actor: Actor) -> None:
    """Takes a file off its record. The bytes go with the next sweep, unless another row names them.

    Raises PermissionDenied where only verbs write: what they did is told by its files too.
    """
    _reach(attachment, actor, "edit")
    if record_type(attachment.record_kind).face.by_verbs:
        raise PermissionDenied(_("Files of this kind of record belong to its history and stay."))
    Attachment.objects.filter(pk=attachment.pk, removed_at=None).update(removed_at=timezone.now())


def files_of(record: Record, actor: Actor) -> Vouched[Attachment]:
    """The files of a record the person may see."""
    shape = shape_of(type(record))
    if not was_scoped(record, actor, shape.permission("view")):
        scoped_one(shape.model._default_manager.all(), actor, shape.permission("view"), pk=record.pk)
    return vouched(_files(record).select_related("user"), actor, shape.permission("view"))


def open_file(attachment: Attachment, actor: Actor) -> BinaryIO:
    """The bytes of a file whose record the person may see. Raises FileNotFoundError when they are gone."""
    _reach(attachment, actor, "view")
    return blobs.open_blob(attachment.digest)


def open_thumbnail(attachment: Attachment, actor: Actor) -> BinaryIO:
    """The small picture (WebP) of a file whose record the person may see. Raises FileNotFoundError without one."""
    _reach(attachment, actor, "view")
    return blobs.path_of(attachment.digest).with_suffix(".small").open("rb")


def sweep(older_than: float = DAY) -> int:
    """Removes bytes that no row names any more, older than some seconds (a day); returns how many files."""
    named = set(Attachment.objects.filter(removed_at=None).values_list("digest", flat=True))
    for digest, errors in Import.objects.values_list("digest", "error_file"):
        named |= {digest, errors}
    return blobs.sweep(named, before=time.time() - older_than)


def clean_name(name: str) -> str:
    """A name without path, control and invisible characters, at most 120 characters, its ending kept."""
    base = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    base = "".join(sign for sign in base if unicodedata.category(sign)[0] != "C").strip(" .")
    base = re.sub(r'[<>:"|?*]', "_", base)
    stem, dot, ending = base.rpartition(".")
    if not dot or len(ending) > 8:
        stem, dot, ending = base, "", ""
    return f"{stem[: 120 - len(dot + ending)]}{dot}{ending}" if stem else _("file") + dot + ending


def kind_of(content: bytes, name: str) -> str:
    """What the content is, whatever the name says. Raises ValidationError that lists what is taken."""
    found = filetype.guess_extension(content) or ""
    ending = name.rpartition(".")[2].lower()
    if found == "zip" and ending == "odt" and b"mimetypeapplication/vnd.oasis.opendocument.text" in content[:120]:
        found = "odt"
    if not found and ending in WORDS and is_text(content):
        found = ending
    if found not in KINDS:
        text = _("“%(name)s” is not of a kind that is taken. Taken are: %(kinds)s.")
        raise ValidationError(text % {"name": name, "kinds": ", ".join(KINDS)})
    return found


def is_text(content: bytes) -> bool:
    """Whether the bytes are text in UTF-8 or GB18030 without control characters."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not re.search(r"[\x00-\x08\x0e-\x1f]", text)
    return False


def _files(record: Record) -> QuerySet[Attachment]:
    key = shape_of(type(record)).key
    return Attachment.objects.filter(record_kind=key, record_id=record.pk, removed_at=None)


def _reach(attachment: Attachment, actor: Actor, verb: str) -> None:
    """Raises the record's DoesNotExist or PermissionDenied unless the person reaches the record under the verb."""
    shape = record_type(attachment.record_kind)
    scoped_one(shape.model._default_manager.all(), actor, shape.permission(verb), pk=attachment.record_id)


def _keep_small(digest: str, content: bytes) -> None:
    """The small picture beside the large one; losing it in a power cut loses nothing that cannot be made again."""
    place = blobs.path_of(digest).with_suffix(".small")
    fresh = place.with_suffix(".small-new")
    fresh.write_bytes(content)
    fresh.replace(place)
