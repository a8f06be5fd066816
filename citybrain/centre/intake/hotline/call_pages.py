"""The call-back list (回访): who must be called, by when, what they are told, what they said."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from citybrain.centre.events.models import Event
from citybrain.centre.events.permissions import ANSWER_FOR
from citybrain.centre.events.rating import rate
from citybrain.centre.intake.answers import TOPIC, record_call
from citybrain.centre.intake.hotline.pages import address_of
from citybrain.centre.intake.models import Reply
from citybrain.centre.intake.reporters import Disclosed, disclose_reporter
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import scoped, scoped_one
from citybrain.kernel.standards.masking import HIDDEN
from citybrain.ui.access import requires, requires_form
from citybrain.ui.paging import Paging, page_number
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import Fact, Facts, FormPanel
from citybrain.ui.panels.panel import Action, Link, Page, Row, Stack, Tab, Tag
from citybrain.ui.panels.prose import Prose
from citybrain.ui.panels.tables import Column, Table

TABS = {
    "waiting": (gettext_lazy("To call"), (Reply.State.WAITING,)),
    "failed": (gettext_lazy("Not delivered"), (Reply.State.FAILED, Reply.State.UNREACHABLE)),
    "done": (gettext_lazy("Answered"), (Reply.State.DONE,)),
}

PURPOSE = gettext_lazy("Call back")


def rows_of(actor: Actor, tab: str) -> QuerySet[Any]:
    """Answers on one tab of the list, the soonest due first; the latest first where they are over."""
    rows = scoped(Reply.objects.filter(state__in=TABS[tab][1]), actor, ANSWER_FOR)
    rows = rows.select_related("event__area", "event__organisation", "reporter", "done_by")
    return rows.order_by("due_at", "pk") if tab == "waiting" else rows.order_by("-pk")


@requires(ANSWER_FOR)
def calls(request: HttpRequest) -> HttpResponse:
    """The list."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    tab = request.GET.get("tab", "waiting")
    tab = tab if tab in TABS else "waiting"
    rows = rows_of(actor, tab)
    paging = Paging(number=page_number(request.GET.get("page")), total=rows.count())
    table = Table(
        key="calls",
        refresh=TOPIC,
        rows=rows[paging.offset : paging.offset + paging.size],
        columns=(
            Column(
                _("Matter"),
                lambda row: row.event.title or row.event.number,
                under=lambda row: f"{row.event.number} · {row.reporter} · {row.event.organisation}",
                link=lambda row: reverse("hotline-call", args=(row.pk,)),
            ),
            Column(_("What they are told"), "text", wraps=True, weight=3),
            Column(_("Way"), lambda row: row.get_way_display(), weight=3),
            Column(_("Calls made"), "attempts", cells.number, weight=4),
            Column(
                _("Due") if tab == "waiting" else _("Ended"),
                "due_at" if tab == "waiting" else "done_at",
                cells.moment,
                tags=late_tag if tab == "waiting" else None,
            ),
        ),
        row_link=lambda row: reverse("hotline-call", args=(row.pk,)),
        paging=paging,
        empty=_("Nobody waits for a call.") if tab == "waiting" else _("Nothing here."),
        empty_icon="phone-call",
    )
    counts = {key: rows_of(actor, key).count() for key in ("waiting", "failed")}
    return Page(
        title=_("Call back"),
        lead=_("Everybody who reported is answered: by text message or inbox where that is possible, else by a call."),
        crumbs=(Link(_("Hotline desk"), reverse("hotline-desk")),),
        tabs=tuple(
            Tab(key, title, counts.get(key), tone="bad" if key == "failed" and counts.get(key) else "quiet")
            for key, (title, _states) in TABS.items()
        ),
        tab=tab,
        body=(table,),
        fills=True,
    ).respond(request)


def late_tag(row: Reply) -> tuple[Tag, ...]:
    """That a call is late."""
    is_late = row.due_at is not None and row.due_at < timezone.now()
    return (Tag(title=_("Late"), tone="bad"),) if is_late else ()


