#!/usr/bin/env python3
"""核验本案卷档案 · Checks this archive of one event. Python 3.8 or newer, nothing to install, no network.

    python3 verify.py                      the folder it lies in
    python3 verify.py case.zip             an archive as it was sent
    python3 verify.py --key KEY …          with the public key you were given elsewhere

It prints what holds, names the first thing that does not, and ends with status 1 then.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import sys
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

MANIFEST = "manifest.txt"
KEYS = "public-key.txt"
HEAD = "citybrain-archive/v1"
KIND = "event-step"
MOST = 1 << 30
"""Bytes of one file that are read at most."""


class Fault(Exception):
    """The first thing that does not hold: in Chinese, in English."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(f"{chinese}\n  {english}")


# --------------------------------------------------------------------------- Ed25519 (RFC 8032, section 5.1)

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)

Point = tuple  # (X, Y, Z, T) with x = X/Z, y = Y/Z, x*y = T/Z


def plus(a: Point, b: Point) -> Point:
    """Sum of two points of the curve."""
    one, two = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    three, four = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = two - one, four - three, four + three, two + one
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(number: int, point: Point) -> Point:
    """A point, so many times."""
    found: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            found = plus(found, point)
        point, number = plus(point, point), number >> 1
    return found


def x_of(y: int, sign: int) -> int | None:
    """The coordinate x that belongs to y; None where the curve has none."""
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != sign else x


