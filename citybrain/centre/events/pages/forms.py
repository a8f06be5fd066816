"""The form of a transition: one field for each thing its order says, with what is proposed filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from citybrain.centre.events.holders import Colleague, colleagues
from citybrain.centre.events.machine import Verb
from citybrain.centre.events.models import Event, Task
from citybrain.centre.events.orders import LONGEST, Media, Order
from citybrain.centre.events.pages.parts import type_name
from citybrain.centre.events.pictures import taken_at
from citybrain.centre.events.private import MASKED
from citybrain.centre.events.queries import event_of
from citybrain.centre.events.queries_ways import Way
from citybrain.centre.events.reasons import words_of
from citybrain.centre.events.types import event_types
from citybrain.declare.event import Level, Loop
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import Area, Organisation
from citybrain.kernel.records.attachments import ACCEPTS, attach
from citybrain.ui.formats import is_chinese

TEXT_LABELS: dict[str, str | Promise] = {
    Verb.DISPATCH: gettext_lazy("What is to be done"),
    Verb.ARBITRATE: gettext_lazy("Decision and its grounds"),
    Verb.ASK_TASK: gettext_lazy("What is asked"),
    Verb.REPORT_DONE: gettext_lazy("What was done"),
    Verb.ANSWER: gettext_lazy("Answer to the reporters"),
    Verb.NOTE: gettext_lazy("Note"),
    Verb.URGE: gettext_lazy("Words to the body"),
    Verb.ASSIGN: gettext_lazy("Why, and what to know"),
    Verb.ASSIGN_TASK: gettext_lazy("Why, and what to know"),
}
"""What the words of a verb are; elsewhere they are its grounds."""

LABELS: dict[str, str | Promise] = {
    "organisation": pgettext_lazy("event", "Body"),
    "assistants": gettext_lazy("Assisting bodies"),
    "informed": gettext_lazy("For information"),
    "person": pgettext_lazy("event", "Owner"),
    "type": pgettext_lazy("event", "Class"),
    "level": gettext_lazy("Level"),
    "loop": gettext_lazy("Loop"),
    "title": gettext_lazy("Matter"),
    "area": gettext_lazy("Town or village"),
    "into": gettext_lazy("Number of the event that goes on"),
    "until": gettext_lazy("Until"),
    "result": pgettext_lazy("event", "Result"),
    "cause": gettext_lazy("Cause"),
    "measures": gettext_lazy("Measures"),
    "cost": gettext_lazy("Cost (yuan)"),
    "public_text": gettext_lazy("What the reporters and the public read"),
    "media": gettext_lazy("Pictures and files"),
    "outside": gettext_lazy("Handled outside by"),
    "is_mandatory": gettext_lazy("The event waits for it"),
    "reason": gettext_lazy("Reason"),
    "again": gettext_lazy("Why a picture serves twice"),
}

TO_A_PERSON = (Verb.ASSIGN, Verb.ASSIGN_TASK)
"""Verbs whose form names a person; a body is dispatched to without one: who of it does the work is its own matter."""

AFTER = (Verb.REPORT_DONE, Verb.CLOSE)
"""Verbs whose pictures show how it is afterwards."""


class ManyFiles(forms.ClearableFileInput):
    """An input for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """The files, each checked."""
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(one, initial) for one in files]


