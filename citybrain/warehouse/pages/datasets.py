"""The search over the catalogue, and the head of one entry; what stands under its tabs is in `entry_tabs`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from citybrain.declare.words import Grade, OpenType, ShareType, UpdateCycle
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import vouched
from citybrain.ui.access import requires
from citybrain.ui.paging import Paging, page_number
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import Notice, Stat, Stats
from citybrain.ui.panels.panel import Action, Link, Tab, Tag
from citybrain.ui.panels.tables import Choice, Column, Filters, Table
from citybrain.ui.templatetags.shown import titled, tone
from citybrain.warehouse import queries
from citybrain.warehouse.catalogue import search as catalogue
from citybrain.warehouse.catalogue.models import Dataset, Field
from citybrain.warehouse.catalogue.queries import Entry, entry
from citybrain.warehouse.pages import parts
from citybrain.warehouse.pages.entry_tabs import BEHIND, PANELS
from citybrain.warehouse.permissions import VIEW

ON_PAGE = 30


@requires(VIEW)
def datasets(request: HttpRequest) -> HttpResponse:
    """The search over the catalogue in Chinese, pinyin and English, filtered and paged."""
    asked = {name: request.GET.get(name, "") for name in ("q", *FILTERS)}
    actor: Actor = request.actor  # type: ignore[attr-defined]
    number = page_number(request.GET.get("page"))
    found = catalogue.search(asked["q"], filters=filters(asked), page=number, size=ON_PAGE)
    query = request.GET.copy()
    query.pop("page", None)
    return parts.page(
        _("Datasets"),
        tags=((Tag(asked["source"]),) if asked["source"] else ()),
        actions=(
            Action("CSV", f"{reverse('catalogue-csv')}?{query.urlencode()}", "download"),
            Action("XLSX", f"{reverse('catalogue-xlsx')}?{query.urlencode()}", "download"),
            Action("DCAT", reverse("catalogue-jsonld"), "api"),
        ),
        body=(
            Filters(
                key="filters",
                asked=asked,
                search=_("Name, pinyin, initials, field: 户籍, huji, hjrk, household"),
                choices=choices(),
            ),
            Table(
                key="found",
                rows=vouched(found.hits, actor, VIEW),
                columns=columns(actor),
                paging=Paging(found.page, found.total, found.size),
                empty=nothing(found, is_filtered=any(asked.values())),
                empty_icon="search",
                is_two_lines=True,
            ),
        ),
        fills=True,
    ).respond(request)


def choices() -> tuple[Choice, ...]:
    """The drop-downs above the list."""
    return (
        Choice("department", _("All departments"), [(body.key, titled(body)) for body in queries.providers()]),
        Choice("grade", _("All grades"), [(one, f"{one} {_(one.label)}") for one in Grade]),
        Choice("share", _("Any sharing"), [(one.name, _(one.title)) for one in ShareType]),
        Choice("cycle", _("Any cycle"), [(one, _(one.label)) for one in UpdateCycle], is_more=True),
        Choice(
            "quality_below",
            _("Any score"),
            [(value, _("below %(value)s") % {"value": value}) for value in ("100", "95", "90", "75")],
            is_more=True,
        ),
        Choice("state", _("All states"), Dataset.State.choices, is_more=True),
        Choice("real", _("Real and rehearsal"), [("yes", _("Real data")), ("no", _("Rehearsal data"))], is_more=True),
    )


def columns(actor: Actor) -> tuple[Column, ...]:
    """What the list shows of an entry; under its name the fields it was found by."""
    return (
        parts.dataset_column(
            lambda hit: hit.dataset, sort="", tags=lambda hit: parts.dataset_tags(hit.dataset), under=why
        ),
        Column(_("Provider"), lambda hit: titled(hit.dataset.provider), weight=2),
        Column(_("Sharing"), lambda hit: parts.share_words(hit.dataset.share), weight=3),
        Column(_("Grade"), lambda hit: parts.grade_tag(hit.dataset.grade), cells.tag, weight=2),
        Column(_("Rows"), "dataset.raw_rows", cells.short),
        parts.problems_column(actor, lambda hit: hit.dataset),
        Column(_("Data from"), "dataset.data_at", cells.age, weight=2),
        Column(_("Cycle"), lambda hit: parts.cycle_words(hit.dataset.cycle), weight=3),
        Column(_("Score"), "dataset.score", cells.score, align="right"),
    )


def why(hit: catalogue.Hit) -> str:
    """The fields of an entry that hold what was looked for; without any, its key."""
    names = [
        field.name if field.chinese in ("", field.name) else f"{field.name} {field.chinese}" for field in hit.fields
    ]
    return " · ".join(names) or hit.dataset.key


def nothing(found: catalogue.Results, *, is_filtered: bool) -> str | SafeString:
    """What an empty list says: what might have been meant, or why there is nothing."""
    if not is_filtered:
        return _("The catalogue is empty. Entries appear when sources are registered and gathered.")
    if not found.query:
        return _("No dataset passes these filters")
    words = _("Nothing was found for “%(q)s”") % {"q": found.query}
    names = format_html_join(_(", "), '<a href="?q={0}">{0}</a>', ((name,) for name in found.suggestions))
    return format_html("{} {} {}?", words, _("Did you mean"), names) if names else words


FILTERS: dict[str, Callable[[str], Any]] = {
    "department": str,
    "source": str,
    "grade": lambda text: Grade(text) if text in set(Grade) else None,
    "share": lambda text: ShareType.__members__.get(text),
    "open": lambda text: OpenType.__members__.get(text),
    "cycle": lambda text: UpdateCycle(text) if text in set(UpdateCycle) else None,
    "state": str,
    "quality_below": lambda text: float(text) if text.isdecimal() and len(text) < 4 else None,
    "real": lambda text: {"yes": True, "no": False}.get(text),
}
"""Filter in the address -> how its text is read; a text that means nothing asks nothing."""


def filters(asked: dict[str, str]) -> catalogue.Filters:
    """The filters an address asks for."""
    return catalogue.Filters(**{name: read(asked[name]) for name, read in FILTERS.items() if asked[name]})


@requires(VIEW)
def dataset(request: HttpRequest, key: str) -> HttpResponse:
    """One entry: its head, and the panel of the tab asked for; only that panel's questions are asked.

    The head is open to all; what shows rows is found by the provider, and by who works for the whole county.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    tab = request.GET.get("tab", "")
    tab = tab if tab in PANELS else "fields"
    try:
        shown = entry(key, actor, now=timezone.now())
    except Dataset.DoesNotExist:
        raise Http404(f"dataset {key}") from None
    if tab in BEHIND and not shown.is_open:
        raise Http404(f"rows of dataset {key}")
    found = shown.dataset
    about = [found.summary]
    if found.is_real and found.attribution:
        about.append(f"{_('Source and licence:')} {found.attribution}")
    held = Notice(
        tone="bad",
        text=_("Columns were lost or changed: the last good version stays served until a person decides."),
        actions=(Action(_("Decide"), "?tab=versions#changes"),) if shown.is_open else (),
    )
    return parts.page(
        titled(found),
        Link(_("Datasets"), reverse("datasets")),
        parts.link(found.provider, "department"),
        tags=tuple(
            filter(
                None,
                (
                    parts.grade_tag(found.grade, whole=True),
                    parts.origin_tag(found.is_real, found.attribution),
                    Tag(found.get_state_display(), tone(found.state), is_state=True),  # type: ignore[arg-type]
                ),
            )
        ),
        note=cells.mono(found.key),
        lead=cells.joined(" ", filter(None, about)),
        notices=(held,) if found.state == Dataset.State.HELD else (),
        actions=parts.start_action(actor, "govern", _("Govern again"), on=found, scope=Dataset.ROWS),
        top=(figures(shown),),
        tabs=tuple(one for one in tabs(shown) if shown.is_open or one.key not in BEHIND),
        tab=tab,
        body=PANELS[tab](request, shown),
    ).respond(request)


