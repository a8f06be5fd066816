"""Tests every application folder inherits: it names its manifest, and has them all.

class HeatingTest(ApplicationTestCase):
    application = APPLICATION
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.core.files.base import File
from django.test import TestCase
from django.utils.translation import gettext, override

from citybrain.declare.application import Application
from citybrain.declare.codelist import CodeList
from citybrain.declare.event import EventType
from citybrain.declare.notice import Notice
from citybrain.declare.role import Role
from citybrain.kernel.identity.actions_loading import load_organisations
from citybrain.kernel.identity.actor import SYSTEM
from citybrain.kernel.records.importing import plan_import, run_import
from citybrain.kernel.records.shape import Shape, record_types
from citybrain.kernel.registry.checks import check_registry
from citybrain.kernel.registry.registry import registry

CHINESE = re.compile(r"[\u4e00-\u9fff]")


class ApplicationTestCase(TestCase):
    """What every application must do, tried with its own declarations and sample rows."""

    __test__ = False
    application: ClassVar[Application]

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        cls.__test__ = hasattr(cls, "application")

    def folder(self) -> Path:
        """Where the application lies."""
        found = importlib.util.find_spec(f"{settings.APPLICATIONS_PACKAGE}.{self.application.key}")
        assert found is not None and found.origin is not None
        return Path(found.origin).parent

    def shapes(self) -> list[Shape]:
        """The record types of the folder."""
        return [shape for shape in record_types() if shape.application == self.application.key]

    def declared(self, kind: type) -> list[object]:
        """What the application declares of one kind."""
        return [one for one in self.application.declares if isinstance(one, kind)]

    def test_the_registry_finds_it_by_its_folder(self) -> None:
        """Nothing lists it: its folder with a manifest is enough."""
        found = [one for one in registry().applications if one.key == self.application.key]
        self.assertEqual(found, [self.application])
        self.assertTrue((self.folder() / "README.md").is_file())

    def test_every_declaration_holds(self) -> None:
        """Keys, references, codes, limits: beside everything the other folders declare."""
        self.assertEqual([f"{error.id} {error.msg}" for error in check_registry(registry())], [])

    def test_every_title_is_chinese_too(self) -> None:
        """In declarations, record types, their fields; once the folder has begun its Chinese, it has all of it."""
        if not list((self.folder() / "locale").glob("*/LC_MESSAGES/django.po")):
            return
        with override("zh-hans"):
            missing = [text for text in self.titles() if not CHINESE.search(text)]
        self.assertEqual(missing, [], "put them into locale/zh_Hans/LC_MESSAGES/django.po")

    def titles(self) -> Iterator[str]:
        """Every title in the present language."""
        yield gettext(self.application.title)
        for kind in (Role, CodeList, Notice):
            yield from (gettext(one.title) for one in self.declared(kind))  # type: ignore[attr-defined]
        for declared in self.declared(EventType):
            assert isinstance(declared, EventType)
            yield declared.chinese
        for shape in self.shapes():
            yield from (shape.title, shape.plural, shape.help)
            yield from (str(field.title) for field in shape.fields)

    def test_its_event_types_can_be_told_and_handled(self) -> None:
        """Each is found by its key, has words to be found by, and says it in both languages."""
        for declared in self.declared(EventType):
            assert isinstance(declared, EventType)
            self.assertIs(registry().get(EventType, declared.key), declared)
            self.assertTrue(declared.words, f"{declared.key}: name the Chinese words people tell it in")
            self.assertNotRegex(declared.title, CHINESE, declared.key)

    def test_its_sample_rows_are_taken(self) -> None:
        """Every row of `sample/<record type>.csv` becomes a record."""
        files = {shape: self.folder() / "sample" / f"{shape.key}.csv" for shape in self.shapes()}
        files = {shape: path for shape, path in files.items() if path.is_file()}
        if not files:
            return
        load_organisations(settings.COUNTY)
        for shape, path in files.items():
            with path.open("rb") as file:
                source = run_import(plan_import(shape, File(file, name=path.name), SYSTEM).source, SYSTEM)
            wrong = [f"row {refused.row}: {refused.error}" for refused in source.refused.all()[:3]]
            self.assertEqual(wrong, [], path)
            self.assertGreater(source.rows_created, 0, path)
