"""Verbs about boundaries of areas: take those of a GeoJSON file (边界导入), write them out again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.boundaries import Checked, Drawn, Finding, check, features_in
from citybrain.kernel.identity.models import Area
from citybrain.kernel.identity.permissions import ADMINISTER_AREAS
from citybrain.kernel.identity.queries_areas import forget
from citybrain.kernel.identity.scope import scoped
from citybrain.kernel.identity.security_log import log_security

LONGEST_SOURCE = 200
LOGGED = 200
"""Keys of areas one line of the security log names at most."""


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What became of a file."""

    drawn: list[Drawn]
    """Sound boundaries."""
    refused: list[Drawn]
    findings: list[Finding]
    changed: int
    """How many areas got a new boundary; 0 when the file was only looked at."""

    @property
    def faults(self) -> list[Finding]:
        """Why features were not taken."""
        return [one for one in self.findings if one.is_fault]


def import_boundaries(
    actor: Actor,
    content: bytes,
    *,
    source: str,
    is_synthetic: bool = False,
    is_gcj02: bool = False,
    only_check: bool = False,
) -> Imported:
    """Gives areas the boundaries of a GeoJSON file; sound features are taken, the others reported.

    `source` says who drew them. Raises PermissionDenied without the permission, ValidationError for a file that cannot
    be read at all, or an empty source.
    """
    seen = scoped(Area.objects.all(), actor, ADMINISTER_AREAS)
    source = " ".join(source.split())
    if not source or len(source) > LONGEST_SOURCE:
        raise ValidationError({"source": _("Say who drew the boundaries, in %d characters at most.") % LONGEST_SOURCE})
    features = features_in(content)
    with transaction.atomic():
        areas = {area.key: area for area in Area.objects.select_for_update().order_by("pk")}
        checked = check(features, areas, is_gcj02=is_gcj02)
        own = set(seen.values_list("pk", flat=True))
        foreign = [one for one in checked.drawn if one.area.pk not in own]
        checked.findings += [
            Finding(
                feature=one.label,
                rule="scope",
                text=_("Your post may not change %s.") % one.area,
                remedy=_("Ask who keeps the areas of the county."),
            )
            for one in foreign
        ]
        taken = [one for one in checked.drawn if one.area.pk in own]
        changed = [] if only_check else _keep(taken, source, is_synthetic)
        if changed:
            log_security(
                actor,
                "boundaries",
                thing="area",
                thing_id=len(changed),
                detail={
                    "areas": [area.key for area in changed][:LOGGED],
                    "source": source,
                    "is_synthetic": is_synthetic,
                    "refused": len(checked.faults),
                },
            )
            transaction.on_commit(forget)
    forget()
    return Imported(drawn=taken, refused=checked.refused + foreign, findings=_by_weight(checked), changed=len(changed))


def _keep(taken: list[Drawn], source: str, is_synthetic: bool) -> list[Area]:
    """Writes boundaries that differ from what is known."""
    changed = []
    for one in taken:
        facts: dict[str, Any] = {"shape": one.shape, "shape_source": source, "is_shape_synthetic": is_synthetic}
        if any(getattr(one.area, name) != value for name, value in facts.items()):
            for name, value in facts.items():
                setattr(one.area, name, value)
            one.area.changed_at = timezone.now()
            changed.append(one.area)
    Area.objects.bulk_update(changed, ["shape", "shape_source", "is_shape_synthetic", "changed_at"], batch_size=200)
    return changed


def _by_weight(checked: Checked) -> list[Finding]:
    return sorted(checked.findings, key=lambda one: not one.is_fault)
