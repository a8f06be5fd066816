"""Robots of group chats, kept by administrators."""

from __future__ import annotations

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from citybrain.hubs.messages.administering import stop_robot
from citybrain.hubs.messages.models import Robot
from citybrain.hubs.messages.pages.forms import RobotForm
from citybrain.hubs.messages.permissions import ADMINISTER
from citybrain.kernel.identity.actor import Actor
from citybrain.kernel.identity.scope import scoped
from citybrain.ui.access import Audience, RouteRule, requires, ruled
from citybrain.ui.panels import cells
from citybrain.ui.panels.kinds import FormPanel
from citybrain.ui.panels.panel import Action, Link, Page, Tag
from citybrain.ui.panels.tables import Column, Table
from citybrain.ui.templatetags.shown import titled


def up() -> Link:
    """The way back to deliveries."""
    return Link(title=_("Deliveries"), url=reverse("message-deliveries"))


@requires(ADMINISTER)
def robots(request: HttpRequest) -> HttpResponse:
    """The robots there are."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = scoped(Robot.objects.select_related("organisation"), actor, ADMINISTER)
    table = Table(
        rows=rows,
        columns=(
            Column(title=_("Group"), value="title", under=lambda robot: titled(robot.organisation)),
            Column(title=_("Kind"), value="get_kind_display"),
            Column(title=_("Host"), value="host", weight=3),
            Column(title=_("State"), value=state_of, cell=cells.tag),
            Column(title="", buttons=buttons),
        ),
        empty=_("No group robot is registered."),
    )
    new = Action(title=_("New robot"), url=reverse("message-robot-new"), icon="plus", is_main=True, key="n")
    return Page(
        title=_("Group robots"),
        crumbs=(up(),),
        body=(table,),
        actions=(new,),
        help=_("What is sent to an organisation is also posted to the robots of its group chats."),
    ).respond(request)


def state_of(robot: Robot) -> Tag:
    """Whether it is in use."""
    if robot.is_active:
        return Tag(title=_("In use"), tone="good", is_state=True)
    return Tag(title=_("Stopped"), tone="quiet", is_state=True)


def buttons(robot: Robot) -> tuple[Action, ...]:
    """Stopping it."""
    if not robot.is_active:
        return ()
    question = _("Stop this robot? Its address is erased.")
    url = reverse("message-robot-stop", args=(robot.pk,))
    return (Action(title=_("Stop"), url=url, icon="ban", post=True, confirm=question),)


@ruled(RouteRule(audience=Audience.PERMITTED, permission=ADMINISTER))
@require_http_methods(["GET", "HEAD", "POST"])
def new_robot(request: HttpRequest) -> HttpResponse:
    """The form of a new robot."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = RobotForm(actor, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and form.save() is not None:
        notes.success(request, _("The robot is registered."))
        return HttpResponseRedirect(reverse("message-robots"))
    return Page(
        title=_("New robot"),
        crumbs=(up(), Link(title=_("Group robots"), url=reverse("message-robots"))),
        body=(FormPanel(form=form, submit=_("Register"), cancel=reverse("message-robots"), columns=1),),
    ).respond(request)


@requires(ADMINISTER, scoped=True, writes=True)
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a robot."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    robot = scoped(Robot.objects.select_related("organisation"), actor, ADMINISTER).filter(pk=pk).first()
    if robot is None:
        raise Http404(f"robot {pk}")
    stop_robot(robot, actor)
    return HttpResponseRedirect(reverse("message-robots"))
