"""Addresses of the ledger."""

from django.urls import URLPattern, path

from citybrain.hubs.evidence import api
from citybrain.hubs.evidence.pages import ledger, proofs

urlpatterns: list[URLPattern] = [
    path("evidence/", ledger.ledger, name="evidence"),
    path("evidence/of/<slug:log>/<path:reference>/", proofs.record, name="evidence-record"),
    path("evidence/<slug:log>/leaves/<int:index>/", proofs.leaf, name="evidence-leaf"),
    path("evidence/<slug:log>/leaves/<int:index>/proof", proofs.proof, name="evidence-proof"),
    path("evidence/<slug:log>/consistency/", ledger.consistency, name="evidence-consistency"),
    path("evidence/<slug:log>/checkpoint", api.note, name="evidence-checkpoint"),
    path("evidence/<slug:log>/tile/entries/<path:place>", api.entries, name="evidence-entries"),
    path("evidence/<slug:log>/tile/<int:level>/<path:place>", api.tile, name="evidence-tile"),
    path("api/v1/evidence/", api.logs, name="api-evidence"),
    path("api/v1/evidence/<slug:log>/checkpoint", api.checkpoint, name="api-evidence-checkpoint"),
    path("api/v1/evidence/<slug:log>/leaves", api.leaves, name="api-evidence-leaves"),
    path("api/v1/evidence/<slug:log>/inclusion", api.inclusion, name="api-evidence-inclusion"),
    path("api/v1/evidence/<slug:log>/consistency", api.consistency, name="api-evidence-consistency"),
]
