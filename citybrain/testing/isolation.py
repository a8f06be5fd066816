"""A pytest plug-in, loaded before the settings: tests write to a home of their own and read the source language."""

import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils import translation

home = tempfile.mkdtemp(prefix="citybrain-tests-")
atexit.register(shutil.rmtree, home, ignore_errors=True)
for name in [name for name in os.environ if name.startswith("CITYBRAIN_") and name != "CITYBRAIN_LOG_LEVEL"]:
    del os.environ[name]
os.environ["CITYBRAIN_HOME"] = home

# PySpark takes a main module without a file for its own doctests and ends the process; parallel test workers have none.
main = sys.modules["__main__"]
if not hasattr(main, "__file__"):
    main.__file__ = __file__


@pytest.fixture(autouse=True, scope="session")
def cheap_passwords() -> None:
    """Argon2 as in production, with the least work it can do: tests make hundreds of people."""
    Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 64, 1


@pytest.fixture(autouse=True)
def source_language() -> Iterator[None]:
    """Messages as the sources write them; a page asked for in Chinese still answers in Chinese."""
    with translation.override("en"):
        yield
