"""An index over the pictures of the journal, those of steps made before too."""

from functools import lru_cache

import django.db.models.deletion
from django.db import migrations, models

from citybrain.centre.events.pictures import look_of, parts_of

BATCH = 500


def index(apps, schema_editor):
    """Enters what the pictures of steps made before serve for."""
    look = lru_cache(maxsize=10_000)(look_of)
    Step, Shown, LookPart = (apps.get_model("events", name) for name in ("Step", "Shown", "LookPart"))

    def enter(rows):
        made = Shown.objects.bulk_create(rows)
        LookPart.objects.bulk_create(LookPart(shown=row, value=value) for row in made for value in parts_of(row.look))

    rows = []
    for step in Step.objects.exclude(media=[]).order_by("pk").iterator(chunk_size=BATCH):
        roles = [line["role"] for line in step.media]
        for line in step.media:
            # From the field a picture comes marked and, as `other`, as the camera made it.
            role = "after" if line["role"] == "other" and "after" in roles else line["role"]
            if role in ("before", "after"):
                about = {"event_id": step.event_id, "step": step.number, "role": role, "digest": line["sha256"]}
                rows.append(Shown(**about, look=look(line["sha256"])))
        if len(rows) >= BATCH:
            enter(rows)
            rows = []
    enter(rows)


class Migration(migrations.Migration):
    dependencies = [("events", "0002_original_words")]

    operations = [
        migrations.CreateModel(
            name="Shown",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("step", models.PositiveIntegerField()),
                ("role", models.CharField(max_length=8)),
                ("digest", models.CharField(db_index=True, max_length=64)),
                ("look", models.CharField(blank=True, max_length=64)),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="shown", to="events.event"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LookPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("value", models.BigIntegerField(db_index=True)),
                (
                    "shown",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="events.shown"
                    ),
                ),
            ],
        ),
        migrations.RunPython(index, migrations.RunPython.noop),
    ]
