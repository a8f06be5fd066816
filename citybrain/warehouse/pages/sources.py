"""Pages of the sources (数据源): the list, one source, what waits for a decision, and the quarantined bytes."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import reaches
from citybrain.kernel.identity.security_log import log_security
from citybrain.ui import formats
from citybrain.ui.access import back, requires
from citybrain.ui.paging import paging
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import Fact, Facts, Notice
from citybrain.ui.panels.panel import Action, Link, Panel, Tab, Tag
from citybrain.ui.panels.tables import Choice, Column, Filters, Table
from citybrain.ui.templatetags.shown import titled
from citybrain.warehouse.gathering import queries
from citybrain.warehouse.gathering.models import QuarantineItem, Source, SourceTable
from citybrain.warehouse.gathering.quarantine import REASONS
from citybrain.warehouse.pages import parts
from citybrain.warehouse.pages.schedules import schedule_words
from citybrain.warehouse.permissions import QUARANTINE, VIEW


@requires(VIEW)
def sources(request: HttpRequest) -> HttpResponse:
    """Every source with its department, kind, last run, rows and what waits for a person."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    asked = {name: request.GET.get(name, "") for name in ("q", "department", "kind", "state")}
    found = queries.sources(actor, **asked)
    states = [
        ("failed", _("Last run failed")),
        ("held", _("Waits for a decision")),
        ("quarantine", _("Rows in quarantine")),
    ]
    departments = [(body.key, titled(body)) for body in queries.delivering_departments()]
    return parts.page(
        _("Sources"),
        note=formats.number(len(found)),
        actions=parts.start_action(actor, "gather", _("Gather all sources")),
        body=(
            Filters(
                asked=asked,
                search=_("Name or key"),
                choices=(
                    Choice("department", _("All departments"), departments),
                    Choice("kind", _("All kinds"), [(kind, kind) for kind in queries.kinds_of_sources(actor)]),
                    Choice("state", _("All states"), states),
                ),
            ),
            Table(
                key="found",
                rows=found,
                columns=(
                    Column(_("Source"), titled, link=parts.to("source", lambda one: one.key), sort="name"),
                    Column(_("Department"), lambda one: titled(one.department), sort="department", weight=2),
                    Column(_("Kind"), "kind", cells.mono, sort="kind"),
                    Column(_("Tables"), "table_count", cells.number, sort="tables", weight=3),
                    Column(_("Rows"), "rows", cells.short, sort="rows"),
                    Column(
                        _("Quarantined"),
                        "quarantined",
                        cells.trouble,
                        link=parts.to("source", lambda one: one.key, "?tab=quarantine"),
                        sort="aside",
                        weight=2,
                    ),
                    Column(_("Schedule"), lambda one: schedule_words(one.schedule), weight=3),
                    Column(_("Last run"), "last_run_at", cells.age, sort="last", weight=2),
                    Column(_("State"), state, cells.state),
                ),
                empty=_("No source matches")
                if any(asked.values())
                else _(
                    "No source is registered. Sources are declared in TOML files; `make run` registers the county's."
                ),
                empty_icon="plug-connected",
            ),
        ),
        fills=True,
    ).respond(request)


def state(source: Source) -> tuple[str, str]:
    """How a source is doing, in words and colour."""
    if not source.is_enabled:
        return _("Paused"), "quiet"
    if source.failed:  # type: ignore[attr-defined]
        return _("Failed"), "bad"
    if source.waiting:  # type: ignore[attr-defined]
        return _("Held for a decision"), "bad"
    return (_("In order"), "good") if source.last_run_at else (_("Not gathered yet"), "quiet")  # type: ignore[attr-defined]


