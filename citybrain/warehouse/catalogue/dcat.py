"""The catalogue as DCAT 3 in JSON-LD (W3C Recommendation of 2024-08-22), and its check against our own SHACL shapes.

Addresses of entries, fields and elements start with the installation's own, so that what is exported can be followed.
What DCAT has no word for (grade, share attribute, the Zhejiang labels) stands under `terms#` of that address.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
import pyshacl
from django.conf import settings
from django.db.models import Prefetch
from django.utils import timezone
from rdflib import Graph
from rdflib.namespace import RDF, SH

from citybrain.declare.element import Element
from citybrain.declare.words import OpenType, ShareType, UpdateCycle
from citybrain.kernel.identity.models import Organisation
from citybrain.kernel.registry.registry import registry
from citybrain.ui.county import County
from citybrain.ui.county import county as this_county
from citybrain.warehouse.catalogue.models import Dataset, Field, Version
from citybrain.warehouse.catalogue.queries import BOUND

Node = dict[str, Any]

SHAPES = Path(__file__).parent / "shapes.ttl"

FREQUENCY = "http://purl.org/cld/freq/"
ACCESS_RIGHT = "http://publications.europa.eu/resource/authority/access-right/"
PARQUET = "https://www.iana.org/assignments/media-types/application/vnd.apache.parquet"

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "csvw": "http://www.w3.org/ns/csvw#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "prov": "http://www.w3.org/ns/prov#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

PERIODICITY = {
    UpdateCycle.REAL_TIME: "continuous",
    UpdateCycle.DAILY: "daily",
    UpdateCycle.WEEKLY: "weekly",
    UpdateCycle.MONTHLY: "monthly",
    UpdateCycle.QUARTERLY: "quarterly",
    UpdateCycle.YEARLY: "annual",
    UpdateCycle.ON_DEMAND: "irregular",
}
"""Update cycle -> term of the Dublin Core frequency vocabulary."""

ACCESS = {
    OpenType.UNCONDITIONAL: "PUBLIC",
    OpenType.CONDITIONAL: "RESTRICTED",
    OpenType.NONE: "NON_PUBLIC",
}
"""Open attribute -> term of the EU access-right list, the one DCAT profiles share."""


def export(
    county: County | None = None,
    *,
    base: str = "",
    now: datetime | None = None,
    keys: Iterable[str] | None = None,
) -> bytes:
    """The entries `keys` (all by default) as one JSON-LD document.

    `base` is the installation's address, ending in `/`: by default the first of CITYBRAIN_ORIGINS, else this machine.

    Three database queries; the same catalogue gives the same bytes at the same `now`.
    """
    county, now, base = county or this_county(), now or timezone.now(), base or default_base()
    found = Dataset.objects.select_related("provider").defer("search_title", "search_fields", "search_text")
    found = found.prefetch_related(
        Prefetch("fields", Field.objects.filter(is_gone=False).order_by("dataset", "position")),
        Prefetch("versions", Version.objects.defer("schema").order_by("-made_at", "-id")),
    )
    if keys is not None:
        found = found.filter(key__in=list(keys))
    datasets = list(found)
    providers = {dataset.provider_id: dataset.provider for dataset in datasets}
    graph = [
        _catalogue(county, datasets, base, now),
        *_concepts(base),
        *(_organisation(provider, base) for _pk, provider in sorted(providers.items())),
        *(_dataset(dataset, county, base) for dataset in datasets),
    ]
    context = {**PREFIXES, "terms": f"{base}terms#"}
    return orjson.dumps({"@context": context, "@graph": graph})


def validate(document: bytes) -> list[str]:
    """What in `document` breaks the shapes, one sentence each; empty when it is valid.

    Raises ValueError for what is no JSON-LD, or asks to fetch a context from elsewhere.
    """
    try:
        content = orjson.loads(document)
    except orjson.JSONDecodeError as error:
        raise ValueError(f"Not JSON: {error}. Give the document that export() made.") from error
    if any(_is_remote(context) for context in _contexts(content)):
        raise ValueError("The document names a context to be fetched; write its prefixes into the document itself.")
    graph = Graph().parse(data=document, format="json-ld")
    _conforms, report, _text = pyshacl.validate(graph, shacl_graph=_shapes(), inference="none")
    if not isinstance(report, Graph):
        raise ValueError(f"The shapes could not be applied: {report!r}")
    return sorted(
        f"{report.value(result, SH.focusNode)}: {report.value(result, SH.resultPath) or ''} "
        f"{report.value(result, SH.resultMessage)}"
        for result in report.subjects(RDF.type, SH.ValidationResult)
    )


def default_base() -> str:
    """The address entries are exported under when no request tells it."""
    origins = settings.CSRF_TRUSTED_ORIGINS
    return f"{origins[0].rstrip('/')}/" if origins else "http://127.0.0.1:8000/"


def dataset_address(base: str, key: str) -> str:
    """The address of an entry; any key becomes a valid IRI."""
    return f"{base}datasets/{quote(key, safe='')}"


def _catalogue(county: County, datasets: list[Dataset], base: str, now: datetime) -> Node:
    return {
        "@id": f"{base}catalogue",
        "@type": "dcat:Catalog",
        "dct:title": [_zh(f"{county.name}公共数据目录"), _en(f"Public data catalogue of {county.english}")],
        "dct:modified": _time(now),
        "dct:spatial": _id(f"{base}divisions/{county.code}"),
        "dct:conformsTo": _id("https://www.w3.org/TR/2024/REC-vocab-dcat-3-20240822/"),
        "dcat:dataset": [_id(dataset_address(base, dataset.key)) for dataset in datasets],
    }


def _organisation(organisation: Organisation, base: str) -> Node:
    node = {
        "@id": f"{base}departments/{quote(organisation.key, safe='')}",
        "@type": "foaf:Organization",
        "foaf:name": [_zh(organisation.chinese), _en(organisation.english)],
    }
    return node | ({"dct:identifier": organisation.credit_code} if organisation.credit_code else {})


def _dataset(dataset: Dataset, county: County, base: str) -> Node:
    """One entry; the mapping is that of the table in docs/warehouse.md."""
    address = dataset_address(base, dataset.key)
    share, open_ = ShareType[dataset.share], OpenType[dataset.open]
    fields = list(dataset.fields.all())
    versions = list(dataset.versions.all())
    provider = _id(f"{base}departments/{quote(dataset.provider.key, safe='')}")
    node: Node = {
        "@id": address,
        "@type": "dcat:Dataset",
        "dct:identifier": dataset.code or dataset.key,
        "adms:identifier": {"@type": "adms:Identifier", "skos:notation": dataset.key},
        "dct:title": [_zh(dataset.chinese), *([_en(dataset.english)] if dataset.english else [])],
        "dct:description": _zh(dataset.summary or dataset.chinese),
        "dct:publisher": provider,
        "dct:creator": provider,
        "dcat:theme": _id(f"{base}terms#department-resource"),
        "dct:accrualPeriodicity": _id(FREQUENCY + PERIODICITY[UpdateCycle(dataset.cycle)]),
        "dct:spatial": _id(f"{base}divisions/{county.code}"),
        "dct:accessRights": [
            _id(ACCESS_RIGHT + ACCESS[open_]),
            _id(f"{base}terms#share-{share.code}"),
            _id(f"{base}terms#open-{open_.code}"),
        ],
        "prov:wasDerivedFrom": _id(f"{base}sources/{quote(dataset.source_key, safe='')}"),
    }
    if dataset.grade:
        node["terms:securityLevel"] = dataset.grade
    if dataset.score is not None:
        node["terms:qualityScore"] = {"@value": f"{dataset.score:.2f}", "@type": "xsd:decimal"}
    if dataset.attribution:
        node["dct:rights"] = dataset.attribution
    if modified := dataset.data_at or dataset.gathered_at:
        node["dct:modified"] = _time(modified)
    if fields:
        node["dct:conformsTo"] = _schema(fields, address, base)
    if related := [reference["dataset"] for reference in dataset.references]:
        node["dct:relation"] = [_id(dataset_address(base, key)) for key in sorted(set(related))]
    if versions:
        node["dct:issued"] = _time(versions[-1].made_at)
        node["dcat:version"] = str(versions[0].snapshot)
        node["dcat:distribution"] = _distribution(dataset, address)
    if len(versions) > 1:
        node["dcat:previousVersion"] = _id(f"{address}/versions/{versions[1].snapshot}")
    return node


def _schema(fields: list[Field], address: str, base: str) -> Node:
    return {
        "@id": f"{address}#schema",
        "@type": "csvw:Schema",
        "csvw:column": {"@list": [_column(field, address, base) for field in fields]},
    }


def _column(field: Field, address: str, base: str) -> Node:
    element = registry().find(Element, field.element_key) if field.match in BOUND else None
    node: Node = {
        "@id": f"{address}#{quote(field.name, safe='')}",
        "@type": "csvw:Column",
        "csvw:name": field.name,
        "csvw:datatype": element.type.value if element else field.raw_type,
    }
    if title := field.chinese or (element.chinese if element else ""):
        node["csvw:title"] = _zh(title)
    if element is not None:
        node["dct:type"] = _id(f"{base}elements/{quote(element.key, safe='')}")
    if field.grade:
        node["terms:securityLevel"] = field.grade
    return node


def _distribution(dataset: Dataset, address: str) -> Node:
    return {
        "@id": f"{address}#table",
        "@type": "dcat:Distribution",
        "dct:title": _zh(dataset.chinese),
        "dcat:mediaType": _id(PARQUET),
        "dcat:accessURL": _id(address),
        "dcat:byteSize": {"@value": str(dataset.raw_bytes), "@type": "xsd:nonNegativeInteger"},
    }


def _concepts(base: str) -> Iterator[Node]:
    """The share and open attributes with their national and Zhejiang words, and the class of all entries."""
    for scheme, kinds in (("share", ShareType), ("open", OpenType)):
        for kind in kinds:
            yield {
                "@id": f"{base}terms#{scheme}-{kind.code}",
                "@type": "skos:Concept",
                "skos:notation": str(kind.code),
                "skos:prefLabel": [_zh(kind.national), _en(kind.title)],
                "skos:altLabel": [_zh(kind.zhejiang)] if kind.zhejiang != kind.national else [],
            }
    yield {
        "@id": f"{base}terms#department-resource",
        "@type": "skos:Concept",
        "skos:notation": "3",
        "skos:prefLabel": [_zh("部门信息资源"), _en("Department resource")],
    }


def _contexts(content: Any) -> Iterator[Any]:
    """Every `@context` in a JSON document, wherever it stands."""
    pending = [content]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            if "@context" in item:
                yield item["@context"]
            pending.extend(item.values())
        elif isinstance(item, list):
            pending.extend(item)


def _is_remote(context: Any) -> bool:
    """Whether a context is to be fetched: a bare address, alone or in a list, or an import."""
    parts = context if isinstance(context, list) else [context]
    return any(isinstance(part, str) or (isinstance(part, dict) and "@import" in part) for part in parts)


@cache
def _shapes() -> Graph:
    return Graph().parse(SHAPES, format="turtle")


def _id(address: str) -> Node:
    return {"@id": address}


def _zh(text: str) -> Node:
    return {"@value": text, "@language": "zh-Hans"}


def _en(text: str) -> Node:
    return {"@value": text, "@language": "en"}


def _time(moment: datetime) -> Node:
    return {"@value": moment.isoformat(), "@type": "xsd:dateTime"}
