"""Keeps secrets unreadable in the database: encryption that can be undone here, and keyed hashes that cannot."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Unsealable(ValueError):
    """What was sealed cannot be opened: the site's secret was exchanged without keeping the former one."""


def derived(secret: str, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose, derived from a secret of the site (HKDF, RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"citybrain.{purpose}".encode()).derive(secret.encode())


def secrets_of_site() -> list[str]:
    """The secret in use, then former ones that are still accepted."""
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def box(purpose: str) -> MultiFernet:
    """Seals with the key in use, opens with former ones too."""
    keys = [Fernet(base64.urlsafe_b64encode(derived(secret, purpose))) for secret in secrets_of_site()]
    return MultiFernet(keys)


def seal(text: str, purpose: str) -> str:
    """`text`, encrypted and authenticated (Fernet: AES-128-CBC, HMAC-SHA256)."""
    return box(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, purpose: str) -> str:
    """What was sealed for `purpose`. Raises Unsealable when it was changed, or sealed under a secret nobody has."""
    try:
        return box(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unsealable(
            "A sealed secret cannot be opened. Was CITYBRAIN_SECRET_KEY exchanged? "
            "Add the former one to CITYBRAIN_SECRET_KEY_FALLBACKS."
        ) from error


def digests(text: str, purpose: str) -> list[str]:
    """Keyed hashes of `text` (HMAC-SHA256, hex), under the key in use first, then under former ones."""
    return [
        hmac.new(derived(secret, purpose), text.encode(), hashlib.sha256).hexdigest() for secret in secrets_of_site()
    ]


def digest(text: str, purpose: str) -> str:
    """Keyed hash of `text` under the key in use."""
    return digests(text, purpose)[0]
