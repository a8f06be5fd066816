"""What stands under the tabs of a dataset's page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import vouched
from citybrain.kernel.lake.tables import lake
from citybrain.ui import formats
from citybrain.ui.paging import Paging, page_number
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import ChartPanel, Fact, Facts, Notice
from citybrain.ui.panels.panel import Panel, Row, Stack, Tag
from citybrain.ui.panels.processes import Flow, Stop
from citybrain.ui.panels.tables import Choice, Column, Filters, Table
from citybrain.ui.templatetags.shown import bar, titled, tone
from citybrain.warehouse.catalogue.queries import Entry, FieldEntry
from citybrain.warehouse.catalogue.stored import Stage, lineage, samples
from citybrain.warehouse.gathering.queries import changes_of_dataset, gather_runs_of_dataset, source_of_dataset
from citybrain.warehouse.governance.quality import FORMULA, Dimension
from citybrain.warehouse.governance.queries import ProblemFilter, last_run, problem_counts, problem_rows, profile, runs
from citybrain.warehouse.pages import parts
from citybrain.warehouse.permissions import VIEW
from citybrain.warehouse.words import check_words, step_words

Body = tuple[Panel | Row, ...]

FINDINGS_ON_PAGE = 50

MOVING, SHIFTED = 0.1, 0.25
"""Population stability index above which a field's values move, and above which they have shifted."""


def fields(request: HttpRequest, shown: Entry) -> Body:
    """Fields with their elements, matches, empty values of the last pass, and scores."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    run = last_run(shown.dataset, actor)
    empty = {name: parts.share(seen["nulls"], seen["rows"]) for name, seen in (profile(run) if run else {}).items()}

    def tags(line: FieldEntry) -> tuple[Tag | None, ...]:
        key = Tag(_("Key"), help=_("Part of the key")) if line.field.name in shown.dataset.primary_key else None
        return key, Tag(_("gone"), "fair") if line.field.is_gone else None

    def why(line: FieldEntry) -> str:
        field = line.field
        sure = "" if field.match_score is None else formats.percent(field.match_score, 0)
        return " · ".join(filter(None, (sure, field.match_by, *field.reasons[:1])))

    buttons = parts.match_buttons(actor)
    return (
        Table(
            rows=vouched((*shown.fields, *shown.gone), actor, VIEW),
            row_key=lambda line: f"field-{line.field.pk}",
            columns=(
                Column(_("Field"), "field.name", cells.mono, tags=tags, under=chinese_name),
                Column(_("Type"), "field.raw_type", cells.mono, weight=2),
                Column(
                    _("Data element"),
                    lambda line: parts.element_link(line.element),
                    under=lambda line: line.element and cells.mono(line.element.key),
                ),
                Column(_("Match"), lambda line: parts.state_of("match")(line.field), cells.state, under=why, weight=2),
                Column(_("Grade"), lambda line: parts.grade_tag(line.field.grade), cells.tag, weight=2),
                Column(_("Empty"), lambda line: empty.get(line.field.name), cells.percent, weight=3),
                Column(_("Score"), "field.score", cells.score, align="right", sort="score", weight=2),
                Column("", buttons=lambda line: buttons(line.field)),
            ),
            empty=_("No field is known yet: gather the source first."),
            is_two_lines=True,
        ),
    )


def chinese_name(line: FieldEntry) -> str:
    """A column's Chinese name where it says more than the name delivered."""
    return line.field.chinese if line.field.chinese != line.field.name else ""


