"""A new application is a folder that works at once and changes nothing beside it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from citybrain.kernel.registry.checks import check_registry
from citybrain.kernel.registry.registry import build, load
from citybrain.site.command import application
from citybrain.site.settings import ROOT


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "scaffolded_applications"
    folder.mkdir()
    (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    return folder


def scaffold(package: Path, name: str) -> int:
    return CliRunner().invoke(application, ["new-application", name, "--folder", str(package)]).exit_code


def test_the_folder_is_found_and_its_declarations_hold(package: Path) -> None:
    assert scaffold(package, "heating") == 0
    found = load(package.name)
    assert [one.key for one in found] == ["heating"]
    assert check_registry(build(found)) == []
    for part in ("manifest.py", "README.md", "sample", "tests/test_heating.py", "locale"):
        assert (package / "heating" / part).exists()


def test_a_first_record_type_comes_with_its_rows_and_tests(package: Path) -> None:
    command = ["new-application", "trees", "--folder", str(package), "--record", "OldTree"]
    assert CliRunner().invoke(application, command).exit_code == 0
    folder = package / "trees"
    assert "class OldTree(Record)" in (folder / "models.py").read_text(encoding="utf-8")
    assert (folder / "sample" / "old-tree.csv").exists()
    assert "class OldTreeTest(RecordTestCase)" in (folder / "tests" / "test_records.py").read_text(encoding="utf-8")
    assert all("{" not in path.read_text() for path in folder.rglob("*.py") if path.name != "models.py")


@pytest.mark.parametrize("record", ["oldTree", "Old-Tree", "Old Tree", "OldTree;", "../X"])
def test_a_bad_record_name_writes_nothing(package: Path, record: str) -> None:
    command = ["new-application", "trees", "--folder", str(package), "--record", record]
    assert CliRunner().invoke(application, command).exit_code == 2
    assert not (package / "trees").exists()


@pytest.mark.parametrize("name", ["Heating", "2heat", "a-b", "../evil", "", "heating"])
def test_a_bad_or_taken_name_writes_nothing(package: Path, name: str) -> None:
    (package / "heating").mkdir()
    before = sorted(package.parent.rglob("*"))
    assert scaffold(package, name) == 2
    assert sorted(package.parent.rglob("*")) == before


def test_no_file_outside_its_folder_names_an_application() -> None:
    """So adding or removing one changes no other file: nothing imports it, no list holds it."""
    applications = [
        path.name for path in (ROOT / "citybrain" / "applications").iterdir() if (path / "manifest.py").exists()
    ]
    assert applications
    code = [path for path in (ROOT / "citybrain").rglob("*.py") if path.name != "scaffold.py"]
    for name in applications:
        outside = [path for path in code if not path.is_relative_to(ROOT / "citybrain" / "applications" / name)]
        named = [path for path in outside if f"applications.{name}" in path.read_text(encoding="utf-8")]
        assert named == [], f"{name} is named outside its folder"


def test_a_record_type_works_in_a_copy_of_the_project(tmp_path: Path) -> None:
    """Its table is written, its pages are served, its inherited tests pass, and nothing else changed."""
    subprocess.run(
        ["git", "clone", "-q", "--no-hardlinks", str(ROOT), str(tmp_path / "copy")], check=True, capture_output=True
    )
    copy = tmp_path / "copy"
    environment = {"PATH": "/usr/bin:/bin", "CITYBRAIN_HOME": str(tmp_path / "home"), "PYTHONPATH": str(copy)}
    command = [sys.executable, "-m", "citybrain.site.command", "new-application", "trees", "--record", "OldTree"]
    subprocess.run(command, cwd=copy, check=True, env=environment, capture_output=True)
    assert (copy / "citybrain" / "applications" / "trees" / "migrations" / "0001_initial.py").exists()
    status = subprocess.run(["git", "status", "--porcelain"], cwd=copy, check=True, capture_output=True, text=True)
    assert status.stdout.split() == ["??", "citybrain/applications/trees/"]
    tests = [sys.executable, "-m", "pytest", "-q", "citybrain/applications/trees", "-p", "no:cacheprovider"]
    done = subprocess.run(tests, cwd=copy, check=False, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:]


def test_adding_and_removing_one_changes_nothing_else(tmp_path: Path) -> None:
    """With the folder there are its register, its event type, its menu line and its addresses; without it none."""
    subprocess.run(
        ["git", "clone", "-q", "--no-hardlinks", str(ROOT), str(tmp_path / "copy")], check=True, capture_output=True
    )
    copy = tmp_path / "copy"
    environment = {"PATH": "/usr/bin:/bin", "CITYBRAIN_HOME": str(tmp_path / "home"), "PYTHONPATH": str(copy)}
    folder = copy / "citybrain" / "applications" / "trees"
    question = copy / "question.py"
    question.write_text(QUESTION)

    def known() -> dict[str, bool]:
        done = subprocess.run(
            [sys.executable, str(question)], cwd=copy, check=True, env=environment, capture_output=True, text=True
        )
        found: dict[str, bool] = json.loads(done.stdout.splitlines()[-1])
        return found

    before = {path: path.read_bytes() for path in copy.rglob("*.py")}
    assert set(known().values()) == {False}
    command = [sys.executable, "-m", "citybrain.site.command", "new-application", "trees", "--record", "OldTree"]
    subprocess.run(command, cwd=copy, check=True, env=environment, capture_output=True)
    assert known() == {"application": True, "event type": True, "register": True, "address": True, "menu": True}
    shutil.rmtree(folder)
    assert set(known().values()) == {False}
    assert {path: path.read_bytes() for path in copy.rglob("*.py")} == before


QUESTION = """
import json
import citybrain.site.startup
from django.core.management import call_command
from django.urls import NoReverseMatch, reverse
from citybrain.declare.event import EventType
from citybrain.kernel.records.shape import record_types
from citybrain.kernel.registry.registry import registry
from citybrain.ui.menu import MENU

call_command("check")
try:
    address = bool(reverse("records:old-tree:list"))
except NoReverseMatch:
    address = False
lines = [item.url_name for group in MENU.groups for item in group.items]
print(json.dumps({
    "application": "trees" in [one.key for one in registry().applications],
    "event type": registry().find(EventType, "trees-request") is not None,
    "register": "old-tree" in [shape.key for shape in record_types()],
    "address": address,
    "menu": "records:old-tree:list" in lines,
}))
"""
