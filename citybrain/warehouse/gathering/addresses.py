"""Where sources may reach: a source's address is hostile input, whoever typed it.

Hosts are checked by `citybrain.kernel.network`. Files stay below the delivery root, with no `..` and no link out.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from citybrain.kernel.network import addresses
from citybrain.kernel.network.addresses import Reached
from citybrain.warehouse.gathering.errors import AddressRefused, DeclarationError

PLACEHOLDER = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")
SETTING = "CITYBRAIN_GATHERING_ALLOWED_HOSTS"
"""Lists the `host:port` pairs inside private networks that sources may reach."""
FORBIDDEN_NAMES = (
    "CITYBRAIN_SECRET_KEY",
    "CITYBRAIN_DATABASE_URL",
    "CITYBRAIN_JOBS_URL",
    "CITYBRAIN_LAKE_CATALOGUE_URL",
)
"""The site's own secrets, which no source may send anywhere."""


def fill(text: str) -> str:
    """`text` with each `${NAME}` filled from the environment. Raises DeclarationError naming the missing one."""

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name in FORBIDDEN_NAMES:
            raise AddressRefused(_("Sources may not use the site's own secret %(name)s.") % {"name": name})
        if name not in os.environ:
            raise DeclarationError(
                _("The environment variable %(name)s is not set: export it for the worker, then gather again.")
                % {"name": name}
            )
        return os.environ[name]

    return PLACEHOLDER.sub(value, text)


def reach(host: str, port: int) -> Reached:
    """Resolve `host`; the address to connect to. Raises AddressRefused for what is neither public nor allowed."""
    with _refusing():
        return addresses.reach(host, port, allowed=settings.GATHERING_ALLOWED_HOSTS, setting=SETTING)


def reach_url(url: str, *, schemes: tuple[str, ...] = ("http", "https")) -> Reached:
    """The host of `url`, checked. Raises AddressRefused for other schemes and for private hosts."""
    with _refusing():
        allowed = settings.GATHERING_ALLOWED_HOSTS
        return addresses.reach_url(url, schemes=schemes, allowed=allowed, setting=SETTING)


@contextmanager
def _refusing() -> Iterator[None]:
    """A refused address is an error of gathering."""
    try:
        yield
    except addresses.AddressRefused as error:
        raise AddressRefused(str(error)) from error


def delivered(path: str, *, root: Path | None = None) -> Path:
    """The file or folder `path` names below the delivery root. Raises AddressRefused when it leads elsewhere."""
    base = (root or Path(settings.DELIVERIES)).resolve()
    if "\0" in path or path.startswith(("/", "~", "\\")) or re.match(r"[A-Za-z]:", path) or "://" in path:
        raise AddressRefused(_("%(path)s is not a path below the delivery folder.") % {"path": repr(path)})
    if ".." in Path(path.replace("\\", "/")).parts:
        raise AddressRefused(_("%(path)s climbs out of the delivery folder.") % {"path": repr(path)})
    found = (base / path).resolve()
    if not found.is_relative_to(base):
        raise AddressRefused(_("%(path)s is a link out of the delivery folder.") % {"path": repr(path)})
    return found


def socket_folder(path: str) -> str:
    """The folder of a local database socket. Raises AddressRefused unless the installation allows it."""
    if path not in settings.GATHERING_ALLOWED_HOSTS:
        raise AddressRefused(
            _("The database socket %(path)s is not allowed: add it to CITYBRAIN_GATHERING_ALLOWED_HOSTS.")
            % {"path": path}
        )
    return path
