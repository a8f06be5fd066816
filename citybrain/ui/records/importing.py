"""Bringing records in from a file: look through, write, mend what was refused, send that again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import own, vouched
from citybrain.kernel.records import import_files, importing
from citybrain.kernel.records.importing import Judged, Preview
from citybrain.kernel.records.models import Import
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import FormPanel, Notice
from citybrain.ui.panels.panel import Action, Link, Page, Panel, Tag, Tone
from citybrain.ui.panels.processes import Stage, Stages, Sum
from citybrain.ui.panels.tables import Column, Table
from citybrain.ui.records import values
from citybrain.ui.records.pages import RecordPages
from citybrain.ui.templatetags.panels import tag

ACCEPTS = ".xlsx,.xls,.csv"

SHOWN = 8
"""Columns of a file that a preview shows."""


class FileForm(forms.Form):
    """The file."""

    file = forms.FileField(widget=forms.FileInput(attrs={"accept": ACCEPTS}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = _("File")
        self.fields["file"].help_text = _("XLSX, XLS or CSV with titles in a row, as the template or an export has.")


def start(pages: RecordPages, request: HttpRequest) -> HttpResponse:
    """The form for a file, and what was imported before; a file is looked through, nothing is written yet."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = FileForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                preview = importing.plan_import(pages.shape, form.cleaned_data["file"], actor)
            except ValidationError as error:
                form.add_error("file", " ".join(error.messages))
            else:
                return HttpResponseRedirect(pages.url("import-one", preview.source.pk))
    panel = FormPanel(form=form, submit=_("Look through"), cancel=pages.url("list"), columns=1)
    lead = _("Rows with a number change that record, rows without one make a new record.")
    return Page(
        title=_("Import: %s") % pages.shape.plural,
        lead=lead,
        crumbs=(Link(title=pages.shape.plural, url=pages.url("list")),),
        actions=(Action(title=_("Template"), url=pages.url("import-template"), icon="download"),),
        body=(panel, earlier(pages, actor)),
        help=pages.shape.help,
    ).respond(request, 422 if form.errors else 200)


def earlier(pages: RecordPages, actor: Actor) -> Table:
    """The person's own imports of this type."""
    columns = (
        Column(title=_("File"), value="name", link=lambda one: pages.url("import-one", one.pk)),
        Column(title=_("State"), value=state, cell=tag),
        Column(title=_("Added"), value="rows_created", cell=cells.number, align="right"),
        Column(title=_("Changed"), value="rows_updated", cell=cells.number, align="right"),
        Column(title=_("Refused"), value="rows_refused", cell=cells.number, align="right"),
        Column(title=_("Time"), value="at", cell=cells.age),
    )
    rows = own(Import.objects.filter(kind=pages.key), actor)[:20]
    return Table(title=_("My imports"), columns=columns, rows=rows, empty=_("You have imported nothing yet."))


def state(source: Import) -> Tag:
    """How far an import is."""
    tones: dict[str, Tone] = {"planned": "quiet", "running": "data", "done": "good", "failed": "bad"}
    return Tag(title=source.get_state_display(), tone=tones[source.state], is_state=True)


def template(pages: RecordPages, request: HttpRequest) -> HttpResponse:
    """The empty workbook to fill in."""
    name = f"{pages.key}-template.xlsx"
    return FileResponse(import_files.template(pages.shape), as_attachment=True, filename=name)


def found(pages: RecordPages, request: HttpRequest, import_id: int) -> Import:
    """The person's own import. Raises Import.DoesNotExist for any other."""
    return own(Import.objects.filter(kind=pages.key), request.actor).get(pk=import_id)  # type: ignore[attr-defined]


def one(pages: RecordPages, request: HttpRequest, import_id: int) -> HttpResponse:
    """One import: its preview before, its progress while, its counts after."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    source = found(pages, request, import_id)
    actions: tuple[Action, ...] = ()
    body: tuple[Panel, ...]
    if source.state == Import.State.PLANNED:
        try:
            preview = importing.preview_of(source, actor)
        except (ValidationError, FileNotFoundError) as error:
            messages.error(request, told(error))
            return HttpResponseRedirect(pages.url("import"))
        actions = (
            Action(title=_("Another file"), url=pages.url("import"), icon="upload"),
            Action(
                title=_("Import now"),
                url=pages.url("import-run", source.pk),
                post=True,
                is_main=True,
                icon="file-import",
            ),
        )
        body = previewed(pages, preview, actor)
    else:
        body = settled(pages, source, actor)
        actions = (
            Action(title=_("Another file"), url=pages.url("import"), icon="upload"),
            Action(title=_("To the list"), url=pages.url("list"), icon="table", is_main=True),
        )
    return Page(
        title=source.name,
        tags=(state(source),),
        crumbs=(
            Link(title=pages.shape.plural, url=pages.url("list")),
            Link(title=_("Import"), url=pages.url("import")),
        ),
        actions=actions,
        body=body,
    ).respond(request)


def told(error: ValidationError | FileNotFoundError) -> str:
    """What is wrong with the file of an import."""
    if isinstance(error, FileNotFoundError):
        return _("The file of this import is no longer kept: choose it again.")
    return " ".join(error.messages)


def words_of(outcome: str) -> Tag:
    """What comes of a row."""
    tones: dict[str, tuple[str, Tone]] = {
        "created": (_("Added"), "good"),
        "updated": (_("Changed"), "data"),
        "unchanged": (_("Unchanged"), "quiet"),
        "refused": (_("Refused"), "bad"),
    }
    title, tone = tones[outcome]
    return Tag(title=title, tone=tone, is_state=True)


def written(value: Any) -> str:
    """A cell of the file as a sheet shows it: workbooks keep a whole number as 2.0."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def previewed(pages: RecordPages, preview: Preview, actor: Actor) -> tuple[Panel, ...]:
    """What an import would do, judged by its first rows."""
    counts = tuple((preview.count(name), str(words_of(name).title)) for name in ("created", "updated", "unchanged"))
    refused = preview.count("refused")
    looked = _("All rows") if preview.is_whole else _("The first %d rows") % len(preview.first)
    panels: list[Panel] = [
        Sum(
            title=looked,
            note=_("%d rows in the file; nothing is written yet") % preview.total,
            whole=(len(preview.first), _("looked at")),
            parts=(*counts, (refused, str(words_of("refused").title))),
        )
    ]
    left_out = [head for head in preview.heads if not head.field and head.title]
    if left_out:
        text = "; ".join(f"“{head.title}” {head.note}".strip() for head in left_out)
        panels.append(Notice(title=_("Columns that are left out"), text=text, tone="fair"))
    if refused:
        text = _("Refused rows come back as a file that can be mended and imported again; the others are written.")
        panels.append(Notice(text=text, tone="fair"))
    panels.append(first_rows(pages, preview, actor))
    return tuple(panels)


