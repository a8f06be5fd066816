"""What somebody must know of a case to work on it without network: kept sealed on their device (`casefile.js`)."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from citybrain.centre.events.machine import BY_VERB, Verb, legal
from citybrain.centre.events.models import Event, Task
from citybrain.centre.events.permitting import may
from citybrain.centre.events.phone.forms import DEEDS, Deed, key_of
from citybrain.centre.events.queries_ways import task_ways
from citybrain.centre.events.situation import Situation
from citybrain.centre.events.tasks import is_part_of
from citybrain.kernel.identity.actor import Actor


def ways(event: Event, actor: Actor) -> list[tuple[str, Deed]]:
    """What the person may do with the case from the field: key and deed, the usual first.

    Guards are not asked: what is missing, words or a photo, the form asks for; a refusal names its remedy.
    """
    now = Situation(event, actor)
    found = [key_of(one.verb) for one in legal(event.state) if key_of(one.verb) and may(now, one)]
    return [(key, DEEDS[key]) for key in DEEDS if key in found]


def task_of(event: Event, actor: Actor) -> Task | None:
    """The task that waits for the person or their body in an event they do not lead; None when there is none."""
    mine = [
        task
        for task in event.tasks.all()
        if task.state in Task.OPEN and task.role != Task.Role.LEAD and is_part_of(task, actor)
    ]
    if not mine:
        return None
    mine.sort(key=lambda task: task.owner_id not in actor.people)
    mine[0].event = event
    return mine[0]


def case(event: Event, actor: Actor) -> dict[str, Any]:
    """The case as its device keeps it: JSON values only."""
    task = task_of(event, actor)
    doing = [(key, deed.title) for key, deed in ways(event, actor)]
    if task is not None:
        doing += [(key, DEEDS[key].title) for verb in task_ways(task, actor) if (key := key_of(verb))]
    return {
        "number": event.number,
        "title": event.title,
        "address": event.address,
        "state": event.get_state_display(),
        "description": event.description[:1000],
        "due": event.due_at.isoformat() if event.due_at else "",
        "due_words": _("due %s") % date_format(timezone.localtime(event.due_at), "m-d H:i") if event.due_at else "",
        "place": [event.place_x, event.place_y] if event.place_x is not None else None,
        "asked": task.asked if task is not None else "",
        "seen": event.steps,
        "task": task.pk if task is not None else None,
        "url": reverse("phone-task", args=(event.number,)),
        "ways": [{"key": key, "title": str(title), "url": form_url(key, event.number)} for key, title in doing],
        "then": {key: following(key, event.number) for key, _title in doing},
    }


def form_url(key: str, number: str) -> str:
    """Address of a deed's form for a case."""
    return f"{reverse('phone-deed', args=(key,))}?case={number}"


def following(key: str, number: str) -> list[dict[str, str]]:
    """What may be done next once a deed waits on the device to be sent: what its new state allows the same person."""
    verb = DEEDS[key].verb
    if verb is Verb.SIGN_TASK:
        keys = [key_of(Verb.FINISH_TASK), key_of(Verb.RETURN_TASK)]
    elif verb in BY_VERB and BY_VERB[verb].target is not None:
        handling = (Verb.REPORT_DONE, Verb.PAUSE, Verb.RESUME, Verb.ASK_TASK, Verb.NOTE)
        target = BY_VERB[verb].target or ""
        keys = [key_of(one.verb) for one in legal(target) if one.verb in handling]
    else:
        return []
    ordered = sorted((one for one in keys if one), key=list(DEEDS).index)
    return [{"key": one, "title": str(DEEDS[one].title), "url": form_url(one, number)} for one in ordered]
