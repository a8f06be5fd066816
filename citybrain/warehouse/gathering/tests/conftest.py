"""A delivery root, a lake and a department for the tests of gathering."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from django.utils import translation

from citybrain.kernel.identity.models import Organisation
from citybrain.kernel.lake.tables import Lake, TableName
from citybrain.warehouse.catalogue.models import Dataset
from citybrain.warehouse.gathering.models import GatherRun, Source, SourceTable
from citybrain.warehouse.gathering.quarantine import Segment, read
from citybrain.warehouse.gathering.readers.reading import Reading

Declare = Callable[..., SourceTable]
Read = Callable[..., tuple[list[dict[str, Any]], Reading]]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Messages in the language of the source, whatever the site speaks."""
    with translation.override("en"):
        yield


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    settings.HOME = tmp_path / "home"
    settings.DELIVERIES = tmp_path / "home" / "county"
    settings.GATHERING_ALLOWED_HOSTS = ()
    settings.DELIVERIES.mkdir(parents=True)
    return settings.HOME


@pytest.fixture
def deliveries(home: Path) -> Path:
    folder = home / "county" / "deliveries"
    folder.mkdir()
    return folder


@pytest.fixture
def lake(home: Path) -> Lake:
    return Lake(catalogue_url=f"sqlite:///{home}/lake.sqlite3", location=str(home / "lake"))


@pytest.fixture
def declare(db: None, home: Path) -> Declare:
    """Make a source with one table."""

    def declare(kind: str, address: str, name: str, **facts: Any) -> SourceTable:
        department, _is_new = Organisation.objects.get_or_create(
            key="police", defaults={"chinese": "公安局", "english": "Police"}
        )
        key = f"police-{Source.objects.count()}"
        source = Source.objects.create(
            key=key, chinese=key, department=department, kind=kind, address=address, options=facts.pop("options", {})
        )
        dataset = Dataset.objects.create(key=f"police.t{source.pk}", chinese=key, provider=department, source_key=key)
        return SourceTable.objects.create(source=source, name=name, dataset=dataset, **facts)

    return declare


@pytest.fixture
def rows_of(lake: Lake) -> Callable[[SourceTable], list[dict[str, Any]]]:
    """The rows now served of a table's dataset."""

    def rows_of(table: SourceTable) -> list[dict[str, Any]]:
        table.dataset.refresh_from_db()
        name = TableName(namespace="raw", name=table.dataset.table)
        return lake.dataset(name, snapshot=table.dataset.raw_snapshot).to_table().to_pylist()

    return rows_of


@pytest.fixture
def read_file(tmp_path: Path) -> Read:
    """Run one reader over bytes: its rows, and the reading with what went to quarantine."""

    def read_file(
        reader: Any, data: bytes, *, name: str = "file", expected: pa.Schema | None = None, **options: Any
    ) -> tuple[list[dict[str, Any]], Reading]:
        path = tmp_path / name
        path.write_bytes(data)
        reading = Reading(place=name, quarantine=Segment(tmp_path / "quarantine"), expected=expected)
        rows = [row for batch in reader(path, options=options, reading=reading) for row in batch.to_pylist()]
        assert reading.rows == len(rows) + reading.quarantine.rows + reading.skipped
        return rows, reading

    return read_file


@pytest.fixture
def spoilt(tmp_path: Path) -> Callable[[Reading], list[tuple[int | None, str, bytes]]]:
    """(row, reason, bytes) of what a reading put into quarantine, the bytes read back from it."""

    def spoilt(reading: Reading) -> list[tuple[int | None, str, bytes]]:
        items = reading.quarantine.close()
        return [
            (
                item["row"],
                item["reason"],
                read(tmp_path / "quarantine", segment=item["segment"], start=item["start"], size=item["size"]),
            )
            for item in items
        ]

    return spoilt


def books(run: GatherRun) -> tuple[int, int, int, int]:
    """(read, loaded, quarantined, skipped)."""
    return (run.rows_read, run.rows_loaded, run.rows_quarantined, run.rows_skipped)
