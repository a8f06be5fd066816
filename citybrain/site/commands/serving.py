"""`citybrain serve`: the running system."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from rich.console import Console
from rich.panel import Panel

from citybrain.kernel.identity.actions import FIRST_USER
from citybrain.kernel.jobs.models import Job
from citybrain.site.commands.bars import Bars
from citybrain.site.commands.logins import DEMO_LOGINS, LOGIN, keep_first_login
from citybrain.site.preparing import prepare
from citybrain.site.serving import Child, command, is_free, keep, running, wait_for_port, web_command

Host = Annotated[str, typer.Option(help="Address to listen at.")]
Port = Annotated[int, typer.Option(help="Port to listen at.")]


def serve(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Serve the pages and do the work, until Ctrl-C; a process that dies is started again."""
    prepare()
    keep_first_login()
    serve_until_stopped(host, port, Console(stderr=True))


def serve_until_stopped(host: str, port: int, console: Console, *, job: Job | None = None, once: bool = False) -> None:
    """Serve at `host:port` and do the work until a signal comes, or, with `once`, until `job` is over.

    Raises OSError when somebody listens there already, or the pages do not start.
    """
    if not is_free(host, port):
        raise OSError(f"Somebody listens at {host}:{port} already: stop it, or choose another with --port.")
    stopping: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda received, _frame: stopping.append(received))
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "citybrain.site.settings"}
    children = [
        Child(name="pages", command=web_command(host, port), environment=environment),
        Child(name="worker", command=command("work"), environment=environment),
    ]
    with running(children):
        if not wait_for_port(host, port):
            raise OSError(f"The pages did not start at {host}:{port} within 30 seconds; see the messages above.")
        console.print(welcome(f"http://{host}:{port}/"))
        with Bars(console) as bars:
            over = not job or job.is_final

            def until() -> bool:
                nonlocal over
                if not over and job is not None:
                    over = bars.follow(job.id)
                return bool(stopping) or (once and over)

            keep(children, until=until, on_restart=lambda child: console.print(f"{child.name} ended; starting again"))
    if once and job is not None and Job.objects.get(id=job.id).state != Job.State.DONE:
        raise typer.Exit(1)


def welcome(address: str) -> Panel:
    """Where to look, and with which name and password."""
    home = Path(settings.HOME)
    password = (home / LOGIN).read_text() if (home / LOGIN).exists() else None
    known = f"name {FIRST_USER}, password {password}" if password else "sign in with your name and password"
    if (home / DEMO_LOGINS).exists():
        known += f"\nmade-up officials and a citizen: names and passwords in {home / DEMO_LOGINS}"
    return Panel(f"[bold]{address}[/]\n{known}", title="City Brain", subtitle="Ctrl-C stops it", expand=False)
