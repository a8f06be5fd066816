"""Addresses of the search."""

from django.urls import URLPattern, path

from citybrain.ui.find.pages import options, results

urlpatterns: list[URLPattern] = [
    path("find/", results, name="find"),
    path("find/options/", options, name="find-options"),
]
