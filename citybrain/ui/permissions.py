"""Every permission the site asks for, read from its rooms, routes and record types; roles are held against them.

E050 a role permits something that no route or record asks for · E051 two permissions share a key
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from django.apps import apps
from django.core import checks
from django.urls import URLPattern, URLResolver, get_resolver

from citybrain.declare.role import Permission, Role
from citybrain.kernel.identity.permissions import PERMISSIONS
from citybrain.kernel.records.shape import record_types
from citybrain.kernel.registry.registry import Registry, did_you_mean, part_of, registry
from citybrain.ui.access import RouteRule


def permissions() -> Iterator[Permission]:
    """Every permission: of this house's people, of rooms, of record types, and of every address."""
    yield from PERMISSIONS
    yield from _of_rooms()
    for shape in record_types():
        for verb in shape.verbs:
            yield shape.permission(verb)
    yield from _of_routes(get_resolver().url_patterns)


def _of_rooms() -> Iterator[Permission]:
    """What the `permissions.py` of a room names: verbs behind a page ask for more than its address says."""
    for room in apps.get_app_configs():
        if room.name.startswith("citybrain.") and (module := part_of(room.name, "permissions")) is not None:
            yield from (one for one in vars(module).values() if isinstance(one, Permission))


def _of_routes(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[Permission]:
    for entry in patterns:
        if isinstance(entry, URLResolver):
            yield from _of_routes(entry.url_patterns)
            continue
        rule: RouteRule | None = getattr(entry.callback, "rule", None)
        if rule is not None and rule.permission is not None:
            yield rule.permission


@cache
def known_permissions() -> dict[str, Permission]:
    """Every permission by its key."""
    return {one.key: one for one in permissions()}


def check_permits(found: Registry, known: Iterable[Permission]) -> list[checks.CheckMessage]:
    """What is wrong between the roles of `found` and the permissions there are."""
    errors: list[checks.CheckMessage] = []
    titles: dict[str, Permission] = {}
    for one in known:
        first = titles.setdefault(one.key, one)
        if str(first.title) != str(one.title):
            errors.append(
                checks.Error(
                    f'Permission "{one.key}" is called “{first.title}” here and “{one.title}” there.',
                    hint="Refer to one symbol.",
                    id="citybrain.E051",
                )
            )
    for role in found.of(Role):
        for permit in role.permits:
            if not any(permit.covers(key) for key in titles):
                errors.append(
                    checks.Error(
                        f'Role "{role.key}" permits "{permit.permission}", which no address and no record asks for.'
                        + did_you_mean(permit.permission, titles),
                        hint="Correct the permit, or drop it.",
                        id="citybrain.E050",
                    )
                )
    return errors


@checks.register("citybrain")
def check_roles(app_configs: object, **options: object) -> list[checks.CheckMessage]:
    """Django's door to `check_permits`."""
    return check_permits(registry(), permissions())
