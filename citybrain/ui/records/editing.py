"""Making and changing one record: the form, its draft, what happens when somebody else was faster, the bin."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext as _

from citybrain.kernel.identity.scope import vouched
from citybrain.kernel.records import actions, drafts
from citybrain.ui.access import back
from citybrain.ui.panels.kinds import Diff, Difference, FormPanel, Map, Notice
from citybrain.ui.panels.panel import Action, Link, Page, Panel, Row
from citybrain.ui.records import detail, values
from citybrain.ui.records.forms import RecordForm, named, targets
from citybrain.ui.records.pages import RecordPages

OFFERS = 20
"""Rows offered while somebody types the name of one."""


def new(pages: RecordPages, request: HttpRequest) -> HttpResponse:
    """The form of a new record, and its taking."""
    actor = request.actor  # type: ignore[attr-defined]
    if request.method == "POST":
        form = RecordForm(pages, actor, request.POST)
        if form.is_valid():
            try:
                record = actions.create(pages.shape, form.values(), actor, request_key=form.cleaned_data["request_key"])
            except ValidationError as error:
                form.take(error)
            else:
                drafts.discard(actor, pages.key, None)
                messages.success(request, _("Saved: %s") % record.number)
                again = "again" in request.POST
                return HttpResponseRedirect(pages.url("new") if again else pages.url("detail", record.number))
        return form_page(pages, request, form, _("New: %s") % pages.shape.title, status=422)
    draft = drafts.draft_of(actor, pages.key, None)
    initial = {"organisation": actor.organisation_id, **(draft.values if draft else {})}
    for name in pages.shape.by_name:
        if name in request.GET:
            initial[name] = request.GET[name]
    form = RecordForm(pages, actor, initial=initial)
    return form_page(pages, request, form, _("New: %s") % pages.shape.title, draft=draft)


def edit(pages: RecordPages, request: HttpRequest, number: str) -> HttpResponse:
    """The form of a record, and its taking."""
    actor = request.actor  # type: ignore[attr-defined]
    record = pages.row(actor, number, "edit")
    title = _("Edit: %s") % pages.title_of(record)
    if request.method == "POST":
        form = RecordForm(pages, actor, request.POST, record=record)
        if form.is_valid():
            try:
                actions.edit(
                    record,
                    form.values(),
                    actor,
                    revision=form.cleaned_data["revision"] or 0,
                    reason=request.POST.get("reason", ""),
                )
            except ValidationError as error:
                form.take(error)
            except actions.Conflict:
                return conflict_page(pages, request, form, title)
            else:
                drafts.discard(actor, pages.key, record.pk)
                messages.success(request, _("Saved: %s") % record.number)
                return HttpResponseRedirect(pages.url("detail", record.number))
        return form_page(pages, request, form, title, record=record, status=422)
    draft = drafts.draft_of(actor, pages.key, record.pk)
    form = RecordForm(
        pages, actor, record=record, initial={"revision": record.revision, **(draft.values if draft else {})}
    )
    return form_page(pages, request, form, title, record=record, draft=draft)


def form_page(
    pages: RecordPages,
    request: HttpRequest,
    form: RecordForm,
    title: str,
    *,
    record: Any = None,
    draft: Any = None,
    notices: tuple[Panel, ...] = (),
    status: int = 200,
) -> HttpResponse:
    """The page with a record's form, its map when it has a place, and what there is to say first."""
    number = record.number if record else ""
    if draft is not None:
        discard = Action(
            title=_("Discard the draft"),
            url=pages.url("draft"),
            post=True,
            values=(("discard", "1"), ("record", number)),
        )
        text = _("This is your unfinished form, saved by itself.")
        notices = (*notices, Notice(text=text, actions=(discard,)))
    draft_url = pages.url("draft") + (f"?record={number}" if record else "")
    back_to = pages.url("detail", number) if record else pages.url("list")
    panel = FormPanel(
        form=form,
        submit=_("Save"),
        cancel=back_to,
        groups=form.layout(),
        draft=draft_url,
        submits=() if record else (("again", _("Save and add another")),),
    )
    place = pages.shape.place
    body: tuple[Panel | Row, ...] = (panel,)
    if place and place in form.fields:
        body = (Row(panel, picker(pages, form, record), widths="main"),)
    crumbs = [Link(title=pages.shape.plural, url=pages.url("list"))]
    if record:
        crumbs.append(Link(title=record.number, url=back_to))
    return Page(title=title, body=body, crumbs=tuple(crumbs), notices=notices, help=pages.shape.help).respond(
        request, status
    )


