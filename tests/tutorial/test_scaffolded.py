"""What `make new-application` writes works as it stands, in a copy of the sources, and leaves no trace when removed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.tutorial.conftest import in_checkout, sources

QUESTION = """
import json
import citybrain.site.startup
from django.core.management import call_command
from django.urls import NoReverseMatch, reverse
from citybrain.declare.event import EventType
from citybrain.kernel.records.shape import record_types
from citybrain.kernel.registry.registry import registry
from citybrain.ui.menu import MENU

call_command("check")
try:
    address = bool(reverse("records:old-tree:list"))
except NoReverseMatch:
    address = False
lines = [item.url_name for group in MENU.groups for item in group.items]
print(json.dumps({
    "application": "trees" in [one.key for one in registry().applications],
    "event type": registry().find(EventType, "trees-request") is not None,
    "register": "old-tree" in [shape.key for shape in record_types()],
    "address": address,
    "menu": "records:old-tree:list" in lines,
}))
"""


def test_adding_and_removing_one_changes_nothing_else(checkout: Path) -> None:
    """With the folder there are its register, event type, menu line and addresses, and its tests pass; then none."""
    folder = checkout / "citybrain" / "applications" / "trees"
    before = sources(checkout)

    def known() -> dict[str, bool]:
        found: dict[str, bool] = json.loads(in_checkout(checkout, "-c", QUESTION).splitlines()[-1])
        return found

    in_checkout(checkout, "-m", "citybrain.site.command", "new-application", "trees", "--record", "OldTree")
    assert (folder / "migrations" / "0001_initial.py").exists()
    assert known() == {"application": True, "event type": True, "register": True, "address": True, "menu": True}
    in_checkout(checkout, "-m", "pytest", "-q", "citybrain/applications/trees", "-p", "no:cacheprovider")
    assert {path for path in sources(checkout) if not path.is_relative_to(folder)} == set(before)
    shutil.rmtree(folder)
    assert set(known().values()) == {False}
    assert sources(checkout) == before
