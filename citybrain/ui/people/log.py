"""The page of the security log: who did what, under which post, from where."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch
from django.utils.translation import gettext as _

from citybrain.kernel.identity.models import SecurityEvent, User
from citybrain.kernel.identity.permissions import AUDIT
from citybrain.kernel.identity.queries import LogAsked, actions, lines
from citybrain.kernel.identity.scope import scoped
from citybrain.ui.access import requires
from citybrain.ui.paging import SIZE, Paging, page_number
from citybrain.ui.panels import cells
from citybrain.ui.panels.panel import Page
from citybrain.ui.panels.tables import Choice, Column, Filters, Table
from citybrain.ui.people import words
from citybrain.ui.people.asking import actor_of
from citybrain.ui.people.deeds import BAD_NEWS, deed
from citybrain.ui.templatetags.shown import titled

COUNTED = 2000
"""Lines that are counted; beyond them the page says only that there are more."""

PAGES = {"user": "person", "post": "post", "organisation": "organisation", "role": "role", "area": "area"}
"""Pages of the things that lines are about, by kind of thing."""


@requires(AUDIT)
def log(request: HttpRequest) -> HttpResponse:
    """The security log, newest first, with what is asked of it."""
    actor = actor_of(request)
    asked = asked_of(request)
    rows = lines(scoped(SecurityEvent.objects.all(), actor, AUDIT), asked)
    total = rows.order_by()[: COUNTED + 1].count()
    whole = Paging(1, min(total, COUNTED), SIZE)
    pages = Paging(min(page_number(request.GET.get("page")), whole.last), whole.total, SIZE, is_capped=total > COUNTED)
    shown = list(rows[pages.offset : pages.offset + SIZE].values_list("pk", flat=True))
    listed = rows.filter(pk__in=shown)
    people = names(listed)
    page = Page(
        title=_("Security log"),
        lead=_("Sign-ins, refusals, changes of rights, disclosures and exports. Lines are only ever added."),
        body=(
            filters(request, asked),
            Table(
                columns=(
                    Column(title=_("When"), value="at", cell=cells.moment),
                    Column(title=_("Who"), value=who, under=under_post, link=person_link),
                    Column(title=_("Deed"), value=lambda row: (deed(row.action), tone(row)), cell=cells.state),
                    Column(title=_("Done to"), value=lambda row: thing(row, people), link=thing_link, wraps=True),
                    Column(title=_("Details"), value=details, wraps=True, weight=2),
                    Column(title=_("Address"), value="address", cell=cells.mono, weight=3),
                ),
                rows=listed,
                paging=pages,
                is_two_lines=True,
                empty=_("No line answers this question."),
                empty_icon="history",
            ),
        ),
        fills=True,
    )
    return page.respond(request)


def asked_of(request: HttpRequest) -> LogAsked:
    """What the address asks; what cannot be read asks nothing."""
    given = request.GET
    person = given.get("person", "")
    return LogAsked(
        words=given.get("q", "").strip()[:100],
        action=given.get("action", ""),
        person=int(person) if person.isascii() and person.isdigit() and len(person) < 15 else None,
        since=day(given.get("since", "")),
        until=day(given.get("until", "")),
        address=given.get("address", "").strip(),
    )


def day(text: str) -> date | None:
    """A day as 2026-11-21; None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def filters(request: HttpRequest, asked: LogAsked) -> Filters:
    """The bar above the list."""
    given = {name: request.GET.get(name, "") for name in ("q", "action", "person", "since", "until", "address")}
    options = [(key, deed(key)) for key in actions()]
    people: tuple[Choice, ...] = ()
    if asked.person is not None:
        person = User.objects.filter(pk=asked.person).first()
        option = (str(asked.person), person.name if person else str(asked.person))
        people = (Choice(name="person", title=_("Everybody"), options=(option,)),)
    return Filters(
        key="filters",
        search=_("Name, post, thing"),
        asked=given,
        choices=(
            Choice(name="action", title=_("All deeds"), options=tuple(sorted(options, key=lambda option: option[1]))),
            *people,
            Choice(name="since", title=_("Since"), kind="day"),
            Choice(name="until", title=_("Ends"), kind="day"),
            Choice(name="address", title=_("Address"), kind="text", is_more=True),
        ),
    )


def who(row: SecurityEvent) -> str:
    """Who did it, and in whose name."""
    if row.user is None:
        return _("Not signed in") if row.address else _("The system")
    principal = row.detail.get("on_behalf_of") if isinstance(row.detail, dict) else None
    if principal:
        return _("%(deputy)s for %(principal)s") % {"deputy": row.user.name, "principal": principal}
    return row.user.name


def under_post(row: SecurityEvent) -> str:
    """The post they acted under."""
    return titled(row.post) if row.post else ""


def person_link(row: SecurityEvent) -> str:
    """The page of who did it."""
    return words.url("person", row.user_id) if row.user_id else ""


def tone(row: SecurityEvent) -> str:
    """Red for refusals and locks."""
    return "bad" if row.action in BAD_NEWS else "data"


def names(rows: Any) -> dict[str, str]:
    """Names of the people that lines are about, by id."""
    ids = [row.thing_id for row in rows if row.thing == "user" and row.thing_id.isdigit()]
    return {str(person.pk): person.name for person in User.objects.filter(pk__in=ids)}


def thing(row: SecurityEvent, people: dict[str, str]) -> str | None:
    """What it was done to."""
    if row.thing == "user":
        return people.get(row.thing_id, row.thing_id) or None
    return f"{row.thing} {row.thing_id}".strip() or None


def thing_link(row: SecurityEvent) -> str:
    """The page of what it was done to; empty where there is none."""
    page = PAGES.get(row.thing)
    if page is None or not row.thing_id:
        return ""
    try:
        return words.url(page, int(row.thing_id) if page == "person" else row.thing_id)
    except (NoReverseMatch, ValueError):
        return ""


def details(row: SecurityEvent) -> str:
    """What changed, in one line."""
    parts = [row.purpose] if row.purpose else []
    if isinstance(row.detail, dict):
        shown = ((key, value) for key, value in row.detail.items() if key != "on_behalf_of" and value not in (None, ""))
        parts += [f"{key}: {said(value)}" for key, value in shown]
    return " · ".join(parts)


def said(value: Any) -> str:
    """A value of the details; two of them are before and after."""
    if isinstance(value, list):
        parts = [said(one) if one not in (None, "", []) else "—" for one in value]
        return " → ".join(parts) if len(parts) == 2 else ", ".join(parts)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
