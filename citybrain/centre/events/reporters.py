"""Reporters under pseudonyms (反映人化名): one contact is one row, whatever channel it came by, however it was written.

The pseudonym of a mobile number is the one by which the security log names its owner, so that a citizen finds on "who
looked at my data" also who asked for the name behind a case.
"""

from __future__ import annotations

import re
import secrets
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from citybrain.centre.events.models import Reporter
from citybrain.kernel.identity.models import User
from citybrain.kernel.identity.sealing import seal, unseal

PURPOSE = "reporter"
"""What names and contacts are sealed for."""

SUBJECT = "citybrain.subject"
"""Salt of pseudonyms, shared with `citybrain.kernel.records.masking.pseudonym`."""

MOBILE = re.compile(r"1[3-9]\d{9}")
LANDLINE = re.compile(r"0\d{2,3}\d{7,8}")
LOCAL = re.compile(r"[2-8]\d{6,7}")
"""A number without the area code."""
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}\.[^@\s]{2,63}")
LONGEST = 254


@dataclass(frozen=True, kw_only=True)
class Contact:
    """How somebody is reached, in one spelling."""

    kind: str
    """`mobile`, `phone`, `email`, `system`; `other` for words that are none of them; empty for none."""
    value: str


def contact_of(text: str, kind: str = "") -> Contact:
    """What was typed as a contact, in one spelling: +86 138-0000 0000, １３８００００００００ are one number.

    `kind` = `system` takes the text as a peer's address. A contact that looks like nothing is kept as `other`.
    """
    plain = unicodedata.normalize("NFKC", text or "").strip()[:LONGEST]
    if not plain:
        return Contact(kind="", value="")
    if kind == "system":
        return Contact(kind="system", value=plain)
    if EMAIL.fullmatch(plain):
        return Contact(kind="email", value=plain.lower())
    digits = re.sub(r"[\s()\-‐-―－._/]", "", plain)
    digits = re.sub(r"^(?:\+|00)86", "", digits)
    if MOBILE.fullmatch(digits):
        return Contact(kind="mobile", value=digits)
    if LANDLINE.fullmatch(digits):
        return Contact(kind="phone", value=digits)
    if LOCAL.fullmatch(digits):
        return Contact(kind="phone", value=area_code(str(settings.COUNTY)) + digits)
    return Contact(kind="other", value=" ".join(plain.split()))


@cache
def area_code(county: str) -> str:
    """The county's telephone area code, which local numbers are written without."""
    return str(tomllib.loads((Path(county) / "county.toml").read_text(encoding="utf-8")).get("area_code", ""))


def pseudonyms(contact: Contact) -> list[str]:
    """Keyed hashes (HMAC-SHA-256) of a contact: under the site's secret first, then under former ones."""
    text = f"{contact.kind}:{contact.value}"
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [salted_hmac(SUBJECT, text, secret=key, algorithm="sha256").hexdigest() for key in keys]


def reporter_of(
    *, name: str = "", contact: str = "", kind: str = "", user: User | None = None, language: str = ""
) -> Reporter | None:
    """The reporter with a contact, made at the first telling; None when nothing is known of them.

    Somebody who gave only a name, or nothing a second call could be told by, gets a pseudonym of their own each time.
    A signed-in citizen is told by the mobile of the account, else by the account. Another contact that they leave is
    theirs alone: typing somebody's number makes nobody that person, who would see their reports.
    """
    proven = contact_of(user.phone) if user is not None else Contact(kind="", value="")
    given = contact_of(contact, kind)
    given = given if given.kind else proven
    if not given.kind and user is not None:
        given = Contact(kind="account", value=str(user.pk))
    if not given.kind and not name.strip():
        return None
    told_by = given
    if user is not None and given not in (proven, Contact(kind="account", value=str(user.pk))):
        told_by = Contact(kind="account", value=f"{user.pk}:{given.kind}:{given.value}")
    if given.kind and (known := known_reporter(told_by)) is not None:
        return _completed(known, name, user, language)
    pseudonym = pseudonyms(told_by)[0] if given.kind else secrets.token_hex(32)
    is_contact = given.kind not in ("", "account")
    facts = {
        "user": user,
        "sealed_name": seal(name.strip()[:80], PURPOSE) if name.strip() else "",
        "sealed_contact": seal(given.value, PURPOSE) if is_contact else "",
        "contact_kind": given.kind if is_contact else "",
        "language": language[:8],
    }
    with transaction.atomic():
        # Two calls of one person at the same moment make one row.
        reporter, _is_new = Reporter.objects.get_or_create(pseudonym=pseudonym, defaults=facts)
    return reporter


def known_reporter(contact: Contact) -> Reporter | None:
    """The reporter who has this contact; None when nobody reported with it yet."""
    return Reporter.objects.filter(pseudonym__in=pseudonyms(contact)).order_by("pk").first() if contact.kind else None


def _completed(reporter: Reporter, name: str, user: User | None, language: str) -> Reporter:
    """What was not known of a reporter before is added; what is known stays."""
    facts: dict[str, object] = {}
    if name.strip() and not reporter.sealed_name:
        facts["sealed_name"] = seal(name.strip()[:80], PURPOSE)
    if user is not None and reporter.user_id is None:
        facts["user"] = user
    if language and not reporter.language:
        facts["language"] = language[:8]
    if facts:
        Reporter.objects.filter(pk=reporter.pk).update(**facts)
        for column, value in facts.items():
            setattr(reporter, column, value)
    return reporter


def opened(reporter: Reporter) -> tuple[str, str]:
    """Name and contact in clear. Only `citybrain.centre.intake` calls it: to disclose for a purpose, and to answer."""
    return tuple(unseal(text, PURPOSE) if text else "" for text in (reporter.sealed_name, reporter.sealed_contact))  # type: ignore[return-value]