class OrderForm(forms.Form):
    """What a person says when they press a button of an event, or of a task of it."""

    def __init__(
        self,
        event: Event,
        actor: Actor,
        way: Way,
        proposed: dict[str, Any],
        *args: Any,
        task: Task | None = None,
        **kw: Any,
    ) -> None:
        kw.setdefault("prefix", "order")
        super().__init__(*args, **kw)
        self.event, self.actor, self.way, self.task = event, actor, way, task
        self.verb = way.transition.verb
        for name in way.fields:
            if name == "person" and self.verb not in TO_A_PERSON:
                continue
            field = FIELDS[name](self)
            field.required = name in way.required
            field.label = self.label_of(name)
            field.initial = proposed.get(name, field.initial)
            if name != "again" or self.add_prefix(name) in self.data:
                self.fields[name] = field

    def ask_again(self) -> None:
        """Asks why a picture serves twice: only who was refused for it sees that question."""
        if "again" in self.way.fields and "again" not in self.fields:
            self.fields["again"] = FIELDS["again"](self)
            self.fields["again"].label = self.label_of("again")

    def label_of(self, name: str) -> Any:
        """What a field is called in this form."""
        if name == "text":
            return TEXT_LABELS.get(self.verb, _("Grounds and words"))
        if name == "organisation" and self.verb in (Verb.SEND_BACK, Verb.REASSIGN):
            return _("Body held responsible")
        if name == "media" and self.verb in AFTER:
            return _("Pictures taken after")
        return LABELS[name]

    def clean_into(self) -> Event | None:
        """The event named by its number, if the person may see it."""
        number = self.cleaned_data["into"].strip().upper()
        if not number:
            return None
        try:
            return event_of(self.actor, number)
        except Event.DoesNotExist:
            raise forms.ValidationError(
                _("There is no event %s that you may see. Write its number as it stands in the list.") % number
            ) from None

    def order(self) -> Order:
        """The order; files are attached here, so call it in the transaction of the verb."""
        given = {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [])}
        for name in ("assistants", "informed"):
            if name in given:
                given[name] = tuple(given[name])
        if "media" in given:
            role = "after" if self.verb in AFTER else "other"
            given["media"] = tuple(
                Media(taken_at=taken_at(one), attachment=attach(self.event, one, self.actor).pk, role=role)
                for one in given["media"]
            )
        return Order(verb=self.verb, **given)


def bodies() -> list[Organisation]:
    """Bodies that take work, with their sections: not the county itself, nor villages."""
    inner = (Organisation.Kind.COUNTY, Organisation.Kind.VILLAGE)
    rows = Organisation.objects.filter(is_active=True).exclude(kind__in=inner).select_related("parent")
    return sorted(rows, key=lambda row: (row.kind == Organisation.Kind.SECTION, row.position, row.key))


def named(rows: Iterable[Any]) -> list[tuple[str, str]]:
    """Key and name of bodies or areas; a section is named with its body."""
    chinese = is_chinese()
    found = []
    for row in rows:
        name = row.chinese if chinese else row.english or row.chinese
        if isinstance(row, Organisation) and row.kind == Organisation.Kind.SECTION and row.parent is not None:
            above = (row.parent.short or row.parent.chinese) if chinese else row.parent.english
            name = name if name.startswith(above) else f"{above} · {name}"
        found.append((row.key, name))
    return found


class KeyField(forms.TypedChoiceField):
    """One row by its key."""

    def __init__(self, model: Any, rows: Iterable[Any]) -> None:
        known = {row.key: row for row in rows}
        super().__init__(
            choices=[("", _("Choose")), *named(known.values())], coerce=known.__getitem__, empty_value=None
        )
        self.model = model


class KeysField(forms.TypedMultipleChoiceField):
    """Several rows by their keys."""

    def __init__(self, rows: Iterable[Any]) -> None:
        known = {row.key: row for row in rows}
        super().__init__(
            choices=named(known.values()), coerce=known.__getitem__, empty_value=[], widget=forms.SelectMultiple
        )


class PersonField(forms.TypedChoiceField):
    """One of the people who may hold what a body has, the least busy first."""

    def __init__(self, people: Iterable[Colleague]) -> None:
        known = {str(one.user.pk): one for one in people}
        super().__init__(
            choices=[("", _("Choose")), *((key, person_words(one)) for key, one in known.items())],
            coerce=lambda key: known[key].user,
            empty_value=None,
        )


def person_words(one: Colleague) -> str:
    """Name, post, and how many cases they have; who stands in while they are away."""
    post = one.post.chinese if is_chinese() else one.post.english or one.post.chinese
    many = ngettext("%d open case", "%d open cases", one.open) % one.open
    away = _("away, %s stands in") % one.deputy if one.deputy else ""
    return " · ".join(filter(None, (one.user.name, post, many, away)))


