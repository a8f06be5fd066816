"""The import contracts of pyproject.toml hold, and each of them would be noticed broken."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.sources import PACKAGE, ROOT

LINT = Path(sys.executable).with_name("lint-imports")

PLANTED = {
    "The house: imports point down only": ("kernel/identity/actions.py", "import citybrain.warehouse.catalogue.models"),
    "Floors of the centre": ("centre/duties/models.py", "import citybrain.centre.events.models"),
    "Floors of the hubs": ("hubs/evidence/models.py", "import citybrain.hubs.messages.models"),
    "Kernel floors": ("kernel/lake/tables.py", "import citybrain.kernel.jobs.models"),
    "Applications never import one another": (
        "applications/standards/listing.py",
        "import citybrain.applications.planted.manifest",
    ),
    "Declarations are pure data": ("declare/words.py", "import django.db"),
    "Only the lake speaks Iceberg, DuckDB and Spark": ("warehouse/catalogue/queries.py", "import duckdb"),
    "Only tests import the testing helpers": ("warehouse/catalogue/actions.py", "import citybrain.testing.reference"),
    "No cycles in the warehouse": ("warehouse/catalogue/models.py", "import citybrain.warehouse.governance.apps"),
}
"""For each contract a line that breaks it, and the module it is added to."""


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the contracts over the package in `folder`."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"}
    return subprocess.run([LINT], cwd=folder, env=environment, capture_output=True, text=True, check=False)


def contracts() -> list[dict[str, object]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found: list[dict[str, object]] = settings["tool"]["importlinter"]["contracts"]
    return found


def test_imports_point_down() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_contract_has_an_exception_list() -> None:
    assert [contract["name"] for contract in contracts() if "ignore_imports" in contract] == []


def test_every_contract_has_a_planted_violation() -> None:
    assert {contract["name"] for contract in contracts()} == set(PLANTED)


@pytest.fixture(scope="module")
def verdict(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the linter says of a copy of the package with every planted line in it."""
    folder = tmp_path_factory.mktemp("planted")
    shutil.copytree(PACKAGE, folder / "citybrain", ignore=_all_but_python)
    shutil.copy(ROOT / "pyproject.toml", folder)
    planted = folder / "citybrain" / "applications" / "planted"
    planted.mkdir()
    (planted / "__init__.py").touch()
    (planted / "manifest.py").touch()
    for module, line in PLANTED.values():
        with (folder / "citybrain" / module).open("a") as file:
            file.write(f"\n{line}\n")
    return lint(folder).stdout


@pytest.mark.parametrize("contract", PLANTED)
def test_a_violation_is_noticed(verdict: str, contract: str) -> None:
    assert f"{contract} BROKEN" in verdict, verdict


def _all_but_python(folder: str, names: list[str]) -> set[str]:
    return {name for name in names if not (name.endswith(".py") or Path(folder, name).is_dir())}
