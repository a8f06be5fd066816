"""What a page does when a button of an event was pressed: shows its form, takes it, says what came of it.

The address names the button as `do=<verb>`; GET shows the form, POST takes it. Who was overtaken by somebody else sees
what they did, and their own words are still in the form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from citybrain.centre.duties.queries import responsible
from citybrain.centre.events import tasks
from citybrain.centre.events.actions import act
from citybrain.centre.events.machine import State, Verb
from citybrain.centre.events.models import Event, Step, Task
from citybrain.centre.events.pages import steps
from citybrain.centre.events.pages.forms import OrderForm
from citybrain.centre.events.pages.looking import Case
from citybrain.centre.events.pages.parts import LEVEL_TONES, Names, type_name
from citybrain.centre.events.pages.placed import about_area
from citybrain.centre.events.permissions import VIEW
from citybrain.centre.events.queries import event_of
from citybrain.centre.events.queries_ways import Way, task_assignment, task_ways
from citybrain.centre.events.queues import forget_counts
from citybrain.centre.events.refusals import Refused, Stale
from citybrain.centre.understanding.reading import understand
from citybrain.declare.event import Level
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import vouched
from citybrain.ui.formats import percent
from citybrain.ui.panels.kinds import FormPanel, Notice, Timeline
from citybrain.ui.panels.panel import Panel

TASK_VERBS = {Verb.SIGN_TASK, Verb.RETURN_TASK, Verb.FINISH_TASK, Verb.CANCEL_TASK}


@dataclass(kw_only=True)
class Acted:
    """What came of a request on an event."""

    case: Case | None = None
    """The event with what belongs to it; None when none is opened."""
    panels: tuple[Panel, ...] = ()
    """What must be seen first: words about what was done, or the form."""
    is_form: bool = False
    """Whether a form stands open, so that the rest is left away."""
    status: int = 200
    answer: HttpResponse | None = None
    """The whole answer, where nothing is left to be shown here."""


def answer(request: HttpRequest, number: str) -> Acted:
    """Opens an event, and does or asks what `do` says. Raises Http404 for one that the person may not see."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        case = Case(event_of(actor, number), actor)
    except Event.DoesNotExist as error:
        raise Http404(_("There is no such event, or it is not yours to see.")) from error
    verb = verb_of(request)
    if verb is None:
        return Acted(case=case)
    if verb is Verb.ASSIGN_TASK:
        return assigning(request, case)
    if verb in TASK_VERBS:
        return task_verb(request, case, verb) if request.method == "POST" else Acted(case=case)
    way = next((one for one in case.ways if one.transition.verb == verb), None)
    if way is None:
        text = _("This cannot be done with the event any more, or your post may not do it.")
        return Acted(case=case, panels=(Notice(text=text, tone="fair"),), status=409 if is_post(request) else 200)
    form = filled(request, case, way)
    if is_post(request):
        return taken(request, case, form)
    return Acted(case=case, panels=form_panels(request, case, way, form), is_form=True)


def is_post(request: HttpRequest) -> bool:
    """Whether something is to be done."""
    return request.method == "POST"


def verb_of(request: HttpRequest) -> Verb | None:
    """The verb the address names; None for none or an unknown one."""
    asked = request.GET.get("do", "")
    return Verb(asked) if asked in set(Verb) else None


def filled(request: HttpRequest, case: Case, way: Way, task: Task | None = None) -> OrderForm:
    """The form with what is proposed, or with what was sent."""
    proposed = proposals(case, way, request)
    if is_post(request):
        return OrderForm(case.event, case.actor, way, proposed, request.POST, request.FILES, task=task)
    return OrderForm(case.event, case.actor, way, proposed, task=task)


def assigning(request: HttpRequest, case: Case) -> Acted:
    """The form by which a task is given to a colleague, and what came of it."""
    asked = request.GET.get("task", "")
    task = next((one for one in case.tasks if str(one.pk) == asked), None)
    if task is None or Verb.ASSIGN_TASK not in task_ways(task, case.actor):
        text = _("This task cannot be changed any more, or it is not yours.")
        return Acted(case=case, panels=(Notice(text=text, tone="fair"),), status=409 if is_post(request) else 200)
    way = task_assignment(task)
    form = filled(request, case, way, task)
    if is_post(request):
        return taken(request, case, form)
    return Acted(case=case, panels=form_panels(request, case, way, form), is_form=True)


