"""Who may do what, and how far: permissions, roles as named bundles of them, and the reach of each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase

from citybrain.declare.words import Grade, _


class Reach(StrEnum):
    """How far a permission reaches (数据范围): whose rows it opens."""

    OWN = "own"
    """本人: rows the person made or was given."""
    ORGANISATION = "organisation"
    """本机构及下级: rows of the post's organisation and of everything under it."""
    AREA = "area"
    """本辖区: rows that lie in the post's area, whoever owns them, and the organisation's own."""
    COUNTY = "county"
    """全县: every row."""

    @property
    def label(self) -> str:
        """English label, marked for translation."""
        return {
            Reach.OWN: _("Own"),
            Reach.ORGANISATION: _("Own organisation"),
            Reach.AREA: _("Own area"),
            Reach.COUNTY: _("Whole county"),
        }[self]

    @property
    def width(self) -> int:
        """Order of reaches: the wider of two wins."""
        return tuple(Reach).index(self)


@dataclass(frozen=True, kw_only=True, slots=True)
class Permission:
    """One thing a person may be allowed to do (权限); routes and verbs name it as a symbol."""

    key: str
    """`<thing>:<verb>`, both kebab-case: `warehouse:decide`, `old-tree:edit`."""
    title: str
    """English title, marked for translation."""


@dataclass(frozen=True, slots=True)
class Permit:
    """A permission inside a role, with its reach."""

    permission: str
    """Key of a permission; `*` stands for any thing or verb: `old-tree:*`, `*:view`, `*`."""
    reach: Reach = Reach.ORGANISATION
    """How far it goes."""

    def covers(self, key: str) -> bool:
        """Whether it allows the permission with `key`."""
        return fnmatchcase(key, self.permission)


@dataclass(frozen=True, kw_only=True)
class Role:
    """A named bundle of permissions (角色) that a post carries."""

    key: str
    """Kebab-case, unique in the registry."""
    title: str
    """English title, marked for translation."""
    help: str = ""
    """Who should carry it, one English sentence, marked for translation."""
    permits: tuple[Permit, ...]
    """What it allows."""
    carried_by: str = ""
    """Kind of person who carries it without a post: `official`, `citizen`; empty for roles that only posts carry."""
    clearance: Grade = Grade.L2
    """Highest grade of data (数据分级) its holder may see unmasked, for a stated purpose above L2."""
    second_factor: bool = False
    """Whether its holder must sign in with a second factor (双因素)."""
    excludes: tuple[str, ...] = ()
    """Keys of roles that one person may not hold beside it (三员分立, GB/T 22239-2019 8.1.4)."""
