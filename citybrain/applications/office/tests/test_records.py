"""Service points and feedback do what every register does."""

from __future__ import annotations

from citybrain.applications.office.models import Feedback, ServicePoint
from citybrain.testing.records import RecordTestCase


class ServicePointTest(RecordTestCase):
    """Pages, permissions, import and export, API, history, masking: inherited, tried with the rows of `sample/`."""

    model = ServicePoint


class FeedbackTest(RecordTestCase):
    """The same for feedback."""

    model = Feedback
    rows = (
        {"title": "停车难", "kind": "complaint", "text": "周六停车位太少。", "contact": "13800001234"},
        {"title": "办事快", "kind": "praise", "text": "十分钟办完。", "state": "answered", "answered_on": "2026-11-12"},
    )
