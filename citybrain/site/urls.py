"""Every address of the site."""

from django.urls import URLPattern, URLResolver, include, path

import citybrain.centre.intake.api.operations
import citybrain.site.jobs  # noqa: F401 - a page knows a job when its room was imported
from citybrain.centre.appraisal.menu import menu as appraisal_menu
from citybrain.centre.duties.menu import MAP as DUTY_MAP
from citybrain.centre.events import menu as events_menu
from citybrain.centre.events.permissions import ACCEPT
from citybrain.centre.events.phone.reporting import doors as event_doors
from citybrain.centre.events.phone.reporting import reports as event_reports
from citybrain.centre.events.todos import TODOS as EVENT_TODOS
from citybrain.centre.intake.citizen.service import Reports, code_address
from citybrain.centre.intake.menu import MENU as INTAKE_MENU
from citybrain.centre.understanding.menu import UNDERSTANDING
from citybrain.hubs.evidence.menu import MENU as EVIDENCE_MENU
from citybrain.hubs.messages import menu as messages_menu
from citybrain.hubs.messages.pages import inbox, news
from citybrain.hubs.messages.queries import unread_of
from citybrain.hubs.messages.todo import ToConfirm, ToPublish, ToTakeNote
from citybrain.kernel.registry.registry import parts
from citybrain.ui import pages
from citybrain.ui.account.menu import MY_ACCOUNT
from citybrain.ui.bell import BELL
from citybrain.ui.citizen.doors import SERVICES
from citybrain.ui.citizen.news import NEWS
from citybrain.ui.find.bodies import BODIES
from citybrain.ui.find.menu_pages import MenuPages
from citybrain.ui.finding import SEARCH
from citybrain.ui.help.topics import HelpPages
from citybrain.ui.menu import MENU
from citybrain.ui.people.menu import MENU as PEOPLE_MENU
from citybrain.ui.people.menu import MY_POSTS, install_posts
from citybrain.ui.person import PERSON
from citybrain.ui.phone.doors import DOORS, REPORTS
from citybrain.ui.phone.mail import MAIL
from citybrain.ui.records.codes import CODES
from citybrain.ui.records.finding import RECORD_SEARCH
from citybrain.ui.records.menu import record_menu
from citybrain.ui.todo import TODOS
from citybrain.ui.work import HOME, WORK, home, work
from citybrain.warehouse.finding import SEARCH as WAREHOUSE_SEARCH
from citybrain.warehouse.menu import MENU as WAREHOUSE_MENU
from citybrain.warehouse.permissions import VIEW as VIEW_WAREHOUSE
from citybrain.warehouse.todos import TODOS as WAREHOUSE_TODOS

MENU.install(
    messages_menu.MINE,
    events_menu.menu(),
    INTAKE_MENU,
    appraisal_menu(DUTY_MAP, UNDERSTANDING),
    *WAREHOUSE_MENU,
    *record_menu(),
    *PEOPLE_MENU,
    EVIDENCE_MENU,
    messages_menu.ADMINISTRATION,
)
SEARCH.install(MenuPages(), *BODIES, *WAREHOUSE_SEARCH, HelpPages(), *RECORD_SEARCH)
TODOS.install(*EVENT_TODOS, ToConfirm(), ToTakeNote(), ToPublish(), *WAREHOUSE_TODOS)
WORK.install(inbox.unread_panel, news.panel)
HOME.install((ACCEPT, "event-desk"), (VIEW_WAREHOUSE, "overview"))
PERSON.install_pages(MY_POSTS, MY_ACCOUNT)
install_posts(PERSON)
BELL.install("messages", unread_of)
MAIL.install(inbox.lines)
NEWS.install(news.latest, "news")
DOORS.install(event_doors, *(door for part in parts("phone") for door in part.DOORS))
REPORTS.install(event_reports)
SERVICES.install(Reports())
CODES.install(code_address)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("work/", work, name="work"),
    path("", include("citybrain.hubs.evidence.urls")),
    path("", include("citybrain.hubs.messages.urls")),
    path("", include("citybrain.centre.appraisal.urls")),
    path("", include("citybrain.centre.duties.urls")),
    path("", include("citybrain.centre.intake.urls")),
    path("", include("citybrain.centre.intake.citizen.urls")),
    path("", include("citybrain.centre.events.phone.urls")),
    path("", include("citybrain.centre.events.urls")),
    path("", include("citybrain.centre.understanding.urls")),
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
