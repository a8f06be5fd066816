"""What tests of a whole installation share: a home ready to serve, made once a run and copied by who needs one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

PREPARE = """
import citybrain.site.startup
from django.core.management import call_command
from citybrain.centre.understanding.training import train
from citybrain.site.preparing import prepare
call_command("migrate", verbosity=0)
train(("damaged-road", "street-light", "waste-bin", "praise"))
prepare()
"""


def environment_of(home: Path) -> dict[str, str]:
    """The environment of a process that works in `home`, and in no other."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CITYBRAIN_")}
    return {**kept, "CITYBRAIN_HOME": str(home), "DJANGO_SETTINGS_MODULE": "citybrain.site.settings"}


@pytest.fixture(scope="session")
def new_home(of_the_run: Callable[[str], AbstractContextManager[Path]]) -> Callable[[Path], Path]:
    """`new_home(path)`: an installation at `path` with tables, static files, bodies, duties and a small model."""
    with of_the_run("prepared") as prepared:
        unfinished = prepared.with_suffix(".unfinished")
        if not prepared.exists():
            subprocess.run([sys.executable, "-c", PREPARE], env=environment_of(unfinished), check=True)
            unfinished.rename(prepared)

    def copied(path: Path) -> Path:
        return Path(shutil.copytree(prepared, path, dirs_exist_ok=True))

    return copied
