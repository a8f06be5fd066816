"""The forms of this folder; what they take is checked again by the verbs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citybrain.declare.role import Role
from citybrain.kernel.identity.calendar import calendar
from citybrain.kernel.identity.models import Appointment, Area, Organisation, Post, User
from citybrain.kernel.registry.registry import registry
from citybrain.ui.people.words import full_name, role_of
from citybrain.ui.templatetags.shown import titled

KEY = RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$", gettext_lazy("Use small letters, digits and single hyphens."))


class OrganisationChoice(forms.ModelChoiceField):
    """One organisation, a section with its body before it."""

    def label_from_instance(self, obj: Any) -> str:
        """What an option says."""
        return full_name(obj)


class AreaChoice(forms.ModelChoiceField):
    """One area, a village or grid with what it lies in."""

    def label_from_instance(self, obj: Any) -> str:
        """What an option says."""
        if obj.kind in (Area.Kind.VILLAGE, Area.Kind.GRID) and obj.parent is not None:
            return f"{titled(obj.parent)} · {titled(obj)}"
        return titled(obj)


class PersonChoice(forms.ModelChoiceField):
    """One person with the body that employs them."""

    def label_from_instance(self, obj: Any) -> str:
        """What an option says."""
        where = f" · {titled(obj.organisation)}" if obj.organisation else ""
        return f"{obj.name} ({obj.username}){where}"


class PostChoice(forms.ModelChoiceField):
    """One post with its organisation."""

    def label_from_instance(self, obj: Any) -> str:
        """What an option says."""
        return f"{full_name(obj.organisation)} · {titled(obj)}"


def organisations() -> QuerySet[Organisation]:
    """Every active organisation, in the order of the tree."""
    return Organisation.objects.filter(is_active=True).select_related("parent").order_by("path")


def areas() -> QuerySet[Area]:
    """Every area but grids of the demo's size: they are many, and posts for one are opened from its page."""
    return Area.objects.select_related("parent").order_by("path")


def officials() -> QuerySet[User]:
    """Everybody who could hold a post."""
    rows = User.objects.filter(is_active=True, kind=User.Kind.OFFICIAL)
    return rows.select_related("organisation").order_by("chinese", "username")


