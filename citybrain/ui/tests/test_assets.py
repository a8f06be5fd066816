"""The front-end files: what is picked, when it is made anew, what is said when it cannot be."""

import re
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from citybrain.ui import assets
from citybrain.ui.icons import ICONS, named_in

PACKAGE = Path(assets.__file__).resolve().parent.parent
SVG = (
    "<svg xmlns='http://www.w3.org/2000/svg' fill='none' stroke='currentColor'>"
    "<path stroke='none' d='M0 0'/><path d='M1 1'/></svg>"
)


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """A lock and an installed tree of small files."""
    folder = tmp_path / "web"
    for origin in assets.PICKS.values():
        path = folder / "node_modules" / origin
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("content\n//# sourceMappingURL=gone.map\n")
    icons = folder / "node_modules" / "@tabler" / "icons" / "icons" / "outline"
    icons.mkdir(parents=True)
    for name in ICONS:
        (icons / f"{name}.svg").write_text(SVG)
    (folder / "package-lock.json").write_text("{}")
    return folder


def test_files_are_made_once_for_a_lock_and_again_for_a_changed_one(web: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installs: list[Path] = []
    monkeypatch.setattr(assets, "install", installs.append)
    vendor = web.parent / "vendor"
    assert assets.build(web, vendor)
    assert not assets.build(web, vendor)
    (web / "package-lock.json").write_text('{"changed": true}')
    assert assets.build(web, vendor)
    assert len(installs) == 2
    assert {path.name for path in vendor.iterdir()} >= {"htmx.min.js", "tabler.min.css", "icons.svg"}


def test_a_further_icon_needs_no_network(web: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files are picked anew from what is installed."""
    installs: list[Path] = []
    monkeypatch.setattr(assets, "install", installs.append)
    vendor = web.parent / "vendor"
    assets.build(web, vendor)
    monkeypatch.setattr(assets, "ICONS", (*ICONS, "manhole"))
    (web / "node_modules/@tabler/icons/icons/outline/manhole.svg").write_text(SVG)
    assert assets.build(web, vendor)
    assert installs == [web]
    assert 'id="manhole"' in (vendor / "icons.svg").read_text()


def test_an_icon_there_is_none_of_is_named_with_near_ones(web: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "ICONS", ("buildng",))
    with pytest.raises(assets.AssetsError, match=r'no icon "buildng".*building'):
        assets.sprite(web / "node_modules/@tabler/icons/icons/outline")


def test_applications_bring_their_icons_by_naming_them(tmp_path: Path) -> None:
    """As a class attribute, as an argument; not as a word in a text, a name made at run time or a sentence."""
    folder = tmp_path / "trees"
    folder.mkdir()
    (folder / "models.py").write_text('class Face:\n    icon = "plant-2"\n    title = "icon"\n')
    (folder / "records.py").write_text('A = Action(icon = "droplet", title="icon=x")\nB = Action(icon=f"{x}-y")\n')
    (folder / "odd.py").write_text('icon: str = "leaf"\nC = Action(icon="No Such Icon")\n')
    assert named_in(tmp_path) == ["droplet", "leaf", "plant-2"]


def test_source_map_references_are_taken_out(web: Path) -> None:
    vendor = web.parent / "vendor"
    assets.pick(web / "node_modules", vendor, "stamp")
    assert (vendor / "htmx.min.js").read_text() == "content\n"


def test_the_sprite_holds_every_icon_without_its_empty_frame(web: Path) -> None:
    root = ElementTree.fromstring(assets.sprite(web / "node_modules/@tabler/icons/icons/outline"))
    assert [symbol.get("id") for symbol in root] == list(ICONS)
    assert all(len(symbol) == 1 for symbol in root)


def test_an_unreachable_registry_is_named_with_a_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not assets.system_node_is_usable():
        pytest.skip("no Node on this machine: the wheel's npm cannot be replaced by a script")
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho 'npm error code ENOTFOUND' >&2\nexit 1\n")
    npm.chmod(0o755)
    monkeypatch.setattr(assets, "system_node_is_usable", lambda: True)
    monkeypatch.setattr(shutil, "which", lambda name: str(npm))
    with pytest.raises(assets.AssetsError, match="Remedy"):
        assets.install(tmp_path)


def test_a_missing_lock_is_named(tmp_path: Path) -> None:
    with pytest.raises(assets.AssetsError, match=r"package-lock\.json"):
        assets.fingerprint(tmp_path)


def test_every_icon_of_the_templates_is_in_the_sprite() -> None:
    texts = [path.read_text() for path in PACKAGE.rglob("*.html")]
    code = [path.read_text() for path in PACKAGE.rglob("*.py") if path.name != "icons.py"]
    drawn = {name for text in texts for name in re.findall(r'(?:icon|icon=)\s*"([a-z0-9-]+)"', text)}
    drawn |= {name for text in texts for name in re.findall(r'default:"([a-z0-9-]+)" %\}', text)}
    drawn |= {name for text in code for name in re.findall(r'icon="([a-z0-9-]+)"', text)}
    assert drawn - set(ICONS) == set(), "add them to citybrain/ui/icons.py"


def test_templates_carry_nothing_the_content_policy_refuses() -> None:
    refused = re.compile(
        r"""\sstyle=|\son[a-z]+=|<style|javascript:|<script(?![^>]*src=)(?![^>]*application/json)|https?://(?!www\.w3\.org)"""
    )
    found = {path.name: match[0] for path in PACKAGE.rglob("*.html") if (match := refused.search(path.read_text()))}
    assert found == {}
