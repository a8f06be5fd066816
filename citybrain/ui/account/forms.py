"""Forms of the door and of one's own account."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from citybrain.kernel.identity.models import User

LONGEST = 256
"""Signs of a password that are looked at: longer ones would only cost time."""


def password_field(label: Any, kind: str, **options: Any) -> forms.CharField:
    """A box for a password: never stripped, never shown again."""
    widget = forms.PasswordInput(attrs={"autocomplete": kind, "maxlength": LONGEST})
    return forms.CharField(label=label, strip=False, max_length=LONGEST, widget=widget, **options)


class SignIn(forms.Form):
    """Name and password."""

    username = forms.CharField(max_length=150)
    password = password_field(gettext_lazy("Password"), "current-password")

    def clean_username(self) -> str:
        """The name in one spelling: full-width letters of a Chinese input method are plain ones."""
        return unicodedata.normalize("NFKC", self.cleaned_data["username"])


class Code(forms.Form):
    """A one-time code, or a recovery code."""

    code = forms.CharField(
        label=gettext_lazy("One-time code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none"}),
    )

    def clean_code(self) -> str:
        """The code in plain digits and letters."""
        return unicodedata.normalize("NFKC", self.cleaned_data["code"])


class FirstCode(Code):
    """The first code of an application that is being set up."""

    field_order = ("code",)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["code"].label = _("Code that the application shows")
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "maxlength": 7}


class NewPassword(forms.Form):
    """The present password, and another twice."""

    present = password_field(gettext_lazy("Present password"), "current-password")
    password = password_field(gettext_lazy("New password"), "new-password")
    again = password_field(gettext_lazy("New password once more"), "new-password")

    def __init__(self, user: User, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.user = user
        self.fields["password"].help_text = " ".join(password_validators_help_texts())

    def clean_password(self) -> str:
        """Whether the policy is kept, with every reason when it is not."""
        password: str = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any]:
        """Both new ones are the same."""
        cleaned = super().clean() or {}
        if "password" in cleaned and "again" in cleaned and cleaned["password"] != cleaned["again"]:
            self.add_error("again", _("The two new passwords differ."))
        return cleaned


class Proof(forms.Form):
    """The present password, before a change that matters."""

    present = password_field(gettext_lazy("Present password"), "current-password")


class Preferences(forms.ModelForm):
    """How a person wants to read."""

    class Meta:
        model = User
        fields = ("language", "large_type")
        widgets = {"language": forms.Select()}
        help_texts = {"large_type": gettext_lazy("Larger letters and buttons on every page.")}

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.initial["language"] = self.initial.get("language") or get_language()
        self.fields["language"] = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
        self.fields["large_type"].label = _("Large type")