class CallBackForm(forms.Form):
    """What came of a call."""

    outcome = forms.ChoiceField(widget=forms.RadioSelect)
    solved = forms.ChoiceField(required=False, widget=forms.RadioSelect)
    stars = forms.ChoiceField(required=False)
    note = forms.CharField(max_length=1000, required=False, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args: Any, is_closed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["outcome"].label = _("Outcome")
        fields["outcome"].choices = [("reached", _("Reached, and told")), ("missed", _("Nobody answered"))]
        fields["solved"].label = _("Is it solved, do they say?")
        fields["solved"].choices = [("yes", _("Yes")), ("no", _("No"))]
        fields["stars"].label = _("How content are they?")
        words = (_("very content"), _("content"), _("so-so"), _("not content"), _("not at all"))
        fields["stars"].choices = [
            ("", "---------"),
            *((str(5 - at), f"{5 - at} · {word}") for at, word in enumerate(words)),
        ]
        fields["note"].label = _("What they said")
        if not is_closed:
            del fields["solved"], fields["stars"]

    def clean(self) -> dict[str, Any]:
        """Solved and stars stand together."""
        given: dict[str, Any] = super().clean() or {}
        if bool(given.get("solved")) != bool(given.get("stars")):
            raise forms.ValidationError(_("Ask both: whether it is solved, and how content they are."))
        return given


@requires_form(ANSWER_FOR, scoped=True)
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """One call: the words, the number when it is asked for, what came of it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    linked = ("event__area", "event__organisation", "signal", "reporter", "done_by")
    try:
        reply = scoped_one(Reply.objects.select_related(*linked), actor, ANSWER_FOR, pk=pk)
    except Reply.DoesNotExist as error:
        raise Http404(f"reply {pk}") from error
    shown: Disclosed | None = None
    is_asking = request.method == "POST" and "show" in request.POST
    if is_asking:
        shown = disclose_reporter(reply.reporter, actor, str(PURPOSE))
    is_closed = reply.event.closed_at is not None
    form = CallBackForm(request.POST if request.method == "POST" and not is_asking else None, is_closed=is_closed)
    if form.is_bound and form.is_valid() and kept(request, form, reply, actor):
        return HttpResponseRedirect(reverse("hotline-calls"))
    is_open = reply.state in (Reply.State.WAITING, Reply.State.FAILED)
    facts = (
        Fact(pgettext("of a person", "Name"), shown.name if shown else HIDDEN),
        Fact(_("Telephone number"), shown.contact if shown else HIDDEN, cells.mono),
        Fact(_("Event"), reply.event.number, link=address_of(reply.event)),
        Fact(_("Body"), reply.event.organisation),
        Fact(_("State"), reply.event.get_state_display()),  # type: ignore[attr-defined]
        Fact(_("Due"), reply.due_at, cells.moment),
        Fact(_("Calls made"), reply.attempts),
        Fact(_("Note"), reply.note or "—", is_wide=True),
    )
    reveal = Action(_("Show the number"), "", icon="eye", post=True, values=(("show", "1"),), is_main=not shown)
    told = Prose(title=_("What they are told"), text=reply.text, is_markdown=False)
    first = Prose(title=_("What they reported"), text=reply.signal.text, is_markdown=False)
    panels = (told, FormPanel(title=_("The call"), form=form, submit=_("Keep"), columns=1)) if is_open else (told,)
    page = Page(
        title=reply.event.title or reply.event.number,
        crumbs=(Link(_("Hotline desk"), reverse("hotline-desk")), Link(_("Call back"), reverse("hotline-calls"))),
        tags=(Tag(title=reply.get_state_display(), is_state=True),),  # type: ignore[attr-defined]
        body=(Row(Stack(*panels), Stack(Facts(title=_("Reporter"), of=reply, facts=facts), first), widths="main"),),
        actions=(reveal,) if not shown and is_open else (),
        note=_("Whoever reported can see that you looked.") if not shown else "",
    )
    answer = page.respond(request, 422 if form.errors else 200)
    answer["Cache-Control"] = "no-store"
    return answer


def kept(request: HttpRequest, form: CallBackForm, reply: Reply, actor: Actor) -> bool:
    """Writes the call down, and the reporter's word on the handling; False when the form has to be corrected."""
    given = form.cleaned_data
    solved = {"yes": True, "no": False}.get(given.get("solved", ""))
    try:
        record_call(
            reply,
            actor,
            reached=given["outcome"] == "reached",
            note=given["note"],
            is_satisfied=int(given["stars"]) >= 3 if given.get("stars") else None,
        )
        if given["outcome"] == "reached" and solved is not None:
            rated(request, reply, is_solved=solved, stars=int(given["stars"]), text=given["note"])
    except ValidationError as error:
        form.add_error(None, " ".join(error.messages))
        return False
    messages.success(request, _("The call was written down."))
    return True


def rated(request: HttpRequest, reply: Reply, *, is_solved: bool, stars: int, text: str) -> None:
    """The reporter's word; what was rated before stays, and the agent hears so."""
    event = Event.objects.get(pk=reply.event_id)
    try:
        rate(event, reply.signal, is_solved, stars, text)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
