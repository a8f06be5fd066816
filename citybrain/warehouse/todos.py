"""What of the warehouse waits for a person: matches of fields to confirm, changed columns to decide."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citybrain.kernel.identity.actor import Actor
from citybrain.ui.panels.panel import Action, Text
from citybrain.ui.templatetags.shown import titled
from citybrain.ui.todo import Todo
from citybrain.warehouse.catalogue.models import Field
from citybrain.warehouse.gathering.models import SchemaChange
from citybrain.warehouse.pages.parts import change_buttons, element_of, match_buttons
from citybrain.warehouse.permissions import DECIDE
from citybrain.warehouse.queries import pending_changes, proposed_matches


class Matches:
    """Fields whose element was proposed below the threshold."""

    key = "warehouse-matches"
    title: Text = gettext_lazy("Matches of fields to confirm")
    icon = "tags"

    def waiting(self, actor: Actor, limit: int) -> Sequence[Todo]:
        """The surest first."""
        if not actor.may(DECIDE):
            return ()
        buttons = match_buttons(actor)
        return [self.todo(field, buttons(field)) for field in proposed_matches(actor, DECIDE)[:limit]]

    def todo(self, field: Field, actions: tuple[Action, ...]) -> Todo:
        """One field."""
        return Todo(
            title=_("%(field)s is %(element)s?")
            % {"field": field.chinese or field.name, "element": titled(element_of(field.element_key))},
            url=f"{reverse('dataset', args=[field.dataset.key])}?tab=fields#row-field-{field.pk}",
            since=field.dataset.gathered_at or timezone.now(),
            under=" · ".join((titled(field.dataset), field.name, *field.reasons[:1])),
            actions=actions,
        )

    def count(self, actor: Actor) -> int:
        """How many wait."""
        return proposed_matches(actor, DECIDE).count() if actor.may(DECIDE) else 0


class Changes:
    """Columns that were lost or changed their type: the delivery is held until somebody decides."""

    key = "warehouse-changes"
    title: Text = gettext_lazy("Changed columns to decide")
    icon = "git-compare"

    def waiting(self, actor: Actor, limit: int) -> Sequence[Todo]:
        """The oldest first."""
        if not actor.may(DECIDE):
            return ()
        buttons = change_buttons(actor)
        return [self.todo(change, buttons(change)) for change in pending_changes(actor, DECIDE)[:limit]]

    def todo(self, change: SchemaChange, actions: tuple[Action, ...]) -> Todo:
        """One column."""
        return Todo(
            title=f"{change.column}: {change.get_kind_display()}",
            url=f"{reverse('dataset', args=[change.dataset.key])}?tab=versions#changes",
            since=change.run.started_at,
            under=" · ".join((titled(change.dataset), titled(change.dataset.provider))),
            tone="bad",
            actions=actions,
        )

    def count(self, actor: Actor) -> int:
        """How many wait."""
        return pending_changes(actor, DECIDE).count() if actor.may(DECIDE) else 0


TODOS = (Changes(), Matches())
"""What `citybrain.site.urls` installs."""
