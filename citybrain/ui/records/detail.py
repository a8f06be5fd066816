"""One record: its facts, place, files, comments, what links here, what happened; and the parts it is changed by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import scoped, vouched
from citybrain.kernel.records import attachments, comments
from citybrain.kernel.records.history import changes_of
from citybrain.kernel.records.shape import Shape, record_types
from citybrain.ui.access import back
from citybrain.ui.panels.kinds import Activity, Attachments, File, Layer, Map, Moment, Related, Remark, Timeline
from citybrain.ui.panels.panel import Action, Link, Page, Panel, Row, Stack
from citybrain.ui.records import values
from citybrain.ui.records.pages import RecordPages

RECENT = 6
"""Changes shown beside a record; the rest is in its history."""

LINKED = 5
"""Records of one type that link here, shown on the page."""


def detail(pages: RecordPages, request: HttpRequest, number: str) -> HttpResponse:
    """The record's page; of a type whose page is elsewhere, the way there."""
    actor = request.actor  # type: ignore[attr-defined]
    record = pages.row(actor, number)
    if (elsewhere := pages.url("detail", record.number)) != request.path:
        return redirect(elsewhere)
    return Page(
        title=pages.title_of(record),
        crumbs=(Link(title=pages.shape.plural, url=pages.url("list")),),
        tags=pages.tags(record, actor),
        lead=record.number if pages.title_of(record) != record.number else "",
        actions=buttons(pages, record, actor),
        more=rarer(pages, record, actor),
        body=(
            Row(Stack(*main_panels(pages, record, actor)), Stack(*side_panels(pages, record, actor)), widths="main"),
        ),
        help=pages.shape.help,
    ).respond(request)


def buttons(pages: RecordPages, record: Any, actor: Actor) -> tuple[Action, ...]:
    """What may be done with the record, as buttons."""
    found = list(pages.actions(record, actor))
    if pages.may(actor, "edit"):
        main = not any(action.is_main for action in found)
        url = pages.url("edit", record.number)
        found.append(Action(title=_("Edit"), url=url, icon="pencil", is_main=main, key="e"))
    return tuple(found)


def rarer(pages: RecordPages, record: Any, actor: Actor) -> tuple[Action, ...]:
    """What is done less often."""
    number = record.number
    found = [
        Action(title=_("Print"), url=pages.url("print", number), icon="printer"),
        Action(title=_("QR code"), url=pages.url("code", number), icon="qrcode"),
    ]
    if pages.shape.takes("edit"):
        found.insert(0, Action(title=_("History"), url=pages.url("history", number), icon="history"))
    if pages.may(actor, "remove"):
        found.append(
            Action(
                title=_("Remove"),
                url=pages.url("remove", number),
                icon="trash",
                post=True,
                tone="bad",
                confirm=_("Put this record into the bin?"),
                ask=_("Reason"),
            )
        )
    return tuple(found)


def main_panels(pages: RecordPages, record: Any, actor: Actor) -> list[Panel]:
    """The wide column: facts, what the application adds, what links here, comments."""
    return [
        *pages.facts(record, actor),
        *pages.detail_panels(record, actor),
        *related(pages.shape, record, actor),
        remarks(pages, record, actor),
    ]


def side_panels(pages: RecordPages, record: Any, actor: Actor) -> list[Panel]:
    """The narrow column: place, files, what happened."""
    panels: list[Panel] = []
    geometry = getattr(record, pages.shape.map_place) if pages.shape.map_place else None
    if geometry:
        panels.append(place(pages, record, geometry))
    panels.append(files(pages, record, actor))
    if pages.shape.takes("edit"):
        panels.append(happened(pages, record, actor))
    return panels


def place(pages: RecordPages, record: Any, geometry: dict[str, Any]) -> Map:
    """The record's place on the map."""
    feature = {"type": "Feature", "geometry": geometry, "properties": {"title": pages.title_of(record)}}
    layer = Layer(key="place", title=pages.shape.title, data={"type": "FeatureCollection", "features": [feature]})
    point = getattr(record, f"{pages.shape.place}_x", None), getattr(record, f"{pages.shape.place}_y", None)
    centre = (point[0], point[1]) if point[0] is not None and point[1] is not None else None
    return Map(title=values.titled_with_unit(pages.shape.by_name[pages.shape.place]), layers=(layer,), centre=centre)


def files(pages: RecordPages, record: Any, actor: Actor) -> Attachments:
    """The record's files."""
    may = actor.may(pages.permission("edit"))
    found = [
        File(
            name=one.name,
            url=pages.url("file", record.number, one.pk),
            size=one.size,
            kind=one.kind,
            preview=pages.url("small", record.number, one.pk) if one.has_thumbnail else "",
            who=one.user.name if one.user else "",
            at=one.at,
            remove=pages.url("detach", record.number, one.pk) if may and not pages.shape.face.by_verbs else "",
        )
        for one in attachments.files_of(record, actor)
    ]
    return Attachments(
        title=_("Files"),
        key="files",
        files=vouched(found, actor, pages.permission("view")),
        upload=pages.url("attach", record.number) if may else "",
        accepts=attachments.ACCEPTS,
        most=attachments.MOST,
    )


