"""Where this installation may connect to when somebody types an address: an address is hostile input.

A host is resolved once and the connection goes to that very address, so a name cannot change its mind between check and
use (DNS rebinding). Private, loopback, link-local and metadata addresses are refused unless the installation allows the
`host:port` (SSRF).
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

DISGUISES = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("::/96"))
"""IPv6 networks whose addresses are IPv4 ones: NAT64 and the old compatible form."""

PORTS = {"http": 80, "https": 443, "sftp": 22}


class AddressRefused(ValueError):
    """An address points where it may not, or is none; the message names it and the remedy."""


@dataclass(frozen=True, kw_only=True)
class Reached:
    """A host that may be connected to, and the one address to use."""

    host: str
    port: int
    address: str


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, seen through IPv4-in-IPv6 disguises."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        for inner in (ip.ipv4_mapped, ip.sixtofour, ip.teredo[1] if ip.teredo else None):
            if inner is not None:
                return False
        if any(ip in network for network in DISGUISES):
            return False
    return ip.is_global and not ip.is_multicast


def reach(host: str, port: int, *, allowed: Collection[str], setting: str) -> Reached:
    """Resolve `host` and say which address to connect to. Raises AddressRefused for what is neither public nor allowed.

    `allowed` are the `host:port` pairs inside private networks that may be reached, `setting` the name of the
    environment variable that lists them. Numbers in disguise (decimal, octal, hexadecimal, short forms) never are a
    host: a name must look like a name.
    """
    name = host.strip("[]").rstrip(".").lower()
    if not name:
        raise AddressRefused(_("The address names no host."))
    if not 0 < port < 65536:
        raise AddressRefused(_("Port %(port)s is none.") % {"port": port})
    literal = _literal(name)
    is_allowed = f"{name}:{port}" in allowed
    if literal is None and (_is_disguised(name) or not re.fullmatch(r"[a-z0-9]([a-z0-9._-]{0,251}[a-z0-9])?", name)):
        raise AddressRefused(
            _("%(host)s is not a plain host name or address: write it as a name or as four decimal numbers.")
            % {"host": host}
        )
    addresses = [literal] if literal else _resolve(name, port)
    for address in addresses:
        if not is_allowed and not is_public(address):
            raise AddressRefused(
                _(
                    "%(host)s:%(port)s is inside a private network (%(address)s). If it may be reached, add "
                    "%(host)s:%(port)s to %(setting)s."
                )
                % {"host": name, "port": port, "address": address, "setting": setting}
            )
    return Reached(host=name, port=port, address=addresses[0])


def _literal(name: str) -> str | None:
    try:
        return str(ipaddress.ip_address(name))
    except ValueError:
        return None


def _is_disguised(name: str) -> bool:
    """Whether a resolver would read the name as a number: 2130706433, 0x7f.1, 0177.0.0.1, 127.1."""
    return all(re.fullmatch(r"0x[0-9a-f]*|[0-9]+", part) for part in name.split("."))


def _resolve(name: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise AddressRefused(
            _("Host %(host)s is not known: check the name and the network.") % {"host": name}
        ) from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def reach_url(
    url: str, *, schemes: Collection[str] = ("http", "https"), allowed: Collection[str], setting: str
) -> Reached:
    """The host of `url`, checked. Raises AddressRefused for other schemes and for private hosts."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError as error:
        raise AddressRefused(_("%(url)s is not a URL.") % {"url": url[:200]}) from error
    if parts.scheme not in schemes:
        raise AddressRefused(
            _("Scheme %(scheme)s is not one of %(schemes)s.")
            % {"scheme": repr(parts.scheme), "schemes": ", ".join(schemes)}
        )
    if "\\" in url or any(ord(character) <= 32 for character in url):
        raise AddressRefused(_("The URL has characters that programs read differently."))
    return reach(parts.hostname or "", port, allowed=allowed, setting=setting)
