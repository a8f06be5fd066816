"""`citybrain run`: the demo county, built, filled and served."""

from __future__ import annotations

import os
from typing import Annotated

import typer
from django.conf import settings
from rich.console import Console

import citybrain.site.jobs  # noqa: F401 - what the demo's first rows ask for is known when its room was imported
from citybrain.kernel.jobs.actions import enqueue, retry
from citybrain.kernel.jobs.models import Job
from citybrain.rehearsal.messages import make_messages
from citybrain.rehearsal.officials import make_officials
from citybrain.rehearsal.story.jobs import ask_story
from citybrain.site.commands.county import build_with_bar
from citybrain.site.commands.logins import DEMO_LOGINS, keep_first_login, keep_secret
from citybrain.site.commands.serving import Host, Port, serve_until_stopped
from citybrain.site.preparing import prepare
from citybrain.site.samples import load_samples
from citybrain.ui.county import is_rehearsal


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
    serve_until_stopped(host, port, console, job=main_job(), once=once)


def main_job() -> Job:
    """The county's first main job: asked for once, asked for again when it failed."""
    job = Job.objects.filter(name="run", parent=None, schedule="").order_by("queued_at").first()
    if job is None:
        return enqueue("run")
    return retry(job.id) if job.state == Job.State.FAILED else job
