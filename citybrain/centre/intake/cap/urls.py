"""Addresses of CAP."""

from django.urls import URLPattern, path

from citybrain.centre.intake.cap import pages

urlpatterns: list[URLPattern] = [
    path("cap/in", pages.incoming, name="cap-in"),
    path("cap/feed.atom", pages.feed, name="cap-feed"),
    path("cap/publish/<str:number>/", pages.publishing, name="cap-publish"),
    path("cap/<str:identifier>.xml", pages.message, name="cap-message"),
]
