"""The raw rows of one snapshot, in batches of one schema; columns of few different values come as dictionaries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import pyarrow as pa
import pyarrow.fs as pafs
import pyarrow.parquet as pq

from citybrain.kernel.lake.tables import Lake, TableName

BATCH = 131_072
"""Rows a batch: enough that what a batch costs by itself does not count, few enough for the caches and the memory."""
DICTIONARY_BYTES = 8_192
"""A column whose compressed dictionary is not larger comes as a dictionary."""
LARGER_DICTIONARY_BYTES = 32_768
"""So does one of some thousand longer texts, addresses say, where no page was written beside the dictionary."""
BYTES_OF_INDEX = 4
"""Bytes a row, dictionary included, of a column whose pages are all indices: plain texts take more."""


class RawRows:
    """Reads `table` at `snapshot`; what an older file lacks is null, what it types otherwise is cast."""

    def __init__(self, lake: Lake, table: TableName, snapshot: int | None) -> None:
        self.schema = lake.schema(table, snapshot=snapshot)
        self.paths = lake.files(table, snapshot=snapshot)
        self.location = lake.location

    @cached_property
    def files(self) -> list[pq.ParquetFile]:
        """The data files, each opened once, texts of few different values set to come as dictionaries."""
        return [self._open(path) for path in self.paths]

    @cached_property
    def rows(self) -> int:
        """How many rows there are."""
        return sum(file.metadata.num_rows for file in self.files)

    def _open(self, path: str) -> pq.ParquetFile:
        source: str | pa.NativeFile = path
        if "://" in path:
            filesystem, inside = pafs.FileSystem.from_uri(path)
            source = filesystem.open_input_file(inside)
        metadata = pq.read_metadata(source)
        return pq.ParquetFile(source, metadata=metadata, read_dictionary=self._repetitive(metadata))

    def _repetitive(self, metadata: pq.FileMetaData) -> list[str]:
        if metadata.num_row_groups == 0:
            return []
        group = metadata.row_group(0)
        texts = {field.name for field in self.schema if pa.types.is_string(field.type)}
        names = []
        for number in range(group.num_columns):
            column = group.column(number)
            if not column.has_dictionary_page or column.path_in_schema not in texts:
                continue
            size = column.data_page_offset - (column.dictionary_page_offset or 0)
            indices_only = column.total_uncompressed_size <= BYTES_OF_INDEX * column.num_values
            most = LARGER_DICTIONARY_BYTES if indices_only else DICTIONARY_BYTES
            if size <= most and size < column.num_values:
                names.append(column.path_in_schema)
        return names

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """The rows in file order, of `columns` or all, always in the schema's order."""
        fields = [field for field in self.schema if columns is None or field.name in columns]
        for file in self.files:
            held = set(file.schema_arrow.names)
            wanted = [field.name for field in fields if field.name in held]
            threads = file.metadata.num_rows > BATCH
            for batch in file.iter_batches(batch_size=BATCH, columns=wanted, use_threads=threads):
                yield pa.record_batch(
                    [self._column(batch, field) for field in fields], names=[field.name for field in fields]
                )

    @staticmethod
    def _column(batch: pa.RecordBatch, field: pa.Field) -> pa.Array:
        at = batch.schema.get_field_index(field.name)
        if at < 0:
            return pa.nulls(batch.num_rows, field.type)
        values = batch.column(at)
        if isinstance(values, pa.DictionaryArray):
            if pa.types.is_string(values.type.value_type):
                return values
            values = values.dictionary_decode()
        return values if values.type.equals(field.type) else values.cast(field.type)
