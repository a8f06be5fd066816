"""The county of the loop's tests and people's phones."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from citybrain.centre.events.tests.conftest import _types, case, county
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import User

__all__ = ["_types", "case", "county"]


@pytest.fixture
def phone(db: None, signed_in_client: Callable[..., Client]) -> Callable[[Actor], Client]:
    """The phone of somebody of the county."""
    return lambda actor: signed_in_client(User.objects.get(pk=actor.user_id))


@pytest.fixture
def photo() -> Callable[..., SimpleUploadedFile]:
    """A picture as a phone takes it."""

    def taken(name: str = "a.jpg", colour: str = "#7a9cc0", size: tuple[int, int] = (640, 480)) -> SimpleUploadedFile:
        content = io.BytesIO()
        Image.new("RGB", size, colour).save(content, "JPEG")
        return SimpleUploadedFile(name, content.getvalue(), "image/jpeg")

    return taken
