"""What happens beside the browsers of the live desk's test: `python -m tests.end_to_end.desk_process`.

It prints one line of JSON when people and bodies are there, and one for each line of its standard input: what stands
on a line is told to the hotline, and the number of the event it opened is the answer.
"""

from __future__ import annotations

import json
import sys

import citybrain.site.startup  # noqa: F401 - Django must be ready before models are imported

# isort: split
from django.test import Client

from citybrain.centre.events.drafts import SignalDraft
from citybrain.centre.events.models import Channel
from citybrain.centre.events.receiving import receive
from citybrain.centre.events.tests.county import settle
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.models import User


def session_of(actor: Actor) -> str:
    """Key of a session of somebody."""
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client.cookies["sessionid"].value


def main() -> None:
    """Settles a small county and takes calls."""
    county = settle()
    print(json.dumps({"one": session_of(county.desk), "other": session_of(county.second)}), flush=True)
    for line in sys.stdin:
        draft = SignalDraft(channel=Channel.HOTLINE, text=line.strip(), area=county.village)
        event = receive(draft, county.agent).event
        assert event is not None
        print(json.dumps(event.number), flush=True)


if __name__ == "__main__":
    main()
