"""Addresses of the officials' phone."""

from django.urls import URLPattern, path

from citybrain.ui.phone import pages, report

urlpatterns: list[URLPattern] = [
    path("m/", pages.work, name="phone-work"),
    path("m/messages/", pages.messages, name="phone-messages"),
    path("m/find/", pages.find, name="phone-find"),
    path("m/me/", pages.me, name="phone-me"),
    path("m/me/post/", pages.take, name="phone-take-post"),
    path("m/report/", report.report, name="phone-report"),
    path("m/report/outbox/", report.outbox, name="phone-outbox"),
    path("m/report/<slug:key>/", report.form, name="phone-report-form"),
    path("m/report/<slug:key>/send/", report.send, name="phone-report-send"),
]
