"""Clocks in words."""

import pytest
from django.utils.translation import override

from citybrain.warehouse.pages.schedules import schedule_words


@pytest.mark.parametrize(
    ("cron", "words"),
    [
        ("0 2 * * *", "daily 02:00"),
        ("5 * * * *", "hourly, at minute 5"),
        ("0 3 1 * *", "monthly on day 1, 03:00"),
        ("30 8 * * 1", "Mondays 08:30"),
        ("*/5 * * * *", "*/5 * * * *"),
        ("0 2 * 3 *", "0 2 * 3 *"),
        ("0 2 1 * 1", "0 2 1 * 1"),
        ("0 2 * *", "0 2 * *"),
        ("", ""),
    ],
)
def test_a_clock_is_said_in_words_or_left_as_it_is(cron: str, words: str) -> None:
    with override("en"):
        assert schedule_words(cron) == words
