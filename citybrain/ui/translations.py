"""Compiles the translations without gettext on the machine: `python -m citybrain.ui.translations`.

Each `django.po` under `citybrain/**/locale` becomes the `django.mo` beside it; git keeps only the `.po`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

PACKAGE = Path(__file__).resolve().parent.parent


def sources(package: Path = PACKAGE) -> list[Path]:
    """Every file of translations in the package."""
    return sorted(package.glob("**/locale/*/LC_MESSAGES/django.po"))


def compile_file(source: Path) -> bool:
    """Writes `source`'s `.mo` unless it is newer; returns whether it did. Raises PoFileError for a broken file."""
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
        return False
    with source.open("rb") as text:
        catalogue = read_po(text, abort_invalid=True)
    fresh = target.with_suffix(".mo.new")
    with fresh.open("wb") as output:
        write_mo(output, catalogue)
    fresh.rename(target)
    return True


def main() -> int:
    """The command: compiles what changed; exit code 1 with place and reason when a file is broken."""
    for source in sources():
        try:
            made = compile_file(source)
        except PoFileError as error:
            print(f"{source}: {error}", file=sys.stderr)
            return 1
        print(f"{source.relative_to(PACKAGE)}: {'compiled' if made else 'current'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
