"""Tests every record type inherits: an application names its model and sample rows, and has them all.

    class OldTreeTest(RecordTestCase):
        model = OldTree
        rows = ({"species": "香樟", "level": "first"}, {"species": "银杏", "level": "third"})

Rows are what a form takes, as text: links by key or number, choices by their value. Without `rows` the first lines of
the application's `sample/<key>.csv` are taken.
"""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Iterator
from typing import ClassVar

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from citybrain.kernel.records import actions
from citybrain.testing.people import acting_as
from citybrain.testing.registers import RegisterCase

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


class RecordTestCase(RegisterCase):
    """What every record type must do, tried with the type's own rows."""

    list_queries: ClassVar[int] = LIST_QUERIES
    detail_queries: ClassVar[int] = DETAIL_QUERIES

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

    def test_the_api_reads_and_writes(self) -> None:
        """Make, read, change and remove over HTTP; the same request twice makes one."""
        client = self.client_of(self.owner)
        listed = self.json(client, "get").json()
        self.assertEqual({item["number"] for item in listed["items"]}, {record.number for record in self.records})
        new = {
            name: value
            for name, value in self.json(client, "get", self.records[0].number).json().items()
            if name in {one.name for one in self.pages.editable() if not one.is_personal and not one.field.unique}
            and value is not None
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

    def test_queries_do_not_grow_with_rows(self) -> None:
        """The list costs the same with few rows and with many, and both pages stay within their number."""
        client = self.client_of(self.owner)
        self.queries(client, self.url("list"))  # what is kept for a minute is asked for once
        few = self.queries(client, self.url("list"))
        one = self.queries(client, self.url("detail", self.records[0].number))
        for row in [self.sample()[0]] * 8:
            self.made(row)
        self.assertEqual(self.queries(client, self.url("list")), few)
        self.assertLessEqual(few, self.list_queries)
        self.assertLessEqual(one, self.detail_queries)
        api = f"/api/v1/{self.shape.key}/"
        self.assertLessEqual(self.queries(client, api), self.list_queries)
