"""Pages of peer systems (对接系统): whom we exchange with, how it went, what is on its way."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from citybrain.centre.events.types import event_types, name_of
from citybrain.centre.intake.models import Handover, Peer
from citybrain.centre.intake.peers.connecting import connect, disconnect
from citybrain.centre.intake.peers.exchanging import SETTING
from citybrain.centre.intake.permissions import CONNECT
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Organisation
from citybrain.kernel.identity.scope import scoped, scoped_one, vouched
from citybrain.kernel.jobs.actions import enqueue
from citybrain.kernel.network.addresses import AddressRefused, reach_url
from citybrain.ui.access import back, requires, requires_form
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import Fact, Facts, FormPanel, Notice
from citybrain.ui.panels.panel import Action, Link, Page, Panel, Row, Tag, Tone
from citybrain.ui.panels.tables import Column, Table


def state_of(peer: Peer) -> Tag:
    """How the exchange goes."""
    if not peer.is_active:
        return Tag(title=_("Off"), is_state=True)
    if peer.error:
        return Tag(title=_("Fails"), tone="bad", is_state=True, help=peer.error)
    return (
        Tag(title=_("Works"), tone="good", is_state=True)
        if peer.polled_at
        else Tag(title=_("Not yet asked"), is_state=True)
    )


@requires(CONNECT)
def listing(request: HttpRequest) -> HttpResponse:
    """Every peer, and what we offer ourselves."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = scoped(Peer.objects.select_related("organisation"), actor, CONNECT)
    table = Table(
        title=_("Peer systems"),
        rows=rows,
        columns=(
            Column(
                _("System"),
                "name",
                under=lambda peer: peer.url,
                link=lambda peer: reverse("peer", args=(peer.key,)),
                tags=lambda peer: (state_of(peer),),
            ),
            Column(_("Kind"), lambda peer: peer.get_kind_display(), weight=2),
            Column(_("Fetches"), lambda peer: _("Yes") if peer.polls else _("No"), weight=3),
            Column(_("Sends"), lambda peer: _("Yes") if peer.pushes else _("No"), weight=3),
            Column(_("Body"), lambda peer: str(peer.organisation), weight=4),
            Column(_("Last asked"), "polled_at", cells.age, weight=2),
        ),
        row_link=lambda peer: reverse("peer", args=(peer.key,)),
        empty=_("No other system is connected."),
        empty_icon="plug-connected",
    )
    base = settings.SITE_ADDRESS or request.build_absolute_uri("/").rstrip("/")
    ours = (
        Fact("Open311 GeoReport v2", f"{base}/open311/v2", cells.mono),
        Fact(_("CAP 1.2, coming in"), f"{base}{reverse('cap-in')}", cells.mono),
        Fact(_("CAP 1.2, feed"), f"{base}{reverse('cap-feed')}", cells.mono, link=reverse("cap-feed")),
        Fact(_("Signals, in batches"), f"{base}/api/v1/signals/", cells.mono, link=reverse("api-docs")),
    )
    note = _("Others connect with an access token of a post that may report events.")
    return Page(
        title=_("Peer systems"),
        actions=(Action(_("Connect a system"), reverse("peer-new"), icon="plus", is_main=True, key="n"),),
        body=(table, Facts(title=_("Our own doors"), note=note, of=rows, facts=ours)),
    ).respond(request)