def tabs(shown: Entry) -> tuple[Tab, ...]:
    """The tabs of an entry with what each holds."""
    return (
        Tab("fields", _("Fields"), len(shown.fields)),
        Tab("quality", _("Quality")),
        Tab("problems", _("Problem rows"), shown.dataset.problem_rows, tone="bad"),
        Tab("profile", _("Profile")),
        Tab("samples", _("Samples")),
        Tab("versions", _("Versions and lineage"), len(shown.versions)),
    )


def figures(shown: Entry) -> Stats:
    """The entry in six numbers, each leading to where it is taken apart."""
    found = shown.dataset
    is_governed = found.governed_at is not None
    proposed = sum(one.field.match == Field.Match.PROPOSED for one in shown.fields)
    waiting = ngettext("%(number)s waits for a person", "%(number)s wait for a person", proposed)
    late = shown.freshness.state
    behind = "?tab={}" if shown.is_open else ""
    return Stats(
        stats=(
            Stat(_("Rows gathered"), found.raw_rows, url=behind.format("versions"), under=cells.age(found.gathered_at)),
            Stat(
                _("Standard rows"),
                found.standard_rows if is_governed else None,
                url=behind.format("versions"),
                under=cells.age(found.governed_at) if is_governed else _("not governed yet"),
            ),
            Stat(
                _("Problem rows"),
                found.problem_rows if is_governed else None,
                url=behind.format("problems"),
                tone="bad" if found.problem_rows else "quiet",
                under=parts.of_the_rows(found.problem_rows, found.raw_rows),
            ),
            parts.score_stat(found.score, shown.history, "?tab=quality"),
            Stat(
                _("Fields with an element"),
                sum(one.is_bound for one in shown.fields),
                unit=f"/ {len(shown.fields)}",
                url="?tab=fields",
                under=waiting % {"number": proposed} if proposed else "",
            ),
            Stat(
                _("Data from"),
                found.data_at,
                cells.age,
                url=behind.format("versions"),
                under=cells.joined(" · ", (cells.state((_(late.label), tone(late))), parts.cycle_words(found.cycle))),
            ),
        )
    )