def quality(request: HttpRequest, shown: Entry) -> Body:
    """The score taken apart: dimensions with their weights and formula, fields, and the course over time."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    made_of = shown.dataset.score_parts
    rules = _(
        "The score is the weighted mean of the dimensions that apply; the weight of one that does not goes to the "
        "others. A notice counts %(notice)s of an error, a field of the key counts %(key)s times. Formula version "
        "%(version)s."
    ) % {
        "notice": formats.percent(FORMULA.notice, 0),
        "key": formats.exact(FORMULA.key_field),
        "version": FORMULA.version,
    }
    dimensions = Table(
        title=_("How the score is made"),
        note="GB/T 36344-2018",
        rows=vouched(Dimension, actor, VIEW),
        columns=(
            Column(_("Dimension"), dimension_name),
            Column(_("Share"), lambda one: made_of.get(one.value), share_of_dimension),
            Column(_("Weight"), lambda one: FORMULA.weights[one], lambda value: cells.percent(value, 0), align="right"),
            Column(_("How it is counted"), lambda one: _(one.formula), weight=2, wraps=True),
        ),
    )
    by_field = Table(
        title=_("Fields"),
        rows=shown.fields,
        columns=(
            Column(
                _("Field"),
                "field.name",
                cells.mono,
                link=lambda line: f"?tab=problems&field={quote(line.field.name)}" if shown.is_open else "",
                under=chinese_name,
                sort="field",
            ),
            Column(_("Data element"), lambda line: parts.element_link(line.element), weight=2),
            Column(_("Score"), "field.score", cells.scored, sort="score"),
            Column(_("Made of"), lambda line: parts_of_score(line.field.score_parts), weight=2, wraps=True),
        ),
        is_two_lines=True,
    )
    grade = parts.grade_tag(shown.grade or "", whole=True)
    return (
        Row(
            Stack(dimensions, Notice(text=rules, tone="quiet"), by_field),
            Stack(
                ChartPanel(
                    title=_("Score over time"),
                    chart=parts.trend_chart(shown.history),
                    empty=_("A course needs at least two governance passes."),
                ),
                Facts(
                    title=_("Grade"),
                    of=shown.dataset,
                    facts=(Fact(_("Grade"), grade, cells.tag), Fact(_("Reasons"), shown.grade_reason)),
                ),
            ),
            widths="main",
        ),
    )


def dimension_name(dimension: Dimension) -> str:
    """The word for a dimension of quality."""
    return dimension.chinese if formats.is_chinese() else f"{_(dimension.label)} {dimension.chinese}"


def share_of_dimension(value: float | None) -> SafeString:
    """How far a dimension is met, 0-100."""
    return cells.scored(value) if value is not None else format_html("{}", _("does not apply"))


def parts_of_score(made_of: dict[str, float]) -> str:
    """The dimensions of a field's score."""
    known = [(Dimension(name), value) for name, value in made_of.items() if name in set(Dimension)]
    return " · ".join(
        f"{one.chinese if formats.is_chinese() else _(one.label)} {formats.number(value, 1)}" for one, value in known
    )


def problems(request: HttpRequest, shown: Entry) -> Body:
    """One page of the last pass's findings, filtered by rule and field."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    run = last_run(shown.dataset, actor)
    if run is None:
        return (not_governed(actor, _("Problem rows appear after the first governance pass.")),)
    asked = {name: request.GET.get(name, "") for name in ("rule", "field", "severity", "text")}
    offset = (page_number(request.GET.get("page")) - 1) * FINDINGS_ON_PAGE
    found = problem_rows(run, lake(), actor, only=ProblemFilter(**asked), offset=offset, limit=FINDINGS_ON_PAGE)
    if offset and not found.rows:
        found = problem_rows(run, lake(), actor, only=ProblemFilter(**asked), limit=FINDINGS_ON_PAGE)
    counts = problem_counts(run)
    rules: Counter[str] = Counter()
    for line in counts:
        rules[line["rule"]] += line["rows"]
    words = [(rule, f"{_(check_words(rule))} · {rule} ({rows:,})") for rule, rows in rules.most_common()]
    names = sorted({line["field"] for line in counts if line["field"]})
    return (
        Filters(
            asked=asked,
            choices=(
                Choice("rule", _("All rules"), words),
                Choice("field", _("All fields"), [(name, name) for name in names]),
                Choice("text", _("Key or value, as masked"), kind="text"),
            ),
        ),
        Table(
            key="found",
            title=_("Problem rows"),
            note=cells.joined(" · ", (pass_of(run), _("Values are masked by the grade of their element."))),
            rows=found.rows,
            columns=(
                Column(_("Row"), lambda row: row["row"] + 1, cells.number),
                Column(_("Key"), lambda row: row["row_key"], weight=2),
                Column(_("Field"), lambda row: row["field"], cells.mono),
                Column(
                    _("What is wrong"),
                    lambda row: (_(check_words(row["rule"])), tone(row["severity"])),
                    cells.state,
                    under=lambda row: cells.mono(row["rule"]),
                ),
                Column(_("Seen"), lambda row: row["seen"], cells.seen),
                Column(_("Clause"), lambda row: row["clause"], weight=2),
                Column(_("How to mend it"), lambda row: _(row["remedy"] or "—"), weight=3, wraps=True),
            ),
            paging=Paging(found.offset // FINDINGS_ON_PAGE + 1, found.total, FINDINGS_ON_PAGE),
            empty=_("No problem row: every row passed every rule that applies to it."),
            empty_icon="circle-check",
            is_two_lines=True,
        ),
    )


def pass_of(run: Any) -> SafeString:
    """Which governance pass is shown, and by which rules."""
    return cells.joined(" ", (_("pass of"), cells.moment(run.finished_at), _("rules"), cells.mono(run.rule_version)))


def not_governed(actor: Actor, words: str) -> Panel:
    """What stands where the first governance pass will show something."""
    nothing = Column(_("Field"), "name")
    return Table(rows=vouched((), actor, VIEW), columns=(nothing,), empty=words, empty_icon="hourglass")


def profiled(request: HttpRequest, shown: Entry) -> Body:
    """What the last pass saw in each field, and what it standardised."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    run = last_run(shown.dataset, actor)
    if run is None:
        return (not_governed(actor, _("The profile appears after the first governance pass.")),)
    seen = profile(run)
    rows = _("%(number)s rows") % {"number": formats.number(run.rows_in)}
    return (
        Table(
            title=_("Profile"),
            note=cells.joined(" · ", (pass_of(run), rows, cells.joined(" ", (cells.duration(run.cpu_seconds), "CPU")))),
            rows=vouched([(one, seen[one.field.name]) for one in shown.fields if one.field.name in seen], actor, VIEW),
            columns=(
                Column(
                    _("Field"),
                    lambda line: cells.lines(
                        cells.mono(line[0].field.name),
                        chinese_name(line[0]),
                        parts.element_link(line[0].element) if line[0].element else "",
                    ),
                ),
                Column(_("Filled in"), lambda line: filled(line[1])),
                Column(_("Different values"), lambda line: distinct(line[1]), align="right"),
                Column(_("Range"), lambda line: extent(line[1]), weight=2),
                Column(_("Most frequent values"), lambda line: frequent(line[1]), wraps=True),
                Column(_("Forms"), lambda line: counted_lines((line[1].get("shapes") or ())[:3], cells.mono), weight=2),
                Column(
                    _("Standardised"),
                    lambda line: counted_lines(
                        (run.standardised.get(line[0].field.name) or {}).items(), lambda step: _(step_words(step))
                    ),
                    weight=3,
                ),
                Column(_("Against the last pass"), lambda line: drifted(line[1].get("drift")), weight=3),
            ),
            is_two_lines=True,
        ),
    )


