"""The page of the working calendar: a year at a glance, its holidays, and the hours that are kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.calendar import Calendar, Schedule, SpecialDays, calendar
from citybrain.kernel.identity.permissions import VIEW_CALENDAR
from citybrain.kernel.identity.scope import vouched
from citybrain.ui.access import requires
from citybrain.ui.formats import is_chinese
from citybrain.ui.panels import cells
from citybrain.ui.panels.days import Day, Year
from citybrain.ui.panels.kinds import Notice, Stat, Stats
from citybrain.ui.panels.panel import Link, Page, Tag
from citybrain.ui.panels.tables import Column, Table
from citybrain.ui.people.asking import actor_of
from citybrain.ui.people.words import url
from citybrain.ui.templatetags.shown import titled


@requires(VIEW_CALENDAR)
def year(request: HttpRequest) -> HttpResponse:
    """One year of the county's calendar; `?year=` names it."""
    actor = actor_of(request)
    known = calendar()
    today = timezone.localdate()
    wanted = request.GET.get("year", "")
    shown = int(wanted) if wanted.isascii() and wanted.isdigit() and 1950 <= int(wanted) <= 2150 else today.year
    days = [date(shown, 1, 1) + timedelta(days=number) for number in range(366)]
    days = [day for day in days if day.year == shown]
    is_known = shown in known.years
    text = _("The holidays of %d are not entered: only weekends are free. Add the notice to calendar.csv.") % shown
    working = sum(known.is_working_day(day) for day in days)
    page = Page(
        title=_("Working calendar %d") % shown,
        lead=_("Time limits are counted by these days and hours: holidays, and the days worked in exchange."),
        ways=tuple(
            Link(title=str(one), url=f"{url('calendar')}?year={one}")
            for one in sorted({*known.years, shown, today.year})
        ),
        way=f"{url('calendar')}?year={shown}",
        notices=() if is_known else (Notice(text=text, tone="fair"),),
        body=(
            Stats(
                stats=(
                    Stat(title=_("Working days"), value=working, cell=cells.number),
                    Stat(title=_("Free days"), value=len(days) - working, cell=cells.number),
                    Stat(title=_("Holidays on weekdays"), value=holidays(known, days), cell=cells.number),
                    Stat(title=_("Days worked in exchange"), value=exchanged(known, days), cell=cells.number),
                )
            ),
            Year(
                title=_("%d at a glance") % shown,
                year=shown,
                today=today,
                days=vouched((day_of(known, day) for day in days), actor, VIEW_CALENDAR),
            ),
            special_table(actor, known, shown),
            hours_table(actor, known),
        ),
    )
    return page.respond(request)


def holidays(known: Calendar, days: list[date]) -> int:
    """Weekdays that are free."""
    return sum(day.weekday() < 5 and not known.is_working_day(day) for day in days)


def exchanged(known: Calendar, days: list[date]) -> int:
    """Weekend days that are worked."""
    return sum(day.weekday() >= 5 and known.is_working_day(day) for day in days)


def day_of(known: Calendar, day: date) -> Day:
    """A day as the year shows it."""
    special = known.exception(day)
    if special is not None:
        return Day(date=day, kind="worked" if special.is_working else "holiday", title=name(special))
    return Day(date=day, kind="working" if known.is_working_day(day) else "weekend")


def name(special: SpecialDays) -> str:
    """What a holiday is called."""
    if is_chinese() or not special.english:
        return special.chinese
    return special.english if not special.is_working else _("%s, worked in exchange") % special.english


def special_table(actor: Actor, known: Calendar, shown: int) -> Table:
    """Holidays and exchanged days of the year, with the notice they stand in."""
    rows = [one for one in known.exceptions if one.since.year == shown]
    return Table(
        title=_("Holidays and exchanged days"),
        columns=(
            Column(title=_("First day"), value="since", cell=cells.day),
            Column(title=_("Last day"), value="until", cell=cells.day),
            Column(
                title=_("Days"), value=lambda row: (row.until - row.since).days + 1, cell=cells.number, align="right"
            ),
            Column(title=_("Name"), value=name),
            Column(title=_("Kind"), value=kind, cell=cells.tag),
            Column(title=_("Notice of the State Council"), value="source", cell=cells.chinese, weight=2),
        ),
        rows=vouched(rows, actor, VIEW_CALENDAR),
        empty=_("None is entered for this year."),
        empty_icon="calendar",
    )


def length(special: SpecialDays) -> int:
    """How many days it lasts."""
    return (special.until - special.since).days + 1


def kind(special: SpecialDays) -> Tag:
    """Free or worked."""
    if special.is_working:
        return Tag(title=_("worked"), tone="fair")
    return Tag(title=_("holiday"), tone="good")


def hours_table(actor: Actor, known: Calendar) -> Table:
    """The schedules of working hours."""
    return Table(
        title=_("Working hours"),
        columns=(
            Column(title=_("Kept by"), value=titled),
            Column(title=_("Days"), value=kept_on),
            Column(title=_("Hours"), value=lambda row: cells.lines(*seasons(row))),
        ),
        rows=vouched(known.schedules.values(), actor, VIEW_CALENDAR),
    )


def kept_on(schedule: Schedule) -> str:
    """Which days a schedule is kept on."""
    return {
        "working": _("Working days"),
        "working-and-saturdays": _("Working days and Saturdays"),
        "all": _("Every day"),
    }[schedule.days]


def seasons(schedule: Schedule) -> Iterator[str]:
    """Each season's hours in one line."""
    for season in schedule.seasons:
        hours = "  ".join(f"{clock(begin)}–{clock(end)}" for begin, end in season.hours)
        month, day = season.since
        yield (
            hours
            if len(schedule.seasons) == 1
            else _("%(hours)s from %(day)s")
            % {
                "hours": hours,
                "day": f"{month:02d}-{day:02d}",
            }
        )


def clock(seconds: int) -> str:
    """Seconds after midnight as a time of day."""
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"
