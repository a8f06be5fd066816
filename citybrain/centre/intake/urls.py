"""Addresses of the doors of the loop, without those of citizens' phones."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("citybrain.centre.intake.hotline.urls")),
    path("", include("citybrain.centre.intake.open311.urls")),
    path("", include("citybrain.centre.intake.cap.urls")),
]
