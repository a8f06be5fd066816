"""Headers that every answer carries beside Django's own: what the page may use, and that no cache keeps it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

PERMISSIONS = ", ".join(
    [
        # Field forms take pictures and positions.
        *("camera=(self)", "geolocation=(self)", "fullscreen=(self)", "clipboard-write=(self)"),
        *("accelerometer=()", "autoplay=()", "browsing-topics=()", "display-capture=()"),
        *("gyroscope=()", "hid=()", "magnetometer=()", "microphone=()", "midi=()", "payment=()", "serial=()", "usb=()"),
    ]
)
"""Permissions-Policy: what pages of this site may ask the browser for."""


class SafeHeaders:
    """Adds them; an answer that set one itself keeps it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if "Cache-Control" not in response.headers and SESSION_KEY in request.session:
            # What somebody signed in has seen stays neither in a proxy nor on the disk of a shared computer.
            patch_cache_control(response, no_store=True, private=True)
        return response