def point_of(encoded: bytes) -> Point | None:
    """Point of 32 bytes; None for what is none."""
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    x = x_of(y, sign) if y < P else None
    return None if x is None else (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = x_of(BASE_Y, 0) or 0
BASE: Point = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def is_signed(public: bytes, text: bytes, signature: bytes) -> bool:
    """Whether the holder of the key signed the text."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, nonce = point_of(public), point_of(signature[:32])
    number = int.from_bytes(signature[32:], "little")
    if key is None or nonce is None or number >= ORDER:
        return False
    hashed = int.from_bytes(hashlib.sha512(signature[:32] + public + text).digest(), "little") % ORDER
    left, right = times(number, BASE), plus(nonce, times(hashed, key))
    return not (left[0] * right[2] - right[0] * left[2]) % P and not (left[1] * right[2] - right[1] * left[2]) % P


# --------------------------------------------------------------------------- signed notes (C2SP signed-note)


def decoded(text: str, where: str) -> bytes:
    """Base64 that stands in the file `where`, strictly."""
    try:
        found = base64.b64decode(text, validate=True)
    except ValueError:
        raise Fault(f"{where} 中编码有误：{text[:60]!r}", f"Malformed Base64 in {where}: {text[:60]!r}") from None
    if base64.b64encode(found).decode() != text:
        raise Fault(f"{where} 中编码有误：{text[:60]!r}", f"Malformed Base64 in {where}: {text[:60]!r}")
    return found


def key_of(text: str) -> tuple[str, bytes, bytes]:
    """Name, id and bytes of a public key `name+id+key`."""
    parts = text.strip().split("+", 2)
    raw = decoded(parts[2], KEYS) if len(parts) == 3 else b""
    if len(raw) != 33 or raw[0] != 1:
        raise Fault(f"公钥格式有误：{text[:80]!r}", f"Malformed public key: {text[:80]!r}")
    name, public = parts[0], raw[1:]
    identity = hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]
    if identity.hex() != parts[1]:
        raise Fault(f"公钥编号与公钥不符：{name}", f"The public key of {name} does not have its id.")
    return name, identity, public


def text_of(note: str, key: tuple[str, bytes, bytes], what: str) -> str:
    """The text of a note that the key signed."""
    text, gap, lines = note.rpartition("\n\n")
    text += "\n"
    for line in lines.split("\n"):
        match = re.fullmatch(r"— (\S+) (\S+)", line)
        if gap and match and match.group(1) == key[0]:
            signature = decoded(match.group(2), what)
            if signature[:4] == key[1]:
                if is_signed(key[2], text.encode(), signature[4:]):
                    return text
                break
    raise Fault(f"{what} 的签名不成立", f"{what} is not signed by {key[0]}.")


# --------------------------------------------------------------------------- hash tree (RFC 6962, RFC 9162)


def joined(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_from(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a proof leads to; None when its length does not fit."""
    place, last, found = index, size - 1, leaf
    for step in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            found = joined(step, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = joined(found, step)
        place, last = place >> 1, last >> 1
    return None if last else found


# --------------------------------------------------------------------------- the archive


class Archive:
    """The files, from a folder or a ZIP."""

    def __init__(self, place: Path) -> None:
        self.name = place.name
        self._zip = zipfile.ZipFile(place) if place.is_file() else None
        self._folder = place
        if self._zip is not None:
            names = [one for one in self._zip.namelist() if not one.endswith("/")]
        else:
            found = (one.relative_to(place) for one in place.rglob("*") if one.is_file())
            names = [one.as_posix() for one in found if "__pycache__" not in one.parts]
        if len(names) != len(set(names)):
            raise Fault("有两个同名文件", "Two files have one name.")
        self.names = sorted(names)

    def read(self, name: str) -> bytes:
        """Bytes of a file."""
        if name not in self.names:
            raise Fault(f"缺少文件 {name}", f"The file {name} is missing.")
        if self._zip is None:
            with (self._folder / name).open("rb") as file:
                content = file.read(MOST + 1)
        else:
            with self._zip.open(name) as packed:
                content = packed.read(MOST + 1)
        if len(content) > MOST:
            raise Fault(f"文件过大：{name}", f"The file {name} is too large.")
        return content

    def text(self, name: str) -> str:
        """A file as text."""
        try:
            return self.read(name).decode("utf-8")
        except UnicodeDecodeError:
            raise Fault(f"文件 {name} 不是 UTF-8 文本", f"The file {name} is no UTF-8 text.") from None

    def data(self, name: str) -> Any:
        """A file as JSON."""
        try:
            return json.loads(self.text(name))
        except ValueError as error:
            raise Fault(f"文件 {name} 不是 JSON", f"The file {name} is no JSON: {error}") from None


class Check:
    """What is known of the archive, check by check."""

    def __init__(self, archive: Archive, given: str, say: Callable[[str], None]) -> None:
        self.archive, self.given, self.say = archive, given, say
        self.lines: list[dict[str, Any]] = []
        self.hashes: list[str] = []
        self.log_key: tuple[str, bytes, bytes] = ("", b"", b"")
        self.archive_key: tuple[str, bytes, bytes] = ("", b"", b"")
        self.number = ""

    def run(self) -> None:
        """Every check in its turn; Fault at the first that fails."""
        for check in (
            self.keys,
            self.manifest,
            self.journal,
            self.proofs,
            self.case,
            self.tasks,
            self.signals,
            self.media,
        ):
            check()

    def holds(self, chinese: str, english: str) -> None:
        """Say what holds."""
        self.say(f"✓ {chinese}\n  {english}")

    def keys(self) -> None:
        """The public keys, held against the one given."""
        lines = self.archive.text(KEYS).split()
        if len(lines) != 2:
            raise Fault(f"{KEYS} 应有两行公钥", f"{KEYS} should hold two keys.")
        self.log_key, self.archive_key = key_of(lines[0]), key_of(lines[1])
        if self.log_key[2] != self.archive_key[2]:
            raise Fault("两行公钥不是同一把钥匙", "The two names do not share one key.")
        if not self.given:
            chinese = "公钥随档案而来，请与对外公布的公钥核对："
            self.say(f"! {chinese}\n  The key came with the archive; compare it with the one published:")
            self.say(f"  {lines[0]}")
            return
        if key_of(self.given)[2] != self.log_key[2]:
            raise Fault("档案中的公钥不是您给出的公钥", "The key in the archive is not the one you gave.")
        self.holds("公钥与您给出的一致", "The key is the one you gave.")

    def manifest(self) -> None:
        """Every file is the one that was handed out, and none is missing or added."""
        text = text_of(self.archive.text(MANIFEST), self.archive_key, MANIFEST)
        head, self.number, *lines = text[:-1].split("\n")
        if head != HEAD:
            raise Fault("清单格式有误", f"The manifest is of another kind: {head[:60]!r}")
        listed = {line.split("  ", 1)[1]: line.split("  ", 1)[0] for line in lines if "  " in line}
        for name, digest in listed.items():
            if hashlib.sha256(self.archive.read(name)).hexdigest() != digest:
                raise Fault(f"文件 {name} 与清单不符", f"The file {name} is not the one that was handed out.")
        added = [name for name in self.archive.names if name not in listed and name != MANIFEST]
        if added:
            raise Fault(f"清单中没有文件 {added[0]}", f"The file {added[0]} is not in the manifest.")
        self.holds(f"{len(listed)} 个文件与签名清单一致", f"{len(listed)} files are those of the signed manifest.")

    def journal(self) -> None:
        """The lines of the journal are numbered and linked."""
        previous, state = "", ""
        for place, line in enumerate(self.archive.text("journal.jsonl").split("\n")[:-1], 1):
            step = self._line(place, line)
            where = f"办理过程第 {place} 步"
            if step.get("event") != self.number or step.get("number") != place:
                raise Fault(f"{where} 的编号不对", f"Line {place} of the journal has another number.")
            if step.get("previous") != previous:
                raise Fault(f"{where} 没有接上前一步", f"Step {place} does not follow the one before.")
            if place > 1 and step.get("source") != state:
                raise Fault(f"{where} 的状态没有接上前一步", f"Step {place} begins in another state.")
            state = str(step.get("target"))
            previous = hashlib.sha256(line.encode()).hexdigest()
            self.lines.append(step)
            self.hashes.append(previous)
        if not self.lines:
            raise Fault("办理过程为空", "The journal is empty.")
        self.holds(f"办理过程 {len(self.lines)} 步首尾相连", f"The {len(self.lines)} steps form one chain.")

    def _line(self, place: int, line: str) -> dict[str, Any]:
        try:
            step = json.loads(line)
            spelled = json.dumps(step, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        except ValueError:
            spelled, step = "", {}
        if spelled != line or not isinstance(step, dict) or not isinstance(step.get("facts"), dict):
            raise Fault(f"办理过程第 {place} 步格式有误", f"Line {place} of the journal is malformed.")
        return step

    def proofs(self) -> None:
        """Every step stands in the tree whose root was signed, later steps behind earlier ones."""
        note = self.archive.text("checkpoint.txt")
        origin, size_text, root_text = text_of(note, self.log_key, "checkpoint.txt").split("\n")[:3]
        if origin != self.log_key[0] or not size_text.isdecimal():
            raise Fault("检查点格式有误", "The checkpoint is malformed.")
        size, root = int(size_text), decoded(root_text, "checkpoint.txt")
        self.holds(f"检查点签名有效（{size} 条）", f"The checkpoint over {size} leaves is signed.")
        last = -1
        for place, digest in enumerate(self.hashes, 1):
            name = f"proofs/{place:04d}.tlog-proof"
            index, path = self._proof(name, note)
            entry = f"{KIND} {self.number}/{place} {digest}\n"
            leaf = hashlib.sha256(b"\x00" + entry.encode()).digest()
            if not last < index < size or root_from(leaf, index, size, path) != root:
                raise Fault(
                    f"办理过程第 {place} 步与存证不符（{name}）",
                    f"Step {place} is not the one on the ledger ({name}).",
                )
            last = index
        self.holds("每一步都在账本中", "Every step stands on the ledger.")

    def _proof(self, name: str, note: str) -> tuple[int, list[bytes]]:
        head, _gap, found = self.archive.text(name).partition("\n\n")
        lines = [line for line in head.split("\n") if not line.startswith("extra ")]
        if lines[0] != "c2sp.org/tlog-proof@v1" or len(lines) < 2 or not re.fullmatch(r"index \d{1,18}", lines[1]):
            raise Fault(f"证明文件 {name} 格式有误", f"The proof {name} is malformed.")
        if found != note:
            raise Fault(f"证明文件 {name} 属于另一检查点", f"The proof {name} is of another checkpoint.")
        return int(lines[1][6:]), [decoded(line, name) for line in lines[2:]]

    def case(self) -> None:
        """The case is what its journal adds up to."""
        case = self.archive.data("case.json")
        for name, value in case["columns"].items():
            found = [step["facts"][name] for step in self.lines if name in step["facts"]]
            if not found or found[-1] != value:
                raise Fault(f"案卷的“{name}”与办理过程不符", f"The case's {name} is not what the journal adds up to.")
        told = {name for step in self.lines for name in step["facts"]}
        missing = told & set(case["column_names"]) - set(case["columns"])
        facts = (case["state"], case["steps"], case["head"], case["number"])
        if missing or facts != (self.lines[-1]["target"], len(self.lines), self.hashes[-1], self.number):
            raise Fault("案卷状态与办理过程不符", "The case's state is not what the journal adds up to.")
        self.holds("案卷与办理过程一致", "The case is what its journal adds up to.")

    def tasks(self) -> None:
        """The tasks are what the journal adds up to."""
        folded: dict[str, dict[str, Any]] = {}
        for step in self.lines:
            for key, changed in step["facts"].get("tasks", {}).items():
                folded.setdefault(key, {}).update(changed)
        if self.archive.data("tasks.json") != folded:
            raise Fault("派遣单与办理过程不符", "The tasks are not what the journal adds up to.")
        self.holds(f"{len(folded)} 张派遣单与办理过程一致", f"The {len(folded)} tasks are what the journal adds up to.")

    def signals(self) -> None:
        """The signals are those the journal names, with the words it holds."""
        signals = {one["id"]: one for one in self.archive.data("signals.json")}
        named: dict[int, dict[str, Any]] = {}
        for step in self.lines:
            if "signal" in step["facts"] and step["verb"] in ("open", "join"):
                named[step["facts"]["signal"]] = step
        if set(signals) != set(named):
            raise Fault("线索与办理过程不符", "The signals are not those the journal names.")
        for key, step in named.items():
            if step["verb"] == "join" and step["text"] != signals[key]["text"]:
                raise Fault(f"线索 {key} 的内容与办理过程不符", f"The words of signal {key} are not those of its step.")
        self.holds(f"{len(named)} 条线索与办理过程一致", f"The {len(named)} signals are those the journal names.")

    def media(self) -> None:
        """Every picture the journal names lies here with the bytes it had."""
        named = {one["sha256"]: number for number, step in enumerate(self.lines, 1) for one in step["media"]}
        files = {name.rsplit("/", 1)[1].split(".")[0]: name for name in self.archive.names if name.startswith("media/")}
        for digest, number in sorted(named.items(), key=lambda one: one[1]):
            if digest not in files:
                raise Fault(f"第 {number} 步的附件缺失", f"A file of step {number} is missing: {digest}")
            if hashlib.sha256(self.archive.read(files[digest])).hexdigest() != digest:
                raise Fault(f"附件 {files[digest]} 被改动", f"The file {files[digest]} was changed.")
        if set(files) - set(named):
            raise Fault("附件不属于办理过程", "A file in media belongs to no step.")
        self.holds(f"{len(named)} 个附件与办理过程一致", f"The {len(named)} files are those the journal names.")


def main(words: Sequence[str] | None = None) -> int:
    """Check, say what holds, and end with 1 when something does not."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("place", nargs="?", default=str(Path(__file__).resolve().parent))
    parser.add_argument("--key", default="", help="public key you were given elsewhere · 另行取得的公钥")
    asked = parser.parse_args(words)
    lines: Iterable[str]
    try:
        Check(Archive(Path(asked.place)), asked.key, print).run()
    except Fault as fault:
        lines = [f"✗ {fault}"]
    except (OSError, KeyError, TypeError, AttributeError, IndexError, ValueError, zipfile.BadZipFile) as error:
        lines = [f"✗ 档案无法读取\n  The archive cannot be read: {type(error).__name__} {error}"]
    else:
        print("档案核验通过\nThe archive holds.")
        return 0
    print("\n".join(lines))
    return 1


if __name__ == "__main__":
    sys.exit(main())
