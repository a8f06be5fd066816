"""Addresses of the model of texts."""

from django.urls import URLPattern, path

from citybrain.centre.understanding import pages

urlpatterns: list[URLPattern] = [
    path("understanding/", pages.model_page, name="understanding"),
    path("understanding/train/", pages.train_page, name="understanding-train"),
]
