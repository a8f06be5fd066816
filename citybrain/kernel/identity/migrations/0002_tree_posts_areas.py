"""The tree of organisations, areas, posts with their holders, delegations and the security log."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def fill_paths(apps: Any, schema_editor: Any) -> None:
    """Bodies that were there before the tree are roots of their own until the county's data hang them up."""
    organisations = apps.get_model("identity", "Organisation")
    rows = list(organisations.objects.filter(path=""))
    for row in rows:
        row.path = f"{row.key}/"
    organisations.objects.bulk_update(rows, ["path"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="is_active",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="organisation",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="children",
                to="identity.organisation",
                verbose_name="part of",
            ),
        ),
        migrations.AddField(
            model_name="organisation",
            name="path",
            field=models.CharField(blank=True, db_index=True, editable=False, max_length=255),
        ),
        migrations.AddField(
            model_name="organisation",
            name="schedule",
            field=models.SlugField(default="office", max_length=32),
        ),
        migrations.AddField(
            model_name="user",
            name="chinese",
            field=models.CharField(blank=True, max_length=64, verbose_name="name"),
        ),
        migrations.AddField(
            model_name="user",
            name="kind",
            field=models.CharField(
                choices=[("official", "Official"), ("citizen", "Citizen")], default="official", max_length=16
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="language",
            field=models.CharField(blank=True, max_length=8, verbose_name="language"),
        ),
        migrations.AddField(
            model_name="user",
            name="large_type",
            field=models.BooleanField(default=False, verbose_name="large type"),
        ),
        migrations.AddField(
            model_name="user",
            name="phone",
            field=models.CharField(blank=True, max_length=20, verbose_name="phone"),
        ),
        migrations.AlterField(
            model_name="organisation",
            name="kind",
            field=models.CharField(
                choices=[
                    ("county", "County government"),
                    ("government", "Government department"),
                    ("institution", "Public institution"),
                    ("court", "Court"),
                    ("association", "Association"),
                    ("utility", "Public utility"),
                    ("town", "Town"),
                    ("subdistrict", "Subdistrict"),
                    ("zone", "Functional zone"),
                    ("section", "Section"),
                    ("village", "Village or community committee"),
                ],
                default="government",
                max_length=16,
            ),
        ),
        migrations.CreateModel(
            name="Area",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.CharField(blank=True, db_index=True, editable=False, max_length=255)),
                ("key", models.CharField(max_length=32, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("county", "County"),
                            ("town", "Town or subdistrict"),
                            ("zone", "Functional zone"),
                            ("village", "Village or neighbourhood"),
                            ("grid", "Grid"),
                        ],
                        max_length=16,
                    ),
                ),
                ("chinese", models.CharField(max_length=128)),
                ("english", models.CharField(blank=True, max_length=128)),
                ("shape", models.JSONField(blank=True, null=True)),
                ("seat", models.JSONField(blank=True, null=True)),
                ("is_synthetic", models.BooleanField(default=False)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="identity.area",
                        verbose_name="part of",
                    ),
                ),
            ],
            options={
                "ordering": ["key"],
            },
        ),
        migrations.AddField(
            model_name="organisation",
            name="area",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="identity.area"
            ),
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField(max_length=96, unique=True)),
                ("chinese", models.CharField(max_length=64, verbose_name="name")),
                ("english", models.CharField(blank=True, max_length=96)),
                ("roles", models.JSONField(blank=True, default=list)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.area",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="posts", to="identity.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ["organisation__position", "key"],
            },
        ),
        migrations.CreateModel(
            name="Appointment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
                ("is_main", models.BooleanField(default=False)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="appointments", to="identity.post"
                    ),
                ),
            ],
            options={
                "ordering": ["-is_main", "id"],
            },
        ),
        migrations.CreateModel(
            name="SecurityEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True, db_index=True)),
                ("action", models.CharField(db_index=True, max_length=48)),
                ("thing", models.CharField(blank=True, max_length=96)),
                ("thing_id", models.CharField(blank=True, max_length=96)),
                ("purpose", models.CharField(blank=True, max_length=200)),
                ("subject", models.CharField(blank=True, db_index=True, max_length=128)),
                ("detail", models.JSONField(blank=True, default=dict)),
                ("address", models.GenericIPAddressField(null=True)),
                (
                    "post",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="identity.post"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Delegation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("reason", models.CharField(max_length=200)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "appointment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations",
                        to="identity.appointment",
                    ),
                ),
                (
                    "deputy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deputising",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-since"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("since"))), name="delegation_lasts"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until", None)), fields=("user", "post"), name="one_current_holding"
            ),
        ),
        migrations.RunPython(fill_paths, migrations.RunPython.noop),
    ]
