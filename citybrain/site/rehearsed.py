"""The demo's two live departments, started where work on the rehearsal county is done."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

from django.conf import settings

from citybrain.rehearsal.services import API_TOKEN, api_department, postgres_department
from citybrain.ui.county import is_rehearsal


@contextmanager
def live_departments() -> Iterator[None]:
    """The rehearsal county's PostgreSQL and HTTP departments while the block runs; nothing for any other county.

    Their addresses are put where source declarations look for them: `COUNTY_POSTGRES`, `COUNTY_API`.
    """
    if not is_rehearsal():
        yield
        return
    out = settings.DELIVERIES
    with postgres_department(out) as database, api_department(out) as api:
        os.environ |= {"COUNTY_POSTGRES": database, "COUNTY_API": api, "COUNTY_API_TOKEN": API_TOKEN}
        # Only in this process, and only what it has just started itself.
        socket = parse_qs(urlsplit(database).query).get("host", [""])[0]
        started = (urlsplit(api).netloc, socket)
        settings.GATHERING_ALLOWED_HOSTS = (*settings.GATHERING_ALLOWED_HOSTS, *filter(None, started))
        yield
