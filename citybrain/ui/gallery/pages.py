"""The gallery (组件样例): every panel in every state, for those who build pages and for the tests that look at them."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import Vouched, vouched
from citybrain.ui.access import requires
from citybrain.ui.gallery import desk_samples, samples
from citybrain.ui.gallery.permissions import VIEW
from citybrain.ui.paging import paging
from citybrain.ui.panels import cells, days, items, kinds, ladders, milestones, offers, processes, prose
from citybrain.ui.panels import pictures as photos
from citybrain.ui.panels.panel import Action, Link, Page, Panel, Row, Stack, Tab, Tag
from citybrain.ui.panels.tables import Choice, Filters, Table

HERE = "/gallery/"


def of(actor: Actor, *things: object) -> Vouched[object]:
    """Made-up things, vouched for."""
    return vouched(things, actor, VIEW)


@requires(VIEW)
def gallery(request: HttpRequest) -> HttpResponse:
    """Every panel, on five tabs, and the other frames by `?shell=`."""
    parts: dict[str, tuple[str, Callable[[Actor, HttpRequest], tuple[Panel | Row, ...]]]] = {
        "lists": (_("Lists"), lists),
        "things": (_("Things"), things),
        "forms": (_("Input forms"), forms),
        "pictures": (_("Charts and maps"), pictures),
        "states": (_("States"), states),
    }
    tab = request.GET.get("tab", "")
    tab = tab if tab in parts else "lists"
    actor: Actor = request.actor  # type: ignore[attr-defined]
    shell = request.GET.get("shell", "")
    page = Page(
        title=_("Gallery"),
        system=_("Made-up samples"),
        crumbs=(Link(title=_("Overview"), url="/"),),
        tags=(Tag(title=_("Made-up samples"), tone="fair"), Tag(title=_("in work"), tone="data", is_state=True)),
        lead=_("Every part a page can be built of. All names and numbers here are made up."),
        actions=(
            Action(title=_("Export"), url=HERE, icon="download"),
            Action(title=_("New entry"), url=HERE, icon="plus", is_main=True, key="n"),
        ),
        tabs=tuple(
            Tab(key=key, title=title, count=7 if key == "states" else None, tone="bad" if key == "states" else "quiet")
            for key, (title, _build) in parts.items()
        ),
        tab=tab,
        body=parts[tab][1](actor, request),
        aside=aside(actor) if tab == "lists" else (),
        fills=tab == "lists",
        help=_("This page shows what pages are made of. Every panel stands here in every state it can have."),
        shell=shell if shell in ("screen", "print") else "desk",  # type: ignore[arg-type]
    )
    return page.respond(request)


def lists(actor: Actor, request: HttpRequest) -> tuple[Panel | Row, ...]:
    """Filters and a table that fills the height."""
    asked = {name: request.GET.get(name, "") for name in ("q", "town", "state", "since", "most", "public")}
    towns = tuple((str(place), town) for place, town in enumerate(samples.TOWNS))
    return (
        Filters(
            key="filters",
            search=_("Title or number"),
            asked=asked,
            choices=(
                Choice(name="town", title=_("All towns"), options=towns),
                Choice(name="state", title=_("All states"), options=tuple(samples.STATES.items())),
                Choice(name="since", title=_("Since"), kind="day", is_more=True),
                Choice(name="most", title=_("At most"), kind="number", is_more=True),
                Choice(name="public", title=_("Shown to the public"), kind="yes-no", is_more=True),
            ),
        ),
        Table(
            key="found",
            columns=samples.columns(),
            rows=samples.rows(actor, VIEW, 30),
            sort=request.GET.get("sort", "-number"),
            paging=paging(request.GET.get("page"), 1286, 30),
            row_link=lambda row: f"{HERE}?tab=things#{row.code}",
            row_key=lambda row: row.code,
            select="chosen",
            bulk=(
                Action(title=_("Assign"), url=HERE, icon="user", post=True, values=(("to", "demo"),)),
                Action(
                    title=_("Remove"),
                    url=HERE,
                    icon="trash",
                    post=True,
                    tone="bad",
                    ask=_("Reason"),
                    confirm=_("Remove the selected entries?"),
                ),
            ),
        ),
    )


def aside(actor: Actor) -> tuple[Panel, ...]:
    """A drawer: the open row."""
    return (
        kinds.Facts(
            title=_("Sample: standing water on a road, carts must go round"),
            of=of(actor),
            facts=(
                kinds.Fact(title=_("Place"), value=_("Sample town A")),
                kinds.Fact(title=_("Received"), value=samples.NOW, cell=cells.moment),
                kinds.Fact(
                    title=_("Contact"), value="138****0000", reveal=HERE, help=_("Masked: state a purpose to see it.")
                ),
            ),
        ),
        timeline(actor),
    )


def timeline(actor: Actor) -> kinds.Timeline:
    """What happened, in every tone."""
    return kinds.Timeline(
        title=_("Course"),
        moments=of(
            actor,
            kinds.Moment(
                at=samples.NOW,
                title=_("in work"),
                who="Demo 1",
                text=_("Sample text: two people arrived."),
                tone="data",
                tags=(Tag(title=_("soon"), tone="fair"),),
            ),
            kinds.Moment(at=samples.NOW, title=_("Taken over"), who="Demo 2", tone="good"),
            kinds.Moment(at=samples.NOW, title=_("Refused"), who="Demo 3", tone="bad", link=HERE),
            kinds.Moment(at=samples.NOW, title=_("Taken in"), who="Demo 4"),
        ),
    )


def things(actor: Actor, request: HttpRequest) -> tuple[Panel | Row, ...]:
    """Everything that shows one thing."""
    facts = (
        kinds.Fact(title=_("Name"), value=_("Sample town A")),
        kinds.Fact(title=_("Code"), value="DEMO000417", cell=cells.mono),
        kinds.Fact(title=_("Nothing known"), value=None),
        kinds.Fact(title=_("Count"), value=1234567, cell=cells.number, link=HERE),
        kinds.Fact(title=_("Score"), value=88.4, cell=cells.score),
        kinds.Fact(title=_("Contact"), value="138****0000", reveal=HERE, help=_("Masked: state a purpose to see it.")),
        kinds.Fact(
            title=_("Description"),
            value=_("A long sample text that takes the whole width of the panel.") + " " + "DEMO " * 30,
            is_wide=True,
        ),
    )
    tree = kinds.Tree(
        title=_("Tree"),
        nodes=of(
            actor,
            kinds.Node(
                title=_("Sample county"),
                icon="building-bank",
                is_open=True,
                count=3,
                children=(
                    kinds.Node(
                        title=_("Sample town A"),
                        url=HERE,
                        tags=(Tag(title=_("soon"), tone="fair"),),
                        children=(kinds.Node(title="Demo 1", url=HERE),),
                    ),
                    kinds.Node(title=_("Sample town B"), url=HERE, more_url=f"{HERE}branch/", count=12),
                    kinds.Node(title=_("Sample town C"), url=HERE),
                ),
            ),
        ),
    )
    stations = [processes.Stop(title=f"Demo {place}", text="1,234", url=HERE, lines=("DEMO",)) for place in range(4)]
    return (
        processes.Sum(title=_("Sum"), whole=(12, _("Received")), parts=((9, _("Done")), (3, _("Overdue")))),
        processes.Stages(
            title=_("Stages"),
            stages=of(
                actor,
                processes.Stage(title="Demo 1", state="done", done=40, total=40, at=samples.NOW),
                processes.Stage(title="Demo 2", state="running", done=1234, total=5000, at=samples.NOW),
                processes.Stage(title="Demo 3", state="failed", done=7, total=12, at=samples.NOW),
                processes.Stage(title="Demo 4", state="waiting"),
            ),
        ),
        processes.Stages(title=_("Stages that have not begun"), stages=of(actor)),
        milestones.Milestones(
            title=_("Steps of a way"),
            steps=of(
                actor,
                milestones.Milestone(_("Received"), "done", at=samples.NOW),
                milestones.Milestone(_("Done"), "now", at=samples.NOW, who=_("Sample town A"), text="DEMO"),
                milestones.Milestone("Demo 3", "waiting"),
                milestones.Milestone("Demo 4", "failed"),
            ),
        ),
        photos.Pictures(
            title=_("Pictures beside each other"),
            pictures=of(
                actor,
                photos.Picture(_("Before"), "/county.svg", at=samples.NOW),
                photos.Picture(_("After"), "/county.svg", under="DEMO"),
            ),
        ),
        *desk_samples.panels(actor),
        ladders.Ladder(
            title=_("Way up a tree of pairs"),
            foot="Demo 5",
            rungs=of(
                actor,
                ladders.Rung(mine="Demo 5", other="Demo 4", is_right=True),
                ladders.Rung(mine="Demo 4 - 5", mine_note="DEMO", other="Demo 6 - 7", other_note="DEMO"),
            ),
            top="Demo 4 - 7",
            top_note="DEMO",
        ),
        offers.OffersPanel(
            title=_("What is offered beside a form"),
            key="offers",
            groups=(offers.Offers(title=_("Kind"), offers=of(actor, *samples.OFFERS)),),
        ),
        prose.Prose(title=_("Text"), text=samples.TEXT),
        processes.Flow(title=_("Stations"), steps=(of(actor, stations[0]), of(actor, *stations[1:])), foot="Demo"),
        kinds.Stats(
            title=_("Figures"),
            stats=(
                kinds.Stat(title=_("Received"), value=1234567, url=HERE, under=_("2 minutes ago"), unit=_("pieces")),
                kinds.Stat(title=_("Done"), value=0.934, cell=cells.percent, url=HERE, trend=(3, 5, 4, 6, 8, 7, 9)),
                kinds.Stat(title=_("Overdue"), value=7, tone="bad", url=HERE, under=_("2 more than yesterday")),
                kinds.Stat(title=_("Not measured"), value=None, under=_("no source yet")),
            ),
        ),
        Row(
            Stack(
                kinds.Facts(
                    title=_("Facts"),
                    note=_("Sample source"),
                    help=_("What is known of the thing."),
                    more=Link(title=_("All"), url=HERE),
                    of=of(actor),
                    facts=facts,
                    columns=2,
                ),
                kinds.Diff(
                    title=_("Changes"),
                    differences=of(
                        actor,
                        kinds.Difference(title=_("State"), before=_("waiting"), after=_("done")),
                        kinds.Difference(
                            title=_("Description"),
                            before=_("The road is closed until Friday, carts go round by the bridge."),
                            after=_("The road is closed until Monday, carts go round by the new bridge."),
                        ),
                        kinds.Difference(title=_("Day"), before=None, after=datetime_text()),
                    ),
                    actions=(Action(title=_("Restore"), url=HERE, post=True, confirm=_("Restore this version?")),),
                ),
                kinds.Activity(
                    title=_("Comments"),
                    write=HERE,
                    remarks=of(
                        actor,
                        kinds.Remark(
                            at=samples.NOW, who="Demo 1", text=_("Sample text: two people arrived."), remove=HERE
                        ),
                    ),
                ),
            ),
            Stack(
                timeline(actor),
                tree,
                kinds.Attachments(
                    title=_("Files"),
                    upload=f"{HERE}keep/",
                    most=64 * 1024,
                    accepts=".pdf,.jpg,.png",
                    files=of(
                        actor,
                        kinds.File(name="demo.pdf", url=HERE, size=234567, who="Demo 1", at=samples.NOW, remove=HERE),
                        kinds.File(name="demo.png", url=HERE, size=1234, preview="/county.svg"),
                    ),
                ),
                kinds.Related(
                    title=_("Related"),
                    links=of(
                        actor,
                        Link(title=_("Sample town B"), url=HERE, icon="table"),
                        Link(title=_("Sample town C"), url=HERE),
                    ),
                ),
            ),
            widths="main",
        ),
        kinds.Tiles(
            title=_("Doors"),
            tiles=(
                Link(title=_("Lists"), url=HERE, icon="table"),
                Link(title=_("Input forms"), url=HERE, icon="list-details"),
                Link(title=_("States"), url=HERE, icon="inbox"),
            ),
            counts=(None, 3, 12),
        ),
    )


def datetime_text() -> str:
    """The sample day as it is written."""
    return samples.NOW.date().isoformat()


def forms(actor: Actor, request: HttpRequest) -> tuple[Panel | Row, ...]:
    """A form empty and a form with mistakes."""
    groups = ((_("What"), ("title", "kind", "town", "tags")), (_("When"), ("day", "at", "count")))
    return (
        kinds.FormPanel(
            key="form",
            title=_("Form"),
            form=samples.SampleForm(auto_id="id_%s"),
            submit=_("Save"),
            cancel=HERE,
            groups=groups,
            draft=f"{HERE}keep/",
            submits=(("again", _("Save and add another")),),
        ),
        kinds.FormPanel(
            key="wrong",
            title=_("Form with mistakes"),
            form=samples.SampleForm({"title": "x" * 61, "count": "-1", "day": "tomorrow"}, auto_id="wrong_%s"),
            submit=_("Save"),
        ),
    )


def pictures(actor: Actor, request: HttpRequest) -> tuple[Panel | Row, ...]:
    """Charts and maps."""
    drawn = [
        kinds.ChartPanel(key=f"chart-{chart.kind}", title=title, chart=chart, source=_("Made-up samples"))
        for title, chart in samples.charts()
    ]
    layer = kinds.Layer(key="points", title=_("Sample points"), data=samples.points(), clusters=True, is_synthetic=True)
    return (
        Row(drawn[0], drawn[1]),
        days.Year(
            title=_("Sample year"),
            year=2026,
            days=of(
                actor,
                days.Day(date=datetime.date(2026, 10, 1), kind="holiday", title="DEMO"),
                days.Day(date=datetime.date(2026, 10, 10), kind="worked", title="DEMO"),
            ),
        ),
        Row(drawn[2], drawn[3], drawn[4]),
        Row(
            kinds.Map(key="map", title=_("Map"), layers=(layer,), height="tall"),
            kinds.Map(
                key="picker", title=_("Pick a place"), layers=(), pick="place", centre=(120.04, 28.89), height="tall"
            ),
            widths="main",
        ),
    )


def states(actor: Actor, request: HttpRequest) -> tuple[Panel | Row, ...]:
    """Emptiness, notices, and panels without anything in them."""
    return (
        kinds.Notice(text=_("Sample notice: something must be read."), actions=(Action(title=_("Open"), url=HERE),)),
        kinds.Notice(text=_("Sample notice: it went well."), tone="good"),
        kinds.Notice(text=_("Sample notice: take care."), tone="fair"),
        kinds.Notice(title=_("Refused"), text=_("Sample notice: it went wrong, and this is what to do."), tone="bad"),
        items.Items(
            title=_("Lines for the thumb"),
            items=of(
                actor,
                items.Item(
                    title=_("Sample notice: something must be read."),
                    url=HERE,
                    under=_("Sample town A"),
                    icon="bell",
                    at=samples.NOW,
                    is_new=True,
                    tags=(Tag(title=_("soon"), tone="fair"),),
                    actions=(Action(title=_("Open"), url=HERE),),
                ),
                items.Item(title="Demo 2", url=HERE, side="1.2 km"),
            ),
        ),
        Row(
            kinds.Blank(
                title=_("Nothing yet"),
                text=_("Entries appear here when somebody adds one."),
                action=Action(title=_("New entry"), url=HERE, icon="plus"),
            ),
            kinds.Blank(
                icon="lock", title=_("Not allowed"), text=_("Your post does not carry the permission for this part.")
            ),
            kinds.Blank(
                icon="wifi-off",
                title=_("Off-line"),
                text=_("What you type is kept on this device until the network is back."),
            ),
        ),
        Row(
            Table(
                title=_("Empty table"),
                columns=samples.columns()[:3],
                rows=samples.rows(actor, VIEW, 0),
                empty=_("No entry passes these filters."),
                empty_action=Action(title=_("Clear"), url=HERE),
            ),
            kinds.Timeline(title=_("Course"), moments=of(actor)),
            kinds.Related(title=_("Related"), links=of(actor)),
        ),
        Row(
            kinds.Attachments(title=_("Files"), files=of(actor)),
            kinds.Activity(title=_("Comments"), remarks=of(actor)),
            kinds.Tree(title=_("Tree"), nodes=of(actor)),
        ),
    )


@requires(VIEW)
def branch(request: HttpRequest) -> HttpResponse:
    """The children of the gallery's lazy tree node."""
    nodes = (kinds.Node(title=f"Demo {number}", url=HERE) for number in range(1, 4))
    return kinds.branches(request, of(request.actor, *nodes))  # type: ignore[attr-defined, arg-type]


@requires(VIEW, writes=True)
def keep(request: HttpRequest) -> HttpResponse:
    """Takes drafts and files of the gallery and forgets them; refuses a file called `refused.txt`."""
    if any(file.name == "refused.txt" for file in request.FILES.getlist("file")):
        return JsonResponse({"detail": _("The gallery does not take this file.")}, status=400)
    return HttpResponse(status=204)
