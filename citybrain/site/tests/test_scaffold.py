"""A new application is a folder that works at once and changes nothing beside it."""

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
