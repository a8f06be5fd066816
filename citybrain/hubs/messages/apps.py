"""The messages hub as a Django application."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagesConfig(AppConfig):
    """What people are told, by every way they can be reached."""

    name = "citybrain.hubs.messages"
    label = "hub_messages"
    verbose_name = _("Messages")
