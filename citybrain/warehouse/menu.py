"""What the warehouse adds to the side menu."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from citybrain.declare.codelist import CodeList
from citybrain.declare.element import Element
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.jobs.models import Job
from citybrain.kernel.registry.registry import registry
from citybrain.ui.menu import MenuGroup, MenuItem
from citybrain.warehouse.catalogue.models import Dataset
from citybrain.warehouse.gathering.queries import delivering_departments, sources
from citybrain.warehouse.permissions import VIEW
from citybrain.warehouse.queries import pending_changes, proposed_matches


def running_jobs(actor: Actor) -> int:
    """Jobs under way or waiting."""
    return Job.objects.filter(state__in=(Job.State.RUNNING, Job.State.QUEUED)).count()


def decisions(actor: Actor) -> int:
    """Decisions that wait for the person's department, or for the county."""
    return proposed_matches(actor).count() + pending_changes(actor).count()


def line(title: Any, icon: str, url_name: str, **options: Any) -> MenuItem:
    """A line for whoever may see the warehouse."""
    return MenuItem(title=title, icon=icon, url_name=url_name, permission=VIEW, **options)


def declared(kind: type) -> Callable[[Actor], int]:
    """How many declarations of a kind there are."""
    return lambda _actor: len(registry().of(kind))


def all_datasets(actor: Actor) -> int:
    """Datasets in the catalogue, whose heads everybody sees."""
    return Dataset.objects.count()


def departments(actor: Actor) -> int:
    """Departments that deliver something."""
    return delivering_departments().count()


def own_sources(actor: Actor) -> int:
    """Sources of the person's department, or of the county."""
    return sources(actor).count()


MENU = (
    MenuGroup(
        title=_("Data warehouse"),
        items=(
            line(_("Overview"), "layout-dashboard", "overview", key="h", on_phone=True),
            line(_("Datasets"), "table", "datasets", key="d", count=all_datasets, on_phone=True),
            line(_("Departments"), "building-bank", "departments", key="p", count=departments),
        ),
    ),
    MenuGroup(
        title=_("Gathering and governance"),
        items=(
            line(_("Sources"), "plug-connected", "sources", key="s", count=own_sources, on_phone=True),
            line(_("Decisions"), "circle-check", "decisions", key="j", count=decisions, is_news=True),
            line(_("Runs"), "player-play", "runs", key="r", count=running_jobs, on_phone=True),
        ),
    ),
    MenuGroup(
        title=_("Standards"),
        items=(
            line(_("Data elements"), "list-details", "elements", key="e", count=declared(Element)),
            line(_("Code lists"), "list-numbers", "codelists", key="c", count=declared(CodeList)),
        ),
    ),
)
