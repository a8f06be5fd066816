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
EVENT_GOES_ON = Notice(
    key="event-goes-on",
    title=_("The pause is over: {number} {title}"),
    text="{words}",
    values=("number", "title", "words"),
    urgency=Urgency.IMPORTANT,
)
EVENT_ASSIGNED = Notice(
    key="event-assigned",
    title=_("Assigned to you: {number} {title}"),
    text="{words}",
    values=("number", "title", "words"),
    urgency=Urgency.IMPORTANT,
)
EVENT_HANDED_ON = Notice(
    key="event-handed-on",
    title=_("Handed on: {number} {title}"),
    text=_("{person} goes on with it. {words}"),
    values=("number", "title", "person", "words"),
)
EVENT_TAKEN = Notice(
    key="event-taken-by-backstop",
    title=_("Backstop: {number} {title}"),
    text="{words}",
    values=("number", "title", "words"),
    urgency=Urgency.IMPORTANT,
)

LOUD = (Channel.IN_APP, Channel.EMAIL, Channel.SMS, Channel.ROBOT)

EVENT_SOON = Notice(
    key="event-time-runs",
    title=_("{percent} % of the time is used: {number} {title}"),
    values=("percent", "number", "title"),
)
EVENTS_SOON = Notice(
    key="events-time-runs", title=_("{count} events use up their time"), text="{worst}", values=("count", "worst")
)
EVENT_OVERDUE = Notice(
    key="event-overdue",
    title=_("Overdue ({percent} %): {number} {title}"),
    values=("percent", "number", "title"),
    urgency=Urgency.IMPORTANT,
)
EVENTS_OVERDUE = Notice(
    key="events-overdue",
    title=_("{overdue} of {count} events are overdue"),
    text="{worst}",
    values=("overdue", "count", "worst"),
    urgency=Urgency.IMPORTANT,
)
EVENT_FAR = Notice(
    key="event-far-overdue",
    title=_("Far overdue ({percent} %): {number} {title}"),
    values=("percent", "number", "title"),
    urgency=Urgency.IMPORTANT,
    channels=LOUD,
    sms=_("Event {number} is far overdue ({percent} %)."),
)
EVENTS_FAR = Notice(
    key="events-far-overdue",
    title=_("{overdue} of {count} events are far overdue"),
    text="{worst}",
    values=("overdue", "count", "worst"),
    urgency=Urgency.IMPORTANT,
    channels=LOUD,
    sms=_("{overdue} events are far overdue."),
)

FIELD_HELP = Notice(
    key="field-help",
    title=_("Help is needed in the field: {who}"),
    text=_("{words} Position: {where}"),
    values=("who", "where", "words"),
    urgency=Urgency.URGENT,
    channels=LOUD,
    sms=_("Help is needed in the field: {who}. Position: {where}"),
    receipt=True,
)

DECLARES = (
    EVENT_DISPATCHED,
    EVENT_URGED,
    EVENT_SUPERVISED,
    EVENT_RETURNED,
    EVENT_REWORKED,
    EVENT_GOES_ON,
    EVENT_ASSIGNED,
    EVENT_HANDED_ON,
    EVENT_TAKEN,
    EVENT_SOON,
    EVENTS_SOON,
    EVENT_OVERDUE,
    EVENTS_OVERDUE,
    EVENT_FAR,
    EVENTS_FAR,
    FIELD_HELP,
)
