"""Indexes that carry what scope, tabs and filters ask: a desk among a million events looks into none but those it shows.

It follows the newest migration of the room when it was written, with which it has nothing else in common.
"""

from django.db import migrations, models

OPEN = ("new", "accepted", "dispatched", "in_progress", "paused", "handed_out", "reported_done")
ASKED = ["state", "organisation", "area", "owner", "level", "channel", "type"]
COUNTED = ["state", "due_at", "is_supervised", "return_count", "state_since", "post", *ASKED[1:]]

INDEXES = (
    ("event_desk", ["organisation", "state", "due_at", "owner", "post"], OPEN),
    ("event_queue", COUNTED, OPEN),
    ("event_mine", ["owner", "state", "level", "state_since"], OPEN),
    ("event_near", ["place_x", "place_y", *ASKED, "opened_at"], OPEN),
    ("event_done", ["closed_at", *ASKED], ("closed", "appraised")),
    ("event_ended", ["opened_at", *ASKED], ("rejected", "cancelled", "merged")),
    ("event_time", ["opened_at", *ASKED], ()),
)
KNOWN = ("event_desk", "event_queue", "event_mine", "event_near", "event_done")
"""Those of these names that carry less."""


def index(name: str, fields: list[str], states: tuple[str, ...]) -> models.Index:
    """An index over events in some states, or over all."""
    return models.Index(fields=fields, name=name, condition=models.Q(state__in=states) if states else None)


class Migration(migrations.Migration):
    dependencies = [("events", "0003_pictures")]

    operations = [
        *(migrations.RemoveIndex("event", name) for name in KNOWN),
        *(migrations.AddIndex("event", index(*one)) for one in INDEXES),
        migrations.AddIndex("task", models.Index(fields=["organisation", "event"], name="task_seen")),
    ]
