"""The frame by itself: its own addresses, without what the rooms of the site install in it."""

from __future__ import annotations

from typing import Any

import pytest

from citybrain.ui import context
from citybrain.ui.bell import Bell
from citybrain.ui.menu import Menu
from citybrain.ui.person import PersonMenu


@pytest.fixture
def bare_frame(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the frame's own pages answer; menu, bell and person's menu are empty."""
    settings.ROOT_URLCONF = "citybrain.ui.urls"
    monkeypatch.setattr(context, "MENU", Menu())
    monkeypatch.setattr(context, "BELL", Bell())
    monkeypatch.setattr(context, "PERSON", PersonMenu())
