"""Officials at work at the same time: `size` sessions with think time against `citybrain serve`, for two minutes.

A county of `EVENTS` events, a tenth of them open. A tenth of the officials sit at the event desk, the others in bodies
and towns. Each does something every `THINK` seconds on average: list, drawer, counts, case, phone tasks, a step.
The load generator runs on the same cores.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

EVENTS = int(os.environ.get("EVENTS", "100000"))
THINK = float(os.environ.get("THINK", "30"))
"""Mean seconds between two things one official does."""
SECONDS = int(os.environ.get("SECONDS", "120"))
RAMP = 40
"""Officials that begin each second."""
GOAL_MS = 500
ROOT = Path(__file__).parent.parent


def run(size: int = 800) -> dict[str, Any]:
    """`size` officials; the figures are milliseconds as the officials' side measures them."""
    with tempfile.TemporaryDirectory(prefix="citybrain-officials-") as folder:
        home = Path(os.environ.get("OFFICIALS_HOME", folder))
        home.mkdir(parents=True, exist_ok=True)
        environment = {
            **os.environ,
            "CITYBRAIN_HOME": str(home),
            "CITYBRAIN_SECOND_FACTOR": "optional",
            "CITYBRAIN_LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "citybrain.site.settings",
            "SEATS": str(home / "seats.json"),
            "THINK": str(THINK),
            "CITYBRAIN_WEB_WORKERS": os.environ.get("CITYBRAIN_WEB_WORKERS", "2"),
        }
        prepare = [sys.executable, "-c", f"from benchmarks.officials import fill; fill({size})"]
        subprocess.run(prepare, cwd=ROOT, env=environment, check=True)
        port = free_port()
        serve = [sys.executable, "-m", "citybrain.site.command", "serve", "--port", str(port)]
        server = subprocess.Popen(serve, cwd=ROOT, env=environment)
        try:
            wait_for(port)
            before = processor_seconds(server.pid)
            stats = load(size, port, environment)
            spent = processor_seconds(server.pid) - before
        finally:
            server.terminate()
            server.wait(30)
    return summed(size, stats, spent)


def load(size: int, port: int, environment: dict[str, str]) -> list[dict[str, Any]]:
    """Locust's figures by name."""
    command = [
        *(sys.executable, "-m", "locust", "-f", str(ROOT / "benchmarks" / "officials_load.py"), "--headless"),
        *("--host", f"http://127.0.0.1:{port}", "-u", str(size), "-r", str(RAMP), "-t", f"{SECONDS}s"),
        *("--json", "--only-summary", "--exit-code-on-error", "0", "--reset-stats"),
    ]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    found: list[dict[str, Any]] = json.loads(done.stdout[done.stdout.index("[") :])
    return found


def summed(size: int, stats: list[dict[str, Any]], spent: float) -> dict[str, Any]:
    """Percentiles by what was done, and over all."""
    whole: dict[int, int] = {}
    by_name, failures, requests = {}, 0, 0
    for one in stats:
        times = {int(float(key)): count for key, count in one["response_times"].items()}
        for key, count in times.items():
            whole[key] = whole.get(key, 0) + count
        by_name[one["name"]] = {"requests": one["num_requests"], **spread(times)}
        failures += one["num_failures"]
        requests += one["num_requests"]
    ours = {
        "requests": requests,
        "per_s": round(requests / SECONDS, 1),
        "failures": failures,
        **spread(whole),
        "server_cpu_ms_a_request": round(spent * 1000 / max(1, requests), 1),
        "by_name": by_name,
    }
    return {
        "size": size,
        "events": EVENTS,
        "think_s": THINK,
        "ours": ours,
        "ratios": {"p95_vs_goal": round(ours["p95_ms"] / GOAL_MS, 2)},
    }


def spread(times: dict[int, int]) -> dict[str, int]:
    """Percentiles of a histogram."""
    total, found = sum(times.values()), {}
    for percent in (50, 95, 99):
        seen = 0
        for key in sorted(times):
            seen += times[key]
            if seen * 100 >= total * percent:
                found[f"p{percent}_ms"] = key
                break
    return found or {"p50_ms": 0, "p95_ms": 0, "p99_ms": 0}


