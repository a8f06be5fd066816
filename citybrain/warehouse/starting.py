"""The jobs a page may start, and with what."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from citybrain.kernel.jobs.definitions import UnknownJob, job_type


@dataclass(frozen=True, kw_only=True)
class Start:
    """One button: the job it asks for and the arguments it may carry."""

    key: str
    """Key of the job type."""
    label: str | Promise
    takes: tuple[str, ...] = ()
    """Names of arguments a form may send along."""


STARTS = (
    Start(key="run", label=_("Gather and govern everything")),
    Start(key="gather", label=_("Gather"), takes=("source",)),
    Start(key="govern", label=_("Govern"), takes=("dataset",)),
)


def startable() -> tuple[Start, ...]:
    """The starts whose job this installation declares."""
    return tuple(start for start in STARTS if is_declared(start.key))


def is_declared(key: str) -> bool:
    """Whether some room declares a job called `key`."""
    try:
        job_type(key)
    except UnknownJob:
        return False
    return True
