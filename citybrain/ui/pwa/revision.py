"""Which version of the front-end files is being served: the service worker keeps one version whole."""

from __future__ import annotations

import functools
import hashlib

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.signing import Signer

from citybrain.kernel.identity.actor import Actor


@functools.cache
def revision() -> str:
    """Twelve letters that change with any static file: the manifest's own hash, else names, sizes and times."""
    known = getattr(staticfiles_storage, "manifest_hash", "")
    if known:
        return str(known)[:12]
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            digest.update(f"{name} {storage.size(name)} {storage.get_modified_time(name).timestamp()}".encode())
    return digest.hexdigest()[:12]


def device_owner(actor: Actor) -> str:
    """Pseudonym under which a browser keeps a person's drafts; empty for nobody. It names no one to who reads it."""
    if actor.user_id is None:
        return ""
    return Signer(salt="citybrain.ui.pwa.owner").signature(str(actor.user_id))[:22]


def site_is_https() -> bool:
    """Whether the site is only reached over https, so that browsers let it be installed from anywhere."""
    return bool(settings.SESSION_COOKIE_SECURE)
