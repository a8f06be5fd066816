"""Calls a browser by a name its owner recognises, from what it says of itself (User-Agent)."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

BROWSERS = (
    ("taurus|zwdingtalk", "浙政钉"),
    ("dtdreamweb", "浙里办"),
    ("DingTalk", "DingTalk"),
    ("MicroMessenger", "WeChat"),
    ("Edg/", "Edge"),
    ("Firefox/", "Firefox"),
    ("Chrome/|Chromium/|CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
"""Sign in the text -> name; the first that fits, for most pretend to be another too."""

SYSTEMS = (
    ("HarmonyOS|OpenHarmony", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone|iPad", "iOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("UOS|Deepin|Kylin", "麒麟/统信"),
    ("Linux", "Linux"),
)


def called(text: str) -> str:
    """`Chrome · Windows`; says so when nothing is recognised."""
    names = [first(text, BROWSERS), first(text, SYSTEMS)]
    return " · ".join(name for name in names if name) or _("Unknown device")


def first(text: str, known: tuple[tuple[str, str], ...]) -> str:
    """The name of the first sign found in `text`, empty for none."""
    return next((name for sign, name in known if re.search(sign, text)), "")


def is_phone(text: str) -> bool:
    """Whether it is a phone or a tablet."""
    return re.search("Mobile|Android|iPhone|iPad|HarmonyOS", text) is not None
