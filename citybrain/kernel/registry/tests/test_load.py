"""Applications are found by their folders; a broken one is an error, never an absence."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from citybrain.declare.notice import Notice
from citybrain.kernel.registry.registry import build, load, load_rooms

GOOD = """
from citybrain.declare.application import Application, Platform
APPLICATION = Application(key="{key}", title="X", platform=Platform.BASE)
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    root = tmp_path / "some_county_applications"
    root.mkdir()
    (root / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    yield root
    for name in [name for name in sys.modules if name.startswith(root.name)]:
        del sys.modules[name]


def folder(package: Path, name: str, manifest: str) -> None:
    (package / name).mkdir()
    (package / name / "__init__.py").touch()
    (package / name / "manifest.py").write_text(manifest)


def test_a_new_folder_is_an_application(package: Path) -> None:
    folder(package, "water", GOOD.format(key="water"))
    assert [application.key for application in load(package.name)] == ["water"]


@pytest.mark.parametrize(
    ("manifest", "error"),
    [
        ("import does_not_exist", ModuleNotFoundError),
        ("X = 1", TypeError),
        (GOOD.format(key="air"), ValueError),
    ],
)
def test_a_broken_folder_is_an_error(package: Path, manifest: str, error: type[Exception]) -> None:
    folder(package, "water", manifest)
    with pytest.raises(error):
        load(package.name)


def test_a_room_of_the_house_declares_too() -> None:
    rooms = load_rooms(["django.contrib.auth", "citybrain.kernel.registry", "citybrain.centre.events"])
    assert [room.key for room in rooms] == ["events"]
    found = build([], rooms)
    assert found.of(Notice) and found.applications == ()
    assert found.application_of(found.of(Notice)[0]) == "events"
