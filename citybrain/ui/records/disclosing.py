"""Personal values, plain, for a stated purpose: every look leaves a line in the security log."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.records.masking import disclose
from citybrain.ui.panels.kinds import Fact, Facts, FormPanel, Notice
from citybrain.ui.panels.panel import Link, Page
from citybrain.ui.records import values
from citybrain.ui.records.pages import RecordPages

SHORTEST = 4
"""Letters of a purpose; “work” says nothing, but a machine cannot tell."""


class PurposeForm(forms.Form):
    """What the values are needed for."""

    purpose = forms.CharField(max_length=200, min_length=SHORTEST)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["purpose"].label = _("What do you need them for?")
        self.fields["purpose"].help_text = _("The matter and why it needs a person's data. The person can be told.")


def show(pages: RecordPages, request: HttpRequest, number: str) -> HttpResponse:
    """Asks for the purpose, then shows the record's personal values once."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    record = pages.row(actor, number, "disclose")
    fields = [field for field in pages.shape.fields if field.is_personal and getattr(record, field.name)]
    form = PurposeForm(request.POST or None)
    crumbs = (
        Link(title=pages.shape.plural, url=pages.url("list")),
        Link(title=pages.title_of(record), url=pages.url("detail", number)),
    )
    title = _("Personal values")
    if request.method == "POST" and form.is_valid():
        plain = disclose(record, [field.name for field in fields], actor, form.cleaned_data["purpose"])
        facts = tuple(
            Fact(title=values.titled_with_unit(field), value=values.plain(field, plain[field.name]))
            for field in fields
            if field.name in plain
        )
        notice = Notice(
            tone="fair",
            text=_("Shown for: %s. Your name, post, time and purpose are in the security log.")
            % form.cleaned_data["purpose"],
        )
        page = Page(title=title, crumbs=crumbs, notices=(notice,), body=(Facts(of=record, facts=facts),))
    else:
        panel = FormPanel(
            form=form,
            submit=_("Show"),
            cancel=pages.url("detail", number),
            columns=1,
            title=", ".join(values.titled_with_unit(field) for field in fields),
        )
        page = Page(title=title, crumbs=crumbs, body=(panel,))
    answer = page.respond(request, 422 if form.errors else 200)
    answer["Cache-Control"] = "no-store"
    return answer
