"""Every address of the site."""

from django.urls import URLPattern, URLResolver, include, path

import citybrain.warehouse.jobs  # noqa: F401 - a page knows a job when its room was imported
from citybrain.ui import pages
from citybrain.ui.find.bodies import BODIES
from citybrain.ui.find.menu_pages import MenuPages
from citybrain.ui.finding import SEARCH
from citybrain.ui.help.topics import HelpPages
from citybrain.ui.menu import MENU
from citybrain.ui.people.menu import MENU as PEOPLE_MENU
from citybrain.ui.records.finding import RECORD_SEARCH
from citybrain.ui.records.menu import record_menu
from citybrain.warehouse.menu import MENU as WAREHOUSE_MENU

MENU.install(*WAREHOUSE_MENU, *record_menu(), *PEOPLE_MENU)
SEARCH.install(MenuPages(), *BODIES, HelpPages(), *RECORD_SEARCH)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("citybrain.ui.urls")),
    path("", include("citybrain.warehouse.urls")),
    path("", include(("citybrain.ui.records.urls", "records"))),
    path("", include("citybrain.ui.records.api_docs")),
    path("", include("citybrain.ui.records.token_pages")),
]

handler400 = pages.bad_request
handler403 = pages.refused
handler404 = pages.not_found
handler500 = pages.failed
