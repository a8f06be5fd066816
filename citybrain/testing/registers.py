"""What tests of a record type stand on: its pages, sample rows, and people of two bodies."""

from __future__ import annotations

import csv
import inspect
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext

from citybrain.declare.role import Reach
from citybrain.declare.words import Grade
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Area, User
from citybrain.kernel.records import actions
from citybrain.kernel.records.fields import LongText, Text
from citybrain.kernel.records.models import Import, Record
from citybrain.kernel.records.shape import FieldShape, shape_of
from citybrain.testing.people import acting_as, allowed, official, organisation_of, signed_in_client
from citybrain.ui.records.forms import RecordForm
from citybrain.ui.records.registered import pages_of

HOME, ELSEWHERE = "home-body", "other-body"
"""Keys of the two bodies the tests know: the records' own, and another."""


class RegisterCase(TestCase):
    """A register with two records, people of two bodies, and the hands the tests need."""

    __test__ = False
    model: ClassVar[type[Record]]
    rows: ClassVar[tuple[Mapping[str, Any], ...]] = ()
    change: ClassVar[Mapping[str, Any]] = {}
    """Field -> another value a record may take; without it the first text is written anew."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.__test__ = hasattr(cls, "model")

    def setUp(self) -> None:
        """Two bodies; an owner, a reader, a stranger of the other body, one without any right; two records."""
        self.shape = shape_of(self.model)
        self.pages = pages_of(self.shape.key)
        key = self.shape.key
        self.home, self.elsewhere = organisation_of(HOME), organisation_of(ELSEWHERE)
        Area.objects.get_or_create(key="000000000001", defaults={"chinese": "测试区", "path": "000000000001/"})
        everything = allowed(f"{key}:*", reach=Reach.ORGANISATION)
        self.owner = official("owner", roles=[everything], organisation=self.home)
        self.reader = official("reader", roles=[allowed(f"{key}:view")], organisation=self.home)
        self.stranger = official("stranger", roles=[everything], organisation=self.elsewhere)
        self.nobody = official("nobody", roles=[allowed("nothing:view")], organisation=self.home)
        self.trusted = official(
            "trusted", roles=[allowed(f"{key}:*", clearance=Grade.L3, key=f"{key}-trusted")], organisation=self.home
        )
        self.records = [self.made(row) for row in self.sample()[:2]]

    # What it works with

    def sample(self) -> list[dict[str, Any]]:
        """The rows, with the test's own body and area; override where a row must link to another record."""
        rows = list(self.rows) or self.sample_file()
        assert rows, f"{type(self).__name__}: name `rows`, or put sample/{self.shape.key}.csv into the folder"
        named = [dict(row) for row in rows]
        for row in named:
            row["organisation"] = HOME
            row.pop("area", None)
        return named if len(named) > 1 else [*named, dict(named[0])]

    def sample_file(self) -> list[dict[str, str]]:
        """The first lines of the application's sample."""
        path = Path(inspect.getfile(self.model)).parent / "sample" / f"{self.shape.key}.csv"
        if not path.exists():
            return []
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [dict(row) for row, _place in zip(csv.DictReader(file), range(5), strict=False)]

    def taken(self, row: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
        """A row as the verbs take it, read by the type's own form."""
        form = RecordForm(self.pages, actor, {name: str(value) for name, value in self.posted(row).items()})
        assert form.is_valid(), f"a sample row is refused: {form.errors.as_json()}"
        return form.values()

    def posted(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row as a browser sends the form: an unticked box is not sent."""
        sent = {}
        for name, value in row.items():
            field = self.shape.by_name[name]
            if field.name == "organisation":
                value = self.home.pk if value == HOME else value
            if field.field.get_internal_type() == "BooleanField" and str(value).lower() in ("false", "0", ""):
                continue
            sent[name] = value
        return sent

    def made(self, row: Mapping[str, Any], user: User | None = None) -> Any:
        """A record made by the verb, as the owner."""
        actor = acting_as(user or self.owner)
        return actions.create(self.shape, self.taken(row, actor), actor)

    def client_of(self, user: User, language: str = "en") -> Client:
        """A browser signed in as `user`."""
        return signed_in_client(user, language=language)

    def url(self, page: str, *parts: object) -> str:
        """Address of a page of the type."""
        return self.pages.url(page, *parts)

    def texts(self) -> list[FieldShape]:
        """Fields that take any words: no element standardises them."""
        return [
            field
            for field in self.pages.editable()
            if isinstance(field.field, Text | LongText) and not field.traits.element and not field.field.choices
        ]

    def changed(self) -> dict[str, Any]:
        """A change the record may take."""
        if self.change:
            return dict(self.change)
        fields = self.texts()
        assert fields, f"{type(self).__name__}: name a `change`, the type has no free text"
        return {fields[0].name: "Changed 改过"}

    def complaints(self, answer: Any) -> str:
        """What a refused form says."""
        page = answer.context and answer.context.get("page")
        forms = [panel.form.errors.as_json() for panel in page.panels() if hasattr(panel, "form")] if page else []
        return " ".join(forms)

    def export(self, client: Client, kind: str, **asked: str) -> bytes:
        """The bytes of an export of the whole list."""
        answer = client.post(self.url("export"), {"format": kind, "purpose": "", **asked})
        self.assertEqual(answer.status_code, 200, answer.content[:500] if not answer.streaming else "")
        return b"".join(answer.streaming_content) if answer.streaming else answer.content

    def imported(self) -> Any:
        """The counts of the latest import."""
        return Import.objects.filter(kind=self.shape.key).latest("pk")

    def json(self, client: Client, method: str, number: str = "", body: Any = None, **headers: str) -> Any:
        """An answer of the API."""
        address = f"/api/v1/{self.shape.key}/" + (f"{number}/" if number else "")
        content = json.dumps(body, default=str) if body is not None else ""
        call = getattr(client, method)
        return (
            call(address, content, content_type="application/json", headers=headers)
            if method != "get"
            else call(address, body or {}, headers=headers)
        )

    def secrets(self) -> list[str]:
        """Personal values of the records."""
        fields = [field for field in self.shape.fields if field.is_personal]
        found = [str(getattr(record, field.name) or "") for record in self.records for field in fields]
        return [value for value in found if len(value) > 3]

    def queries(self, client: Client, address: str) -> int:
        """SQL queries of a page, asked for a second time."""
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            self.assertEqual(client.get(address).status_code, 200)
        return len(caught)
