"""A bureau and its first dataset, which most tests of the catalogue start from."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pytest

from citybrain.kernel.identity.models import Organisation
from citybrain.warehouse.catalogue import actions
from citybrain.warehouse.catalogue.models import Dataset

Make = Callable[..., Dataset]


@pytest.fixture
def police(db: None) -> Organisation:
    return Organisation.objects.create(
        key="police",
        chinese="永康市公安局",
        short="公安局",
        english="Public Security Bureau",
        credit_code="11330784MB9P000188",
    )


@pytest.fixture
def tax(db: None) -> Organisation:
    return Organisation.objects.create(
        key="tax", chinese="永康市税务局", short="税务局", english="Tax Bureau", position=1
    )


@pytest.fixture
def make(police: Organisation) -> Make:
    """Registers `key` with a title and, when columns are named, gathers it."""

    def register(
        key: str, chinese: str, english: str = "", columns: tuple[str, ...] = (), **options: object
    ) -> Dataset:
        options.setdefault("provider", police)
        options.setdefault("source_key", "police-household")
        dataset = actions.register_dataset(key, chinese=chinese, english=english, **options)  # type: ignore[arg-type]
        if columns:
            schema = pa.schema([(column, pa.string()) for column in columns])
            actions.record_gathered(dataset, snapshot=1, rows=10, bytes=100, schema=schema, data_at=None)
        return dataset

    return register
