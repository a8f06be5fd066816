"""Addresses of the appraisal."""

from django.urls import URLPattern, path

from citybrain.centre.appraisal.pages import overview, patrols, ratings, trust

urlpatterns: list[URLPattern] = [
    path("appraisal/", overview.overview, name="appraisal"),
    path("appraisal/boards/<slug:by>/", overview.board_page, name="appraisal-board"),
    path("appraisal/measures/<slug:key>/", overview.measure_page, name="appraisal-measure"),
    path("appraisal/patrols/", patrols.patrols, name="appraisal-patrols"),
    path("appraisal/ratings/", ratings.ratings, name="appraisal-ratings"),
    path("appraisal/precision/", trust.trust, name="appraisal-precision"),
]
