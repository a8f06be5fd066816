"""What the warehouse adds to the side menu."""

from django.utils.translation import gettext_lazy as _

from citybrain.declare.codelist import CodeList
from citybrain.declare.element import Element
from citybrain.kernel.jobs.models import Job
from citybrain.kernel.registry.registry import registry
from citybrain.ui.menu import MenuGroup, MenuItem
from citybrain.warehouse.catalogue.models import Dataset
from citybrain.warehouse.gathering.models import Source
from citybrain.warehouse.gathering.queries import delivering_departments
from citybrain.warehouse.queries import waiting


def running_jobs() -> int:
    """Jobs under way or waiting."""
    return Job.objects.filter(state__in=(Job.State.RUNNING, Job.State.QUEUED)).count()


def waiting_count() -> int:
    """Decisions that wait for a person."""
    found = waiting()
    return found.matches + found.changes


MENU = (
    MenuGroup(
        title=_("Data warehouse"),
        items=(
            MenuItem(title=_("Overview"), icon="layout-dashboard", url_name="overview", key="h", on_phone=True),
            MenuItem(
                title=_("Datasets"),
                icon="table",
                url_name="datasets",
                key="d",
                count=Dataset.objects.count,
                on_phone=True,
            ),
            MenuItem(
                title=_("Departments"),
                icon="building-bank",
                url_name="departments",
                key="p",
                count=lambda: delivering_departments().count(),
            ),
        ),
    ),
    MenuGroup(
        title=_("Gathering and governance"),
        items=(
            MenuItem(
                title=_("Sources"),
                icon="plug-connected",
                url_name="sources",
                key="s",
                count=Source.objects.count,
                on_phone=True,
            ),
            MenuItem(
                title=_("Decisions"),
                icon="circle-check",
                url_name="decisions",
                key="w",
                count=waiting_count,
                is_news=True,
            ),
            MenuItem(title=_("Runs"), icon="player-play", url_name="runs", key="r", count=running_jobs, on_phone=True),
        ),
    ),
    MenuGroup(
        title=_("Standards"),
        items=(
            MenuItem(
                title=_("Data elements"),
                icon="list-details",
                url_name="elements",
                key="e",
                count=lambda: len(registry().of(Element)),
            ),
            MenuItem(
                title=_("Code lists"),
                icon="list-numbers",
                url_name="codelists",
                key="c",
                count=lambda: len(registry().of(CodeList)),
            ),
        ),
    ),
)
