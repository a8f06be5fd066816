"""The form that asks what an archive is needed for, and hands it out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from citybrain.centre.events.archive.making import EXPORT, make
from citybrain.centre.events.models import Event
from citybrain.centre.events.permissions import VIEW
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import scoped_one
from citybrain.ui.access import requires_form
from citybrain.ui.panels.kinds import FormPanel, Notice
from citybrain.ui.panels.panel import Link, Page


class PurposeForm(forms.Form):
    """What the archive is needed for."""

    purpose = forms.CharField(max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].label = _("What do you need the archive for?")
        self.fields["purpose"].help_text = _("It stands in the archive and in the security log.")


@requires_form(EXPORT, scoped=True)
def archive(request: HttpRequest, number: str) -> HttpResponse:
    """The form, and the ZIP."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        event = scoped_one(Event.objects.all(), actor, EXPORT, number=number)
    except Event.DoesNotExist:
        raise Http404 from None
    form = PurposeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = make(event, actor, form.cleaned_data["purpose"])
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return HttpResponseRedirect(request.get_full_path())
        answer = FileResponse(made.file, as_attachment=True, filename=made.name, content_type="application/zip")
        answer["Cache-Control"] = "no-store"
        return answer
    text = _(
        "A ZIP with the case, every step, tasks, signals, pictures, and for each step the proof that it stood on the "
        "ledger. Whoever gets it runs the script inside, without a network and without this system: it says what "
        "holds and names the first thing that does not. Reporters appear under pseudonyms, without name or telephone."
    )
    case = reverse("event-page", args=(number,)) if actor.may(VIEW) else reverse("home")
    return Page(
        title=_("Verifiable archive"),
        note=event.number,
        crumbs=(Link(title=event.title, url=case),),
        notices=(Notice(title=_("What is in it"), text=text),),
        body=(
            FormPanel(
                form=form,
                action=request.get_full_path(),
                submit=_("Make the archive"),
                cancel=case,
                columns=1,
                is_download=True,
            ),
        ),
    ).respond(request, 422 if form.errors else 200)
