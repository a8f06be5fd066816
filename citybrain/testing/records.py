"""Tests every record type inherits: an application names its model and sample rows, and has them all.

    class OldTreeTest(RecordTestCase):
        model = OldTree
        rows = ({"species": "香樟", "level": "first"}, {"species": "银杏", "level": "third"})

Rows are what a form takes, as text: links by key or number, choices by their value. Without `rows` the first lines of
the application's `sample/<key>.csv` are taken.
"""

from __future__ import annotations

import csv
import inspect
import io
import json
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext, override_settings
from openpyxl import load_workbook

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

HOSTILE = (
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A1",
    "'; DROP TABLE x; --",
    "@SUM(1+1)",
    "\u202eevil\u0007",
    "{{ 7 * 7 }}",
)
"""Values somebody will write one day."""

READS = ("list", "statistics", "paper", "columns", "bin", "export", "import", "new")
"""Pages without a record, as the owner sees them."""

READS_ONE = ("detail", "history", "print", "code", "edit")
"""Pages of one record."""

LIST_QUERIES = 12
DETAIL_QUERIES = 15
"""SQL queries a page may take, sessions and the person's rights included."""


PLAIN_STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
"""Static files by their plain names: tests collect none."""


@override_settings(STORAGES=PLAIN_STORAGES)
class RecordTestCase(TestCase):
    """What every record type must do, tried with the type's own rows."""

    __test__ = False
    model: ClassVar[type[Record]]
    rows: ClassVar[tuple[Mapping[str, Any], ...]] = ()
    change: ClassVar[Mapping[str, Any]] = {}
    """Field -> another value a record may take; without it the first text is written anew."""
    list_queries: ClassVar[int] = LIST_QUERIES
    detail_queries: ClassVar[int] = DETAIL_QUERIES

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.__test__ = True

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

    # Pages

    def test_every_page_answers_in_both_languages(self) -> None:
        """The owner sees every page, in Chinese and in English."""
        for language in ("zh-hans", "en"):
            client = self.client_of(self.trusted, language)
            for page in self.reads():
                answer = client.get(page)
                self.assertEqual(answer.status_code, 200, f"{page} in {language}")

    def reads(self) -> Iterator[str]:
        """Addresses of every page that is read."""
        yield from (self.url(page) for page in READS)
        if self.shape.place:
            yield from (self.url("map"), self.url("geojson"))
        yield from (self.url(page, self.records[0].number) for page in READS_ONE)

    def test_an_empty_list_says_what_to_do(self) -> None:
        """No record: still a page."""
        client = self.client_of(self.stranger)
        answer = client.get(self.url("list"))
        self.assertContains(answer, self.url("new"))
        self.assertNotContains(answer, self.records[0].number)

    def test_anonymous_people_are_sent_to_sign_in(self) -> None:
        """Nothing without signing in."""
        for page in self.reads():
            answer = Client().get(page)
            self.assertEqual(answer.status_code, 302, page)
            self.assertIn("login", answer["Location"], page)
        self.assertEqual(Client().get(f"/api/v1/{self.shape.key}/").status_code, 401)

    def test_a_lower_role_is_refused(self) -> None:
        """Without a permission no page; with the permission to see no form, no export, no bin."""
        client = self.client_of(self.nobody)
        for page in self.reads():
            self.assertEqual(client.get(page).status_code, 403, page)
        self.assertEqual(client.get(f"/api/v1/{self.shape.key}/").status_code, 403)
        reader = self.client_of(self.reader)
        number = self.records[0].number
        self.assertEqual(reader.get(self.url("detail", number)).status_code, 200)
        for page in (
            self.url("new"),
            self.url("edit", number),
            self.url("export"),
            self.url("import"),
            self.url("bin"),
        ):
            self.assertEqual(reader.get(page).status_code, 403, page)
        for page in (self.url("remove", number), self.url("attach", number), self.url("revert", number)):
            self.assertEqual(reader.post(page).status_code, 403, page)
        self.assertEqual(self.json(reader, "delete", number).status_code, 403)

    def test_another_body_does_not_find_it(self) -> None:
        """What is not theirs is not there: 404, nowhere a trace."""
        client = self.client_of(self.stranger)
        number = self.records[0].number
        for page in READS_ONE:
            self.assertEqual(client.get(self.url(page, number)).status_code, 404, page)
        for page in ("remove", "comment", "attach", "revert", "restore"):
            self.assertEqual(client.post(self.url(page, number), {"text": "x"}).status_code, 404, page)
        self.assertEqual(client.get(f"/api/v1/{self.shape.key}/{number}/").status_code, 404)
        self.assertEqual(client.get(f"/api/v1/{self.shape.key}/").json()["items"], [])

    # Writing

    def test_a_form_makes_one_record_however_often_it_is_sent(self) -> None:
        """The same form twice makes one record."""
        client = self.client_of(self.owner)
        form = {**self.posted(self.sample()[0]), "request_key": str(uuid.uuid4())}
        before = self.model._default_manager.count()
        first = client.post(self.url("new"), form)
        second = client.post(self.url("new"), form)
        self.assertEqual((first.status_code, second.status_code), (302, 302), self.complaints(first))
        self.assertEqual(first["Location"], second["Location"])
        self.assertEqual(self.model._default_manager.count(), before + 1)

    def complaints(self, answer: Any) -> str:
        """What a refused form says."""
        page = answer.context and answer.context.get("page")
        forms = [panel.form.errors.as_json() for panel in page.panels() if hasattr(panel, "form")] if page else []
        return " ".join(forms)

    def test_a_form_that_is_wrong_says_where(self) -> None:
        """An empty form is not taken and names its fields."""
        client = self.client_of(self.owner)
        required = [field for field in self.pages.editable() if field.is_required and not field.field.has_default()]
        answer = client.post(self.url("new"), {})
        self.assertEqual(answer.status_code, 422)
        for field in required:
            if field.field.get_internal_type() != "BooleanField":
                self.assertContains(answer, f'id="id_{field.name}_error"', status_code=422)

    def test_who_was_slower_sees_both_versions(self) -> None:
        """A form opened before somebody else's change is not put over it."""
        client = self.client_of(self.owner)
        record = self.records[0]
        form = {**self.posted(self.sample()[0]), "revision": str(record.revision)}
        actions.edit(record, self.changed(), acting_as(self.owner), revision=record.revision)
        answer = client.post(self.url("edit", record.number), form)
        self.assertEqual(answer.status_code, 409)
        name, value = next(iter(self.changed().items()))
        self.assertContains(answer, str(value), status_code=409)
        record.refresh_from_db()
        self.assertEqual(str(getattr(record, name)), str(value))

    def test_many_are_changed_at_once(self) -> None:
        """Bulk change writes the ticked field of every ticked record, with one line of history each."""
        client = self.client_of(self.owner)
        numbers = [record.number for record in self.records]
        name, value = next(iter(self.changed().items()))
        form = {"number": numbers, "changed": [name], name: value, "save": "1"}
        self.assertEqual(client.get(self.url("bulk-edit"), {"number": numbers}).status_code, 200)
        self.assertEqual(client.post(self.url("bulk-edit"), form).status_code, 302)
        for record in self.records:
            record.refresh_from_db()
            self.assertEqual((str(getattr(record, name)), record.revision), (str(value), 2))
        stranger = self.client_of(self.stranger)
        self.assertEqual(stranger.post(self.url("bulk-edit"), form).status_code, 403)

    def test_the_bin_gives_back(self) -> None:
        """What is removed is gone from the list, stands in the bin, and comes back."""
        client = self.client_of(self.owner)
        number = self.records[0].number
        self.assertEqual(client.post(self.url("remove", number), {"reason": "twice"}).status_code, 302)
        self.assertNotContains(client.get(self.url("list")), self.url("detail", number))
        self.assertEqual(client.get(self.url("detail", number)).status_code, 404)
        self.assertContains(client.get(self.url("bin")), number)
        self.assertEqual(client.post(self.url("restore", number)).status_code, 302)
        self.assertContains(client.get(self.url("list")), self.url("detail", number))

    def test_history_knows_every_version(self) -> None:
        """A change is told, compared, and taken back by another change."""
        client = self.client_of(self.owner)
        record = self.records[0]
        name, value = next(iter(self.changed().items()))
        before = getattr(record, name)
        actions.edit(record, {name: value}, acting_as(self.owner), revision=1)
        page = client.get(self.url("history", record.number), {"from": "1", "to": "2"})
        self.assertContains(page, str(self.shape.by_name[name].title))
        self.assertEqual(client.post(self.url("revert", record.number), {"revision": "1"}).status_code, 302)
        record.refresh_from_db()
        self.assertEqual((getattr(record, name), record.revision), (before, 3))

    def test_hostile_values_stay_words(self) -> None:
        """Markup, formulas, SQL and very long texts are kept as written, shown as words, exported as words."""
        fields = self.texts()
        if not fields:
            return
        client = self.client_of(self.owner)
        field = fields[0]
        for hostile in HOSTILE:
            row = {**self.sample()[0], field.name: hostile}
            answer = client.post(self.url("new"), {**self.posted(row), "request_key": str(uuid.uuid4())})
            if answer.status_code == 422:
                continue
            page = client.get(answer["Location"])
            self.assertNotContains(page, "<script>alert(1)</script>")
            self.assertNotContains(page, ">49<")
        longest = getattr(field.field, "max_length", None)
        if longest:
            row = {**self.sample()[0], field.name: "长" * (longest + 1)}
            self.assertEqual(client.post(self.url("new"), self.posted(row)).status_code, 422)
        sheet = load_workbook(io.BytesIO(self.export(client, "xlsx")))
        kinds = {cell.data_type for page in sheet for line in page for cell in line}
        self.assertNotIn("f", kinds, "a value became a formula")
        for line in csv.reader(io.StringIO(self.export(client, "csv").decode("utf-8-sig"))):
            for cell in line:
                self.assertFalse(cell[:1] in ("=", "+", "@", "\t", "\r"), cell)

    # Import, export, API

    def export(self, client: Client, kind: str, **asked: str) -> bytes:
        """The bytes of an export of the whole list."""
        answer = client.post(self.url("export"), {"format": kind, "purpose": "", **asked})
        self.assertEqual(answer.status_code, 200, answer.content[:500] if not answer.streaming else "")
        return b"".join(answer.streaming_content) if answer.streaming else answer.content

    def test_every_format_is_exported(self) -> None:
        """Every format holds every record the person may see."""
        client = self.client_of(self.owner)
        for kind in ("csv", "xlsx", "parquet", *(("geojson",) if self.shape.place else ())):
            content = self.export(client, kind)
            self.assertTrue(content, kind)
            if kind in ("csv", "geojson"):
                self.assertIn(self.records[0].number, content.decode("utf-8-sig"))
        self.assertNotIn(self.records[0].number, self.export(self.client_of(self.stranger), "csv").decode("utf-8-sig"))

    def test_what_is_exported_and_imported_again_changes_nothing(self) -> None:
        """Export, import: every row unchanged, none doubled."""
        client = self.client_of(self.trusted)
        content = self.export(client, "xlsx", purpose="test of the round trip")
        upload = SimpleUploadedFile("again.xlsx", content)
        started = client.post(self.url("import"), {"file": upload})
        self.assertEqual(started.status_code, 302, self.complaints(started))
        preview = client.get(started["Location"])
        self.assertEqual(preview.status_code, 200)
        client.post(started["Location"] + "run/")
        counts = self.imported()
        self.assertEqual((counts.rows_created, counts.rows_updated, counts.rows_refused), (0, 0, 0))
        self.assertEqual(counts.rows_unchanged, len(self.records))
        for record in self.records:
            revision = record.revision
            record.refresh_from_db()
            self.assertEqual(record.revision, revision)

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

    def test_the_api_reads_and_writes(self) -> None:
        """Make, read, change and remove over HTTP; the same request twice makes one."""
        client = self.client_of(self.owner)
        listed = self.json(client, "get").json()
        self.assertEqual({item["number"] for item in listed["items"]}, {record.number for record in self.records})
        new = {
            name: value
            for name, value in self.json(client, "get", self.records[0].number).json().items()
            if name in {field.name for field in self.pages.editable() if not field.is_personal} and value is not None
        }
        key = str(uuid.uuid4())
        made = self.json(client, "post", "", new, **{"Idempotency-Key": key})
        again = self.json(client, "post", "", new, **{"Idempotency-Key": key})
        self.assertEqual((made.status_code, again.status_code), (201, 201), made.content)
        self.assertEqual(made.json()["number"], again.json()["number"])
        number = made.json()["number"]
        name, value = next(iter(self.changed().items()))
        changed = self.json(client, "patch", number, {name: value, "revision": 1})
        self.assertEqual((changed.status_code, changed.json()[name]), (200, value), changed.content)
        late = self.json(client, "patch", number, {name: value, "revision": 1})
        self.assertEqual(late.status_code, 409)
        wrong = self.json(client, "patch", number, {"no_such_field": 1, "revision": 2})
        self.assertEqual(wrong.status_code, 422)
        self.assertIn("no_such_field", wrong.content.decode())
        self.assertEqual(self.json(client, "delete", number).status_code, 204)
        self.assertEqual(self.json(client, "get", number).status_code, 404)

    # Masking

    def secrets(self) -> list[str]:
        """Personal values of the records."""
        fields = [field for field in self.shape.fields if field.is_personal]
        found = [str(getattr(record, field.name) or "") for record in self.records for field in fields]
        return [value for value in found if len(value) > 3]

    def test_personal_values_are_masked_everywhere(self) -> None:
        """Who may not see them plain finds them on no page, in no export, in no answer of the API, in no form."""
        secrets = self.secrets()
        client = self.client_of(self.owner)
        number = self.records[0].number
        answers = [client.get(page).content.decode() for page in self.reads()]
        answers += [self.export(client, "csv").decode("utf-8-sig"), self.json(client, "get").content.decode()]
        answers.append(self.json(client, "get", number).content.decode())
        answers.append(client.get(f"/api/v1/{self.shape.key}/{number}/history/").content.decode())
        for secret in secrets:
            self.assertFalse([answer[:80] for answer in answers if secret in answer])

    def test_a_purpose_opens_personal_values_and_is_written_down(self) -> None:
        """Who may, and says why, sees them, and a line tells."""
        secrets = self.secrets()
        if not secrets:
            return
        client = self.client_of(self.trusted)
        address = self.url("show", self.records[0].number)
        self.assertNotContains(client.get(address), secrets[0])
        self.assertContains(client.post(address, {"purpose": "Answering the letter"}), secrets[0])
        self.assertEqual(self.client_of(self.reader).get(address).status_code, 403)

    # Cost

    def queries(self, client: Client, address: str) -> int:
        """SQL queries of a page, asked for a second time."""
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            self.assertEqual(client.get(address).status_code, 200)
        return len(caught)

    def test_queries_do_not_grow_with_rows(self) -> None:
        """The list costs the same with few rows and with many, and both pages stay within their number."""
        client = self.client_of(self.owner)
        few = self.queries(client, self.url("list"))
        one = self.queries(client, self.url("detail", self.records[0].number))
        for row in [self.sample()[0]] * 8:
            self.made(row)
        self.assertEqual(self.queries(client, self.url("list")), few)
        self.assertLessEqual(few, self.list_queries)
        self.assertLessEqual(one, self.detail_queries)
        api = f"/api/v1/{self.shape.key}/"
        self.assertLessEqual(self.queries(client, api), self.list_queries)