def remarks(pages: RecordPages, record: Any, actor: Actor) -> Activity:
    """What people say of the record."""
    found = [
        Remark(
            at=one.at,
            who=one.user.name if one.user else "",
            text=one.text,
            remove=pages.url("withdraw", record.number, one.pk) if one.user_id == actor.user_id else "",
        )
        for one in comments.comments_of(record, actor)
    ]
    write = pages.url("comment", record.number)
    return Activity(
        title=_("Comments"), key="comments", remarks=vouched(found, actor, pages.permission("view")), write=write
    )


def happened(pages: RecordPages, record: Any, actor: Actor) -> Timeline:
    """The latest changes, each with what it changed."""
    moments = [
        Moment(
            at=change.at,
            title=change.title,
            who=change.who,
            text=change.summary,
            link=pages.url("history", record.number),
        )
        for change in changes_of(record, actor, limit=RECENT)
    ]
    more = Link(title=_("Whole history"), url=pages.url("history", record.number))
    return Timeline(title=_("History"), moments=vouched(moments, actor, pages.permission("view")), more=more)


def links_to(shape: Shape) -> Iterator[tuple[Shape, str]]:
    """Record types with a field that links to `shape`, and the field's name."""
    for other in record_types():
        for field in other.fields:
            target: type[Model] | None = getattr(field.field, "related_model", None)
            if target is shape.model:
                yield other, field.name


def related(shape: Shape, record: Any, actor: Actor) -> Iterator[Related]:
    """For each type that links here and the person may see: its latest records."""
    for other, name in links_to(shape):
        permission = other.permission("view")
        if not actor.may(permission):
            continue
        rows = scoped(other.model._default_manager.filter(removed_at=None), actor, permission)
        found = list(rows.filter(**{name: record}).order_by("-id")[: LINKED + 1])
        pages = RecordPages(other)
        links = [
            Link(title=f"{row.number} {pages.title_of(row)}", url=pages.url("detail", row.number), icon=other.face.icon)
            for row in found[:LINKED]
        ]
        create = other.may(actor, "create")
        new = Link(title=_("Add"), url=f"{pages.url('new')}?{name}={record.pk}", icon="plus") if create else None
        all_of_them = Link(title=_("All"), url=f"{pages.url('list')}?{name}={record.pk}")
        yield Related(
            title=other.plural,
            links=vouched(links, actor, permission),
            more=all_of_them if len(found) > LINKED else new,
        )


def attach(pages: RecordPages, request: HttpRequest, number: str) -> HttpResponse:
    """Takes files."""
    actor = request.actor  # type: ignore[attr-defined]
    record = pages.row(actor, number, "edit")
    for upload in request.FILES.getlist("file"):
        try:
            attachments.attach(record, upload, actor)
        except ValidationError as error:
            messages.error(request, f"{upload.name}: {' '.join(error.messages)}")
    return back(request, pages.url("detail", number))


def detach(pages: RecordPages, request: HttpRequest, number: str, file_id: int) -> HttpResponse:
    """Takes a file away."""
    actor = request.actor  # type: ignore[attr-defined]
    record = pages.row(actor, number, "edit")
    attachments.detach(attached(record, file_id, actor), actor)
    return back(request, pages.url("detail", number))


def attached(record: Any, file_id: int, actor: Actor) -> Any:
    """The record's file with that id. Raises Http404 when it is none of its files."""
    for one in attachments.files_of(record, actor):
        if one.pk == file_id:
            return one
    raise Http404(_("This record has no such file."))


def file(pages: RecordPages, request: HttpRequest, number: str, file_id: int) -> HttpResponse:
    """A file's bytes, always as a download with its own name."""
    actor = request.actor  # type: ignore[attr-defined]
    one = attached(pages.row(actor, number), file_id, actor)
    answer = FileResponse(attachments.open_file(one, actor), as_attachment=True, filename=one.name)
    answer["Cache-Control"] = "private, no-store"
    return answer


def small(pages: RecordPages, request: HttpRequest, number: str, file_id: int) -> HttpResponse:
    """The small picture of a file."""
    actor = request.actor  # type: ignore[attr-defined]
    one = attached(pages.row(actor, number), file_id, actor)
    answer = FileResponse(attachments.open_thumbnail(one, actor), content_type="image/webp")
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


def comment(pages: RecordPages, request: HttpRequest, number: str) -> HttpResponse:
    """Takes a comment."""
    actor = request.actor  # type: ignore[attr-defined]
    try:
        comments.comment(pages.row(actor, number), request.POST.get("text", ""), actor)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return back(request, pages.url("detail", number))


def withdraw(pages: RecordPages, request: HttpRequest, number: str, comment_id: int) -> HttpResponse:
    """Takes a comment back."""
    actor = request.actor  # type: ignore[attr-defined]
    record = pages.row(actor, number)
    for one in comments.comments_of(record, actor):
        if one.pk == comment_id:
            comments.withdraw(one, actor)
            return back(request, pages.url("detail", number))
    raise Http404(_("This record has no such comment."))
