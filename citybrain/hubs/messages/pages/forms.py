"""The hub's forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citybrain.declare.notice import Channel, Urgency
from citybrain.declare.role import Reach, Role
from citybrain.hubs.messages.addressing import AddressError, To, addressee, demand_reach
from citybrain.hubs.messages.administering import keep_robot
from citybrain.hubs.messages.channels.chosen import channels
from citybrain.hubs.messages.models import Message, Robot
from citybrain.hubs.messages.permissions import SEND
from citybrain.hubs.messages.preferences import OUTSIDE, keep, wishes_of
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Organisation, User
from citybrain.kernel.network.addresses import AddressRefused
from citybrain.kernel.registry.registry import registry
from citybrain.ui.formats import is_chinese


class PreferenceForm(forms.Form):
    """Ways by urgency, quiet hours, digest."""

    quiet_from = forms.TimeField(
        label=gettext_lazy("Quiet from"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label=gettext_lazy("Quiet until"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("In these hours nothing is sent but what is urgent; the rest waits for their end."),
    )
    wants_digest = forms.BooleanField(
        label=gettext_lazy("Routine e-mails together, once every working day"), required=False
    )

    def __init__(self, actor: Actor, data: Any = None) -> None:
        self._user = User.objects.get(pk=actor.user_id)
        wishes = wishes_of([self._user.pk])[self._user.pk]
        times = {"quiet_from": wishes.quiet_from, "quiet_until": wishes.quiet_until}
        chosen = {urgency.value: [way.value for way in wishes.channels[urgency]] for urgency in Urgency}
        super().__init__(data, initial={**times, **chosen, "wants_digest": wishes.wants_digest})
        fields = {}
        for urgency in reversed(Urgency):
            fields[urgency.value] = forms.MultipleChoiceField(
                label=_("%s messages also by") % _(urgency.label),
                choices=[(way.value, self._title(way)) for way in OUTSIDE],
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        self.fields = {**fields, **self.fields}

    def _title(self, way: Channel) -> str:
        """A way, with what is missing for it."""
        title = _(way.label)
        if not channels()[way].is_ready():
            return _("%s (not set up here)") % title
        return title if channels()[way].address_of(self._user) else _("%s (your account has no address for it)") % title

    def clean(self) -> dict[str, Any]:
        """Quiet hours have both ends or none."""
        given = super().clean() or {}
        if bool(given.get("quiet_from")) != bool(given.get("quiet_until")):
            raise ValidationError(_("Quiet hours need a beginning and an end."))
        return given

    def save(self) -> None:
        """Keeps them."""
        given = self.cleaned_data
        keep(
            self._user,
            channels={urgency: given[urgency.value] for urgency in Urgency},
            quiet_from=given["quiet_from"],
            quiet_until=given["quiet_until"],
            wants_digest=given["wants_digest"],
        )


class WriteForm(forms.Form):
    """A message to others."""

    to = forms.ChoiceField(label=gettext_lazy("To"))
    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    text = forms.CharField(label=gettext_lazy("Text"), required=False, max_length=4000, widget=forms.Textarea)
    urgency = forms.ChoiceField(label=gettext_lazy("Urgency"), choices=Message.Urgency.choices)
    needs_receipt = forms.BooleanField(
        label=gettext_lazy("Ask everybody to confirm that they took note"), required=False
    )

    def __init__(self, actor: Actor, data: Any = None) -> None:
        self._actor = actor
        super().__init__(data)
        self.fields["to"].choices = choices(actor)  # type: ignore[attr-defined]

    def clean_to(self) -> To:
        """The addressee, if the permission reaches them."""
        try:
            to = addressee(self.cleaned_data["to"])
            demand_reach(to, self._actor)
        except AddressError as error:
            raise ValidationError(str(error)) from error
        return to


def choices(actor: Actor) -> list[tuple[str, Any]]:
    """To whom a person may write: bodies, people in them, and roles for who reaches the whole county."""
    is_county = actor.reach(SEND) is Reach.COUNTY
    bodies = Organisation.objects.filter(is_active=True)
    people = User.objects.filter(is_active=True, kind=User.Kind.OFFICIAL).exclude(pk=actor.user_id)
    if not is_county:
        bodies = bodies.filter(pk__in=list(actor.organisations))
        people = people.filter(organisation__in=list(actor.organisations))
    else:
        bodies = bodies.exclude(kind__in=Organisation.INNER)
    found: list[tuple[str, Any]] = [("", "—")]
    found.append((_("Organisations"), [(f"organisation:{body.key}", _name(body)) for body in bodies]))
    if is_county:
        found.append((_("Roles"), [(f"role:{role.key}", _(role.title)) for role in registry().of(Role)]))
    lines = [(f"person:{one.username}", _person(one)) for one in people.select_related("organisation")[:500]]
    found.append((_("People"), lines))
    return found


def _name(body: Organisation) -> str:
    return body.chinese if is_chinese() else body.english


def _person(user: User) -> str:
    return f"{user.name} · {_name(user.organisation)}" if user.organisation else user.name


class RobotForm(forms.Form):
    """A robot of a group chat."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("Organisation"))
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Robot.Kind.choices)
    title = forms.CharField(label=gettext_lazy("Group"), max_length=80)
    url = forms.URLField(
        label=gettext_lazy("Address of the robot"),
        max_length=500,
        assume_scheme="https",
        help_text=gettext_lazy("As the group's settings show it. It is kept sealed and never shown again."),
    )
    secret = forms.CharField(
        label=gettext_lazy("Signing secret"),
        required=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, actor: Actor, data: Any = None) -> None:
        self._actor = actor
        super().__init__(data)
        bodies = Organisation.objects.filter(is_active=True).exclude(kind__in=Organisation.INNER)
        self.fields["organisation"].queryset = bodies  # type: ignore[attr-defined]

    def save(self) -> Robot | None:
        """Keeps it; None with an error at the address when it may not be reached."""
        given = self.cleaned_data
        try:
            return keep_robot(
                given["organisation"],
                given["kind"],
                given["title"],
                url=given["url"],
                secret=given["secret"],
                actor=self._actor,
            )
        except AddressRefused as error:
            self.add_error("url", str(error))
            return None
