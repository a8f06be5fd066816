"""A worker in a process of its own, for tests that kill it: `python -m citybrain.kernel.jobs.tests.worker_process`."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "citybrain.site.settings")
django.setup()

from citybrain.kernel.jobs.tests import sample_jobs  # noqa: E402, F401
from citybrain.kernel.jobs.worker import work  # noqa: E402

if __name__ == "__main__":
    sys.exit(work(timeout=5.0))
