"""Addresses of the help."""

from django.urls import URLPattern, path

from citybrain.ui.help.pages import index, register

urlpatterns: list[URLPattern] = [
    path("help/", index, name="help"),
    path("help/<slug:key>/", register, name="help-register"),
]
