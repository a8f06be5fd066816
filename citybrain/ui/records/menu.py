"""Menu entries of record types: a heading for each application, a line for each of its types."""

from __future__ import annotations

from django.apps import apps
from django.utils.translation import gettext_lazy

from citybrain.kernel.registry.registry import registry
from citybrain.ui.menu import MenuGroup, MenuItem
from citybrain.ui.records.registered import all_pages


def record_menu() -> tuple[MenuGroup, ...]:
    """A group for each application that keeps records; rooms that keep some put them into the menu themselves."""
    titles = {application.key: application.title for application in registry().applications}
    lines: dict[str, list[MenuItem]] = {}
    for pages in all_pages():
        if pages.in_menu and pages.shape.application in titles:
            item = MenuItem(
                title=pages.shape.model._meta.verbose_name_plural,
                icon=pages.shape.face.icon,
                url_name=f"records:{pages.key}:list",
                permission=pages.permission("view"),
            )
            lines.setdefault(pages.shape.application, []).append(item)
    return tuple(
        MenuGroup(
            title=gettext_lazy(titles[application])
            if application in titles
            else apps.get_app_config(application).verbose_name,
            items=tuple(items),
        )
        for application, items in lines.items()
    )
