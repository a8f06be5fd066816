"""A bureau and its first dataset, which most tests of the catalogue start from."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pytest

from citybrain.declare.application import Application, Platform
from citybrain.declare.element import DataType, Element
from citybrain.declare.words import Masking
from citybrain.kernel.identity.models import Organisation
from citybrain.kernel.registry.registry import build
from citybrain.warehouse.catalogue import actions, dcat, naming, queries, search
from citybrain.warehouse.catalogue.models import Dataset

Make = Callable[..., Dataset]

ELEMENTS = {
    masking: Element(
        key=masking.value,
        title=f"Shown by {masking.value}" if masking is not Masking.IDENTIFIER else "Citizen number",
        chinese="公民身份号码" if masking is Masking.IDENTIFIER else f"{masking.value}元",
        definition="",
        type=DataType.TEXT,
        format="an..50",
        masking=masking,
    )
    for masking in Masking
}
"""An element for each way of masking, its key the way's name: these tests hang on no application."""


@pytest.fixture
def declared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes ELEMENTS all there is in the registry."""
    application = Application(key="test", title="Test", platform=Platform.BASE, declares=tuple(ELEMENTS.values()))
    known = build([application])
    for module in (dcat, naming, queries, search):
        monkeypatch.setattr(module, "registry", lambda: known)


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
