"""The jobs of records: long imports, and the daily tidying up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_noop as _

from citybrain.kernel.jobs.definitions import Schedule, job, schedules
from citybrain.kernel.jobs.run import Run
from citybrain.kernel.records.attachments import sweep
from citybrain.kernel.records.drafts import forget_old
from citybrain.kernel.records.erasing import erase_expired, forget_imports
from citybrain.kernel.records.importing import write_rows

TIDY_AT = "40 3 * * *"


@job(key="import-records", title=_("Import records"), lane="import:{import_id}")
def import_records(run: Run, *, import_id: int, total: int | None = None) -> dict[str, Any]:
    """Write the rows of a file; killed, it goes on where it was."""
    source = write_rows(import_id, run=run, total=total)
    names = ("read", "created", "updated", "unchanged", "refused")
    return {"state": source.state, **{name: getattr(source, f"rows_{name}") for name in names}}


@job(key="tidy-records", title=_("Tidy up records"), lane="tidy-records")
def tidy_records(run: Run) -> dict[str, Any]:
    """Erase removed records whose time is over, old drafts and imports, and bytes nobody names any more."""
    erased = erase_expired()
    return {"erased": erased, "drafts": forget_old(), "imports": forget_imports(), "files": sweep()}


@schedules
def tidying() -> Iterable[Schedule]:
    """Every night."""
    yield Schedule(key="tidy-records", cron=TIDY_AT, job="tidy-records")
