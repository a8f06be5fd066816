"""The sample types' tables, people who keep them, and databases of their own for what needs several processes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker, Settings

from citybrain.declare.role import Reach
from citybrain.declare.words import Grade
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Area, Organisation, User
from citybrain.kernel.records import erasing, search, shape
from citybrain.kernel.records.shape import Shape, shape_of
from citybrain.kernel.records.tests.samples import MODELS, Tree, Visit


def make_tables() -> None:
    """The tables of the sample types in the database at hand."""
    with connection.schema_editor() as editor:
        for model in MODELS:
            editor.create_model(model)


@pytest.fixture(scope="session")
def _sample_tables(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock():
        make_tables()


@pytest.fixture(autouse=True)
def _known_types(_sample_tables: None, monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> None:
    """The room knows the sample types and no others; files lie in the test's own folder."""
    types = tuple(shape_of(model) for model in MODELS)
    for module in (shape, search, erasing):
        monkeypatch.setattr(module, "record_types", lambda: types)
    settings.ATTACHMENTS = tmp_path / "attachments"


@pytest.fixture
def tree() -> Shape:
    return shape_of(Tree)


@pytest.fixture
def visit() -> Shape:
    return shape_of(Visit)


def body(key: str, parent: Organisation | None = None) -> Organisation:
    """An organisation."""
    path = f"{parent.path if parent else ''}{key}/"
    made, _new = Organisation.objects.get_or_create(
        key=key, defaults={"chinese": f"{key}局", "english": key.title(), "path": path, "parent": parent}
    )
    return made


def area(key: str, kind: str = "town", parent: Area | None = None) -> Area:
    """An area."""
    path = f"{parent.path if parent else ''}{key}/"
    made, _new = Area.objects.get_or_create(
        key=key, defaults={"chinese": f"{key}镇", "kind": kind, "path": path, "parent": parent}
    )
    return made


def person(
    name: str,
    organisation: Organisation,
    *,
    reach: Reach = Reach.ORGANISATION,
    clearance: Grade = Grade.L2,
    permits: tuple[str, ...] = ("tree:*", "visit:*"),
    areas: frozenset[int] = frozenset(),
) -> Actor:
    """Somebody of an organisation who may do what `permits` says as far as `reach`."""
    user, _new = User.objects.get_or_create(username=name, defaults={"organisation": organisation, "chinese": name})
    below = Organisation.objects.filter(path__startswith=organisation.path)
    return Actor(
        user_id=user.pk,
        name=name,
        organisation_id=organisation.pk,
        clearance=clearance,
        areas=areas,
        organisations=frozenset(below.values_list("pk", flat=True)),
        permits=dict.fromkeys(permits, reach),
    )


@pytest.fixture
def forestry(db: None) -> Organisation:
    return body("forestry")


@pytest.fixture
def keeper(forestry: Organisation) -> Actor:
    """Somebody of the forestry bureau who may do everything with its trees."""
    return person("keeper", forestry)


@pytest.fixture
def stranger(db: None) -> Actor:
    """Somebody of another body with the same permissions."""
    return person("stranger", body("tax"))


Values = Callable[..., dict[str, Any]]


@pytest.fixture
def values() -> Values:
    """Values of a tree, with changes."""
    return tree_values


def tree_values(**changes: Any) -> dict[str, Any]:
    """Values of a tree, with changes."""
    return {"title": "古山镇胡库大樟树", "kind": "camphor", "girth": 320} | changes


@pytest.fixture
def installation(own_database: str) -> str:
    """A database of its own with the sample types' tables too; its vendor."""
    make_tables()
    return own_database
