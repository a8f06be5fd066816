"""`citybrain serve`, `run` and `work`: the running system."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from rich.console import Console
from rich.panel import Panel

from citybrain.kernel.identity.actions import FIRST_USER, first_login, reset_login
from citybrain.kernel.jobs.actions import enqueue, retry
from citybrain.kernel.jobs.models import Job
from citybrain.kernel.jobs.worker import WorkerBusy
from citybrain.kernel.jobs.worker import work as be_the_worker
from citybrain.rehearsal.messages import make_messages
from citybrain.rehearsal.officials import make_officials
from citybrain.rehearsal.story.jobs import ask_story
from citybrain.site.commands.county import build_with_bar
from citybrain.site.commands.progress import Bars
from citybrain.site.preparing import prepare
from citybrain.site.rehearsed import live_departments
from citybrain.site.samples import load_samples
from citybrain.site.serving import Child, command, is_free, keep, running, wait_for_port, web_command
from citybrain.ui.county import is_rehearsal

Host = Annotated[str, typer.Option(help="Address to listen at.")]
Port = Annotated[int, typer.Option(help="Port to listen at.")]

LOGIN = "first-login"
"""File in the home, readable by its owner only, that keeps the demo's first login until somebody changes it."""

DEMO_LOGINS = "demo-logins"
"""File beside it with the names and passwords of the demo county's made-up people."""


def work() -> None:
    """Be the worker: do queued jobs and start scheduled ones until told to stop."""
    try:
        with live_departments():
            raise typer.Exit(be_the_worker())
    except WorkerBusy as error:
        Console(stderr=True).print(str(error))
        raise typer.Exit(1) from error


def serve(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Serve the pages and do the work, until Ctrl-C; a process that dies is started again."""
    prepare()
    keep_first_login()
    _serve(host, port, Console(stderr=True))


def run(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    people: Annotated[int, typer.Option(help="Residents of the demo county.")] = 60_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same county.")] = 7,
    once: Annotated[bool, typer.Option("--once", help="Leave when the main job is done.")] = False,
) -> None:
    """Build the demo county if there is none, gather and govern it, and serve it; a second start takes seconds."""
    console = Console(stderr=True)
    if not is_rehearsal():
        build_with_bar(people, seed, settings.DELIVERIES)
    prepare()
    keep_first_login()
    logins = make_officials()
    load_samples()
    if logins:
        keep_secret(DEMO_LOGINS, "".join(f"{login.username} {login.password}\n" for login in logins))
    make_messages()
    ask_story(people, seed)
    # Whoever tries the demo need not take out a phone; `citybrain serve` holds to what the roles demand.
    os.environ.setdefault("CITYBRAIN_SECOND_FACTOR", "optional")
    _serve(host, port, console, job=main_job(), once=once)


def main_job() -> Job:
    """The county's first main job: asked for once, asked for again when it failed."""
    job = Job.objects.filter(name="run", parent=None, schedule="").order_by("queued_at").first()
    if job is None:
        return enqueue("run")
    return retry(job.id) if job.state == Job.State.FAILED else job


def _serve(host: str, port: int, console: Console, *, job: Job | None = None, once: bool = False) -> None:
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


def keep_first_login() -> None:
    """Make the first administrator when nobody can sign in yet, and keep their password beside the database."""
    login = first_login()
    if login is not None:
        keep_secret(LOGIN, login.password)


def keep_secret(name: str, text: str) -> None:
    """Write a file of the home that only its owner can read."""
    path = Path(settings.HOME) / name
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)


def welcome(address: str) -> Panel:
    """Where to look, and with which name and password."""
    home = Path(settings.HOME)
    password = (home / LOGIN).read_text() if (home / LOGIN).exists() else None
    known = f"name {FIRST_USER}, password {password}" if password else "sign in with your name and password"
    if (home / DEMO_LOGINS).exists():
        known += f"\nmade-up officials and a citizen: names and passwords in {home / DEMO_LOGINS}"
    return Panel(f"[bold]{address}[/]\n{known}", title="City Brain", subtitle="Ctrl-C stops it", expand=False)


def password(username: Annotated[str, typer.Argument(help="Whose password.")] = FIRST_USER) -> None:
    """Give somebody a new random password and print it."""
    login = reset_login(username)
    (Path(settings.HOME) / LOGIN).unlink(missing_ok=True)
    print(f"{login.username} {login.password}")
