"""What this room declares in the registry: the messages the loop sends. Nothing but the vocabulary is imported here."""

from citybrain.declare.notice import Channel, Notice, Urgency
from citybrain.declare.words import _

EVENT_DISPATCHED = Notice(
    key="event-dispatched",
    title=_("Dispatched to you: {number} {title}"),
    text="{words}",
    values=("number", "title", "words"),
    urgency=Urgency.IMPORTANT,
)
EVENT_URGED = Notice(
    key="event-urged",
    title=_("Urged: {number} {title}"),
    text="{words}",
    values=("number", "title", "words"),
    urgency=Urgency.IMPORTANT,
    channels=(Channel.IN_APP, Channel.EMAIL, Channel.SMS, Channel.ROBOT),
    sms=_("Event {number} is urged: please handle it."),
)
EVENT_SUPERVISED = Notice(
    key="event-supervised",
    title=_("Under supervision: {number} {title}"),
    text="{words}",
    values=("number", "title", "words"),
    urgency=Urgency.IMPORTANT,
    channels=(Channel.IN_APP, Channel.EMAIL, Channel.SMS, Channel.ROBOT),
    sms=_("Event {number} is under supervision."),
)
EVENT_RETURNED = Notice(
    key="event-returned",
    title=_("Sent back: {number} {title}"),
    text="{words}",
    values=("number", "title", "words"),
)
EVENT_REWORKED = Notice(
    key="event-reworked",
    title=_("Back to work: {number} {title}"),
    text="{words}",
    values=("number", "title", "words"),
    urgency=Urgency.IMPORTANT,
)
EVENT_TAKEN = Notice(
    key="event-taken-by-backstop",
    title=_("Backstop: {number} {title}"),
    text="{words}",
    values=("number", "title", "words"),
    urgency=Urgency.IMPORTANT,
)

DECLARES = (EVENT_DISPATCHED, EVENT_URGED, EVENT_SUPERVISED, EVENT_RETURNED, EVENT_REWORKED, EVENT_TAKEN)
