"""How organisations, posts, roles and permits are called on pages."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citybrain.declare.role import Permission, Permit, Reach, Role
from citybrain.kernel.identity.models import Area, Organisation, Post, User
from citybrain.kernel.registry.registry import registry
from citybrain.ui.panels.panel import Link, Tag, Tone
from citybrain.ui.permissions import known_permissions
from citybrain.ui.templatetags.shown import titled

ICONS = {
    "county": "building-bank",
    "government": "building-bank",
    "institution": "building",
    "court": "building-bank",
    "association": "users-group",
    "utility": "plug-connected",
    "town": "building-community",
    "subdistrict": "building-community",
    "zone": "building-store",
    "section": "folder",
    "village": "home",
}
"""Icon of each kind of organisation."""

REACH_TONES: dict[Reach, Tone] = {
    Reach.OWN: "quiet",
    Reach.ORGANISATION: "good",
    Reach.AREA: "data",
    Reach.COUNTY: "fair",
}

ANY_VERB = {
    "*": gettext_lazy("do everything"),
    "view": gettext_lazy("See"),
    "create": gettext_lazy("Create"),
    "edit": gettext_lazy("Edit"),
    "remove": gettext_lazy("Remove"),
    "import": gettext_lazy("Import"),
    "export": gettext_lazy("Export"),
}
"""Verbs as words, for permits that cover every thing there is."""


def url(name: str, *parts: str | int) -> str:
    """Address of a page of this folder."""
    return reverse(f"people:{name}", args=parts)


def reach_tag(reach: Reach) -> Tag:
    """How far a permit reaches."""
    return Tag(title=_(reach.label), tone=REACH_TONES[reach])


def role_of(key: str) -> Role | None:
    """The role with a key; None when no application declares it any more."""
    return registry().find(Role, key)


def role_titles(keys: Iterable[str]) -> str:
    """Roles in one line; a key that nobody declares stands as it is."""
    found = ((key, role_of(key)) for key in keys)
    return _(", ").join(_(role.title) if role else key for key, role in found)


def permit_words(permit: Permit) -> str:
    """What a permit allows, in words."""
    exact = known_permissions().get(permit.permission)
    if exact is not None:
        return _(exact.title)
    thing, _colon, verb = permit.permission.partition(":")
    if thing == "*":
        word = ANY_VERB.get(verb or "*")
        return _("%(verb)s, of every kind of thing") % {"verb": word} if word else permit.permission
    return _("Everything about: %(things)s") % {"things": _(", ").join(_(one.title) for one in covered(permit))}


def covered(permit: Permit) -> list[Permission]:
    """Every known permission a permit covers."""
    return [one for key, one in sorted(known_permissions().items()) if permit.covers(key)]


def way_to(organisation: Organisation) -> list[Organisation]:
    """The organisations from the root down to the one above `organisation`; one query."""
    above = organisation.way[:-1]
    rows = {row.key: row for row in Organisation.objects.filter(key__in=above)}
    return [rows[key] for key in above if key in rows]


def crumbs(organisation: Organisation, *, itself: bool = False) -> tuple[Link, ...]:
    """Way down to an organisation's page, with the page itself when something stands below it."""
    rows = [*way_to(organisation), *([organisation] if itself else [])]
    start = Link(title=_("Organisations"), url=url("organisations"))
    return (
        start,
        *(Link(title=titled(row), url=url("organisation", row.key)) for row in rows if row.parent_id or itself),
    )


def full_name(organisation: Organisation) -> str:
    """A section with the name of its body before it; other organisations by their own name."""
    if organisation.kind == Organisation.Kind.SECTION and organisation.parent is not None:
        return f"{titled(organisation.parent)} · {titled(organisation)}"
    return titled(organisation)


def post_state(post: Post) -> Tag:
    """Whether a post is open."""
    if post.is_active:
        return Tag(title=_("open"), tone="good", is_state=True)
    return Tag(title=_("closed"), tone="quiet", is_state=True)


def synthetic(area: Area) -> Tag | None:
    """Says that an area is made up."""
    return Tag(title=_("synthetic"), tone="fair") if area.is_synthetic else None


def body_state(row: Organisation) -> Tag:
    """Whether it takes anything new."""
    return Tag(
        title=_("active") if row.is_active else _("dissolved"), tone="good" if row.is_active else "quiet", is_state=True
    )


def account_tag(row: User) -> Tag:
    """Whether somebody can sign in."""
    return Tag(
        title=_("open") if row.is_active else _("closed"), tone="good" if row.is_active else "quiet", is_state=True
    )


def kind_name(row: Organisation | Area | User) -> str:
    """What kind of thing a row is."""
    return row.get_kind_display()