def first_rows(pages: RecordPages, preview: Preview, actor: Actor) -> Table:
    """The first rows, refused ones first, each with what comes of it."""
    places = [(place, head) for place, head in enumerate(preview.heads) if head.field in pages.shape.by_name][:SHOWN]
    columns = [
        Column(title=_("Row"), value="row", cell=cells.number, align="right"),
        Column(title=_("Outcome"), value=lambda row: words_of(row.outcome), cell=tag),
        Column(title=_("What is wrong"), value="error", wraps=True, weight=1),
    ]
    for place, head in places:
        title = values.titled_with_unit(pages.shape.by_name[head.field])
        columns.append(Column(title=title, value=cell_at(place), weight=3))
    rows = sorted(preview.first, key=lambda row: (row.outcome != "refused", row.row))
    if not any(row.error for row in rows):
        columns.pop(2)
    return Table(title=_("First rows"), columns=tuple(columns), rows=vouched(rows, actor, pages.permission("import")))


def cell_at(place: int) -> Any:
    """A function that takes one cell of a judged row."""

    def cell(row: Judged) -> str:
        return "" if place >= len(row.cells) or row.cells[place] is None else written(row.cells[place])[:60]

    return cell


def settled(pages: RecordPages, source: Import, actor: Actor) -> tuple[Panel, ...]:
    """How far it is, or what came of it."""
    topic = f"job:{source.job_id}" if source.job_id and source.state == Import.State.RUNNING else ""
    panels: list[Panel] = []
    if source.state == Import.State.RUNNING:
        stage = Stage(title=_("Rows"), state="running", done=source.rows_read, unit=_("rows"))
        text = _("The import goes on by itself; you may leave this page.")
        running = vouched((stage,), actor, pages.permission("import"))
        panels.append(Stages(key="progress", refresh=topic, stages=running, text=text, tone="data"))
    if source.state == Import.State.FAILED:
        panels.append(Notice(title=_("The import stopped"), text=source.error, tone="bad"))
    panels.append(
        Sum(
            key="counts",
            refresh=topic,
            title=_("Rows"),
            whole=(source.rows_read, _("read")),
            parts=(
                (source.rows_created, _("Added")),
                (source.rows_updated, _("Changed")),
                (source.rows_unchanged, _("Unchanged")),
                (source.rows_refused, _("Refused")),
            ),
        )
    )
    if source.error_file:
        errors = pages.url("import-errors", source.pk)
        action = Action(title=_("Rows to be mended (XLSX)"), url=errors, icon="download")
        text = _("Each refused row says in its last column what is wrong. Mend them there, and import that file.")
        panels.append(Notice(tone="fair", title=_("Some rows were refused"), text=text, actions=(action,)))
    elif source.state == Import.State.DONE:
        panels.append(Notice(tone="good", text=_("Every row is in.")))
    return tuple(panels)


def run(pages: RecordPages, request: HttpRequest, import_id: int) -> HttpResponse:
    """Writes the rows: at once when they are few, else as a job."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        importing.run_import(found(pages, request, import_id), actor)
    except (ValidationError, FileNotFoundError) as error:
        messages.error(request, told(error))
        return HttpResponseRedirect(pages.url("import"))
    return HttpResponseRedirect(pages.url("import-one", import_id))


def errors(pages: RecordPages, request: HttpRequest, import_id: int) -> HttpResponse:
    """The refused rows as a workbook."""
    source = found(pages, request, import_id)
    if not source.error_file:
        raise Http404(_("None of its rows was refused."))
    file = import_files.error_file(source, request.actor)  # type: ignore[attr-defined]
    return FileResponse(file, as_attachment=True, filename=f"{source.name.rpartition('.')[0]}-errors.xlsx")
