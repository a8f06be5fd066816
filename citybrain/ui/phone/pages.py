"""The officials' phone (掌上办公): to-dos and approvals, messages, search, me."""

from __future__ import annotations

from django.contrib import messages as notes
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from citybrain.kernel.identity.acting import Holding, holdings
from citybrain.kernel.identity.actions_posts import take_post
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import Vouched
from citybrain.ui.access import APPOINTMENT, back, signed_in
from citybrain.ui.bell import BELL
from citybrain.ui.county import county
from citybrain.ui.find.pages import asked, lines_of, nothing
from citybrain.ui.finding import EACH, SEARCH, address_of
from citybrain.ui.formats import is_chinese
from citybrain.ui.panels.items import Item, Items
from citybrain.ui.panels.kinds import Blank, Notice
from citybrain.ui.panels.panel import Action, Link, Page, Panel, Tab, Tag
from citybrain.ui.panels.tables import Filters
from citybrain.ui.phone.doors import DOORS
from citybrain.ui.phone.mail import MAIL
from citybrain.ui.phone.panels import Me
from citybrain.ui.todo import TODOS, Todo, Waiting

OWN = "own"
"""What a person's own things are vouched for by."""


@signed_in
@require_safe
def work(request: HttpRequest) -> HttpResponse:
    """What waits for the person, by source; the second tab holds what can be decided on the spot."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    waiting = TODOS.waiting(actor)
    decidable = sum(bool(todo.actions) for one in waiting for todo in one.todos)
    tab = "decide" if request.GET.get("tab") == "decide" else "all"
    doors = Items(items=Vouched(tuple(DOORS.of(actor) if tab == "all" else ()), OWN))
    panels = [listed(one, only_decidable=tab == "decide") for one in waiting]
    total = sum(one.count for one in waiting)
    done = Blank(icon="circle-check", text=_("Nothing waits for you."))
    return Page(
        title=_("To do"),
        body=(doors, *(tuple(panel for panel in panels if panel.items) or (done,))),
        tabs=(
            Tab(key="all", title=_("Everything"), count=total),
            Tab(key="decide", title=_("Approvals"), count=decidable),
        ),
        tab=tab,
        shell="phone",
    ).respond(request)


def listed(waiting: Waiting, *, only_decidable: bool = False) -> Items:
    """The to-dos of one source."""
    todos = [todo for todo in waiting.todos if todo.actions or not only_decidable]
    return Items(
        title=waiting.provider.title,
        key=f"todo-{waiting.provider.key}",
        refresh=f"todo:{waiting.provider.key}",
        items=Vouched(tuple(line_of(todo, waiting.provider.icon) for todo in todos), OWN),
    )


def line_of(todo: Todo, icon: str) -> Item:
    """A to-do as a line."""
    tags = (Tag(title=_("Urgent"), tone="bad"),) if todo.tone == "bad" else ()
    return Item(
        title=todo.title,
        url=todo.phone_url or todo.url,
        under=todo.under,
        icon=icon,
        at=todo.since,
        tags=tags,
        actions=todo.actions,
    )


@signed_in
@require_safe
def messages(request: HttpRequest) -> HttpResponse:
    """The newest messages; all of them are in the inbox."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    bell = BELL.of(request)
    items = Items(
        key="messages",
        refresh=bell.topic if bell else "",
        items=Vouched(tuple(MAIL.latest(actor)), OWN),
        empty=_("No messages yet."),
        more=Link(title=_("All messages"), url=bell.url) if bell else None,
        title=_("Latest"),
    )
    return Page(title=_("Messages"), body=(items,), shell="phone").respond(request)


@signed_in
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """The same search as the palette's, for the thumb."""
    text = asked(request)
    groups = SEARCH.find(text, request.actor, EACH) if text else []  # type: ignore[attr-defined]
    box = Filters(choices=(), asked={"q": text}, search=_("Pages, records, people, places"))
    found = tuple(Items(title=group.title, items=lines_of(group)) for group in groups)
    return Page(title=_("Search"), body=(box, *(found or nothing(text))), shell="phone").respond(request)


@signed_in
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """Who I am and under which post I act; language, type, this device, signing out."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    held = holdings(request.user)  # type: ignore[arg-type]
    notices: tuple[Panel, ...] = ()
    if not held:
        text = _("You hold no post yet, so you may see little. Your administrator appoints you to one.")
        notices = (Notice(text=text, tone="fair"),)
    posts = tuple(post_line(one, actor) for one in held)
    ways = [
        ("user-circle", _("My account: password, second factor, sessions"), address_of("account")),
        ("cloud-upload", _("Waiting to be sent"), address_of("phone-outbox")),
        ("help", _("Help"), address_of("help")),
        ("layout-dashboard", _("Pages for the desk"), "/"),
    ]
    lines = tuple(Item(title=title, url=url, icon=icon) for icon, title, url in ways if url)
    return Page(
        title=_("Me"),
        notices=notices,
        body=(
            Me(who=actor.name, under=under(actor)),
            Items(title=_("My posts"), items=Vouched(posts, OWN)),
            Items(items=Vouched(lines, OWN)),
        ),
        shell="phone",
    ).respond(request)


def under(actor: Actor) -> str:
    """The post a person acts under, and for whom."""
    post = actor.post_names[0 if is_chinese() else 1] or county().title
    if not actor.on_behalf_of:
        return post
    return _("%(post)s, for %(colleague)s") % {"post": post, "colleague": actor.on_behalf_of}


def post_line(holding: Holding, actor: Actor) -> Item:
    """A post somebody may act under, with the button that switches to it."""
    post = holding.appointment.post
    body = post.organisation
    is_open = holding.appointment.pk == actor.appointment_id
    return Item(
        title=post.chinese if is_chinese() else post.english or post.chinese,
        under=body.chinese if is_chinese() else body.english,
        icon="building-bank",
        tags=(Tag(title=_("acting now"), tone="good", is_state=True),) if is_open else (),
        actions=() if is_open else (switch_to(holding),),
    )


def switch_to(holding: Holding) -> Action:
    """The button that takes the post."""
    values = (("appointment", str(holding.appointment.pk)),)
    return Action(title=_("Act under this post"), url=reverse("phone-take-post"), post=True, values=values)


@signed_in
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Takes another of one's posts for this session."""
    try:
        chosen = int(request.POST.get("appointment", ""))
        take_post(request.actor, request.user, chosen)  # type: ignore[attr-defined, arg-type]
    except (ValueError, ValidationError):
        notes.error(request, _("You cannot act under this post today."))
    else:
        request.session[APPOINTMENT] = chosen
    return back(request, reverse("phone-me"))
