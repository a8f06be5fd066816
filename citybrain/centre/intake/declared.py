"""What the doors declare in the registry: the class of data problems, and the message of an answer."""

from citybrain.declare.event import Days, EventType, Kind, Level, Loop, Proof, WorkingDays
from citybrain.declare.notice import Channel, Notice, Urgency
from citybrain.declare.words import _

DATA_PROBLEM = EventType(
    key="data-problem",
    title=_("Data problem"),
    chinese="数据质量问题",
    kind=Kind.DATA,
    loop=Loop.MICRO,
    level=Level.BLUE,
    sign=WorkingDays(2),
    handle=WorkingDays(10),
    whole=Days(30),
    proof=Proof.RECOVERY,
    citizens=False,
    near=1.0,
    within=1.0,
    many=10_000,
    cap_category="Infra",
)
"""A rule of the warehouse is broken by many rows of a table; the next clean run is the proof that it is mended.

Repeats are the same table checked again, not more people: they never make it a matter of many."""

ANSWERED = Notice(
    key="reporter-answered",
    title=_("Answer to your matter {number}"),
    text="{text}",
    values=("number", "text"),
    channels=(Channel.IN_APP, Channel.EMAIL, Channel.SMS),
    urgency=Urgency.IMPORTANT,
    sms=_("Your matter {number} was answered. Follow it on the city brain, or call 12345."),
)
"""An answer in the inbox of a citizen's account; its words are the official's own."""

DECLARES = (DATA_PROBLEM, ANSWERED)
