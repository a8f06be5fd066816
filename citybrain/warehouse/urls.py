"""Addresses of the warehouse's pages."""

from django.urls import URLPattern, path

from citybrain.warehouse.pages import datasets, decisions, departments, export, overview, runs, sources, standards

urlpatterns: list[URLPattern] = [
    path("warehouse/", overview.overview, name="overview"),
    path("datasets/", datasets.datasets, name="datasets"),
    path("datasets/<str:key>/", datasets.dataset, name="dataset"),
    path("decisions/", decisions.decisions, name="decisions"),
    path("fields/<int:field_id>/match/", decisions.decide_match, name="decide-match"),
    path("departments/", departments.departments, name="departments"),
    path("departments/<slug:key>/", departments.department, name="department"),
    path("sources/", sources.sources, name="sources"),
    path("sources/<str:key>/", sources.source, name="source"),
    path("changes/<int:change_id>/decide/", decisions.decide, name="decide"),
    path("quarantine/<int:item_id>/bytes/", sources.quarantined_bytes, name="quarantined-bytes"),
    path("runs/", runs.runs, name="runs"),
    path("runs/start/", runs.start, name="start"),
    path("runs/<uuid:job_id>/", runs.run, name="run"),
    path("runs/<uuid:job_id>/stop/", runs.stop, name="stop"),
    path("runs/<uuid:job_id>/again/", runs.again, name="again"),
    path("elements/", standards.elements, name="elements"),
    path("elements/<str:key>/", standards.element, name="element"),
    path("codelists/", standards.codelists, name="codelists"),
    path("codelists/<str:key>/", standards.codelist, name="codelist"),
    path("catalogue.jsonld", export.jsonld, name="catalogue-jsonld"),
    path("catalogue.csv", export.csv, name="catalogue-csv"),
    path("catalogue.xlsx", export.xlsx, name="catalogue-xlsx"),
]