def carried_out(case: Case, form: OrderForm, seen: int) -> Step:
    """The step of a valid form. Raises what `act` raises."""
    if form.task is None:
        return act(case.event, form.order(), case.actor, seen=seen)
    order = form.order()
    assert order.person is not None
    return tasks.assign_task(form.task, order.person, case.actor, order.text, seen=seen)


def taken(request: HttpRequest, case: Case, form: OrderForm) -> Acted:
    """Does what a form says, or says why not."""
    way, seen = form.way, request.POST.get("seen", "")
    if not form.is_valid():
        return Acted(case=case, panels=form_panels(request, case, way, form), is_form=True, status=422)
    try:
        with transaction.atomic():
            step = carried_out(case, form, int(seen) if seen.isdecimal() else case.event.steps)
    except Stale as stale:
        fresh = Case(event_of(case.actor, case.event.number), case.actor)
        again = again_of(fresh, form)
        rest = form_panels(request, fresh, again, form) if again is not None else ()
        return Acted(case=fresh, panels=(*overtaken(fresh, stale), *rest), is_form=bool(rest), status=409)
    except (Refused, ValidationError) as refused:
        if isinstance(refused, Refused) and refused.guard == "picture":
            form.ask_again()
        form.add_error(None, refused.messages)
        return Acted(case=case, panels=form_panels(request, case, way, form), is_form=True, status=422)
    return done(request, case, steps.done_words(step.verb))


def again_of(fresh: Case, form: OrderForm) -> Way | None:
    """The way of a form, if it can still be gone after what others did meanwhile."""
    verb = form.way.transition.verb
    if form.task is None:
        return next((one for one in fresh.ways if one.transition.verb == verb), None)
    task = next((one for one in fresh.tasks if one.pk == form.task.pk), None)
    return task_assignment(task) if task is not None and verb in task_ways(task, fresh.actor) else None


def done(request: HttpRequest, case: Case, words: str) -> Acted:
    """The event as it stands now, with a word about what was done; without the page's script, the page anew."""
    forget_counts(case.actor)
    said = _("%(number)s: %(words)s.") % {"number": case.event.number, "words": words}
    if not request.headers.get("X-Panel"):
        messages.success(request, said)
        return Acted(answer=HttpResponseRedirect(without_form(request)))
    try:
        fresh = Case(event_of(case.actor, case.event.number), case.actor)
    except Event.DoesNotExist:
        # It went to where the person's eyes do not reach: sent back to another body.
        return Acted(panels=(Notice(text=said, tone="good"),))
    return Acted(case=fresh, panels=(Notice(text=said, tone="good"),))


def without_form(request: HttpRequest) -> str:
    """The page's address without the form."""
    asked = request.GET.copy()
    for name in ("do", "task"):
        asked.pop(name, None)
    return f"{request.path}?{asked.urlencode()}" if asked else request.path


def overtaken(case: Case, stale: Stale) -> tuple[Panel, ...]:
    """What others did while the person looked."""
    text = _("Somebody worked on it while you looked. Nothing of yours was done yet: look, then send it again.")
    moments = vouched(tuple(steps.moments(case.event, stale.steps, Names())), case.actor, VIEW)
    return (Notice(text=text, tone="fair", key="stale"), Timeline(title=_("Meanwhile"), moments=moments))


def form_panels(request: HttpRequest, case: Case, way: Way, form: OrderForm) -> tuple[Panel, ...]:
    """The form with what explains it."""
    found: list[Panel] = []
    if way.blocked:
        found.append(Notice(text=way.blocked, tone="fair"))
    found += explained(case, way)
    found.append(
        FormPanel(
            title=way.transition.title,
            form=form,
            submit=way.transition.title,
            action=request.get_full_path(),
            cancel=without_form(request),
            columns=1,
            hidden=(("seen", str(case.event.steps)),),
            key="order-form",
        )
    )
    return tuple(found)


