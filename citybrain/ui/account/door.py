"""The door: name and password, the one-time code, and the way out."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from citybrain.kernel.identity.acting import actor_for
from citybrain.kernel.identity.models import User
from citybrain.kernel.identity.providers.chosen import providers
from citybrain.kernel.identity.second_factor import has_second_factor
from citybrain.kernel.identity.sessions import begin_session, leave
from citybrain.kernel.identity.sign_in import Refused, duty, prove_code, prove_password
from citybrain.ui.access import public
from citybrain.ui.account.duties import DUTY
from citybrain.ui.account.forms import Code, SignIn
from citybrain.ui.account.watching import TOLD

HALF = "half"
"""Session key of somebody whose first factor was right and whose code is awaited."""
HALF_SECONDS = 300


def address_of(request: HttpRequest) -> str | None:
    """The visitor's network address (`citybrain.ui.addresses` has seen to proxies)."""
    return request.META.get("REMOTE_ADDR") or None


def safe_next(request: HttpRequest, target: str) -> str:
    """Where to go after signing in: a page of this site, never another; the front page otherwise."""
    if url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        return target
    return settings.LOGIN_REDIRECT_URL


@public
@never_cache
@csrf_protect
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password, and the buttons of other providers."""
    target = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME, "")
    if request.method != "POST":
        if request.user.is_authenticated:
            return HttpResponseRedirect(safe_next(request, target))
        return show_door(request, SignIn(), target)
    form = SignIn(request.POST)
    if not form.is_valid():
        return show_door(request, form, target, status=400)
    try:
        user = prove_password(
            request, form.cleaned_data["username"], form.cleaned_data["password"], address_of(request)
        )
    except Refused as refusal:
        return show_door(request, form, target, str(refusal), status=403)
    return go_on(request, user, "password", target)


def show_door(request: HttpRequest, form: SignIn, target: str, refusal: str = "", status: int = 200) -> HttpResponse:
    """The sign-in page."""
    query = f"?{urlencode({REDIRECT_FIELD_NAME: target})}" if target else ""
    elsewhere = [(one.title, reverse("sign-in-elsewhere", args=[one.key]) + query) for one in providers()]
    told = request.session.pop(TOLD, "") if TOLD in request.session else ""
    context = {"form": form, "next": target, "refusal": refusal, "elsewhere": elsewhere, "told": told}
    return render(request, "registration/login.html", context, status=status)


def go_on(request: HttpRequest, user: User, method: str, target: str) -> HttpResponse:
    """After the first factor: to the code of the second, or in."""
    if not has_second_factor(user):
        return enter(request, user, method, target)
    # A new id already here: nobody who planted a session id shares what it now holds.
    request.session.cycle_key()
    request.session[HALF] = {
        "user": user.pk,
        "proof": user.get_session_auth_hash(),
        "at": int(time.time()),
        "next": target,
        "method": method,
    }
    return redirect("sign-in-code")


def half_way(request: HttpRequest) -> tuple[User, dict[str, Any]] | None:
    """Who is waiting for their code in this browser; None when nobody is, when it took too long or things changed."""
    half = request.session.get(HALF)
    if not half or time.time() - half["at"] > HALF_SECONDS:
        return None
    user = User.objects.filter(pk=half["user"], is_active=True).first()
    if user is None or user.get_session_auth_hash() != half["proof"]:
        return None
    return user, half


@public
@never_cache
@csrf_protect
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The one-time code, or a recovery code."""
    waiting = half_way(request)
    if waiting is None:
        request.session.pop(HALF, None)
        return redirect("login")
    user, half = waiting
    form = Code(request.POST or None)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            method = prove_code(user, form.cleaned_data["code"], address_of(request))
        except Refused as refused:
            refusal = str(refused)
        else:
            del request.session[HALF]
            return enter(request, user, f"{half['method']}+{method}", half["next"])
    status = 403 if refusal else 200
    return render(request, "registration/code.html", {"form": Code(), "refusal": refusal}, status=status)


def enter(request: HttpRequest, user: User, method: str, target: str) -> HttpResponse:
    """Begins the session, and leads the person to what they must do before anything else."""
    where = safe_next(request, target)
    begin_session(actor_for(user, address=address_of(request)), request, user, method)
    if what := duty(user):
        # The gate (`citybrain.ui.account.duties`) sends them there, and then to where they wanted to go.
        request.session[DUTY] = {"what": what, "next": where}
    return HttpResponseRedirect(where)


@public
@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session; nothing of it is left in the browser."""
    leave(request.actor, request)  # type: ignore[attr-defined]
    response = redirect("login")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