def filled(seen: dict[str, Any]) -> SafeString:
    """The share of rows that hold a value, with its bar and the number of empty ones."""
    known = parts.share(seen["rows"] - seen["nulls"], seen["rows"])
    empty = cells.joined(" ", (cells.number(seen["nulls"]), _("empty"))) if seen["nulls"] else ""
    return cells.lines(cells.percent(known), bar(known, 1, "data"), empty)


def distinct(seen: dict[str, Any]) -> SafeString:
    """How many different values there are; from a sketch when there are many."""
    return cells.joined("", ("" if seen.get("is_exact", True) else "≈ ", cells.number(seen.get("distinct"))))


def extent(seen: dict[str, Any]) -> SafeString:
    """Least and greatest value, and how long the texts are."""
    least, most, shortest, longest = (seen.get(name) for name in ("minimum", "maximum", "shortest", "longest"))
    lengths = ""
    if longest is not None and shortest == longest:
        lengths = ngettext("%(number)s character", "%(number)s characters", longest) % {"number": longest}
    elif longest is not None:
        lengths = _("%(shortest)s–%(longest)s characters") % {"shortest": shortest, "longest": longest}
    between = "" if least is None else format_html('<span class="n">{} – {}</span>', least, most)
    return cells.lines(between, lengths)


def frequent(seen: dict[str, Any]) -> SafeString:
    """The most frequent values, masked, each with its number."""
    shown = format_html_join(
        "",
        '<span class="top-value">{} <span class="quiet">{}</span></span>',
        ((cells.seen(value), cells.number(count)) for value, count in (seen.get("top") or ())[:5]),
    )
    return shown or cells.text(None)


def counted_lines(pairs: Any, words: Callable[[str], str]) -> SafeString:
    """Small lines of words with a number each; a dash for none."""
    shown = [cells.joined(" ", (words(name), cells.number(number))) for name, number in pairs]
    return cells.lines("", *shown) if shown else cells.text(None)


def drifted(drift: dict[str, float] | None) -> SafeString:
    """How the values moved against the last pass (PSI of the most frequent ones), as far as it is known."""
    if not drift:
        return cells.text(_("first pass"))
    nulls, ratio, moved = (drift.get(name) for name in ("nulls", "distinct", "top"))
    words = None
    if moved is not None:
        high, some = moved > SHIFTED, moved > MOVING
        said = _("shifted") if high else _("moving") if some else _("steady")
        words = cells.state((f"{said} PSI {moved:.3f}", "bad" if high else "fair" if some else "good"))
    return cells.lines(
        "",
        "" if nulls is None else f"{_('empty')} {nulls * 100:+.2f} pp",
        f"{_('different values')} ×{ratio:.2f}" if ratio else "",
        words,
    )


