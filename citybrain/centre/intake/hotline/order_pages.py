"""Bringing in work orders of the city's hotline, and what became of the file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from citybrain.centre.events.permissions import REPORT
from citybrain.centre.intake.hotline.orders import DOOR, HEADS, Brought, bring_in
from citybrain.centre.intake.models import Quarantined
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import Vouched, vouched
from citybrain.ui.access import requires_form
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import FormPanel, Notice, Stat, Stats
from citybrain.ui.panels.panel import Link, Page, Panel
from citybrain.ui.panels.tables import Column, Table

SHOWN = 100
"""Refused rows that are shown; all stand in the quarantine."""

TITLES = {
    "reference": "工单编号",
    "text": "诉求内容",
    "title": "标题",
    "name": "来电人",
    "contact": "联系电话",
    "address": "地址",
    "area": "镇街",
    "at": "来电时间",
    "type": "分类",
    "level": "紧急程度",
    "wants_answer": "是否回复",
    "until": "办理时限",
}


class OrdersForm(forms.Form):
    """The file."""

    file = forms.FileField(widget=forms.ClearableFileInput({"accept": ".csv,.xlsx,.xls,.ods,.json,.txt"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = _("File")
        self.fields["file"].help_text = _(
            "CSV, XLSX or JSON as the city's hotline sends it, at most 500 rows; brought in twice it counts once."
        )


@requires_form(REPORT)
def orders(request: HttpRequest) -> HttpResponse:
    """The form, and what became of the file just sent."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = OrdersForm(request.POST or None, request.FILES or None)
    results: tuple[Panel, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            results = became(bring_in(form.cleaned_data["file"], actor), actor)
        except ValidationError as error:
            form.add_error("file", " ".join(error.messages))
    usual = [(TITLES[ours], "、".join(names)) for ours, names in HEADS.items()]
    columns = Table(
        title=_("Columns that are known"),
        note=_("found by these names"),
        rows=Vouched(tuple(usual), REPORT.key),
        columns=(Column(_("What is taken"), lambda row: row[0]), Column(_("Names"), lambda row: row[1], wraps=True)),
    )
    return Page(
        title=_("Bring in work orders"),
        crumbs=(Link(_("Hotline desk"), reverse("hotline-desk")),),
        body=(
            *results,
            FormPanel(form=form, submit=_("Bring in"), cancel=reverse("hotline-desk"), columns=1),
            columns,
        ),
    ).respond(request, 422 if form.errors else 200)


def became(brought: Brought, actor: Actor) -> tuple[Panel, ...]:
    """Counts, and the rows that were refused."""
    stats = Stats(
        title=brought.name,
        stats=(
            Stat(_("Rows read"), brought.read),
            Stat(_("New"), brought.new, tone="good"),
            Stat(_("Known already"), brought.known),
            Stat(_("Refused"), brought.refused, tone="bad" if brought.refused else "quiet"),
        ),
    )
    if not brought.refused:
        return (stats, Notice(text=_("Every row was taken."), tone="good"))
    rows = Quarantined.objects.filter(door=DOOR, batch=brought.batch, state=Quarantined.State.HELD).order_by("pk")
    table = Table(
        title=_("Refused rows"),
        rows=vouched(rows[:SHOWN], actor, REPORT),
        columns=(
            Column(_("Row"), "sender"),
            Column(_("What is wrong"), "reason", wraps=True),
            Column(_("Remedy"), "remedy", cells.text, wraps=True, weight=2),
        ),
    )
    return (stats, table)
