"""Taking records out: which format, which columns, what for; then the file."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citybrain.declare.words import Grade
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.records import exporting
from citybrain.ui.panels.kinds import FormPanel, Notice
from citybrain.ui.panels.panel import Link, Page
from citybrain.ui.records import values
from citybrain.ui.records.listing import ask
from citybrain.ui.records.pages import RecordPages

TITLES = {
    "xlsx": gettext_lazy("Excel workbook (XLSX)"),
    "csv": gettext_lazy("Text with commas (CSV)"),
    "parquet": gettext_lazy("Columns for analysis (Parquet)"),
    "geojson": gettext_lazy("Places for maps (GeoJSON)"),
}
"""Format -> what people call it."""


class ExportForm(forms.Form):
    """Format, columns and purpose of an export."""

    format = forms.ChoiceField(widget=forms.RadioSelect, initial="xlsx")
    purpose = forms.CharField(max_length=200, required=False)
    fields_taken = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, pages: RecordPages, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        offered = [field for field in pages.shape.fields if field.grade < Grade.L4]
        fields["format"].label = _("File format")
        fields["format"].choices = [
            (name, title) for name, title in TITLES.items() if name != "geojson" or pages.shape.place
        ]
        fields["fields_taken"].label = _("Columns in the file")
        fields["fields_taken"].help_text = _("Without a tick: all of them.")
        fields["fields_taken"].choices = [(field.name, values.titled_with_unit(field)) for field in offered]
        if any(field.is_personal for field in offered) and actor.may(pages.permission("disclose")):
            fields["purpose"].label = _("What do you need the personal values for?")
            fields["purpose"].help_text = _("Without a purpose they come out masked. The purpose stands in the file.")
        else:
            del fields["purpose"]


def export(pages: RecordPages, request: HttpRequest) -> HttpResponse:
    """The choice, and the file."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    asked = ask(pages, request)
    rows = asked.rows
    numbers = request.GET.getlist("number")
    if numbers:
        rows = rows.filter(number__in=numbers[:10_000])
    back_to = pages.url("list") + (f"?{asked.query}" if asked.query and not numbers else "")
    form = ExportForm(pages, actor, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        taken = form.cleaned_data
        try:
            made = exporting.export(
                pages.shape,
                rows,
                actor,
                taken["format"],
                fields=taken["fields_taken"],
                purpose=taken.get("purpose", ""),
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return HttpResponseRedirect(request.get_full_path())
        answer = FileResponse(
            exporting.open_export(made), as_attachment=True, content_type=exporting.FORMATS[made.format]
        )
        answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(made.name)}"
        answer["Cache-Control"] = "no-store"
        return answer
    notice = Notice(
        text=_("The file names you, your organisation, the time and the purpose; the export is written down."),
    )
    panel = FormPanel(
        form=form, action=request.get_full_path(), submit=_("Export"), cancel=back_to, columns=1, is_download=True
    )
    title = _("Export: %s") % pages.shape.plural
    crumbs = (Link(title=pages.shape.plural, url=back_to),)
    lead = _("Only what you may see, in the order and with the filters of the list.")
    return Page(title=title, lead=lead, crumbs=crumbs, notices=(notice,), body=(panel,)).respond(
        request, 422 if form.errors else 200
    )
