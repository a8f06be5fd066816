"""Addresses of the doors of the loop, without those of citizens' phones."""

from django.urls import URLPattern, URLResolver, include, path

from citybrain.centre.intake.pages import peers, quarantine, upper

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("citybrain.centre.intake.hotline.urls")),
    path("", include("citybrain.centre.intake.open311.urls")),
    path("", include("citybrain.centre.intake.cap.urls")),
    path("events/upper/", upper.order, name="upper-order"),
    path("events/held/", quarantine.listing, name="intake-quarantine"),
    path("events/held/<int:pk>/", quarantine.held, name="intake-held"),
    path("events/held/<int:pk>/again/", quarantine.again, name="intake-again"),
    path("events/held/<int:pk>/drop/", quarantine.dropped, name="intake-drop"),
    path("events/peers/", peers.listing, name="peers"),
    path("events/peers/new/", peers.new, name="peer-new"),
    path("events/peers/<slug:key>/", peers.peer, name="peer"),
    path("events/peers/<slug:key>/exchange/", peers.exchange, name="peer-exchange"),
    path("events/peers/<slug:key>/off/", peers.off, name="peer-off"),
]
