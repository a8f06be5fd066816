"""Addresses of the citizens' end of the loop."""

from django.urls import URLPattern, path

from citybrain.centre.intake.citizen import around, assets, report, track

urlpatterns: list[URLPattern] = [
    path("c/report/", report.form, name="citizen-report-problem"),
    path("c/report/sent/", report.outbox, name="citizen-report-outbox"),
    path("c/report/send/", report.send, name="citizen-report-send"),
    path("c/report/propose/", report.propose, name="citizen-report-propose"),
    path("c/track/<str:token>/", track.track, name="citizen-track"),
    path("c/track/<str:token>/rate/", track.opinion, name="citizen-rate"),
    path("c/track/<str:token>/photo/<int:file>/", track.photo, name="citizen-track-photo"),
    path("c/around/", around.around, name="citizen-around"),
    path("c/around/map.geojson", around.geojson, name="citizen-around-geojson"),
    path("c/around/<str:number>/", around.one, name="citizen-around-one"),
    path("c/around/<str:number>/photo/<int:file>/", around.photo, name="citizen-around-photo"),
    path("q/<slug:key>/<str:number>/", assets.asset, name="asset-code"),
]
