"""How a person likes their pages: language and size of type. Everybody decides for themselves, so nothing is logged."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import User


def prefer(actor: Actor, *, language: str | None = None, large_type: bool | None = None) -> None:
    """Keep a person's language (a code of settings.LANGUAGES) or size of type; None leaves it, nobody keeps nothing."""
    if language is not None and language not in dict(settings.LANGUAGES):
        raise ValidationError(_("This site does not speak “%s”.") % language)
    wanted = {"language": language, "large_type": large_type}
    changed = {name: value for name, value in wanted.items() if value is not None}
    if changed and actor.user_id is not None:
        User.objects.filter(pk=actor.user_id).update(**changed)
