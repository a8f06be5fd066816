"""Locks in force, for who may open them, and second factors of who lost their phone."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from citybrain.kernel.identity import locks, second_factor
from citybrain.kernel.identity.credentials import Lock
from citybrain.kernel.identity.models import User
from citybrain.kernel.identity.scope import scoped, scoped_one
from citybrain.ui.access import back, requires
from citybrain.ui.panels import cells
from citybrain.ui.panels.panel import Action, Page
from citybrain.ui.panels.tables import Column, Table


@requires(locks.UNLOCK)
def locked(request: HttpRequest) -> HttpResponse:
    """Every lock that the person may open, the latest first."""
    rows = scoped(locks.locks().select_related("user__organisation"), request.actor, locks.UNLOCK)  # type: ignore[attr-defined]

    def buttons(row: Lock) -> tuple[Action, ...]:
        url = reverse("account-unlock", args=[row.pk])
        return (Action(title=_("Open the lock"), url=url, post=True, icon="lock-open", confirm=_("Open this lock?")),)

    table = Table(
        columns=(
            Column(title=_("Locked"), value=whom, under=whose),
            Column(title=_("Kind"), value=lambda row: row.get_kind_display(), weight=2),
            Column(title=_("Last failure from"), value="address", cell=cells.mono, weight=3),
            Column(title=_("Since"), value="since", cell=cells.moment, weight=2),
            Column(title=pgettext("a lock", "Until"), value="until", cell=cells.moment),
            Column(title=_("Action"), buttons=buttons),
        ),
        rows=rows,
        empty=_("Nobody is locked out."),
        empty_icon="lock-open",
        is_two_lines=True,
    )
    return Page(
        title=_("Locked out"),
        lead=_("After too many failures a name or an address is locked for a while. Be sure who asks you to open it."),
        body=(table,),
    ).respond(request)


def whom(row: Lock) -> str:
    """What is locked: a person, an address, or a name that nobody has."""
    if row.user is not None:
        return row.user.name
    return row.key if row.kind == Lock.Kind.ADDRESS else _("A name that nobody has")


def whose(row: Lock) -> str:
    """The person's organisation and user name."""
    if row.user is None:
        return ""
    body = f"{row.user.organisation.chinese} · " if row.user.organisation else ""
    return body + row.user.username


@requires(locks.UNLOCK, scoped=True, writes=True)
def unlock(request: HttpRequest, lock_id: int) -> HttpResponse:
    """Opens a lock before its time."""
    actor = request.actor  # type: ignore[attr-defined]
    try:
        locks.release(actor, scoped_one(Lock.objects.all(), actor, locks.UNLOCK, pk=lock_id))
    except Lock.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("The lock was opened."))
    return redirect("account-locks")


@requires(second_factor.RESET, scoped=True, writes=True)
def remove_factor(request: HttpRequest, number: int) -> HttpResponse:
    """Takes away the second factor of somebody who lost phone and recovery codes; the reason is logged."""
    actor = request.actor  # type: ignore[attr-defined]
    try:
        found = scoped_one(User.objects.all(), actor, second_factor.RESET, pk=number)
    except User.DoesNotExist as error:
        raise Http404 from error
    reason = request.POST.get("reason", "").strip()
    if found.pk == actor.user_id:
        messages.error(request, _("Take your own second factor away on your account's page."))
    elif not reason:
        messages.error(request, _("Say why: it is written into the security log."))
    elif second_factor.remove_second_factor(actor, found, reason):
        messages.success(request, _("The second factor was taken away."))
    return back(request, reverse("account-locks"))
