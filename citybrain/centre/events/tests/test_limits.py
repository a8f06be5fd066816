"""Time limits: the type's own, the county's table, the level's; what is written wrongly is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from citybrain.centre.events.limits import _limit_of, limit_of, parse, read_limits
from citybrain.centre.events.tests.county import FLOOD, PIT, WORD
from citybrain.declare.event import Clock, Counting, Days, Hours, Level, Loop, TimeLimit, WorkingHours


def county(folder: Path, text: str) -> Path:
    (folder / "county.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("30 minutes", Hours(0.5)),
        ("2 hours", Hours(2)),
        ("4 working-hours", WorkingHours(4)),
        (" 15  days ", Days(15)),
        ("0.5 hours", Hours(0.5)),
        ("3 working-days", TimeLimit(3, Counting.WORKING_DAYS)),
    ],
)
def test_a_limit_is_read(text: str, limit: TimeLimit):
    assert parse(text) == limit


@pytest.mark.parametrize(
    "text", ["", "4", "soon", "4 weeks", "-1 hours", "0 days", "1.5 days", "nan hours", "1e9 hours"]
)
def test_no_limit_is_refused(text: str):
    with pytest.raises(ValueError, match=r"limit|whole"):
        parse(text)


def test_the_types_own_limit_holds_until_its_level_is_raised():
    assert limit_of(Clock.HANDLE, PIT.key, Level.BLUE, Loop.MICRO) == WorkingHours(24)
    assert limit_of(Clock.HANDLE, PIT.key, Level.RED, Loop.LARGE) == Hours(2)
    # A level's limit that is longer than the type's own changes nothing.
    assert limit_of(Clock.HANDLE, PIT.key, Level.YELLOW, Loop.SMALL) == WorkingHours(24)
    # Lowering never lengthens what the type says.
    assert limit_of(Clock.HANDLE, FLOOD.key, Level.BLUE, Loop.MICRO) == Days(7)


def test_without_one_the_levels_holds_and_wide_loops_have_longer():
    assert limit_of(Clock.HANDLE, WORD.key, Level.BLUE, Loop.MICRO) == Days(7)
    assert limit_of(Clock.HANDLE, WORD.key, Level.BLUE, Loop.SMALL) == Days(15)
    assert limit_of(Clock.HANDLE, "gone", Level.ORANGE, Loop.SMALL) == Hours(24)


@pytest.mark.parametrize("loop", list(Loop))
@pytest.mark.parametrize("level", list(Level))
def test_the_whole_event_may_take_longer_than_its_handling(level: Level, loop: Loop):
    whole = limit_of(Clock.WHOLE, PIT.key, level, loop)
    assert whole.counting in (Counting.CLOCK, Counting.CALENDAR_DAYS)
    assert whole.amount * (24 if whole.counting is Counting.CALENDAR_DAYS else 1) >= 12


def test_a_county_sets_its_own(tmp_path: Path):
    text = '[limits.blue]\nverify = "1 hours"\n[limits.wide.blue]\nhandle = "20 days"\n'
    text += f'[limits.types.{PIT.key}]\nhandle = "9 days"\n'
    folder = county(tmp_path, text)
    assert _limit_of(folder, Clock.VERIFY, WORD.key, Level.BLUE, Loop.MICRO) == Hours(1)
    assert _limit_of(folder, Clock.HANDLE, WORD.key, Level.BLUE, Loop.SMALL) == Days(20)
    assert _limit_of(folder, Clock.HANDLE, PIT.key, Level.BLUE, Loop.MICRO) == Days(9)
    assert _limit_of(folder, Clock.WHOLE, PIT.key, Level.BLUE, Loop.MICRO).amount >= 9


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[limits.pink]\nverify = "1 hours"', "no level pink"),
        ('[limits.blue]\nverfy = "1 hours"', "no clock verfy"),
        ('[limits.blue]\nverify = "soon"', "limits.blue.verify"),
        ("[limits]\nwide = 3", "wide must be a table"),
        ("[limits]\nblue = 3", "must be a table"),
    ],
)
def test_what_is_written_wrongly_is_named(tmp_path: Path, text: str, fault: str):
    with pytest.raises(ValueError, match="limits") as caught:
        read_limits(county(tmp_path, text))
    assert fault in str(caught.value) and "county.toml" in str(caught.value)


def test_the_countys_own_table_is_readable():
    assert set(read_limits(Path(settings.COUNTY)).levels) == set(Level)
