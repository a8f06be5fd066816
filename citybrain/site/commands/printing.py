"""How commands print: JSON when asked, else cells of a table."""

from __future__ import annotations

import math
from typing import Annotated, Any

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object or list.")]


def cell(value: Any) -> str:
    """A value as a table shows it: `—` for none, thousands apart, one digit after the point."""
    match value:
        case None:
            return "—"
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case float():
            return "—" if math.isnan(value) else f"{value:.1f}"
        case _:
            return str(value)
