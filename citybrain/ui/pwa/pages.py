"""What makes the site an app on a phone or desk (PWA): its manifest, its service worker, its page without network."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from citybrain.ui.access import public
from citybrain.ui.county import county
from citybrain.ui.pwa.revision import device_owner, revision

NIGHT = "#0d2644"
"""Colour of the bar at the top."""

GUEST = "guest"
"""Whose drafts they are that somebody left who was not signed in."""

STARTS = {"desk": "/", "phone": "/m/", "citizen": "/c/"}
"""Frame -> page the installed app begins with."""


@public
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """The web app manifest (W3C); `?shell=` says for which of the frames, each an app of its own."""
    shell = request.GET.get("shell", "desk")
    start = STARTS.get(shell, STARTS["desk"])
    names = {"desk": county().product, "phone": county().product, "citizen": _("%s Services") % county().title}
    content = {
        "id": start,
        "name": names.get(shell, county().product),
        "short_name": names.get(shell, county().product),
        "lang": "zh-CN" if get_language() == "zh-hans" else get_language(),
        "dir": "ltr",
        "start_url": f"{start}?from=app",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f3f6fa",
        "theme_color": NIGHT,
        "categories": ["government"],
        "icons": [
            {"src": static("ui/icon-192.png"), "sizes": "192x192", "type": "image/png"},
            {"src": static("ui/icon-512.png"), "sizes": "512x512", "type": "image/png"},
            {"src": static("ui/icon-maskable-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
            {"src": static("ui/mark.svg"), "sizes": "any", "type": "image/svg+xml"},
        ],
        "shortcuts": shortcuts(shell),
    }
    answer = JsonResponse(content, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})
    answer["Cache-Control"] = "private, max-age=600"
    return answer


def shortcuts(shell: str) -> list[dict[str, str]]:
    """What a long press on the app's icon offers."""
    if shell == "citizen":
        return [{"name": _("Service points"), "url": reverse("citizen-records", args=("service-point",))}]
    if shell == "phone":
        return [
            {"name": _("To do"), "url": reverse("phone-work")},
            {"name": _("Report"), "url": reverse("phone-report")},
        ]
    return [{"name": _("Search"), "url": reverse("find")}]


@public
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, whose text changes with the front-end files, so that browsers notice."""
    text = render_to_string("ui/pwa/sw.js", {"revision": revision(), "offline": reverse("offline")})
    answer = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    answer["Service-Worker-Allowed"] = "/"
    answer["Cache-Control"] = "no-cache"
    return answer


@public
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What is shown without network: nothing of anybody, in both languages; which forms still work."""
    return render(request, "ui/pwa/offline.html")


@public
@require_safe
@never_cache
def ticket(request: HttpRequest) -> HttpResponse:
    """Who is signed in, and the token a queued form is sent with.

    401 when nobody is, unless `?guest=1` asks for what people without an account left on a citizens' page: theirs is
    never sent under the name of somebody who signed in since.
    """
    owner = device_owner(request.actor)  # type: ignore[attr-defined]
    if not owner and "guest" in request.GET:
        owner = GUEST
    if not owner:
        return JsonResponse({"detail": _("Sign in first.")}, status=401)
    return JsonResponse({"person": owner, "token": get_token(request)})
