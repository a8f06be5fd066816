"""The composed site: Django's checks and ours find nothing, and the migrations are what the models say."""

from __future__ import annotations

from django.apps import apps
from django.core import checks
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils import translation

from citybrain.site import urls


def test_declarations_and_settings_are_in_order() -> None:
    assert urls.urlpatterns
    findings = [finding for finding in checks.run_checks() if finding.level >= checks.WARNING]
    assert [f"{finding.id} {finding.msg} {finding.hint or ''}" for finding in findings] == []


def test_migrations_are_what_the_models_say() -> None:
    loader = MigrationLoader(None)
    assert loader.detect_conflicts() == {}
    # Migrations hold the source's words, not those of the reader's language.
    with translation.override(None):
        models = ProjectState.from_apps(apps)
        changes = MigrationAutodetector(loader.project_state(), models).changes(graph=loader.graph)
    missing = [
        f"{label}: {operation.describe()}"
        for label, migrations in changes.items()
        for migration in migrations
        for operation in migration.operations
    ]
    assert missing == [], "run `python -m django makemigrations`"