def sampled(request: HttpRequest, shown: Entry) -> Body:
    """The first rows, masked."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = samples(shown.dataset, lake(), actor)
    words = _(
        "The first rows of the table “%(table)s”. Values are masked by their element; fields nobody has graded are "
        "hidden whole."
    ) % {"table": found.namespace}
    columns = tuple(Column(name, lambda row, place=place: row[place]) for place, name in enumerate(found.columns))
    return (
        Table(
            title=_("Samples"),
            note=words if found.rows else "",
            rows=found.rows,
            columns=columns or (Column(_("Field"), "name"),),
            empty=_("No row yet. Samples appear after the first load."),
            empty_icon="table",
            cards=False,
        ),
    )


def versions(request: HttpRequest, shown: Entry) -> Body:
    """The way of the rows through the lake, with runs whose sums add up, versions and changed columns."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    changes = changes_of_dataset(shown.dataset, actor)

    def served(version: Any) -> tuple[Tag | None]:
        return (Tag(_("served"), "good") if version.snapshot == shown.dataset.raw_snapshot else None,)

    history = Table(
        title=_("Versions"),
        note=formats.number(len(shown.versions)),
        rows=shown.versions,
        columns=(
            Column(_("Made"), "made_at", cells.moment),
            Column(_("Snapshot"), "snapshot", cells.mono, tags=served),
            Column(_("Rows"), "rows", cells.number),
            Column(_("Columns"), lambda version: len(version.schema), cells.number, weight=2),
            Column(_("Note"), "note", weight=2),
        ),
        empty=_("No version yet"),
        empty_icon="history",
    )
    return (
        way(actor, shown),
        parts.changes_table(
            changes, actor, title=_("Changed columns"), key="changes", note=formats.number(len(changes))
        ),
        history,
        parts.gather_table(gather_runs_of_dataset(shown.dataset, actor), request, title=_("Loads")),
        parts.govern_table(runs(shown.dataset, actor), request, title=_("Governance passes")),
    )


def way(actor: Actor, shown: Entry) -> Flow:
    """The stations of a dataset's rows, and the datasets it refers to or is referred to by."""
    source = source_of_dataset(shown.dataset, actor)
    begin = Stop(title=shown.dataset.source_key)
    if source:
        begin = Stop(title=titled(source), url=reverse("source", args=[source.key]), text=source.kind)
    raw, *others = [stop(stage) for stage in lineage(shown.dataset, lake())]
    arrow = cells.joined(" ", ("→",))
    links = [
        cells.joined(" ", (cells.mono(one.column), arrow, dataset_link(one.dataset), cells.mono(one.field)))
        for one in shown.refers_to
    ] + [
        cells.joined(" ", (dataset_link(one.dataset), cells.mono(one.column), arrow, cells.mono(one.field)))
        for one in shown.referred_by
    ]
    steps = tuple(vouched(step, actor, VIEW) for step in ((begin,), (raw,), others))
    return Flow(title=_("The way of the rows"), steps=steps, foot=cells.joined(" · ", links))


def dataset_link(dataset: Any) -> SafeString:
    """A dataset's name, leading to its page."""
    return cells.link(titled(dataset), reverse("dataset", args=[dataset.key]))


def stop(stage: Stage) -> Stop:
    """One table of the lake as a station."""
    names = {"raw": _("Raw table"), "standard": _("Standard table"), "held": _("Held back"), "problem": _("Findings")}
    rows = _("%(number)s rows") % {"number": formats.number(stage.rows)}
    made = cells.joined(" ", (_("snapshot"), stage.snapshot, "·", cells.age(stage.made_at)))
    return Stop(
        title=names[stage.namespace],
        url="?tab=problems" if stage.namespace == "problem" else "",
        text=f"{rows} · {formats.size(stage.bytes)}",
        lines=(cells.mono(f"{stage.namespace}.{stage.table}"), made if stage.snapshot else _("never written")),
    )


PANELS: dict[str, Callable[[HttpRequest, Entry], Body]] = {
    "fields": fields,
    "quality": quality,
    "problems": problems,
    "profile": profiled,
    "samples": sampled,
    "versions": versions,
}
"""Tab -> what stands under it."""

BEHIND = frozenset({"problems", "profile", "samples", "versions"})
"""Tabs that show what lies behind an entry's head: its provider's, and theirs who work for the whole county."""
