"""Addresses of the citizens' pages."""

from django.urls import URLPattern, path

from citybrain.ui.citizen import mine, pages, report

urlpatterns: list[URLPattern] = [
    path("c/", pages.home, name="citizen-home"),
    path("c/look-up/", pages.look_up, name="citizen-look-up"),
    path("c/look-up/<slug:key>/", pages.records, name="citizen-records"),
    path("c/look-up/<slug:key>/map.geojson", pages.geojson, name="citizen-geojson"),
    path("c/look-up/<slug:key>/<str:number>/", pages.record, name="citizen-record"),
    path("c/say/", report.types, name="citizen-report"),
    path("c/say/<slug:key>/", report.form, name="citizen-form"),
    path("c/follow/", report.follow, name="citizen-follow"),
    path("c/follow/<str:token>/", report.one, name="citizen-followed"),
    path("c/mine/", mine.mine, name="citizen-mine"),
    path("c/mine/looked/", mine.looked, name="citizen-looked"),
    path("c/accessibility/", pages.accessibility, name="citizen-accessibility"),
]