def person_field(form: OrderForm) -> forms.Field:
    """The colleagues of the body that has the event or the task, without who holds it."""
    row = form.task if form.task is not None else form.event
    field = PersonField(one for one in colleagues(row.organisation) if one.user.pk != row.owner_id)
    if len(field.choices) == 1:  # type: ignore[arg-type]
        field.help_text = _("Nobody else of %s has a post that handles events.") % row.organisation
    return field


def areas(form: OrderForm) -> list[Area]:
    """Towns and zones, and the villages of the town it lies in."""
    towns = list(Area.objects.filter(kind__in=(Area.Kind.TOWN, Area.Kind.ZONE)).order_by("position", "key"))
    here = form.event.area
    if here is None:
        return towns
    town = next((one for one in towns if here.path.startswith(one.path)), None)
    inside = list(Area.objects.filter(path__startswith=town.path, kind=Area.Kind.VILLAGE)) if town else []
    found = [*towns, *inside]
    return found if here in found else [*found, here]


def text_field(form: OrderForm, rows: int = 3) -> forms.Field:
    """Words."""
    return forms.CharField(max_length=LONGEST, widget=forms.Textarea(attrs={"rows": rows}), help_text=MASKED)


def level_field(form: OrderForm) -> forms.Field:
    """A level; those that the verb could not set are left out."""
    levels = list(Level)
    here = Level(form.event.level).height
    if form.verb is Verb.RAISE:
        levels = [one for one in levels if one.height > here]
    if form.verb is Verb.LOWER:
        levels = [one for one in levels if one.height < here]
    return forms.ChoiceField(choices=[("", _("Unchanged")), *((one.value, _(one.label)) for one in levels)])


def loop_field(form: OrderForm) -> forms.Field:
    """A loop; those that the verb could not set are left out."""
    loops = list(Loop)
    here = Loop(form.event.loop).width
    if form.verb is Verb.RAISE:
        loops = [one for one in loops if one.width > here]
    if form.verb is Verb.LOWER:
        loops = [one for one in loops if one.width < here]
    return forms.ChoiceField(choices=[("", _("Unchanged")), *((one.value, _(one.label)) for one in loops)])


FIELDS: dict[str, Callable[[OrderForm], forms.Field]] = {
    "text": text_field,
    "reason": lambda form: forms.ChoiceField(
        choices=[("", _("Choose")), *((code, words_of(code)) for code in form.way.transition.reasons)]
    ),
    "organisation": lambda _form: KeyField(Organisation, bodies()),
    "assistants": lambda _form: KeysField(bodies()),
    "informed": lambda _form: KeysField(bodies()),
    "person": person_field,
    "type": lambda _form: forms.ChoiceField(
        choices=[("", _("Choose")), *((key, type_name(key)) for key in event_types())]
    ),
    "level": level_field,
    "loop": loop_field,
    "title": lambda _form: forms.CharField(max_length=120),
    "area": lambda form: KeyField(Area, areas(form)),
    "into": lambda _form: forms.CharField(max_length=40),
    "until": lambda _form: forms.DateTimeField(widget=forms.DateTimeInput()),
    "result": lambda _form: forms.ChoiceField(choices=[("", _("Choose")), *Event.Result.choices]),
    "cause": lambda _form: forms.CharField(max_length=64),
    "measures": lambda form: text_field(form, 2),
    "cost": lambda _form: forms.DecimalField(max_digits=18, decimal_places=2, min_value=0),
    "public_text": lambda form: text_field(form, 2),
    "media": lambda _form: FilesField(widget=ManyFiles(attrs={"accept": ACCEPTS})),
    "outside": lambda _form: forms.CharField(max_length=64),
    "is_mandatory": lambda _form: forms.BooleanField(initial=True),
    "again": lambda _form: forms.CharField(
        max_length=LONGEST,
        required=False,
        help_text=_("As: one repair for both. Choose the files once more."),
    ),
}
"""Field of an order -> how its input is made."""
