"""Numbers, spans and ages as the pages write them."""

import datetime

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from citybrain.ui import formats
from citybrain.ui.charts import spark_points
from citybrain.ui.paging import Paging, page_number, paging

NOON = datetime.datetime(2026, 11, 21, 12, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("language", "value", "shown"),
    [
        ("zh-hans", 9_999, "9,999"),
        ("zh-hans", 12_345, "1.23万"),
        ("zh-hans", 1_234_567, "123.5万"),
        ("zh-hans", 123_456_789, "1.23亿"),
        ("en", 9_999, "9,999"),
        ("en", 12_345, "12.3k"),
        ("en", 1_234_567, "1.23M"),
        ("en", None, "—"),
    ],
)
def test_large_numbers_follow_the_language(language: str, value: int | None, shown: str) -> None:
    with override(language):
        assert formats.short(value) == shown


@given(st.floats(0, 1))
def test_a_share_is_shown_as_whole_or_nothing_only_when_it_is(share: float) -> None:
    shown = formats.percent(share)
    assert (shown == "100%") == (share == 1)
    assert (shown == "0%") == (share == 0)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (5, "just now"),
        (60, "1 minute ago"),
        (7200, "2 hours ago"),
        (86400 * 3, "3 days ago"),
        (86400 * 90, "3 months ago"),
        (86400 * 800, "2 years ago"),
        (-7200, "in 2 hours"),
    ],
)
def test_ages_are_told_in_their_largest_unit(seconds: int, shown: str) -> None:
    with override("en"):
        assert formats.age(NOON - datetime.timedelta(seconds=seconds), NOON) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.34, "340 ms"), (12.44, "12.4 s"), (200, "3 min 20 s"), (7500, "2 h 5 min")]
)
def test_durations(seconds: float, shown: str) -> None:
    with override("en"):
        assert formats.duration(seconds) == shown


@pytest.mark.parametrize(("octets", "shown"), [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KB"), (3 * 1024**3, "3.0 GB")])
def test_sizes(octets: int, shown: str) -> None:
    assert formats.size(octets) == shown


@pytest.mark.parametrize(("score", "band"), [(None, "none"), (100, "good"), (90, "good"), (89.9, "fair"), (74, "bad")])
def test_bands(score: float | None, band: str) -> None:
    assert formats.band(score) == band


@pytest.mark.parametrize("text", [None, "", "0", "-3", "x", "１", "9" * 30, "2; drop table"])
def test_a_page_number_that_means_nothing_is_the_first(text: str | None) -> None:
    assert page_number(text) == 1


@given(st.integers(0, 10_000), st.integers(1, 300), st.integers(1, 500))
def test_pages_cover_every_row_once(total: int, size: int, asked: int) -> None:
    shown = paging(str(asked), total, size)
    assert 1 <= shown.number <= shown.last
    assert shown.last_row - shown.offset == min(size, total - shown.offset)
    numbers = [number for number in shown.numbers() if number]
    assert numbers[0] == 1 and numbers[-1] == shown.last and shown.number in numbers
    assert len(numbers) <= 7


def test_gaps_between_offered_pages_are_marked() -> None:
    assert list(Paging(6, 1000, 50).numbers()) == [1, None, 4, 5, 6, 7, 8, None, 20]


def test_a_sparkline_needs_two_values_and_stays_in_its_frame() -> None:
    assert spark_points([1], 90, 20) == ""
    assert spark_points([None, 3, None], 90, 20) == ""
    points = [tuple(map(float, point.split(","))) for point in spark_points([1, None, 5, 3], 90, 20).split()]
    assert len(points) == 3
    assert all(0 <= x <= 90 and 0 <= y <= 20 for x, y in points)
    assert points[1][1] < points[0][1], "a higher value stands higher"
