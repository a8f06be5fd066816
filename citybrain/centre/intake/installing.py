"""Hangs the doors into the loop: who answers reporters, what is handed outside, how messages put aside are taken again.

Importing it does it, once; the jobs of the room import it, so that site, worker and story all have it.
"""

from __future__ import annotations

from citybrain.centre.events.hooks import FOLLOWERS, REPORTERS
from citybrain.centre.intake import answers
from citybrain.centre.intake.api import taking
from citybrain.centre.intake.cap import receiving
from citybrain.centre.intake.hotline import orders
from citybrain.centre.intake.peers import exchanging
from citybrain.centre.intake.quarantine import QUARANTINE

if answers.follow not in REPORTERS:
    REPORTERS.append(answers.follow)
if exchanging.follow not in FOLLOWERS:
    FOLLOWERS.append(exchanging.follow)

QUARANTINE.install(taking.DOOR, taking.take)
QUARANTINE.install(receiving.DOOR, receiving.take)
QUARANTINE.install(exchanging.DOOR, exchanging.take)
QUARANTINE.install(orders.DOOR, orders.take)
