"""Translations are compiled without gettext, once, and a broken file is named."""

import os
from collections import defaultdict
from pathlib import Path

import pytest
from babel.messages.pofile import PoFileError, read_po

from citybrain.ui.translations import compile_file, sources

PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Save"\nmsgstr "保存"\n'


def test_every_catalogue_is_found() -> None:
    assert any(path.parent.parent.name == "zh_Hans" for path in sources())


def test_rooms_agree_on_what_a_string_means() -> None:
    """Of two translations of one string the page shows whichever room comes first: the other needs a context."""
    meant: dict[tuple[str | None, str], dict[str, str]] = defaultdict(dict)
    for path in sources():
        with path.open("rb") as file:
            for entry in read_po(file):
                if isinstance(entry.id, str) and entry.id and entry.string:
                    meant[entry.context, entry.id].setdefault(str(entry.string), str(path))
    assert not {key: found for key, found in meant.items() if len(found) > 1}


def test_a_file_is_compiled_once_and_again_when_it_changed(tmp_path: Path) -> None:
    source = tmp_path / "django.po"
    source.write_text(PO, encoding="utf-8")
    assert compile_file(source)
    assert "保存".encode() in source.with_suffix(".mo").read_bytes()
    assert not compile_file(source)
    later = source.with_suffix(".mo").stat().st_mtime_ns + 10**9
    source.write_text(PO.replace("保存", "存储"), encoding="utf-8")
    os.utime(source, ns=(later, later))
    assert compile_file(source)
    assert "存储".encode() in source.with_suffix(".mo").read_bytes()


def test_a_broken_file_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    source = tmp_path / "django.po"
    source.write_text('msgid "a"\nno keyword\n', encoding="utf-8")
    with pytest.raises(PoFileError):
        compile_file(source)
    assert not source.with_suffix(".mo").exists()
