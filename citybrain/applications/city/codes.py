"""Codes of parts (部件代码): sixteen digits in GB/T 30428.2-2013, county 6, major 2, minor 2, serial 6.

Other editions have classes of other lengths: what lies between the county and the serial is the class, however long.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from citybrain.applications.city.classes import CODE_LISTS, PARTS
from citybrain.kernel.records.models import Counter
from citybrain.kernel.registry.registry import did_you_mean
from citybrain.ui.county import county

SERIAL = 6
"""Digits of the serial."""

MINORS = {code.value: code for one in CODE_LISTS if one.key == PARTS for code in one.codes if code.parent}
"""Classes a part may have (小类), by their code."""


def is_minor(kind: str) -> bool:
    """Whether it is the code of a class, and not of a group of classes."""
    return kind in MINORS


def demand_part_code(code: str, kind: str) -> None:
    """Raises ValidationError for a code that is not of this county and this class."""
    head = f"{county().code}{kind}"
    serial = code[len(head) :]
    if not code.startswith(head) or len(serial) != SERIAL or not (serial.isascii() and serial.isdecimal()):
        text = _("A code of this class is %(head)s and %(serial)d further digits; this is “%(code)s”.")
        raise ValidationError({"code": text % {"head": head, "serial": SERIAL, "code": code[:40]}})


def pass_over(code: str, kind: str) -> None:
    """Makes sure that no later part is given a code that came with one."""
    serial = int(code[-SERIAL:])
    Counter.objects.get_or_create(kind=f"part-code.{kind}", year=0)
    Counter.objects.filter(kind=f"part-code.{kind}", year=0, last__lt=serial).update(last=serial)


def next_part_code(kind: str) -> str:
    """The next free code of a class. Raises ValidationError for a class that is none, or when its serials are used up.

    Called inside the transaction that makes the part: the counter stays locked until it ends.
    """
    if not is_minor(kind):
        raise ValidationError({"kind": _("There is no class “%s”.") % kind + did_you_mean(kind, MINORS)})
    row = Counter.objects.filter(kind=f"part-code.{kind}", year=0)
    with transaction.atomic():
        Counter.objects.get_or_create(kind=f"part-code.{kind}", year=0)
        row.update(last=F("last") + 1)
        serial = row.values_list("last", flat=True).get()
    if serial >= 10**SERIAL:
        raise ValidationError({"code": _("All serials of this class are used.")})
    return f"{county().code}{kind}{serial:0{SERIAL}d}"
