"""Addresses of the event centre."""

from django.urls import URLPattern, path

from citybrain.centre.events.archive.pages import archive
from citybrain.centre.events.pages import batch, case, desk, maps, supervision, views

urlpatterns: list[URLPattern] = [
    path("events/", desk.desk, name="event-desk"),
    path("events/counts/", desk.numbers, name="event-counts"),
    path("events/views/", views.keep, name="event-views"),
    path("events/views/<int:view_id>/", views.change, name="event-change-view"),
    path("events/map/", maps.event_map, name="event-map"),
    path("events/map.geojson", maps.map_data, name="event-map-data"),
    path("events/dispatch/", maps.dispatch_map, name="event-dispatch-map"),
    path("events/supervision/", supervision.supervision, name="event-supervision"),
    path("events/batch/<slug:verb>/", batch.batch, name="event-batch"),
    path("events/<str:number>/", case.case, name="event-page"),
    path("events/<str:number>/archive/", archive, name="event-archive"),
    path("events/<str:number>/paper/", case.paper, name="event-paper"),
]
