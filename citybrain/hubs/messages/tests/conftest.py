"""What tests of messages share: the worker's jobs are known, and a notice is declared."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import citybrain.hubs.messages.jobs  # noqa: F401 - a job is known when its room was imported
from citybrain.declare.notice import Notice
from citybrain.hubs.messages.tests.samples import GRAVE, OVERDUE
from citybrain.kernel.registry.registry import registry


@pytest.fixture(autouse=True)
def known() -> Iterator[None]:
    """The registry knows the sample notices while a test runs."""
    declared = registry()._by_kind.setdefault(Notice, {})
    declared |= {notice.key: notice for notice in (OVERDUE, GRAVE)}
    yield
    for notice in (OVERDUE, GRAVE):
        del declared[notice.key]