class OrganisationForm(forms.Form):
    """Names, kind, working hours, area."""

    chinese = forms.CharField(label=gettext_lazy("Chinese name"), max_length=128)
    english = forms.CharField(label=gettext_lazy("English name"), max_length=128, required=False)
    short = forms.CharField(label=gettext_lazy("Short name"), max_length=32, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Organisation.Kind.choices)
    schedule = forms.ChoiceField(label=gettext_lazy("Working hours"))
    area = AreaChoice(
        label=gettext_lazy("Area it governs"),
        queryset=Area.objects.none(),
        required=False,
        help_text=gettext_lazy("Only for bodies that govern a town, a zone or a village; others take the one above."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["schedule"].choices = [(key, titled(one)) for key, one in calendar().schedules.items()]  # type: ignore[attr-defined]
        self.fields["area"].queryset = areas().exclude(kind=Area.Kind.GRID)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What is left empty takes the Chinese name."""
        given = super().clean() or {}
        for name in ("english", "short"):
            given[name] = given.get(name) or given.get("chinese", "")[: 32 if name == "short" else 128]
        return given


class NewOrganisationForm(OrganisationForm):
    """The same with a key."""

    field_order = ("chinese", "english", "short", "key", "kind", "schedule", "area")

    key = forms.CharField(
        label=gettext_lazy("Identifier"),
        max_length=64,
        validators=[KEY],
        help_text=gettext_lazy("Stands in addresses and never changes."),
    )

    def __init__(self, *args: Any, parent: Organisation, **options: Any) -> None:
        inside = parent.parent_id is not None
        kind = Organisation.Kind.SECTION if inside else Organisation.Kind.GOVERNMENT
        initial = {"key": f"{parent.key}-" if inside else "", "kind": kind, "schedule": parent.schedule}
        super().__init__(*args, initial=initial, **options)

    def clean_key(self) -> str:
        """A key that nobody has."""
        key: str = self.cleaned_data["key"]
        if Organisation.objects.filter(key=key).exists():
            raise forms.ValidationError(_("Another organisation has this key."))
        return key


class MoveForm(forms.Form):
    """Where an organisation goes."""

    parent = OrganisationChoice(label=gettext_lazy("Part of"), queryset=Organisation.objects.none())

    def __init__(self, *args: Any, places: QuerySet[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["parent"].queryset = places.select_related("parent").order_by("path")  # type: ignore[attr-defined]


class PersonForm(forms.Form):
    """Who somebody is."""

    chinese = forms.CharField(label=gettext_lazy("Full name"), max_length=64)
    organisation = OrganisationChoice(label=gettext_lazy("Organisation"), queryset=Organisation.objects.none())
    phone = forms.CharField(
        label=gettext_lazy("Mobile"),
        max_length=20,
        required=False,
        validators=[RegexValidator(r"^\+?[0-9 -]{5,19}$", gettext_lazy("Write digits, as 138 0000 0000."))],
    )
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)

    def __init__(self, *args: Any, places: QuerySet[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        rows = places.filter(is_active=True).select_related("parent").order_by("path")
        self.fields["organisation"].queryset = rows  # type: ignore[attr-defined]


class NewPersonForm(PersonForm):
    """The same with the name to sign in with."""

    field_order = ("chinese", "username", "organisation", "phone", "email")

    username = forms.CharField(
        label=gettext_lazy("Signs in as"), max_length=150, help_text=gettext_lazy("Letters, digits and @ . + - _")
    )


class PostForm(forms.Form):
    """What a post is called and where it is for."""

    chinese = forms.CharField(label=gettext_lazy("Chinese name"), max_length=64)
    english = forms.CharField(label=gettext_lazy("English name"), max_length=96, required=False)
    area = AreaChoice(
        label=gettext_lazy("Territory"),
        queryset=Area.objects.none(),
        required=False,
        help_text=gettext_lazy("Empty takes the area of the organisation."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["area"].queryset = areas()  # type: ignore[attr-defined]


class NewPostForm(PostForm):
    """The same with a key, and with roles where the person may grant them."""

    field_order = ("chinese", "english", "key", "area", "roles")

    key = forms.CharField(
        label=gettext_lazy("Identifier"),
        max_length=96,
        validators=[KEY],
        help_text=gettext_lazy("Stands in addresses and never changes."),
    )

    def __init__(self, *args: Any, organisation: Organisation, may_grant: bool, **options: Any) -> None:
        super().__init__(*args, initial={"key": f"{organisation.key}-"}, **options)
        if may_grant:
            self.fields["roles"] = roles_field()

    def clean_key(self) -> str:
        """A key that no post has."""
        key: str = self.cleaned_data["key"]
        if Post.objects.filter(key=key).exists():
            raise forms.ValidationError(_("Another post has this key."))
        return key


def roles_field() -> forms.MultipleChoiceField:
    """Boxes for every role that posts carry."""
    roles = [role for role in registry().of(Role) if not role.carried_by]
    return forms.MultipleChoiceField(
        label=_("Roles"),
        required=False,
        choices=[(role.key, f"{_(role.title)}: {_(role.help)}" if role.help else _(role.title)) for role in roles],
        widget=forms.CheckboxSelectMultiple,
    )


class RolesForm(forms.Form):
    """Which roles a post carries."""

    def __init__(self, *args: Any, post: Post, **options: Any) -> None:
        super().__init__(*args, initial={"roles": [key for key in post.roles if role_of(key)]}, **options)
        self.fields["roles"] = roles_field()


class AppointForm(forms.Form):
    """Who holds a post, from when until when."""

    person = PersonChoice(label=gettext_lazy("Person"), queryset=User.objects.none())
    post = PostChoice(label=gettext_lazy("Post"), queryset=Post.objects.none())
    since = forms.DateField(label=gettext_lazy("First day"), widget=forms.DateInput)
    until = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=forms.DateInput,
        help_text=gettext_lazy("Empty: until somebody ends it."),
    )
    is_main = forms.BooleanField(label=gettext_lazy("Main post: sessions begin with it"), required=False)

    def __init__(
        self, *args: Any, people: QuerySet[User], posts: QuerySet[Post], initial: dict[str, Any], **options: Any
    ) -> None:
        super().__init__(*args, initial={"since": timezone.localdate(), **initial}, **options)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        self.fields["post"].queryset = posts.select_related("organisation__parent")  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """When an appointment ends."""

    last_day = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=forms.DateInput,
        help_text=gettext_lazy("Empty: it ends at once."),
    )


class DelegateForm(forms.Form):
    """Who stands in, from when until when, and why."""

    deputy = PersonChoice(label=gettext_lazy("Who stands in"), queryset=User.objects.none())
    since = forms.DateTimeField(label=gettext_lazy("Begins"), widget=forms.DateTimeInput)
    until = forms.DateTimeField(label=gettext_lazy("Ends"), widget=forms.DateTimeInput)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("As “on leave” or “on business”; it stands in the log."),
    )

    def __init__(self, *args: Any, appointment: Appointment, **options: Any) -> None:
        begin = timezone.localtime().replace(minute=0, second=0, microsecond=0)
        end = (begin + timedelta(days=7)).replace(hour=18)
        super().__init__(*args, initial={"since": begin, "until": end}, **options)
        self.fields["deputy"].queryset = officials().exclude(pk=appointment.user_id)  # type: ignore[attr-defined]
