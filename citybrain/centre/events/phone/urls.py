"""Addresses of the officials' phone end of the loop."""

from django.urls import URLPattern, path

from citybrain.centre.events.phone import deeds, pages, reporting

urlpatterns: list[URLPattern] = [
    path("m/tasks/", pages.tasks, name="phone-tasks"),
    path("m/tasks/kept/", pages.kept_page, name="phone-tasks-kept"),
    path("m/tasks/kept.json", pages.kept_json, name="phone-tasks-kept-json"),
    path("m/tasks/report/", reporting.report_form, name="phone-event-report"),
    path("m/tasks/report/send/", reporting.report_send, name="phone-event-send"),
    path("m/tasks/report/propose/", reporting.propose, name="phone-event-propose"),
    path("m/tasks/help/", reporting.help_form, name="phone-event-help"),
    path("m/tasks/help/send/", reporting.help_send, name="phone-event-help-send"),
    path("m/tasks/do/<slug:key>/", deeds.deed_form, name="phone-deed"),
    path("m/tasks/do/<slug:key>/send/", deeds.deed_send, name="phone-deed-send"),
    path("m/tasks/<str:number>/", pages.task, name="phone-task"),
]
