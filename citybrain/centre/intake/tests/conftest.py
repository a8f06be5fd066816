"""What tests of the doors share: the command centre's body, hooks and jobs installed."""

from __future__ import annotations

import pytest

import citybrain.centre.intake.jobs  # noqa: F401 - the doors answer reporters once their jobs are known
from citybrain.centre.events.types import event_types
from citybrain.kernel.identity.models import Organisation


@pytest.fixture
def centre(db: None) -> Organisation:
    """The command centre, where events land that nobody else received."""
    key = "data-bureau-operation-centre"
    return Organisation.objects.create(key=key, path=f"{key}/", chinese="指挥中心", english="Centre")


@pytest.fixture
def code() -> str:
    """A class that the public sees and citizens report."""
    return public_codes()[0]


def public_codes() -> list[str]:
    """Every such class."""
    found = event_types().items()
    return [key for key, kind in found if kind.citizens and not kind.restricted and kind.kind.value == "event"]
