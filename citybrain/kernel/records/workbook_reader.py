"""A process of its own that reads a workbook somebody sent: rows of its first sheet with anything on it, as JSON lines.

A few octets can say that a cell stands at XFD1048576: a reader makes room for every cell before it and is killed. Here
that ends this process, with its memory and time bounded, and not the one that serves everybody.

    python workbook_reader.py PATH     exit status 0; 3 for a file that cannot be read; anything else when it was killed

Days and moments are written as a list of one kind and ISO 8601: ["day", "2026-11-21"].
"""

import datetime
import json
import resource
import sys
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

MEMORY = 2 * 1024**3
"""Octets of address space."""

SECONDS = 120
"""Processor time."""

UNREADABLE = 3


def as_json(cell: Any) -> Any:
    """A cell as JSON keeps it."""
    if isinstance(cell, datetime.datetime):
        return ["moment", cell.isoformat()]
    if isinstance(cell, datetime.date):
        return ["day", cell.isoformat()]
    return cell if cell is None or isinstance(cell, str | int | float | bool) else str(cell)


def main(path: str) -> int:
    """Writes the rows to standard output; returns the exit status."""
    try:
        with CalamineWorkbook.from_path(path) as book:
            for name in book.sheet_names:
                sheet = book.get_sheet_by_name(name)
                if sheet.height:
                    for cells in sheet.iter_rows():
                        print(json.dumps([as_json(cell) for cell in cells]))
                    return 0
    except (CalamineError, OSError, ValueError) as error:
        print(f"{type(error).__name__}: {error}"[:500], file=sys.stderr)
        return UNREADABLE
    return 0


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.exit(main(sys.argv[1]))
