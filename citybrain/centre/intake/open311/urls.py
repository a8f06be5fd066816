"""Addresses of Open311."""

from django.urls import URLPattern, path, register_converter

from citybrain.centre.intake.open311 import server


class Form:
    """Format at the end of an address."""

    regex = "json|xml"

    def to_python(self, value: str) -> str:
        """The format."""
        return value

    def to_url(self, value: str) -> str:
        """The format."""
        return value


register_converter(Form, "open311form")

V2 = "open311/v2/"

urlpatterns: list[URLPattern] = [
    path("open311/discovery.<open311form:form>", server.discovery, name="open311-discovery"),
    path(f"{V2}discovery.<open311form:form>", server.discovery, name="open311-discovery-v2"),
    path(f"{V2}services.<open311form:form>", server.services, name="open311-services"),
    path(f"{V2}services/<slug:code>.<open311form:form>", server.service_definition, name="open311-service"),
    path(f"{V2}requests.<open311form:form>", server.requests, name="open311-requests"),
    path(f"{V2}requests/<str:number>.<open311form:form>", server.service_request, name="open311-request"),
    path(f"{V2}tokens/<str:number>.<open311form:form>", server.token, name="open311-token"),
]
