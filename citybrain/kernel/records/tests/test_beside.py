"""What stands beside a record: drafts, comments, saved views, files; and how all of it is erased."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import ProtectedError
from django.utils import timezone
from PIL import Image

from citybrain.declare.role import Reach
from citybrain.kernel.identity.actor import ANONYMOUS, Actor
from citybrain.kernel.identity.models import Organisation, SecurityEvent
from citybrain.kernel.records import actions, attachments, comments, drafts, saved_views
from citybrain.kernel.records.erasing import erase_expired, forget_imports
from citybrain.kernel.records.models import Attachment, Change, Comment, Draft, Import, SavedView, SearchEntry
from citybrain.kernel.records.shape import Shape
from citybrain.kernel.records.tests.conftest import Values, body, person
from citybrain.kernel.records.tests.samples import Tree

pytestmark = pytest.mark.django_db


def picture() -> SimpleUploadedFile:
    """A small photograph."""
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "#0b63ce").save(out, "JPEG")
    return SimpleUploadedFile("tree.jpg", out.getvalue())


def test_a_draft_is_the_person_s_own(tree: Shape, keeper: Actor, stranger: Actor) -> None:
    drafts.save_draft(keeper, "tree", None, {"title": "x"})
    drafts.save_draft(keeper, "tree", None, {"title": "xy"})
    drafts.save_draft(keeper, "tree", 7, {"title": "z"})
    found = drafts.draft_of(keeper, "tree", None)
    assert found is not None and found.values == {"title": "xy"}
    assert drafts.draft_of(stranger, "tree", None) is None
    assert drafts.draft_of(ANONYMOUS, "tree", None) is None
    drafts.discard(stranger, "tree", None)
    drafts.discard(keeper, "tree", 7)
    assert Draft.objects.count() == 1
    with pytest.raises(PermissionDenied):
        drafts.save_draft(ANONYMOUS, "tree", None, {})
    with pytest.raises(ValidationError, match="too long"):
        drafts.save_draft(keeper, "tree", None, {"title": "x" * drafts.MOST_BYTES})


def test_drafts_are_forgotten_after_thirty_days(keeper: Actor) -> None:
    drafts.save_draft(keeper, "tree", None, {"title": "x"})
    Draft.objects.update(at=timezone.now() - timedelta(days=drafts.KEPT_DAYS, hours=1))
    assert drafts.draft_of(keeper, "tree", None) is None
    assert (drafts.forget_old(), Draft.objects.count()) == (1, 0)


def test_comments(tree: Shape, keeper: Actor, stranger: Actor, forestry: Organisation, values: Values) -> None:
    record = actions.create(tree, values(), keeper)
    reader = person("reader", forestry, permits=("tree:view",))
    said = comments.comment(record, " 空心\x00了 ", reader)
    comments.comment(record, "second", keeper)
    assert [one.text for one in comments.comments_of(record, keeper)] == ["second", "空心了"]
    with pytest.raises(PermissionDenied):
        comments.withdraw(said, keeper)
    comments.withdraw(said, reader)
    assert [one.text for one in comments.comments_of(record, keeper)] == ["second"]
    assert Comment.objects.get(pk=said.pk).text == ""
    for text in ("", "  ", "x" * 2001):
        with pytest.raises(ValidationError):
            comments.comment(record, text, keeper)
    for actor, error in ((stranger, Tree.DoesNotExist), (ANONYMOUS, PermissionDenied)):
        with pytest.raises(error):
            comments.comment(record, "x", actor)
    with pytest.raises(Tree.DoesNotExist):
        comments.comments_of(record, stranger)


def test_saved_views(tree: Shape, keeper: Actor, stranger: Actor, forestry: Organisation) -> None:
    colleague = person("colleague", forestry)
    saved_views.save_view(keeper, tree, "old", query="kind=camphor", columns=["title"], is_default=True)
    shared = saved_views.save_view(keeper, tree, "shared", is_shared=True, is_default=True)
    saved_views.save_view(keeper, tree, " old ", query="kind=ginkgo")
    assert [(one.title, one.query) for one in saved_views.views_of(keeper, tree)] == [
        ("old", "kind=ginkgo"),
        ("shared", ""),
    ]
    assert saved_views.default_view(keeper, tree) == shared
    assert list(saved_views.views_of(colleague, tree)) == [shared]
    assert not saved_views.views_of(stranger, tree).exists()
    assert not saved_views.views_of(ANONYMOUS, tree).exists()
    with pytest.raises(PermissionDenied):
        saved_views.remove_view(shared, colleague)
    saved_views.remove_view(shared, keeper)
    assert SavedView.objects.count() == 1
    for given in (
        {"title": ""},
        {"title": "x" * 61},
        {"title": "x", "columns": ["nope"]},
        {"title": "x", "order": "-nope"},
    ):
        with pytest.raises(ValidationError):
            saved_views.save_view(keeper, tree, **given)


def test_files_follow_their_record(
    tree: Shape, keeper: Actor, stranger: Actor, forestry: Organisation, values: Values
) -> None:
    record = actions.create(tree, values(), keeper)
    reader = person("reader", forestry, permits=("tree:view",))
    kept = attachments.attach(record, picture(), keeper)
    assert (kept.kind, kept.name, kept.has_thumbnail) == ("jpg", "tree.jpg", True)
    assert [one.pk for one in attachments.files_of(record, reader)] == [kept.pk]
    with attachments.open_file(kept, reader) as file:
        assert file.read(3) == b"\xff\xd8\xff"
    with attachments.open_thumbnail(kept, reader) as file:
        assert file.read(4) == b"RIFF"
    for actor in (stranger, ANONYMOUS):
        for ask in (attachments.open_file, attachments.open_thumbnail, attachments.detach):
            with pytest.raises((Tree.DoesNotExist, PermissionDenied)):
                ask(kept, actor)
    with pytest.raises(PermissionDenied):
        attachments.attach(record, picture(), reader)
    with pytest.raises(ValidationError, match="not of a kind"):
        attachments.attach(record, SimpleUploadedFile("a.pdf", b"MZ"), keeper)
    attachments.detach(kept, keeper)
    assert list(attachments.files_of(record, keeper)) == []
    assert attachments.sweep(older_than=-5) == 2


def test_what_is_over_its_time_is_erased_with_all_that_hangs_on_it(
    tree: Shape, keeper: Actor, values: Values, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, linked, young, alive = (actions.create(tree, values(title=name), keeper) for name in "abcd")
    delete = Tree.delete

    def protected(record: Tree) -> Any:
        # Django looks for links only in installed applications, and the samples' is none.
        if record.title == "b":
            raise ProtectedError("linked to", {record})
        return delete(record)

    monkeypatch.setattr(Tree, "delete", protected)
    attachments.attach(old, picture(), keeper)
    comments.comment(old, "x", keeper)
    drafts.save_draft(keeper, "tree", old.pk, {"title": "x"})
    for record in (old, linked, young):
        actions.remove(record, keeper)
    over = timezone.now() - timedelta(days=31)
    Tree.objects.filter(pk__in=[old.pk, linked.pk]).update(removed_at=over)
    assert erase_expired() == 1
    assert set(Tree.objects.values_list("title", flat=True)) == {"b", "c", "d"}
    assert not Change.objects.filter(kind="tree", record_id=old.pk).exists()
    assert (Attachment.objects.count(), Comment.objects.count(), Draft.objects.count()) == (0, 0, 0)
    assert SearchEntry.objects.filter(kind="tree").count() == 1
    events = SecurityEvent.objects.filter(action="erase")
    assert [(one.thing, one.thing_id) for one in events] == [("tree", old.number)]
    assert alive.pk in Tree.objects.values_list("pk", flat=True)


def test_imports_are_forgotten(tree: Shape, keeper: Actor) -> None:
    for state, days in (("done", 91), ("running", 91), ("done", 1)):
        made = Import.objects.create(kind="tree", name="x", digest="0" * 64, state=state)
        Import.objects.filter(pk=made.pk).update(at=timezone.now() - timedelta(days=days))
    assert (forget_imports(), Import.objects.count()) == (1, 2)


def test_an_import_settles_every_row() -> None:
    made = Import.objects.create(kind="tree", name="x", digest="0" * 64)
    from_database: Any = Import.objects.filter(pk=made.pk)
    with pytest.raises(Exception, match="every_row_is_settled"):
        from_database.update(rows_read=1)


def test_a_citizen_writes_to_every_body_only_where_citizens_write(
    tree: Shape, values: Values, monkeypatch: pytest.MonkeyPatch
) -> None:
    citizen = Actor(user_id=None, kind="citizen", permits={"tree:create": Reach.OWN})
    with pytest.raises(PermissionDenied):
        actions.create(tree, values(organisation=body("forestry")), citizen)
    monkeypatch.setattr(tree.face, "citizens_create", True)
    assert actions.create(tree, values(organisation=body("forestry")), citizen).created_by_id is None
