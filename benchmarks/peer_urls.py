"""The peers' addresses: the admin, and a list and a detail page made of django-filter and django-tables2."""

from typing import Any

import django_filters
import django_tables2
from django.contrib import admin
from django.template import engines
from django.urls import path
from django.views.generic import DetailView
from django_filters.views import FilterView

from citybrain.applications.office.models import ServicePoint
from citybrain.centre.events.models import Event

COLUMNS = ("number", "title", "kind", "address", "phone", "hours", "organisation")
admin.site.register(
    ServicePoint,
    type(
        "ServicePointAdmin",
        (admin.ModelAdmin,),
        {
            "list_display": COLUMNS,
            "list_filter": ("kind", "is_barrier_free", "opened_on"),
            "search_fields": ("title", "address"),
            "list_per_page": 50,
            "list_select_related": ("organisation",),
        },
    ),
)
admin.site.register(
    Event,
    type(
        "EventAdmin",
        (admin.ModelAdmin,),
        {
            "list_display": ("number", "title", "area", "level", "state", "organisation", "opened_at", "due_at"),
            "list_filter": ("state", "level", "channel", "is_supervised"),
            "search_fields": ("number", "title"),
            "list_per_page": 20,
            "list_select_related": ("area", "organisation"),
            "ordering": ("-opened_at",),
        },
    ),
)


class PointTable(django_tables2.Table):
    """The columns."""

    class Meta:
        model = ServicePoint
        fields = COLUMNS


class PointFilter(django_filters.FilterSet):
    """Choices, and a search by text."""

    q = django_filters.CharFilter(field_name="title", lookup_expr="contains")

    class Meta:
        model = ServicePoint
        fields = ("kind", "is_barrier_free", "organisation")


class FromString:
    """A page's template without a file."""

    source = "<html><body>{{ filter.form.as_p }}{% load render_table from django_tables2 %}{% render_table table %}"

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> Any:
        """Renders the string."""
        template = engines["django"].from_string(self.source)
        return self.plain(template.render(context, self.request))  # type: ignore[attr-defined]

    def plain(self, text: str) -> Any:
        """The answer."""
        from django.http import HttpResponse

        return HttpResponse(text)


class PointList(FromString, django_tables2.SingleTableMixin, FilterView):
    """The generic list."""

    queryset = ServicePoint.objects.select_related("organisation").order_by("-changed_at")
    table_class = PointTable
    filterset_class = PointFilter
    paginate_by = 50


class PointDetail(FromString, DetailView):
    """The generic detail page."""

    queryset = ServicePoint.objects.select_related("organisation")
    source = "<html><body>{% for name, value in facts %}<p>{{ name }}: {{ value }}</p>{% endfor %}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Every field."""
        facts = [(field.verbose_name, getattr(self.object, field.name)) for field in ServicePoint._meta.concrete_fields]
        return super().get_context_data(facts=facts, **kwargs)


urlpatterns = [
    path("admin/", admin.site.urls),
    path("generic/", PointList.as_view()),
    path("generic/<int:pk>/", PointDetail.as_view()),
]
