"""A pytest plug-in, loaded before the settings: tests write to a home of their own and read the source language."""

import atexit
import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils import translation

# Collecting makes millions of objects that all stay; looking for garbage among them finds none.
gc.disable()

home = tempfile.mkdtemp(prefix="citybrain-tests-")
atexit.register(shutil.rmtree, home, ignore_errors=True)
database = os.environ.get("CITYBRAIN_TESTED_ON", "")
for name in [name for name in os.environ if name.startswith("CITYBRAIN_") and name != "CITYBRAIN_LOG_LEVEL"]:
    del os.environ[name]
os.environ["CITYBRAIN_HOME"] = home
if database:
    os.environ["CITYBRAIN_DATABASE_URL"] = database

# PySpark takes a main module without a file for its own doctests and ends the process; parallel test workers have none.
main = sys.modules["__main__"]
if not hasattr(main, "__file__"):
    main.__file__ = __file__


def pytest_collection_finish() -> None:
    """What was imported and collected stays: the collector of garbage need not walk it again and again."""
    gc.freeze()
    gc.enable()


@pytest.fixture(autouse=True, scope="session")
def cheap_passwords() -> None:
    """Argon2 as in production, with the least work it can do: tests make hundreds of people."""
    Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 64, 1


@pytest.fixture(autouse=True, scope="session")
def plain_static_files() -> None:
    """Pages name static files as they lie there: nothing is collected for a test."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)


@pytest.fixture(autouse=True)
def source_language() -> Iterator[None]:
    """Messages as the sources write them; a page asked for in Chinese still answers in Chinese."""
    with translation.override("en"):
        yield
