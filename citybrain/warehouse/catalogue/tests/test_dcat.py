"""The export is valid DCAT with everything the mapping promises, and the shapes can fail."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS, RDF

from citybrain.declare.words import OpenType, ShareType, UpdateCycle
from citybrain.ui.county import County, read
from citybrain.warehouse.catalogue import actions
from citybrain.warehouse.catalogue.dcat import PREFIXES, export, validate
from citybrain.warehouse.catalogue.models import Dataset
from citybrain.warehouse.catalogue.tests.conftest import Make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("declared")]

NOW = datetime(2026, 11, 21, tzinfo=UTC)
BASE = "https://data.example.org/"
CSVW = Namespace(PREFIXES["csvw"])
DCAT = Namespace(PREFIXES["dcat"])
XSD = Namespace(PREFIXES["xsd"])
TERMS = Namespace(f"{BASE}terms#")
ENTRY = URIRef(f"{BASE}datasets/police.household-person")


@pytest.fixture
def county() -> County:
    return read(settings.COUNTY)


@pytest.fixture
def persons(make: Make) -> Dataset:
    make("police.household", "户", "Household", ("HH",))
    dataset = make(
        "police.household-person",
        "户籍人口",
        "Household registration",
        ("SFZH", "备注 %"),
        summary="常住人口登记",
        cycle=UpdateCycle.DAILY,
        share=ShareType.CONDITIONAL,
        open=OpenType.CONDITIONAL,
        references=[{"column": "HH", "dataset": "police.household", "field": "HH"}],
    )
    dataset.fields.filter(name="SFZH").update(element_key="identifier", match="taken", grade="L3")
    actions.reindex(dataset)
    Dataset.objects.filter(pk=dataset.pk).update(data_at=NOW, score=97.125)
    return dataset


def document(county: County, **options: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(export(county, base=BASE, now=NOW, **options))
    return found


def test_a_catalogue_is_valid(persons: Dataset, county: County) -> None:
    assert validate(export(county, base=BASE, now=NOW)) == []


def test_an_empty_catalogue_is_valid(county: County) -> None:
    assert validate(export(county, base=BASE, now=NOW)) == []


def test_an_entry_says_what_the_mapping_promises(persons: Dataset, county: County) -> None:
    graph = Graph().parse(data=export(county, base=BASE, now=NOW), format="json-ld")
    facts = {predicate: graph.value(ENTRY, predicate) for predicate in graph.predicates(ENTRY)}
    assert facts[DCTERMS.identifier] == Literal(persons.code)
    assert set(graph.objects(ENTRY, DCTERMS.title)) == {
        Literal("户籍人口", lang="zh-Hans"),
        Literal("Household registration", lang="en"),
    }
    assert facts[DCTERMS.accrualPeriodicity] == URIRef("http://purl.org/cld/freq/daily")
    assert set(graph.objects(ENTRY, DCTERMS.accessRights)) == {
        URIRef("http://publications.europa.eu/resource/authority/access-right/RESTRICTED"),
        TERMS["share-2"],
        TERMS["open-2"],
    }
    assert facts[TERMS.securityLevel] == Literal("L3")
    assert facts[TERMS.qualityScore] == Literal("97.12", datatype=XSD.decimal)
    assert facts[DCTERMS.modified] == Literal(NOW.isoformat(), datatype=XSD.dateTime)
    assert facts[DCTERMS.relation] == URIRef(f"{BASE}datasets/police.household")
    assert graph.value(facts[DCTERMS.publisher], DCTERMS.identifier) == Literal("11330784MB9P000188")
    columns = Collection(graph, graph.value(facts[DCTERMS.conformsTo], CSVW.column))
    assert [str(graph.value(column, CSVW.name)) for column in columns] == ["SFZH", "备注 %"]
    assert graph.value(columns[0], DCTERMS.type) == URIRef(f"{BASE}elements/identifier")
    table = graph.value(ENTRY, DCAT.distribution)
    assert graph.value(table, DCAT.byteSize) == Literal("100", datatype=XSD.nonNegativeInteger)


def test_share_attributes_carry_national_and_zhejiang_words(county: County) -> None:
    nodes = {node["@id"]: node for node in document(county)["@graph"]}
    concept = nodes[f"{BASE}terms#share-2"]
    assert concept["skos:prefLabel"][0]["@value"] == "有条件共享"
    assert concept["skos:altLabel"][0]["@value"] == "受限共享"


def test_only_the_entries_asked_for(persons: Dataset, county: County) -> None:
    nodes = document(county, keys=["police.household"])["@graph"]
    assert [node["@id"] for node in nodes if node["@type"] == "dcat:Dataset"] == [f"{BASE}datasets/police.household"]


def test_versions_follow_each_other(persons: Dataset, county: County) -> None:
    version = persons.versions.get()
    persons.versions.create(snapshot=7, made_at=version.made_at.replace(year=2030), rows=1, schema=[])
    node = next(node for node in document(county)["@graph"] if node["@id"] == str(ENTRY))
    assert (node["dcat:version"], node["dcat:previousVersion"]["@id"]) == ("7", f"{ENTRY}/versions/1")


@pytest.mark.parametrize("name", ["a b", "<script>", '"x"', "列\n二", "#/?%", "{x}", "\\", "😀"])
def test_any_name_makes_a_valid_document(make: Make, county: County, name: str) -> None:
    make("police.odd", f"表{name}", name, (name,), summary=name)
    exported = export(county, base=BASE, now=NOW)
    assert validate(exported) == []
    graph = Graph().parse(data=exported, format="json-ld")
    assert Literal(name) in set(graph.objects(None, CSVW.name))
    assert len(list(graph.subjects(RDF.type, CSVW.Column))) == 1


BREAKS = [
    ("dct:title", None),
    ("dct:publisher", None),
    ("dct:publisher", {"@id": f"{BASE}departments/nobody"}),
    ("dct:identifier", "no code"),
    ("dct:accrualPeriodicity", {"@id": "http://purl.org/cld/freq/sometimes"}),
    ("dct:accessRights", [{"@id": "http://publications.europa.eu/resource/authority/access-right/PUBLIC"}]),
    ("dct:modified", "yesterday"),
    ("dct:title", [{"@value": "甲", "@language": "zh-Hans"}, {"@value": "乙", "@language": "zh-Hans"}]),
    ("prov:wasDerivedFrom", None),
]


@pytest.mark.parametrize(("name", "value"), BREAKS)
def test_the_shapes_find_what_is_missing_or_wrong(persons: Dataset, county: County, name: str, value: Any) -> None:
    broken = document(county)
    node = next(node for node in broken["@graph"] if node["@id"] == str(ENTRY))
    node[name] = value
    if value is None:
        del node[name]
    found = validate(json.dumps(broken).encode())
    assert len(found) == 1
    assert str(ENTRY) in found[0]


def test_a_dataset_listed_but_not_described_is_found(persons: Dataset, county: County) -> None:
    broken = document(county)
    broken["@graph"][0]["dcat:dataset"].append({"@id": f"{BASE}datasets/ghost"})
    assert len(validate(json.dumps(broken).encode())) == 1


@pytest.mark.parametrize(
    "context",
    ["http://127.0.0.1:9/context", ["http://127.0.0.1:9/context"], {"@import": "http://127.0.0.1:9/context"}],
)
@pytest.mark.parametrize("nested", [False, True])
def test_no_context_is_ever_fetched(context: Any, nested: bool) -> None:
    inner = {"@context": context, "@id": "urn:x"}
    with pytest.raises(ValueError, match="context"):
        validate(json.dumps({"@graph": [inner]} if nested else inner).encode())


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(ValueError, match="Not JSON"):
        validate(b"<rdf/>")


def test_three_queries_however_many_entries(persons: Dataset, make: Make, county: County) -> None:
    for number in range(5):
        make(f"police.t{number}", "表", columns=("A", "B"))
    with CaptureQueriesContext(connection) as captured:
        export(county, base=BASE, now=NOW)
    assert len(captured) == 3
