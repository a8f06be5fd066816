"""What processes of the live stream's fault test do: `python -m tests.faults.live_process set-up|announce …`."""

from __future__ import annotations

import sys
import time

import citybrain.site.startup  # noqa: F401 - Django must be ready before models are imported

# isort: split
from django.test import Client

from citybrain.kernel.identity.models import User
from citybrain.kernel.live.actions import announce


def set_up() -> None:
    """Somebody of the installation, whose session's key is printed."""
    user = User.objects.create_user("reader")
    client = Client()
    client.force_login(user)
    print(client.cookies["sessionid"].value)


def tell(first: int, last: int, pause: float) -> None:
    """Announce `n:<number>` for every number from `first` to `last`, with a pause in seconds between two."""
    for number in range(first, last + 1):
        announce(f"n:{number}", {"sent": time.time()})
        time.sleep(pause)


if __name__ == "__main__":
    if sys.argv[1] == "set-up":
        set_up()
    else:
        tell(int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
