"""Files: told by content, cleaned, kept once and whole."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pytest_django import Settings

from citybrain.kernel.records import attachments, blobs, pictures


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Settings) -> None:
    settings.ATTACHMENTS = tmp_path / "attachments"


def picture(size: tuple[int, int] = (40, 20), kind: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#0b63ce").save(out, kind, **options)
    return out.getvalue()


def test_bytes_are_kept_once_under_their_digest() -> None:
    first, second = blobs.keep([b"ab", b"c"]), blobs.keep([b"abc"])
    assert first == second
    assert first.digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert [path.name for path in Path(blobs.path_of(first.digest)).parent.iterdir()] == [first.digest]
    with blobs.open_blob(first.digest) as file:
        assert file.read() == b"abc"


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "a" * 63, "A" * 64])
def test_only_a_digest_names_a_file(name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        blobs.open_blob(name)


def test_a_torn_write_leaves_nothing(tmp_path: Path) -> None:
    def torn() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        blobs.keep(torn())
    assert list((tmp_path / "attachments").iterdir()) == []


def test_the_sweep_takes_what_nobody_names_and_spares_the_young() -> None:
    named, lost = blobs.keep([b"named"]), blobs.keep([b"lost"])
    age = blobs.path_of(lost.digest).stat().st_mtime
    assert blobs.sweep({named.digest}, before=age - 1) == 0
    assert blobs.sweep({named.digest}, before=age + 1) == 1
    assert blobs.path_of(named.digest).exists()
    assert not blobs.path_of(lost.digest).exists()


def test_a_photograph_loses_its_position() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    exif.get_ifd(0x8825)[2] = (28.0, 53.0, 37.7)
    given_picture = picture(exif=exif)
    assert b"Camera" in given_picture
    cleaned = pictures.cleaned(given_picture, "jpg")
    assert b"Camera" not in cleaned
    with Image.open(io.BytesIO(cleaned)) as seen:
        assert (seen.size, dict(seen.getexif())) == ((40, 20), {})


def test_a_turned_photograph_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    with Image.open(io.BytesIO(pictures.cleaned(picture(exif=exif), "jpg"))) as seen:
        assert seen.size == (20, 40)


def test_a_bomb_is_refused_before_it_unfolds() -> None:
    with pytest.raises(ValidationError, match="million"):
        pictures.cleaned(picture((8_000, 8_000), "PNG"), "png")


def test_a_damaged_picture_is_refused() -> None:
    with pytest.raises(ValidationError, match="damaged"):
        pictures.cleaned(picture()[:200], "jpg")


def test_a_small_picture_is_small() -> None:
    with Image.open(io.BytesIO(pictures.thumbnail(picture((4_000, 1_000))))) as seen:
        assert (seen.size, seen.format) == ((320, 80), "WEBP")


def test_the_kind_is_what_the_content_is() -> None:
    assert attachments.kind_of(picture(), "holiday.pdf") == "jpg"
    assert attachments.kind_of("姓名,年龄\n".encode("gb18030"), "a.csv") == "csv"
    with pytest.raises(ValidationError, match="not of a kind"):
        attachments.kind_of(b"MZ\x90\x00 a program", "invoice.pdf")
    with pytest.raises(ValidationError, match="not of a kind"):
        attachments.kind_of(b"<script>alert(1)</script>", "page.html")
    with pytest.raises(ValidationError, match="not of a kind"):
        attachments.kind_of(b"\x00\x01\x02", "notes.txt")


def test_an_archive_is_no_document() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("run.exe", "MZ")
    with pytest.raises(ValidationError, match="not of a kind"):
        attachments.kind_of(out.getvalue(), "report.docx")


@pytest.mark.parametrize(
    ("given_name", "expected"),
    [
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\王\证明.pdf", "证明.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("con<>:|?*.txt", "con______.txt"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        (".pdf", "pdf"),
        ("", "file"),
    ],
)
def test_names_are_made_harmless(given_name: str, expected: str) -> None:
    assert attachments.clean_name(given_name) == expected


@given(st.text(max_size=300))
def test_no_name_reaches_another_folder(name: str) -> None:
    cleaned = attachments.clean_name(name)
    assert 0 < len(cleaned) <= 120
    assert "/" not in cleaned
    assert "\\" not in cleaned
    assert not cleaned.startswith(".")
