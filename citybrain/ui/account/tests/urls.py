"""A site of two pages and the frame: tests of the door need no room behind it."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from citybrain.ui.access import signed_in


@signed_in
def front(request: HttpRequest) -> HttpResponse:
    """The front page: it says who is there."""
    return HttpResponse(f"<h1>{request.user}</h1>")


urlpatterns = [path("", front), path("inside/", front, name="inside"), path("", include("citybrain.ui.urls"))]