def picker(pages: RecordPages, form: RecordForm, record: Any) -> Map:
    """The map that fills in the place, with the place as it is saved."""
    name = pages.shape.place
    if record is not None and getattr(record, name) and name not in form.hidden_values:
        return replace(detail.place(pages, record, getattr(record, name)), pick=name)
    return Map(title=form.fields[name].label, layers=(), pick=name)


def conflict_page(pages: RecordPages, request: HttpRequest, form: RecordForm, title: str) -> HttpResponse:
    """Both versions side by side, and the form with mine, which now would follow theirs."""
    actor = request.actor  # type: ignore[attr-defined]
    theirs = pages.row(actor, form.record.number, "edit")
    mine = form.values()
    differences = []
    for name, value in mine.items():
        field = pages.shape.by_name[name]
        if getattr(theirs, name) != value and not (value in (None, "") and getattr(theirs, name) in (None, "")):
            words = values.plain(field, value)
            differences.append(Difference(title=field.title, before=values.words(field, theirs, actor), after=words))
    data = request.POST.copy()
    data["revision"] = str(theirs.revision)
    fresh = RecordForm(pages, actor, data, record=theirs)
    fresh.is_valid()
    notice = Notice(
        tone="fair",
        title=_("Somebody else changed this record while you had it open."),
        text=_("Nothing of yours is saved yet. Compare both versions below: saving now puts yours over theirs."),
        actions=(Action(title=_("Keep theirs"), url=pages.url("edit", theirs.number)),),
    )
    shown = vouched(differences, actor, pages.permission("edit"))
    diff = Diff(
        title=_("What is saved now, and what you wrote"),
        differences=shown,
        before=_("Saved now"),
        after=_("What you wrote"),
    )
    return form_page(pages, request, fresh, title, record=theirs, notices=(notice, diff), status=409)


def draft(pages: RecordPages, request: HttpRequest) -> HttpResponse:
    """Keeps the unfinished form of this person, or throws it away."""
    actor = request.actor  # type: ignore[attr-defined]
    number = request.POST.get("record", "") or request.GET.get("record", "")
    record_id = pages.row(actor, number, "edit").pk if number else None
    if "discard" in request.POST:
        drafts.discard(actor, pages.key, record_id)
        return back(request, pages.url("edit", number) if number else pages.url("new"))
    # With the revision it was begun at: opened later, a draft meets what others saved meanwhile as a conflict.
    known = {field.name for field in pages.editable()} | {"revision"}
    kept = {name: request.POST[name] for name in request.POST if name in known}
    saved = drafts.save_draft(actor, pages.key, record_id, kept)
    return JsonResponse({"saved_at": saved.at.isoformat()})


def remove(pages: RecordPages, request: HttpRequest, number: str) -> HttpResponse:
    """Puts a record into the bin."""
    actor = request.actor  # type: ignore[attr-defined]
    record = pages.row(actor, number, "remove")
    actions.remove(record, actor, request.POST.get("reason", ""))
    messages.success(request, _("In the bin: %s") % record.number)
    return HttpResponseRedirect(pages.url("list"))


def restore(pages: RecordPages, request: HttpRequest, number: str) -> HttpResponse:
    """Takes a record out of the bin."""
    actor = request.actor  # type: ignore[attr-defined]
    record = pages.row(actor, number, "remove", removed=True)
    actions.restore(record, actor)
    messages.success(request, _("Restored: %s") % record.number)
    return HttpResponseRedirect(pages.url("detail", record.number))


def choices(pages: RecordPages, request: HttpRequest, name: str) -> HttpResponse:
    """Rows a link of the form may lead to, for what is typed so far: `{"choices": ["name · key", ...]}`."""
    actor = request.actor  # type: ignore[attr-defined]
    field = pages.shape.by_name.get(name)
    if field is None or not field.field.is_relation or not field.is_editable:
        return JsonResponse({"choices": []}, status=404)
    rows, by = targets(field, pages, actor)
    typed = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    offers = []
    for path in by:
        found = rows.filter(**{f"{path}__icontains": typed}) if typed else rows
        offers += [row for row in found[:OFFERS] if row not in offers]
        if len(offers) >= OFFERS:
            break
    shown = vouched(offers[:OFFERS], actor, pages.permission("view"))
    return JsonResponse({"choices": [named(row) for row in shown]})
