"""PostgreSQL commits in another order than it numbers: a reader still passes nothing over."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connections, transaction

from citybrain.kernel.live.actions import announce
from citybrain.kernel.live.queries import BEGINNING, Position, after, is_known, latest, position_of

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.parametrize("own_database", ["postgresql"], indirect=True),
]

INSERT = """INSERT INTO live_liveevent (transaction, topic, payload, permission, at)
VALUES (pg_current_xact_id()::text::bigint, %s, '{}', '', now())"""


@pytest.fixture
def postgres(own_database: str) -> str:
    """Address of an empty PostgreSQL, which this process's Django is pointed at."""
    database = connections["default"].settings_dict
    return f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"


def test_an_event_committed_late_is_not_passed_over(postgres: str) -> None:
    announce("before")
    seen = latest()
    with psycopg.connect(postgres) as slow:
        slow.execute(INSERT, ["drawn first, committed last"])
        announce("drawn last, committed first")
        assert after(seen) == [], "nothing after an open transaction is settled"
        assert latest() == seen
    found = after(seen)
    assert [event.topic for event in found] == ["drawn first, committed last", "drawn last, committed first"]
    assert after(position_of(found[-1])) == []


def test_one_transaction_may_announce_much_and_a_rolled_back_one_nothing(postgres: str) -> None:
    with transaction.atomic():
        announce("a")
        announce("b")
    with psycopg.connect(postgres) as lost:
        lost.execute(INSERT, ["never"])
        lost.rollback()
    assert [event.topic for event in after(BEGINNING)] == ["a", "b"]
    assert [event.topic for event in after(position_of(after(BEGINNING)[0]))] == ["b"]


def test_a_position_of_another_database_is_not_known(postgres: str) -> None:
    announce("a")
    assert is_known(latest())
    assert not is_known(Position(10**12, 5))
