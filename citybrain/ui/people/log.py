"""The page of the security log: who did what, under which post, from where."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch
from django.utils.translation import gettext as _

from citybrain.kernel.identity.models import Organisation, Post, SecurityEvent, User
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
from citybrain.ui.people.deeds import BAD_NEWS, FACTS, deed, kind_words, value_words
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
    known = names(listed)
    page = Page(
        title=_("Security log"),
        lead=_("Sign-ins, refusals, changes of rights, disclosures and exports. Lines are only ever added."),
        body=(
            filters(request, asked),
            Table(
                columns=(
                    Column(title=_("When"), value="at", cell=cells.second),
                    Column(title=_("Who"), value=who, under=under_post, link=person_link),
                    Column(title=_("Deed"), value=lambda row: (deed(row.action), tone(row)), cell=cells.state),
                    Column(title=_("Done to"), value=lambda row: thing(row, known), link=thing_link, wraps=True),
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


Named = dict[tuple[str, str], str]
"""Kind and id of a thing -> its name."""


def names(rows: Any) -> Named:
    """Names of the people, posts and organisations that lines are about; three queries."""
    asked: dict[str, set[str]] = {"user": set(), "post": set(), "organisation": set()}
    for row in rows:
        asked.get(row.thing, set()).add(row.thing_id)
    numbers = [number for number in asked["user"] if number.isascii() and number.isdigit()]
    found = {("user", str(person.pk)): person.name for person in User.objects.filter(pk__in=numbers)}
    found |= {("post", post.key): titled(post) for post in Post.objects.filter(key__in=asked["post"])}
    bodies = Organisation.objects.filter(key__in=asked["organisation"])
    return found | {("organisation", body.key): titled(body) for body in bodies}


def thing(row: SecurityEvent, known: Named) -> str | None:
    """What it was done to."""
    name = known.get((row.thing, row.thing_id))
    return name or f"{kind_words(row.thing)} {row.thing_id}".strip() or None


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
        shown = ((key, value) for key, value in row.detail.items() if key != "on_behalf_of" and value not in NOTHING)
        pair = _("%(fact)s: %(value)s")
        parts += [pair % {"fact": FACTS.get(key, key), "value": said(key, value)} for key, value in shown]
    return " · ".join(parts)


NOTHING: tuple[Any, ...] = (None, "", [])
"""Values of details that say nothing."""

CHANGES = {"roles", "path", "until", "name", "english", "area", "schedule", "chinese", "short", "kind"}
"""Details of which two values are what was before and what came after."""


def said(key: str, value: Any) -> str:
    """A value of the details in words."""
    if isinstance(value, list) and len(value) == 2 and key in CHANGES and (key != "roles" or is_change(value)):
        return " → ".join(said(key, one) if one not in (None, "", []) else "—" for one in value)
    if isinstance(value, list):
        return words.role_titles(value) if key == "roles" else ", ".join(said(key, one) for one in value)
    return value_words(key, value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def is_change(roles: list[Any]) -> bool:
    """Whether two lists of roles stand there, those before and those after."""
    return all(isinstance(one, list) for one in roles)
