"""What the pages of the office's records do differently."""

from __future__ import annotations

from citybrain.applications.office.models import Feedback, ServicePoint
from citybrain.ui.records.pages import RecordPages


class ServicePointPages(RecordPages):
    """The list shows what a visitor asks first."""

    model = ServicePoint
    columns = ("number", "title", "kind", "area", "phone", "windows", "is_barrier_free", "organisation")
    filters = ("kind", "area", "is_barrier_free", "organisation", "opened_on")


class FeedbackPages(RecordPages):
    """What waits for an answer stands out; the state makes the tabs of the list."""

    model = Feedback
    columns = ("number", "title", "kind", "state", "organisation", "area", "created_at", "answered_on")
    filters = ("kind", "organisation", "area", "created_at")
    tones = {"open": "fair", "answered": "good", "closed": "quiet"}
