"""Checks: every fault of a declaration is named with its remedy before anybody meets it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import models

from citybrain.declare.words import Grade
from citybrain.kernel.records.checks import check_record_types, check_records
from citybrain.kernel.records.fields import Code, Text, Whole
from citybrain.kernel.records.models import Record
from citybrain.kernel.records.tests.samples import MODELS, Tree


def made(name: str, face: dict[str, Any] | None = None, **fields: Any) -> type[Record]:
    """A record type that nobody installs."""
    meta = type("Meta", (), {"app_label": "records_samples_checked", "verbose_name": name})
    inner = type("Face", (Record.Face,), {"prefix": name.upper(), **(face or {})})
    body = {"__module__": __name__, "__doc__": "A thing.", "Meta": meta, "Face": inner, "title": Text("Name"), **fields}
    return type(name, (Record,), body)


@pytest.mark.parametrize(
    ("model", "id_", "words"),
    [
        (made("CheckedA", a=Text("a", element="moblie")), "E061", 'Did you mean "mobile"'),
        (made("CheckedB", {"title": "titel"}), "E062", 'Did you mean "title"'),
        (made("CheckedC", {"order": ("-heigth",)}, height=Whole("h")), "E062", 'Did you mean "height"'),
        (made("CheckedD", {"order": ("height",)}, height=Whole("h")), "E062", "no index"),
        (made("CheckedE", a=Code("a", codes="sexx")), "E063", 'Did you mean "sex"'),
        (made("CheckedF", a=Text("a", grade=Grade.L3, searched=True)), "E064", "whoever tries"),
        (made("CheckedG", a=Text("a", grade=Grade.L3, filtered=True)), "E064", "whoever tries"),
        (made("CheckedH", {"is_public": True}, a=Text("a", grade=Grade.L2, listed=True)), "E065", "is public"),
        (made("CheckedI", a=Text("a", filtered=True)), "W067", "no index"),
        (made("CheckedJ", {"icn": "tree"}), "E068", 'Did you mean "icon"'),
        (made("CheckedK", {"retention_days": 0}), "E068", "a day or more"),
    ],
)
def test_a_fault_is_named(model: type[Record], id_: str, words: str) -> None:
    found = check_records([model])
    assert [one.id for one in found] == [f"citybrain.{id_}"]
    assert words in f"{found[0].msg} {found[0].hint}"


def test_two_types_may_not_share_key_or_numbers() -> None:
    found = check_records([made("CheckedTwin", {"prefix": "T"}), made("Checked_Other", {"prefix": "T"})])
    assert [one.id for one in found] == ["citybrain.E066"]
    twin = type("Twin", (), {})
    assert twin is not Tree
    again = made("Tree", {"prefix": "TT"})
    assert [one.id for one in check_records([Tree, again])] == ["citybrain.E060"]


def test_a_type_without_a_docstring_has_no_help() -> None:
    model = made("CheckedSilent")
    model.__doc__ = None
    assert [one.id for one in check_records([model])] == ["citybrain.E069"]


def test_the_samples_and_everything_installed_pass() -> None:
    assert check_records(MODELS) == []
    assert check_record_types(None) == []


def test_migrations_know_nothing_of_traits() -> None:
    for field in Tree._meta.fields:
        _name, path, _args, kwargs = field.deconstruct()
        assert path.startswith("django.db.models.")
        assert not {"element", "unit", "grade", "masking", "group", "listed", "codes"} & set(kwargs)
    assert isinstance(Tree._meta.get_field("place_x"), models.FloatField)
