"""Addresses of the frame: sign in and out, language, the county's picture."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from citybrain.ui.access import public
from citybrain.ui.gallery.pages import branch, gallery
from citybrain.ui.live import live
from citybrain.ui.pages import county_outline

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", public(LoginView.as_view(redirect_authenticated_user=True)), name="login"),
    path("logout/", public(LogoutView.as_view()), name="logout"),
    path("language/", public(set_language), name="set_language"),
    path("county.svg", public(county_outline), name="county-outline"),
    path("live/", live, name="live"),
    path("gallery/", gallery, name="gallery"),
    path("gallery/branch/", branch, name="gallery-branch"),
    path("", include("citybrain.ui.find.urls")),
]
