"""Writes the source declarations of the county: one TOML file a source, from which gathering is bootstrapped."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from citybrain.rehearsal.specification import Later, Source, Table, Way


def _value(value: object) -> str:
    """A TOML basic string, list of strings or integer; JSON's escapes are TOML's."""
    return json.dumps(value, ensure_ascii=False)


def _location(source: Source) -> Iterator[str]:
    match source.way:
        case Way.SQLITE:
            yield f"url = {_value(f'sqlite:///deliveries/{source.department}/{source.system}.sqlite')}"
        case Way.POSTGRESQL:
            yield f"url = {_value('${COUNTY_POSTGRES}')}"
        case Way.HTTP_JSON:
            yield f"url = {_value('${COUNTY_API}')}"
        case way:
            middle = "*/" if source.dated else ""
            yield f"path = {_value(f'deliveries/{source.department}/{middle}*{way.suffix}')}"


def _table_name(source: Source, table: Table) -> str:
    if source.way in (Way.SQLITE, Way.POSTGRESQL, Way.HTTP_JSON):
        return table.name
    return f"{table.name}{'-*' if Later.LATE in table.later else ''}{source.way.suffix}"


def _table_lines(source: Source, table: Table, key_fields: Mapping[str, str]) -> Iterator[str]:
    yield "[[tables]]"
    yield f"name = {_value(_table_name(source, table))}"
    yield f"key = {_value(table.key)}"
    yield f"title = {_value(table.title)}"
    yield f"english = {_value(table.english)}"
    if table.primary_key and not table.keyless:
        yield f"primary_key = {_value(list(table.primary_key))}"
    yield f"mode = {_value(table.mode)}"
    if table.watermark:
        yield f"watermark = {_value(table.watermark)}"
    yield f"cycle = {_value(table.cycle)}"
    yield f"share = {_value(table.share)}"
    yield f"open = {_value(table.opened)}"
    if table.real:
        yield "real = true"
        yield f"attribution = {_value(table.attribution)}"
    references = [
        f"{{column = {_value(name)}, dataset = {_value(maker.refers)}, field = {_value(key_fields[maker.refers])}}}"
        for name, maker in table.columns.items()
        if maker.refers
    ]
    if references:
        yield f"references = [{', '.join(references)}]"


def declaration(source: Source, key_fields: Mapping[str, str]) -> str:
    """The TOML text of one source; `key_fields` names the key column of every dataset that is referred to."""
    lines = [
        f"key = {_value(source.key)}",
        f"title = {_value(source.title)}",
        f"english = {_value(source.english)}",
        f"department = {_value(source.department)}",
        f"kind = {_value(str(source.way))}",
        *_location(source),
        f"schedule = {_value(source.schedule)}",
    ]
    if source.way is Way.HTTP_JSON:
        lines += ["", "[options]", f"token = {_value('${COUNTY_API_TOKEN}')}", "page_size = 1000"]
    for table in source.tables:
        lines += ["", *_table_lines(source, table, key_fields)]
    return "\n".join(lines) + "\n"


def write_declarations(sources: tuple[Source, ...], folder: Path) -> None:
    """Write every source's declaration as `<key>.toml`."""
    folder.mkdir(parents=True, exist_ok=True)
    key_fields = {
        source.dataset(table): table.primary_key[0]
        for source in sources
        for table in source.tables
        if table.primary_key
    }
    for source in sources:
        (folder / f"{source.key}.toml").write_text(declaration(source, key_fields), encoding="utf-8")
