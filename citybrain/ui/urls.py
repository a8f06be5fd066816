"""Addresses of the frame: sign in and out, language, the county's picture and map, the gallery."""

from django.urls import URLPattern, URLResolver, include, path

from citybrain.ui.access import public
from citybrain.ui.gallery.pages import branch, gallery, keep
from citybrain.ui.live import live
from citybrain.ui.map.archive import packed_tile
from citybrain.ui.map.base import base
from citybrain.ui.map.tianditu import tianditu_tile
from citybrain.ui.pages import county_outline
from citybrain.ui.preferences import choose_language, choose_type

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("citybrain.ui.account.urls")),
    path("language/", choose_language, name="set_language"),
    path("county.svg", public(county_outline), name="county-outline"),
    path("live/", live, name="live"),
    path("gallery/", gallery, name="gallery"),
    path("gallery/branch/", branch, name="gallery-branch"),
    path("gallery/keep/", keep, name="gallery-keep"),
    path("type/", choose_type, name="type-size"),
    path("map/base.json", base, name="map-base"),
    path("map/tiles/<int:zoom>/<int:column>/<int:line>", packed_tile, name="map-packed-tile"),
    path("map/<slug:layer>/<int:zoom>/<int:column>/<int:line>", tianditu_tile, name="map-tianditu-tile"),
    path("", include("citybrain.ui.find.urls")),
    path("", include("citybrain.ui.people.urls")),
    path("", include("citybrain.ui.help.urls")),
    path("", include("citybrain.ui.pwa.urls")),
    path("", include("citybrain.ui.phone.urls")),
    path("", include("citybrain.ui.citizen.urls")),
]