class PeerForm(forms.Form):
    """A peer system."""

    name = forms.CharField(max_length=80)
    key = forms.SlugField(max_length=48)
    kind = forms.ChoiceField(choices=Peer.Kind.choices)
    url = forms.URLField(max_length=300, assume_scheme="https")
    jurisdiction = forms.CharField(max_length=80, required=False)
    secret = forms.CharField(max_length=200, required=False, widget=forms.PasswordInput({"autocomplete": "off"}))
    organisation = forms.ModelChoiceField(Organisation.objects.none())
    polls = forms.BooleanField(required=False, initial=True)
    pushes = forms.BooleanField(required=False)
    classes = forms.CharField(max_length=8000, required=False, widget=forms.Textarea({"rows": 4}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        labels = {
            "name": (_("Name"), ""),
            "key": (_("Key"), _("Short Latin name; it stands before their numbers.")),
            "kind": (_("Kind"), ""),
            "url": (_("Address"), _("Open311: up to and with /v2. CAP: the feed.")),
            "jurisdiction": (_("Their jurisdiction id"), ""),
            "secret": (_("Their key for us"), _("Kept sealed, and never shown again.")),
            "organisation": (_("Body that answers for it"), _("What comes in lies on its desk first.")),
            "polls": (_("Fetch what is new there"), ""),
            "pushes": (_("Send what we hand over"), ""),
            "classes": (_("Classes"), _("One a line: our key = their code. Without a line both are the same.")),
        }
        for name, (label, help_text) in labels.items():
            fields[name].label, fields[name].help_text = label, help_text
        bodies = Organisation.objects.filter(is_active=True).exclude(kind=Organisation.Kind.VILLAGE)
        fields["organisation"].queryset = bodies.order_by("position", "key")

    def clean_key(self) -> str:
        """A key nobody has."""
        key: str = self.cleaned_data["key"]
        if Peer.objects.filter(key=key).exists():
            raise forms.ValidationError(_("There is a system with this key already."))
        return key

    def clean_url(self) -> str:
        """An address that may be asked."""
        url: str = self.cleaned_data["url"]
        try:
            reach_url(url, allowed=settings.PEERS_ALLOWED_HOSTS, setting=SETTING)
        except AddressRefused as error:
            raise forms.ValidationError(str(error)) from error
        return url

    def clean_classes(self) -> dict[str, str]:
        """Our key -> their code."""
        found: dict[str, str] = {}
        for number, line in enumerate(self.cleaned_data["classes"].splitlines(), start=1):
            if not line.strip():
                continue
            ours, equals, theirs = (part.strip() for part in line.partition("="))
            if not equals or not theirs or ours not in event_types():
                raise forms.ValidationError(
                    _("Line %(line)d: write our key = their code; “%(key)s” is no class of ours.")
                    % {"line": number, "key": ours[:40]}
                )
            found[ours] = theirs[:80]
        return found


@requires_form(CONNECT)
def new(request: HttpRequest) -> HttpResponse:
    """The form of a new peer."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = PeerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        peer = connect(actor, **form.cleaned_data)
        messages.success(request, _("Connected: it is asked within five minutes."))
        return HttpResponseRedirect(reverse("peer", args=(peer.key,)))
    return Page(
        title=_("Connect a system"),
        crumbs=(Link(_("Peer systems"), reverse("peers")),),
        body=(FormPanel(form=form, submit=_("Connect"), cancel=reverse("peers")),),
    ).respond(request, 422 if form.errors else 200)


@requires(CONNECT, scoped=True)
def peer(request: HttpRequest, key: str) -> HttpResponse:
    """One peer: how the exchange went, its classes, what is on its way."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = one(actor, key)
    facts = (
        Fact(_("Kind"), found.get_kind_display()),  # type: ignore[attr-defined]
        Fact(_("Address"), found.url, cells.mono, is_wide=True),
        Fact(_("Their jurisdiction id"), found.jurisdiction or "—"),
        Fact(_("Their key for us"), _("kept sealed") if found.sealed_key else _("none")),
        Fact(_("Body"), found.organisation),
        Fact(_("Last asked"), found.polled_at, cells.moment),
        Fact(_("Fetched up to"), found.seen_until, cells.moment),
    )
    sent = scoped(Handover.objects.filter(peer=found).select_related("event"), actor, CONNECT)
    handovers = Table(
        title=_("Handed over"),
        rows=sent.order_by("-pk")[:100],
        columns=(
            Column(_("Event"), lambda row: row.event.number),
            Column(_("Their number"), "reference", cells.mono, weight=3),
            Column(
                _("State"),
                lambda row: Tag(title=row.get_state_display(), tone=TONES[row.state], is_state=True),
                cells.tag,
            ),
            Column(_("What they say"), lambda row: row.notes or row.error, wraps=True, weight=2),
            Column(_("Sent"), "sent_at", cells.age, weight=3),
        ),
        empty=_("Nothing was handed over to it."),
    )
    known = event_types()
    lines = [(name_of(known[ours]) if ours in known else ours, ours, theirs) for ours, theirs in found.classes.items()]
    codes = Table(
        title=_("Classes"),
        rows=vouched(lines, actor, CONNECT),
        columns=(
            Column(_("Ours"), lambda row: row[0], under=lambda row: row[1]),
            Column(_("Theirs"), lambda row: row[2], cells.mono),
        ),
        empty=_("Both use the same codes."),
    )
    notices: tuple[Panel, ...] = ()
    if found.error:
        notices = (Notice(title=_("The last exchange failed"), text=found.error, tone="bad"),)
    actions: tuple[Action, ...] = ()
    if found.is_active:
        actions = (
            Action(_("Exchange now"), reverse("peer-exchange", args=(key,)), icon="refresh", post=True, is_main=True),
            Action(
                _("Disconnect"),
                reverse("peer-off", args=(key,)),
                icon="ban",
                post=True,
                tone="bad",
                confirm=_("Nothing is fetched or sent from now on. Disconnect it?"),
            ),
        )
    return Page(
        title=found.name,
        crumbs=(Link(_("Peer systems"), reverse("peers")),),
        tags=(state_of(found),),
        notices=notices,
        body=(Row(handovers, Facts(title=_("Connection"), of=found, facts=facts), widths="main"), codes),
        actions=actions,
    ).respond(request)


TONES: dict[str, Tone] = {
    "to_send": "data",
    "sent": "data",
    "failed": "bad",
    "done_outside": "good",
    "withdrawn": "quiet",
}


def way_tag(row: Handover) -> Tag:
    """Where a handover stands."""
    return Tag(title=row.get_state_display(), tone=TONES[row.state], is_state=True)  # type: ignore[attr-defined]


def one(actor: Actor, key: str) -> Peer:
    """A peer the person may administer. Raises Http404."""
    try:
        return scoped_one(Peer.objects.select_related("organisation"), actor, CONNECT, key=key)
    except Peer.DoesNotExist as error:
        raise Http404(f"peer {key}") from error


@requires(CONNECT, scoped=True, writes=True)
def exchange(request: HttpRequest, key: str) -> HttpResponse:
    """Asks the worker for an exchange now."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    one(actor, key)
    enqueue("intake-exchange", requested_by=actor.name)
    messages.success(request, _("It is asked now."))
    return back(request, reverse("peer", args=(key,)))


@requires(CONNECT, scoped=True, writes=True)
def off(request: HttpRequest, key: str) -> HttpResponse:
    """Ends the exchange."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    disconnect(one(actor, key), actor)
    messages.success(request, _("Disconnected."))
    return back(request, reverse("peers"))
