"""Addresses of the installed app; the worker stands at the root so that its scope is the whole site."""

from django.urls import URLPattern, path

from citybrain.ui.pwa.pages import manifest, offline, ticket, worker

urlpatterns: list[URLPattern] = [
    path("manifest.webmanifest", manifest, name="manifest"),
    path("sw.js", worker, name="service-worker"),
    path("offline/", offline, name="offline"),
    path("offline/ticket/", ticket, name="offline-ticket"),
]
