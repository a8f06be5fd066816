"""Addresses of the frame: sign in and out, language, the county's picture."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import URLPattern, URLResolver, include, path

from citybrain.ui.access import public
from citybrain.ui.gallery.pages import branch, gallery
from citybrain.ui.live import live
from citybrain.ui.pages import county_outline
from citybrain.ui.preferences import choose_language, choose_type

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", public(LoginView.as_view(redirect_authenticated_user=True)), name="login"),
    path("logout/", public(LogoutView.as_view()), name="logout"),
    path("language/", choose_language, name="set_language"),
    path("county.svg", public(county_outline), name="county-outline"),
    path("live/", live, name="live"),
    path("gallery/", gallery, name="gallery"),
    path("gallery/branch/", branch, name="gallery-branch"),
    path("type/", choose_type, name="type-size"),
    path("", include("citybrain.ui.find.urls")),
    path("", include("citybrain.ui.pwa.urls")),
]
