"""`citybrain new-application`: a folder to start from, with its tests; no other file changes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from citybrain.site.commands.scaffold_record import RECORD, RECORD_FILES, words_for, write_table
from citybrain.site.settings import APPLICATIONS

FILES = {
    "__init__.py": "",
    "manifest.py": '''"""{title}: what this application declares."""

from citybrain.declare.application import Application, Platform
from citybrain.declare.event import EventType, Kind, Proof, WorkingDays
from citybrain.declare.words import _

REQUEST = EventType(
    key="{key}-request",
    title=_("{title}: request"),
    chinese="{key}诉求",
    kind=Kind.REQUEST,
    handle=WorkingDays(5),
    proof=Proof.NONE,
    words=("{key}",),
)
"""What people ask of it: give it its Chinese name, and the words they say it in."""

APPLICATION = Application(
    key="{key}",
    title=_("{title}"),
    platform=Platform.CITY_OPERATION,
    declares=(REQUEST,),
)
''',
    "README.md": """# {title}

* **Decision it serves**: which decision, of whom, gets better?
* **Sources**: which datasets does it need, from whom?
* **Owner**: which department leads, which take part?
* **Limits**: what does it not do, and why?
""",
    "sample/README.md": "Sample rows as CSV, one file a dataset. They serve tests, demo and documentation.\n",
    "locale/.gitkeep": "",
    "tests/__init__.py": "",
    "tests/test_{key}.py": '''"""{title} does what every application does."""

from citybrain.applications.{key}.manifest import APPLICATION
from citybrain.testing.applications import ApplicationTestCase


class {title}Test(ApplicationTestCase):
    """Declarations, words, event types, sample rows: inherited."""

    application = APPLICATION
''',
}


def new_application(
    name: Annotated[str, typer.Argument(help="The folder's name: lower-case letters and digits, as in `heating`.")],
    folder: Annotated[Path, typer.Option(help="Where applications lie.")] = APPLICATIONS,
    record: Annotated[str, typer.Option(help="Name of a first record type, as in `OldTree`; none without it.")] = "",
) -> None:
    """Write a new application folder, with a first record type when it is asked for."""
    if not re.fullmatch(r"[a-z][a-z0-9]*", name):
        raise typer.BadParameter(f"{name!r} cannot name a folder of Python: use lower-case letters and digits.")
    if record and not RECORD.fullmatch(record):
        raise typer.BadParameter(f"{record!r} cannot name a record type: run the words together, as in `OldTree`.")
    target = folder / name
    if target.exists():
        raise typer.BadParameter(f"{target} exists already: choose another name.")
    words = {"key": name, "title": name.capitalize()}
    files = FILES
    if record:
        words |= words_for(record)
        files = {path: text for path, text in FILES.items() if path != "sample/README.md"} | RECORD_FILES
    for path, text in files.items():
        file = target / path.format(**words)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.format(**words), encoding="utf-8")
    if record:
        write_table(target, name)
    typer.echo(f"Written: {target}. Fill in manifest.py, then `make check test`.")
