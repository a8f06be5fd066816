"""A walk that the phone tells while its page is open (巡查): consent first, a counter and a button to end it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import ClassVar

from citybrain.ui.panels.panel import Panel, Text


@dataclass(frozen=True, kw_only=True)
class Walk(Panel):
    """Begins or ends a walk; while one goes on, the device's position is sent every few moments.

    Nothing is asked of the device before the consent, nothing is sent after the end or with the page closed.
    """

    template: ClassVar[str] = "ui/phone/walk.html"

    start: str
    """Address that takes `plan` and `agreed` and begins one."""
    plans: tuple[tuple[str, Text], ...] = ()
    """What can be walked, by its number."""
    consent: Text
    """What is kept, for how long, and who sees it."""
    is_going: bool = False
    of: Text = ""
    """What is being walked."""
    send: str = ""
    """Address that takes {"points": [[longitude, latitude, metres of accuracy, milliseconds since 1970], …]}."""
    stop: str = ""
    """Address that ends it."""
    since: datetime.datetime | None = None
    metres: int = 0
    report: str = ""
    """Address of the form for what is found on the way; empty for none."""