def explained(case: Case, way: Way) -> list[Panel]:
    """Why a body, a class or a level is proposed."""
    verb, event = way.transition.verb, case.event
    if verb in (Verb.DISPATCH, Verb.ARBITRATE, Verb.SEND_BACK):
        found = responsible(event.type, event.area, asset=(event.asset_kind, event.asset_number))
        who = str(found.lead) if found.lead else _("nobody")
        text = " ".join((_("The responsibility map names %s.") % who, *found.why))
        return [Notice(text=text, tone="data" if found.lead else "fair", key="why"), *about_area(case)]
    if verb is Verb.CLOSE:
        return [Notice(text=text, tone="fair") for step in case.journal for text in steps.about_pictures(step)]
    if verb is Verb.ACCEPT and event.state == State.NEW:
        return [*(Notice(text=text, tone="data", key="why") for text in read_as(case)), *about_area(case)]
    return []


def read_as(case: Case) -> list[str]:
    """How the words of the event are understood, as sentences."""
    found = understand(" ".join(filter(None, (case.event.title, case.event.description))))
    lines = []
    if found.types:
        best = found.types[0]
        why = _(", ").join(best.reasons[:3])
        sure = {"type": type_name(best.key), "share": percent(best.probability, 0), "why": why}
        lines.append(
            _("Read as %(type)s (%(share)s): %(why)s.") % sure if why else _("Read as %(type)s (%(share)s).") % sure
        )
    if found.level_reasons and found.level in LEVEL_TONES:
        reasons = _(", ").join(found.level_reasons[:2])
        lines.append(_("Level %(level)s proposed: %(why)s.") % {"level": _(Level(found.level).label), "why": reasons})
    return lines


def proposals(case: Case, way: Way, request: HttpRequest) -> dict[str, Any]:
    """What a form begins with."""
    verb, event = way.transition.verb, case.event
    found: dict[str, Any] = {"title": event.title, "level": event.level, "type": event.type, "result": event.result}
    if event.area is not None:
        found["area"] = event.area.key
    if verb in (Verb.DISPATCH, Verb.ARBITRATE):
        proposed = responsible(event.type, event.area, asset=(event.asset_kind, event.asset_number))
        lead = event.proposed or proposed.lead
        found["organisation"] = lead.key if lead else ""
        found["assistants"] = [one.key for one in proposed.assistants]
    if verb is Verb.SEND_BACK:
        found["organisation"] = ""
    if verb is Verb.ACCEPT and not event.type:
        understood = understand(" ".join(filter(None, (event.title, event.description))))
        if understood.types and understood.is_sure:
            found["type"] = understood.types[0].key
    if verb is Verb.MERGE:
        found["into"] = request.GET.get("into", "") or next((one.event.number for one in case.alike), "")
    if verb in (Verb.RAISE, Verb.LOWER):
        found.pop("level")
    return found


def task_verb(request: HttpRequest, case: Case, verb: Verb) -> Acted:
    """Signs, sends back, finishes or calls off a task of the event."""
    asked = request.POST.get("task", "")
    task = next((one for one in case.tasks if str(one.pk) == asked), None)
    if task is None or verb not in task_ways(task, case.actor):
        text = _("This task cannot be changed any more, or it is not yours.")
        return Acted(case=case, panels=(Notice(text=text, tone="fair"),), status=409)
    words, seen = request.POST.get("reason", "").strip(), request.POST.get("seen", "")
    try:
        do_task(task, verb, words, case.actor, int(seen) if seen.isdecimal() else case.event.steps)
    except Stale as stale:
        fresh = Case(event_of(case.actor, case.event.number), case.actor)
        return Acted(case=fresh, panels=overtaken(fresh, stale), status=409)
    except (Refused, ValidationError) as refused:
        return Acted(case=case, panels=(Notice(text=" ".join(refused.messages), tone="bad"),), status=422)
    except PermissionDenied as denied:
        return Acted(case=case, panels=(Notice(text=str(denied), tone="bad"),), status=422)
    return done(request, case, steps.done_words(verb))


def do_task(task: Task, verb: Verb, words: str, actor: Actor, seen: int) -> None:
    """The verb on the task."""
    if verb is Verb.SIGN_TASK:
        tasks.sign_task(task, actor, seen=seen)
    elif verb is Verb.RETURN_TASK:
        tasks.return_task(task, actor, words, seen=seen)
    elif verb is Verb.FINISH_TASK:
        tasks.finish_task(task, actor, words, seen=seen)
    else:
        tasks.cancel_task(task, actor, words, seen=seen)
