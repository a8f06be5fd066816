"""What the form of each transition asks for: names of `Order`'s fields, and which of them must be filled in."""

from __future__ import annotations

from citybrain.centre.events.machine import BY_VERB, Verb

V = Verb

FIELDS: dict[Verb, tuple[str, ...]] = {
    V.ACCEPT: ("type", "level", "title", "area", "text"),
    V.REJECT: ("reason", "text", "public_text"),
    V.MERGE: ("into", "text"),
    V.UNMERGE: ("text",),
    V.DISPATCH: ("organisation", "person", "assistants", "informed", "text"),
    V.SIGN: ("text",),
    V.SEND_BACK: ("organisation", "text"),
    V.REASSIGN: ("organisation", "text"),
    V.PAUSE: ("reason", "until", "text"),
    V.RESUME: ("text",),
    V.HAND_OUT: ("outside", "text"),
    V.TAKE_BACK: ("text",),
    V.REPORT_DONE: ("result", "cause", "measures", "cost", "text", "public_text", "media", "again"),
    V.REWORK: ("text", "media"),
    V.CLOSE: ("result", "public_text", "text", "media", "again"),
    V.APPRAISE: ("text",),
    V.REDO: ("text",),
    V.CANCEL: ("text", "public_text"),
    V.REVIEW: ("type", "level", "text"),
    V.RECLASSIFY: ("type", "level", "text"),
    V.RAISE: ("level", "loop", "text"),
    V.LOWER: ("level", "loop", "text"),
    V.URGE: ("text",),
    V.SUPERVISE: ("text",),
    V.RELEASE: ("text",),
    V.TAKE: ("text",),
    V.ASSIGN: ("person", "text"),
    V.ARBITRATE: ("organisation", "person", "assistants", "informed", "text"),
    V.NOTE: ("text", "media"),
    V.ANSWER: ("text",),
    V.ASK_TASK: ("organisation", "person", "text", "until", "is_mandatory"),
}
"""Verb -> fields in the order of the form."""

ALWAYS: dict[Verb, tuple[str, ...]] = {
    V.MERGE: ("into",),
    V.DISPATCH: ("organisation",),
    V.SEND_BACK: ("organisation",),
    V.HAND_OUT: ("outside",),
    V.REPORT_DONE: ("result",),
    V.RECLASSIFY: ("type",),
    V.ARBITRATE: ("organisation",),
    V.ASSIGN: ("person",),
    V.NOTE: ("text",),
    V.ANSWER: ("text",),
    V.ASK_TASK: ("organisation", "text"),
}


def required(verb: Verb) -> tuple[str, ...]:
    """Fields of a verb that must be filled in, whatever the event."""
    transition = BY_VERB[verb]
    names = list(ALWAYS.get(verb, ()))
    if transition.reasons:
        names.append("reason")
    if transition.needs_reason:
        names.append("text")
    return tuple(names)