@requires(VIEW, scoped=True)
def source(request: HttpRequest, key: str) -> HttpResponse:
    """One source: its tables, changed columns, runs and quarantine, each under its tab."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        shown = queries.source(key, actor)
    except Source.DoesNotExist:
        raise Http404(f"source {key}") from None
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else "tables"
    counts = queries.source_counts(shown, actor)
    real = queries.attributions(shown)
    schedule = f"{schedule_words(shown.schedule)} ({_('China Standard Time')})" if shown.schedule else _("on demand")
    return parts.page(
        titled(shown),
        Link(_("Sources"), reverse("sources")),
        parts.link(shown.department, "department"),
        tags=(
            Tag(shown.kind),
            *(() if shown.is_enabled else (Tag(_("Paused"), "fair"),)),
            parts.origin_tag(bool(real), real[0] if real else ""),
        ),
        note=cells.mono(shown.key),
        notices=(Notice(text=shown.paused_reason, tone="fair"),) if shown.paused_reason else (),
        actions=parts.start_action(actor, "gather", _("Gather now"), on=shown),
        top=(
            Facts(
                of=shown,
                columns=3,
                facts=(
                    Fact(_("Address"), shown.address, cells.mono),
                    Fact(_("Schedule"), schedule),
                    Fact(_("Rows"), counts["rows"], cells.number),
                ),
            ),
        ),
        tabs=(
            Tab("tables", _("Tables"), counts["tables"]),
            Tab("changes", _("Changed columns"), counts["changes"], tone="bad" if counts["waiting"] else "quiet"),
            Tab("runs", _("Loads"), counts["runs"]),
            Tab("quarantine", _("Quarantine"), counts["quarantine"], tone="bad"),
        ),
        tab=tab,
        body=TABS[tab](request, shown, actor),
    ).respond(request)


def tables(request: HttpRequest, shown: Source, actor: Actor) -> tuple[Panel, ...]:
    """The tables of a source, and how far each has been gathered."""

    def last(table: SourceTable) -> tuple[str, str]:
        return parts.state_of("state")(table.last_run) if table.last_run else (_("Not gathered yet"), "quiet")

    return (
        Table(
            rows=queries.tables_of(shown, actor),
            columns=(
                parts.dataset_column(lambda table: table.dataset),
                Column(_("In the source"), "name", cells.mono, weight=2),
                Column(_("Mode"), lambda table: table.get_mode_display(), weight=2),
                Column(_("Rows"), "dataset.raw_rows", cells.number, sort="rows"),
                Column(_("Size"), "dataset.raw_bytes", cells.size, weight=3),
                Column(_("Watermark"), "watermark", cells.mono, under=watermark, weight=3),
                Column(_("Last run"), lambda table: table.last_run and table.last_run.finished_at, cells.age, weight=2),
                Column(_("State"), last, cells.state),
            ),
        ),
    )


def watermark(table: SourceTable) -> str:
    """Up to which value a table has been read."""
    return table.watermark_value


def changes(request: HttpRequest, shown: Source, actor: Actor) -> tuple[Panel, ...]:
    """Columns of a source's tables that changed."""
    return (parts.changes_table(queries.changes_of(shown, actor), actor),)


def loads(request: HttpRequest, shown: Source, actor: Actor) -> tuple[Panel, ...]:
    """Loads of a source's tables."""
    return (parts.gather_table(queries.gather_runs_of(shown, actor), request),)


def quarantine(request: HttpRequest, shown: Source, actor: Actor) -> tuple[Panel, ...]:
    """What could not be read, kept byte for byte."""
    reason = request.GET.get("reason", "")
    found = queries.quarantine_of(shown, actor, reason)
    place = paging(request.GET.get("page"), found.count())
    reasons = [
        (line["reason"], f"{_(line['title'])} ({line['number']:,})")
        for line in queries.quarantine_reasons(shown, actor)
    ]

    def row(item: QuarantineItem) -> str:
        if item.row is None:
            return _("whole file")
        return formats.number(item.row) + (f" +{item.rows}" if item.rows > 1 else "")

    def buttons(item: QuarantineItem) -> tuple[Action, ...]:
        if not reaches(item, actor, QUARANTINE):
            return ()
        url = reverse("quarantined-bytes", args=[item.id])
        purpose = _("What do you need these unmasked bytes for?")
        return (Action(_("Download"), url, "download", post=True, ask=purpose),)

    return (
        *(
            (Filters(asked={"reason": reason}, choices=(Choice("reason", _("All reasons"), reasons),)),)
            if reasons
            else ()
        ),
        Table(
            key="found",
            title=_("Quarantine"),
            note=_("Kept byte for byte as delivered. Downloads are unmasked, need a purpose and are logged."),
            rows=found[place.offset : place.offset + place.size],
            columns=(
                Column(_("File or table"), "place", cells.mono),
                Column(_("Row"), row, align="right"),
                Column(_("Reason"), lambda item: (_(REASONS.get(item.reason, item.reason)), "bad"), cells.state),
                parts.dataset_column(lambda item: item.run.table.dataset, sort="", weight=2),
                Column(_("Bytes"), "size", cells.number, weight=2),
                Column("SHA-256", lambda item: item.sha256[:12], cells.mono, weight=3),
                Column(_("When"), "run.started_at", cells.age, weight=2),
                Column("", buttons=buttons),
            ),
            paging=place,
            empty=_("Nothing is in quarantine: every row of this source could be read."),
            empty_icon="circle-check",
        ),
    )


TABS: dict[str, Callable[[HttpRequest, Source, Actor], tuple[Panel, ...]]] = {
    "tables": tables,
    "changes": changes,
    "runs": loads,
    "quarantine": quarantine,
}
"""Tab -> what stands under it."""


@requires(QUARANTINE, scoped=True, writes=True)
def quarantined_bytes(request: HttpRequest, item_id: int) -> HttpResponse:
    """The bytes of one quarantined row or file exactly as delivered: unmasked, for a stated purpose, and logged."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        item = queries.quarantine_item(item_id, actor)
    except QuarantineItem.DoesNotExist:
        raise Http404(f"quarantine item {item_id}") from None
    purpose = request.POST.get("reason", "").strip()
    if not purpose:
        messages.warning(request, _("State what you need the bytes for: they may hold personal data."))
        return back(request, reverse("source", args=[item.run.table.source.key]) + "?tab=quarantine")
    try:
        content = queries.bytes_of(item)
    except (OSError, ValueError):
        raise Http404(f"bytes of quarantine item {item_id}") from None
    facts = {"dataset": item.run.table.dataset.key, "bytes": item.size, "sha256": item.sha256}
    log_security(actor.for_purpose(purpose[:200]), "disclose", item, detail=facts)
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="quarantine-{item.id}.bin"'
    return answer
