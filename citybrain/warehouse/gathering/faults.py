"""Named points where a test may kill the process, so that every order of events around a commit is tried."""

import os
import signal

FAILPOINTS = (
    "gathering-opened",
    "gathering-batch",
    "gathering-written",
    "gathering-prepared",
    "gathering-published",
    "gathering-finished",
)
"""In the order a load passes them."""


def failpoint(name: str) -> None:
    """Die by SIGKILL when the environment's CITYBRAIN_FAILPOINT names this point; else nothing."""
    if os.environ.get("CITYBRAIN_FAILPOINT") == name:
        os.kill(os.getpid(), signal.SIGKILL)
