"""Changing or removing many records at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.records import actions
from citybrain.ui.panels.kinds import FormPanel, Notice
from citybrain.ui.panels.panel import Link, Page
from citybrain.ui.records.forms import RecordForm
from citybrain.ui.records.pages import RecordPages

MOST = 500
"""Records changed at once; more is an import's work."""


class BulkForm(RecordForm):
    """The fields of the form, each with a box that says whether it is changed."""

    def __init__(self, pages: RecordPages, actor: Actor, data: Any = None) -> None:
        super().__init__(pages, actor, data, all_optional=True)
        names = [name for name in self.fields if name in pages.shape.by_name]
        choices = [(name, self.fields[name].label) for name in names]
        chosen = forms.MultipleChoiceField(
            choices=choices,
            widget=forms.CheckboxSelectMultiple,
            label=_("Fields to change"),
            error_messages={"required": _("Tick at least one field.")},
        )
        self.fields = {"changed": chosen, **self.fields}
        self.initial = {}

    def changes(self) -> dict[str, Any]:
        """Ticked field -> new value."""
        return {name: self.cleaned_data[name] for name in self.cleaned_data["changed"]}


def chosen(pages: RecordPages, actor: Actor, asked: QueryDict, verb: str) -> Any:
    """The ticked records the person may reach. Raises PermissionDenied when one of them is out of reach."""
    numbers = list(dict.fromkeys(asked.getlist("number")))[: MOST + 1]
    if len(numbers) > MOST:
        raise PermissionDenied(_("At most %d records are changed at once: use an import for more.") % MOST)
    rows = pages.rows(actor, verb).filter(number__in=numbers)
    if rows.count() != len(numbers):
        raise PermissionDenied(_("Some of the chosen records are not yours to change, or are gone: choose anew."))
    return rows


def edit_many(pages: RecordPages, request: HttpRequest) -> HttpResponse:
    """The form for the ticked records, and its taking."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    asked = request.POST if request.method == "POST" else request.GET
    rows = chosen(pages, actor, asked, "edit")
    numbers = tuple(("number", row.number) for row in rows)
    if not numbers:
        messages.info(request, _("Tick the records first."))
        return HttpResponseRedirect(pages.url("list"))
    form = BulkForm(pages, actor, request.POST if "changed" in request.POST or "save" in request.POST else None)
    if form.is_bound and form.is_valid():
        try:
            count = actions.edit_many(pages.shape, rows, form.changes(), actor)
        except ValidationError as error:
            form.take(error)
        else:
            messages.success(request, ngettext("%d record changed.", "%d records changed.", count) % count)
            return HttpResponseRedirect(pages.url("list"))
    text = ngettext("%d record is changed at once.", "%d records are changed at once.", len(numbers)) % len(numbers)
    panel = FormPanel(
        form=form,
        action=pages.url("bulk-edit"),
        submit=_("Change all of them"),
        cancel=pages.url("list"),
        groups=(("", ("changed",)), *form.layout()),
        hidden=(*numbers, ("save", "1")),
    )
    return Page(
        title=_("Change many: %s") % pages.shape.plural,
        crumbs=(Link(title=pages.shape.plural, url=pages.url("list")),),
        notices=(Notice(text=text + " " + _("Only ticked fields are written; an empty one is emptied.")),),
        body=(panel,),
    ).respond(request, 422 if form.errors else 200)


def remove_many(pages: RecordPages, request: HttpRequest) -> HttpResponse:
    """Puts the ticked records into the bin."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = list(chosen(pages, actor, request.POST, "remove"))
    with transaction.atomic():
        for record in rows:
            actions.remove(record, actor, request.POST.get("reason", ""))
    messages.success(request, ngettext("%d record removed.", "%d records removed.", len(rows)) % len(rows))
    return HttpResponseRedirect(pages.url("list"))
