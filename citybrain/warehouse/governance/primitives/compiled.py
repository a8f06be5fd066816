"""Where compiled kernels are kept between runs.

Numba looks only at the file of a kernel when it decides whether a kept one still holds, not at the kernels it calls in
other files. So each state of this room's sources has a folder of its own: a changed line compiles everything afresh.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from numba.core import config

ROOM = Path(__file__).resolve().parent.parent


def fingerprint() -> str:
    """A hash of every source file of the room's kernels."""
    digest = hashlib.sha256()
    for path in (*sorted((ROOM / "primitives").glob("*.py")), ROOM / "across.py"):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def keep() -> None:
    """Keep kernels beside their sources where that can be written; else numba finds a place of its own."""
    folder = ROOM / "__pycache__"
    if not config.CACHE_DIR and os.access(folder if folder.exists() else ROOM, os.W_OK):
        config.CACHE_DIR = str(folder / f"kernels-{fingerprint()}")


keep()
