"""Following a report (进度查询): five steps, photos before and after, answers, who looked, rating, reopening once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from citybrain.centre.events.machine import DONE
from citybrain.centre.events.merging import head_of
from citybrain.centre.events.models import Event, Rating, Signal, Step
from citybrain.centre.events.rating import rate
from citybrain.centre.intake.citizen.pictures import may_show, taken_after, taken_before
from citybrain.centre.intake.citizen.progress import milestones
from citybrain.centre.intake.citizen.tokens import signal_of
from citybrain.centre.intake.citizen.words import kind_name
from citybrain.centre.intake.models import Reply
from citybrain.centre.intake.reporters import subject_of
from citybrain.kernel.identity.models import SecurityEvent
from citybrain.kernel.identity.scope import Vouched
from citybrain.kernel.records import blobs
from citybrain.kernel.records.attachments import KINDS
from citybrain.kernel.records.models import Attachment
from citybrain.ui.access import public
from citybrain.ui.citizen.mine import look_line
from citybrain.ui.citizen.panels import Receipt
from citybrain.ui.panels import cells
from citybrain.ui.panels.items import Items
from citybrain.ui.panels.kinds import Fact, Facts, FormPanel, Moment, Notice, Timeline
from citybrain.ui.panels.milestones import Milestones
from citybrain.ui.panels.panel import Action, Link, Page, Panel
from citybrain.ui.panels.pictures import Picture, Pictures

HOLDER = "link"
"""By what the pages vouch: whoever holds the secret link is the reporter."""

LOOKS = 10


def signal_or_404(token: str) -> Signal:
    """The signal of a link. Raises Http404 for a link nobody was given."""
    try:
        return signal_of(token)
    except BadSignature as error:
        raise Http404(_("This link follows nothing. Copy the whole link from your receipt.")) from error


@public
@never_cache
@require_safe
def track(request: HttpRequest, token: str) -> HttpResponse:
    """What became of a report, for whoever has its link."""
    signal = signal_or_404(token)
    event: Event = signal.event
    head = head_of(event)
    journal = list(Step.objects.filter(event=head).order_by("number"))
    receipt: tuple[Panel, ...] = ()
    if "new" in request.GET:
        url = request.build_absolute_uri(reverse("citizen-track", args=(token,)))
        receipt = (Receipt(number=signal.number, url=url),)
    body = (*receipt, *panels(token, signal, head, journal))
    return private(
        Page(
            title=_("Your report"),
            lead=f"{kind_name(head)} · {signal.number}" if head.type else signal.number,
            body=body,
            notices=tuple(notices(event, head)),
            crumbs=(Link(title=_("Home"), url=reverse("citizen-home")),),
            actions=(Action(title=_("Another report"), url=reverse("citizen-report-problem"), icon="camera"),),
            shell="citizen",
        ).respond(request)
    )


def private(answer: HttpResponse) -> HttpResponse:
    """The address is a secret: no search engine lists it, and no other site is told where somebody came from.

    (Our own must be: without an origin the form of the opinion would be refused as another site's.)
    """
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "same-origin"
    return answer


def notices(event: Event, head: Event) -> Iterator[Panel]:
    """What must be read first."""
    if head.pk != event.pk:
        yield Notice(
            text=_("Others told of the same thing. It is handled as one matter; what you see is how far that has got."),
            tone="data",
        )


def panels(token: str, signal: Signal, head: Event, journal: Sequence[Step]) -> Iterator[Panel]:
    """The parts of the page."""
    if may_rate(signal, head):
        yield rating_panel(token)
    yield Milestones(title=_("How far it is"), steps=Vouched(milestones(signal, head, journal), HOLDER))
    yield from pictures(token, signal, head, journal)
    yield Timeline(
        title=_("Answers to you"),
        moments=Vouched(tuple(answers(signal)), HOLDER),
        empty=_("No answer was written yet."),
    )
    yield from rated(signal)
    yield own_words(signal)
    yield from looks(signal)


def pictures(token: str, signal: Signal, head: Event, journal: Sequence[Step]) -> Iterator[Panel]:
    """The reporter's own photos beside those of the work done."""
    before = [picture(token, pgettext("photo", "Before"), file) for file in taken_before(signal)]
    after = [picture(token, pgettext("photo", "After"), file) for file in taken_after(head, journal)]
    if before or after:
        yield Pictures(title=_("Photos"), pictures=Vouched((*before, *after), HOLDER))


def picture(token: str, title: str, file: Attachment) -> Picture:
    """A photo, under the secret link."""
    url = reverse("citizen-track-photo", args=(token, file.pk))
    return Picture(title, url, small=f"{url}?small=1" if file.has_thumbnail else "", at=file.at)


def answers(signal: Signal) -> Iterator[Moment]:
    """What officials answered this reporter, the newest first."""
    for reply in Reply.objects.filter(signal=signal).exclude(text="").order_by("-pk"):
        yield Moment(at=reply.made_at, title=pgettext("to a reporter", "Answer"), text=reply.text, tone="data")


def rated(signal: Signal) -> Iterator[Panel]:
    """What the reporter said of the handling."""
    ratings = Rating.objects.filter(signal=signal).order_by("-pk")
    lines = tuple(
        Moment(
            at=one.at,
            title="★" * one.stars + "☆" * (5 - one.stars),
            who=pgettext("says a reporter", "Solved") if one.is_solved else pgettext("says a reporter", "Not solved"),
            text=one.text,
            tone="good" if one.is_solved else "fair",
        )
        for one in ratings
    )
    if lines:
        yield Timeline(title=_("What you said of it"), moments=Vouched(lines, HOLDER))


def own_words(signal: Signal) -> Facts:
    """What was reported, as the reporter wrote it."""
    facts = [
        Fact(title=_("Number"), value=signal.number),
        Fact(title=_("Received"), value=signal.received_at, cell=cells.moment),
        Fact(title=_("Address or landmark"), value=signal.address),
        Fact(title=_("Your words"), value=signal.text, is_wide=True),
    ]
    shown = tuple(fact for fact in facts if fact.value)
    return Facts(title=_("What you reported"), of=Vouched((signal,), HOLDER), facts=shown)


def looks(signal: Signal) -> Iterator[Panel]:
    """Who looked at the reporter's name or contact, and what for."""
    if signal.reporter is None:
        return
    events = SecurityEvent.objects.filter(subject=subject_of(signal.reporter)).select_related("post__organisation")
    lines = tuple(look_line(one) for one in events.order_by("-id")[:LOOKS])
    yield Items(
        title=_("Who looked at my data"),
        items=Vouched(lines, HOLDER),
        empty=_("Nobody has looked at your name or contact."),
    )


@public
@never_cache
@require_safe
def photo(request: HttpRequest, token: str, file: int) -> FileResponse:
    """A photo of the report, or of the work done about it; `?small=1` a small one."""
    signal = signal_or_404(token)
    shown = may_show(signal, head_of(signal.event), file)
    if shown is None:
        raise Http404(_("Nothing public is at this address."))
    return private(drawn(shown, is_small="small" in request.GET))  # type: ignore[return-value]


def drawn(file: Attachment, *, is_small: bool) -> FileResponse:
    """The bytes of a picture."""
    small = is_small and file.has_thumbnail
    stream: Any = blobs.path_of(file.digest).with_suffix(".small").open("rb") if small else blobs.open_blob(file.digest)
    return FileResponse(stream, content_type="image/webp" if small else KINDS[file.kind])


class RatingForm(forms.Form):
    """What a reporter says of the handling."""

    is_solved = forms.ChoiceField(
        label=gettext_lazy("Is the problem solved?"),
        choices=(("yes", gettext_lazy("Yes, solved")), ("no", gettext_lazy("No, not solved"))),
        widget=forms.RadioSelect,
        help_text=gettext_lazy("“No” opens it again, once, without your having to prove anything."),
    )
    stars = forms.TypedChoiceField(
        label=gettext_lazy("How content are you with the handling?"),
        coerce=int,
        choices=(
            (5, gettext_lazy("5: very content")),
            (4, gettext_lazy("4: content")),
            (3, gettext_lazy("3: so so")),
            (2, gettext_lazy("2: not content")),
            (1, gettext_lazy("1: not at all content")),
        ),
    )
    text = forms.CharField(
        required=False,
        max_length=500,
        label=gettext_lazy("Anything else?"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def may_rate(signal: Signal, head: Event) -> bool:
    """Whether the matter is closed and this reporter has said nothing of it since."""
    if head.state not in DONE or head.closed_at is None:
        return False
    return not Rating.objects.filter(signal=signal, event=head, at__gte=head.closed_at).exists()


def rating_panel(token: str, filled: RatingForm | None = None) -> FormPanel:
    """The form."""
    return FormPanel(
        key="rate",
        title=_("Your opinion"),
        form=filled or RatingForm(auto_id="rate_%s"),
        submit=_("Send my opinion"),
        action=reverse("citizen-rate", args=(token,)),
        columns=1,
    )


@public
@never_cache
@require_POST
def opinion(request: HttpRequest, token: str) -> HttpResponse:
    """Takes what a reporter says of the handling; “not solved” opens the matter again, once."""
    signal = signal_or_404(token)
    head = head_of(signal.event)
    filled = RatingForm(request.POST, auto_id="rate_%s")
    if not filled.is_valid():
        body = (rating_panel(token, filled),)
        crumbs = (Link(title=_("Your report"), url=reverse("citizen-track", args=(token,))),)
        page = Page(title=_("Your opinion"), body=body, crumbs=crumbs, shell="citizen")
        return private(page.respond(request, 422))
    given = filled.cleaned_data
    if not may_rate(signal, head):
        messages.info(request, _("You have said what you think of it already."))
        return private(HttpResponseRedirect(reverse("citizen-track", args=(token,))))
    try:
        made = rate(head, signal, given["is_solved"] == "yes", given["stars"], given["text"])
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, thanks(made))
    return private(HttpResponseRedirect(reverse("citizen-track", args=(token,))))


def thanks(made: Rating) -> str:
    """What follows from an opinion."""
    if made.reopened:
        return _("Thank you. The matter is open again and goes back to whoever handled it.")
    if not made.is_solved:
        return _("Thank you. Those who supervise the handling are told.")
    return _("Thank you for your opinion.")