# --------------------------------------------------------------------------- the county, in a process of its own


def fill(size: int) -> None:
    """Events, officials of the desk, of bodies and towns, and a session for each."""
    import citybrain.site.command  # noqa: F401 - Django and every room's jobs must be ready first

    # isort: split
    from django.contrib.auth import get_user_model
    from django.test import Client

    from benchmarks import cases
    from citybrain.centre.events.machine import OPEN
    from citybrain.centre.events.models import Event
    from citybrain.centre.events.permissions import VIEW
    from citybrain.kernel.identity.acting import actor_for
    from citybrain.kernel.identity.models import Organisation
    from citybrain.kernel.identity.scope import scoped
    from citybrain.site.preparing import prepare
    from citybrain.testing.people import official

    home = Path(os.environ["CITYBRAIN_HOME"])
    prepare()
    if not (home / "filled").exists():
        cases.fill(EVENTS, 0.1, search=False)
        (home / "filled").touch()
    # Whoever handles events: those that have some.
    busy = Event.objects.order_by().values("organisation")
    towns = list(Organisation.objects.filter(pk__in=busy, kind=Organisation.Kind.TOWN).order_by("pk"))
    bodies = list(Organisation.objects.filter(pk__in=busy).exclude(kind=Organisation.Kind.TOWN).order_by("pk"))
    known: dict[tuple[str, int], dict[str, list[str]]] = {}
    seats = []
    for number in range(size):
        if number % 10 == 0:
            role, body = "event-desk", bodies[0]
        elif number % 10 < 4 and towns:
            role, body = "town-staff", towns[number % len(towns)]
        else:
            role, body = "department-staff", bodies[number % len(bodies)]
        name = f"seat-{number}"
        user = get_user_model().objects.filter(username=name).first()
        if user is None:
            user = official(name, roles=[role], organisation=body, area=body.area if role == "town-staff" else None)
        if (role, body.pk) not in known:
            rows = scoped(Event.objects.all(), actor_for(user), VIEW)
            known[role, body.pk] = {
                "events": list(rows.order_by("-pk").values_list("number", flat=True)[:200]),
                "open": list(rows.filter(state__in=OPEN).order_by("-pk").values_list("number", flat=True)[:200]),
            }
        client = Client()
        client.force_login(user)
        sign_in_at_the_door(client, user)
        if known[role, body.pk]["events"]:
            seats.append({"cookie": client.cookies["sessionid"].value, "role": role, **known[role, body.pk]})
    while len(seats) < size:
        seats.append(dict(seats[len(seats) % max(1, len(seats))]))
    Path(os.environ["SEATS"]).write_text(json.dumps(seats))


def sign_in_at_the_door(client: Any, user: Any) -> None:
    """The session as signing in leaves it: 800 people do not begin theirs in the same twenty seconds."""
    from django.utils import timezone

    from citybrain.kernel.identity.credentials import UserSession
    from citybrain.kernel.identity.sessions import BEGAN, SEEN

    now, session = timezone.now(), client.session
    session[BEGAN] = session[SEEN] = int(now.timestamp())
    session.save()
    UserSession.objects.create(key=session.session_key, user=user, method="other", since=now, seen_at=now)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found: int = probe.getsockname()[1]
        return found


def wait_for(port: int, seconds: float = 300.0) -> None:
    """Until a page comes: the port is open long before."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/login/", timeout=10):
                return
        except OSError:
            time.sleep(0.5)
    raise TimeoutError("The server did not start.")


def processor_seconds(root: int) -> float:
    """CPU seconds of a process and everything below it that still lives."""
    parents: dict[int, list[int]] = {}
    spent: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        process = int(path.parent.name)
        parents.setdefault(int(fields[1]), []).append(process)
        spent[process] = int(fields[11]) + int(fields[12])
    total, open_ = 0, [root]
    while open_:
        process = open_.pop()
        total += spent.get(process, 0)
        open_ += parents.get(process, [])
    return total / os.sysconf("SC_CLK_TCK")
