"""Addresses of the hotline's desk."""

from django.urls import URLPattern, path

from citybrain.centre.intake.hotline import call_pages, order_pages, pages

urlpatterns: list[URLPattern] = [
    path("events/hotline/", pages.desk, name="hotline-desk"),
    path("events/hotline/calls/", call_pages.calls, name="hotline-calls"),
    path("events/hotline/calls/<int:pk>/", call_pages.call, name="hotline-call"),
    path("events/hotline/orders/", order_pages.orders, name="hotline-orders"),
]
