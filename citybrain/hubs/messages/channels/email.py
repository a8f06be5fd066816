"""E-mail, by Django's own: `CITYBRAIN_SMTP_URL` names the server."""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email

from citybrain.declare.notice import Channel
from citybrain.hubs.messages.channels.channel import Handed, Outgoing, Passing, Receipt, Refused
from citybrain.kernel.identity.models import User

PASSING_FROM, PASSING_BELOW = 400, 500
"""SMTP replies 4xx: not now (RFC 5321, 4.2.1)."""


class Email:
    """One e-mail a delivery. Its Message-ID is made of the delivery's id, which mailboxes tell repeats by."""

    key = Channel.EMAIL
    is_idempotent = True

    def is_ready(self) -> bool:
        """Whether a server and a sender are set."""
        return bool(settings.EMAIL_HOST and settings.DEFAULT_FROM_EMAIL)

    def address_of(self, user: User) -> str:
        """The person's e-mail address."""
        return user.email

    def hand_over(self, outgoing: Outgoing) -> Handed:
        """Send it to the server."""
        try:
            validate_email(outgoing.address)
        except ValidationError as error:
            raise Refused("This is no e-mail address.") from error
        domain = settings.DEFAULT_FROM_EMAIL.rsplit("@", 1)[-1].rstrip(">")
        identifier = f"<{outgoing.id}@{domain}>"
        body = "\n\n".join(part for part in (outgoing.text or outgoing.title, outgoing.link) if part)
        mail = EmailMessage(
            " ".join(outgoing.title.split()),
            body,
            to=[outgoing.address],
            headers={"Message-ID": identifier, "Auto-Submitted": "auto-generated"},
        )
        if outgoing.urgency == "urgent":
            mail.extra_headers |= {"X-Priority": "1", "Importance": "high"}
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _words in error.recipients.values()]
            raise (Passing if all(is_passing(code) for code in codes) else Refused)(f"SMTP {codes}") from error
        except smtplib.SMTPResponseException as error:
            raise (Passing if is_passing(error.smtp_code) else Refused)(f"SMTP {error.smtp_code}") from error
        except smtplib.SMTPNotSupportedError as error:
            raise Refused(str(error)) from error
        except (smtplib.SMTPException, socket.gaierror, OSError) as error:
            raise Passing(f"{type(error).__name__}: {error}") from error
        return Handed(gateway_id=identifier)

    def receipts(self, body: bytes) -> Iterable[Receipt]:
        """Mail servers call nobody back."""
        raise ValueError("E-mail has no receipts.")


def is_passing(code: int) -> bool:
    """Whether an SMTP reply means: not now."""
    return PASSING_FROM <= code < PASSING_BELOW
