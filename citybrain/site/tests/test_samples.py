"""The samples of every application can be imported into the county as it is loaded."""

from __future__ import annotations

import csv

import pytest
from django.conf import settings

from citybrain.kernel.identity.actions_loading import load_organisations
from citybrain.kernel.records.shape import record_type, record_types
from citybrain.site.samples import SampleRefused, load, load_samples, sample_of


@pytest.mark.django_db
def test_every_sample_is_imported_whole_and_once() -> None:
    load_organisations(settings.COUNTY)
    loaded = load_samples()
    assert loaded, "no application has a sample"
    for key, count in loaded.items():
        with sample_of(record_type(key)).open(encoding="utf-8", newline="") as file:
            assert count == sum(1 for _row in csv.DictReader(file))
    assert load_samples() == {}


@pytest.mark.django_db
def test_a_sample_that_does_not_fit_names_the_row(tmp_path) -> None:  # type: ignore[no-untyped-def]
    load_organisations(settings.COUNTY)
    shape = next(shape for shape in record_types() if sample_of(shape).is_file())
    head = sample_of(shape).read_text(encoding="utf-8").splitlines()[0]
    wrong = tmp_path / "wrong.csv"
    wrong.write_text(f"{head}\n{'x,' * head.count(',')}x\n", encoding="utf-8")
    with pytest.raises(SampleRefused, match="row 1"):
        load(shape, wrong)
