"""Addresses of the responsibility map."""

from django.urls import URLPattern, path

from citybrain.centre.duties.pages import map as duty_map
from citybrain.centre.duties.pages import proposals

urlpatterns: list[URLPattern] = [
    path("duties/", duty_map.duty_map, name="duty-map"),
    path("duties/proposals/<int:pk>/decide/", proposals.decided, name="duty-proposal-decide"),
]
